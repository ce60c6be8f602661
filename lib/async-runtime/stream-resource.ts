import { invalidArgument } from "#engine";
import { streamPairOf } from "./handle.js";
import { functionOption, missingFunction, optionsOf } from "./options.js";
import type { Skip } from "./skip.js";
import { Source, type SourceKind, sourcePoliciesOf } from "./source.js";
import { type Stream, StreamCell } from "./stream-cell.js";
import type {
  StreamAsyncMeta,
  StreamContext,
  StreamerResult,
  StreamResourceDescriptor,
  StreamResourceOptions,
} from "./stream-types.js";

type Pair<C, V, E> = [() => V | undefined, StreamAsyncMeta<E, V, C>];
type Streamer<C, V> = (input: unknown, context: StreamContext<C, V>) => unknown;

const KIND: SourceKind<Streamer<never, never>, Stream<never, never>> = {
  reloadReason: "reload",
  workOf: (streamer, input) => (context) => streamer(input, context),
};

const MISSING = "createStreamResource requires a streamer function";

function create<C, V, E>(
  input: () => unknown,
  observes: boolean,
  streamer: Streamer<C, V>,
  options: object,
): Pair<C, V, E> {
  const policies = sourcePoliciesOf(options, observes);
  const cell = new StreamCell<C, V, E>(options);
  const kind = KIND as SourceKind<Streamer<C, V>, Stream<C, V>>;
  const source = new Source<V, Streamer<C, V>, Stream<C, V>, StreamCell<C, V, E>>(cell, {
    input,
    producer: streamer,
    policies,
    eager: true,
    kind,
  });
  return streamPairOf<V, E, C>(source);
}

function createOfDescriptor<C, V, E>(descriptor: object): Pair<C, V, E> {
  const streamer = functionOption<Streamer<C, V>>(descriptor, "stream");
  if (streamer === undefined) throw missingFunction(MISSING);
  const input = functionOption<() => unknown>(descriptor, "input") ?? (() => undefined);
  return create(input, true, streamer, descriptor);
}

/**
 * Streams whenever its source changes: chunks become visible as they come, and the value that `done`
 * commits is kept apart as the stable one. A change of the source ends the stream under way; a burst
 * of changes starts one.
 *
 * @param source Tracked; its result is the input of the stream. When it throws, the cell is in error.
 * @param streamer Called with `(input, { emit, set, done, fail, isCancelled, signal, token, onCleanup })`,
 *   two microtasks after the change. What it reads is not tracked. Its return is not completion,
 *   `done()` is; when it throws or rejects, the stream fails. It may also return an async iterable or
 *   a ReadableStream, which is then read to its end.
 * @param options `initialValue`, `reduce`; the policies `onCancel`, `onError`, `timeoutMs`, `retry`,
 *   `debounceMs`, `skip` and `group`; `equals`, `name`; callbacks.
 * @returns `[value, { status, error, stableValue, reload, cancel, dispose }]`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * const prompt = signal("Explain signals simply");
 * const [text, meta] = createStreamResource(
 *   prompt.get,
 *   async (prompt, { emit, done, signal }) => {
 *     for await (const chunk of complete(prompt, signal)) emit(chunk);
 *     done();
 *   },
 *   { initialValue: "", reduce: (text = "", chunk) => text + chunk, onCancel: "keep-partial" },
 * );
 */
export function createStreamResource<S, TChunk, TValue, E = unknown>(
  source: () => S | Skip,
  streamer: (input: S, context: StreamContext<TChunk, TValue>) => StreamerResult<TChunk>,
  options?: StreamResourceOptions<TChunk, TValue, E, NoInfer<S>>,
): Pair<TChunk, TValue, E>;
/**
 * The descriptor form.
 *
 * @param descriptor `{ input?, observe?, stream }` and options. `observe` is a function, or a list,
 *   that is tracked beside the input.
 * @example
 * const [lines] = createStreamResource({
 *   input: path.get,
 *   stream: (path, { signal }) => readLines(path, signal),
 *   initialValue: [] as string[],
 *   reduce: (lines = [], line) => [...lines, line],
 * });
 */
export function createStreamResource<S, TChunk, TValue, E = unknown>(
  descriptor: StreamResourceDescriptor<S, TChunk, TValue, E>,
): Pair<TChunk, TValue, E>;
export function createStreamResource<C, V, E>(
  first: unknown,
  streamer?: unknown,
  options?: unknown,
): Pair<C, V, E> {
  const isDescriptor =
    typeof first === "object" && first !== null && typeof streamer !== "function";
  if (isDescriptor) return createOfDescriptor(first);
  if (typeof streamer !== "function") throw missingFunction(MISSING);
  if (typeof first !== "function")
    throw invalidArgument("source", "a function, such as the get of a signal", first);
  return create(first as () => unknown, false, streamer as Streamer<C, V>, optionsOf(options));
}
