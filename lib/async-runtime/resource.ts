import { invalidArgument, requireFunction } from "#engine";
import { ownOption, wordOption } from "../core/options.js";
import { pairOf } from "./handle.js";
import { checkInvalidates, invalidateAll } from "./invalidate.js";
import { booleanOption, functionOption, missingFunction, optionsOf } from "./options.js";
import { poll, pollMsOf } from "./poll.js";
import type {
  AutoResourceDescriptor,
  ManualResourceDescriptor,
  ResourceOptions,
} from "./resource-types.js";
import { runnerOfDescriptor } from "./runner.js";
import { type Job, jobOn, SingleCell } from "./single-cell.js";
import type { Skip } from "./skip.js";
import { Source, type SourceKind, sourcePoliciesOf } from "./source.js";
import type { AsyncMeta, Awaitable, ResourceContext } from "./types.js";

type Pair<T, E, I> = [() => T | undefined, AsyncMeta<E, T, I>];
type Fetcher<T> = (input: unknown, context: ResourceContext) => Awaitable<T>;

const KIND: SourceKind<Fetcher<unknown>, Job<unknown>> = {
  reloadReason: "superseded",
  workOf: jobOn,
};

const MISSING = "createResource requires a fetcher function";

function createAuto<T, E>(
  input: () => unknown,
  observes: boolean,
  fetcher: Fetcher<T>,
  options: object,
): Pair<T, E, unknown> {
  const eager = booleanOption(options, "eager", true);
  const policies = sourcePoliciesOf(options, observes);
  const pollMs = pollMsOf(options);
  requireFunction("input", input);
  const cell = new SingleCell<T, E>(options, eager);
  /* Before the source, whose first run may end at once. */
  poll(cell, pollMs, () => source.reload());
  const kind = KIND as SourceKind<Fetcher<T>, Job<T>>;
  const source = new Source<T, Fetcher<T>, Job<T>, SingleCell<T, E>>(cell, {
    input,
    producer: fetcher,
    policies,
    eager,
    kind,
  });
  return pairOf(source);
}

function createManual<T, E>(descriptor: object): Pair<T, E, unknown> {
  const invalidates = ownOption(descriptor, "invalidates");
  checkInvalidates(invalidates);
  const pollMs = pollMsOf(descriptor);
  const runner = runnerOfDescriptor<T, E>(descriptor);
  poll(runner.cell, pollMs, () => runner.reload());
  if (invalidates !== undefined)
    runner.cell.invalidate = (input, value) => invalidateAll(invalidates, input, value);
  return pairOf(runner);
}

function createOfDescriptor<T, E>(descriptor: object): Pair<T, E, unknown> {
  const run = functionOption<Fetcher<T>>(descriptor, "run");
  if (run === undefined) throw missingFunction(MISSING);
  const trigger = wordOption(descriptor, "trigger", ["auto", "manual"], "auto");
  if (trigger === "manual") return createManual(descriptor);
  const input = functionOption<() => unknown>(descriptor, "input") ?? (() => undefined);
  return createAuto(input, true, run, descriptor);
}

/**
 * Fetches whenever its source changes. The source is tracked; a change aborts the fetch in flight and
 * starts a new one, as one commit, and only the newest can become visible. Changes within one batch
 * start one fetch.
 *
 * @param source Tracked; its result is the input of the fetch. When it throws, the cell is in error;
 *   when it returns `SKIP`, the cell is idle and nothing is fetched.
 * @param fetcher Called with `(input, { signal, token })`, at once and at each change. What it reads
 *   is not tracked.
 * @param options Callbacks; `eager: false` waits for the first change or `reload()`;
 *   `keepPreviousValueOnPending`; the policies `timeoutMs`, `retry`, `debounceMs`, `pollMs`, `skip`,
 *   `group`; `equals`, `name`, `initialValue`.
 * @returns `[value, { status, error, reload, run, cancel, keepPreviousValueOnPending }]`. It lives
 *   until `meta.dispose()`, or as long as the run of the effect inside which it was created.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * const id = signal(1);
 * const [user, meta] = createResource(id.get, async (id, { signal }) => {
 *   const response = await fetch(`/api/user/${id}`, { signal });
 *   return response.json();
 * });
 * id.set(2); // aborts the first fetch, starts another
 */
export function createResource<S, T, E = unknown>(
  source: () => S | Skip,
  fetcher: (input: S, context: ResourceContext) => Awaitable<T>,
  options?: ResourceOptions<T, E, NoInfer<S>>,
): Pair<T, E, S>;
/**
 * A resource that runs when it is told to, and that makes others out of date by its success.
 *
 * @param descriptor `{ trigger: "manual", run, invalidates? }` and options. `reload()` repeats the
 *   latest input, and does nothing before there is one.
 * @example
 * const users = createKeyedRevision();
 * const [, rename] = createResource({
 *   trigger: "manual",
 *   run: ({ id, name }: { id: number; name: string }, { signal }) =>
 *     put(`/api/user/${id}`, { name }, signal),
 *   invalidates: ({ id }) => users.target(id),
 * });
 * await rename.run({ id: 1, name: "Ada" });
 */
export function createResource<I, T, E = unknown>(
  descriptor: ManualResourceDescriptor<I, T, E>,
): Pair<T, E, I>;
/**
 * The descriptor form of a resource that runs by itself.
 *
 * @param descriptor `{ input?, observe?, run }` and options. `observe` is a function, or a list, that
 *   is tracked beside the input.
 * @example
 * const disk = createRevision();
 * const [text] = createResource({
 *   input: path.get,
 *   observe: disk.get,
 *   run: (path, { signal }) => readFile(path, { encoding: "utf8", signal }),
 * });
 * disk.invalidate(); // reads again
 */
export function createResource<S, T, E = unknown>(
  descriptor: AutoResourceDescriptor<S, T, E>,
): Pair<T, E, S>;
export function createResource<T, E>(
  first: unknown,
  fetcher?: unknown,
  options?: unknown,
): Pair<T, E, unknown> {
  const isDescriptor = typeof first === "object" && first !== null && typeof fetcher !== "function";
  if (isDescriptor) return createOfDescriptor(first);
  if (typeof fetcher !== "function") throw missingFunction(MISSING);
  if (typeof first !== "function")
    throw invalidArgument("source", "a function, such as the get of a signal", first);
  return createAuto(first as () => unknown, false, fetcher as Fetcher<T>, optionsOf(options));
}
