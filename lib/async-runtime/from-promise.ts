import { invalidArgument } from "#engine";
import { onCleanup } from "../core/index.js";
import { booleanOption, functionOption, hasOption, optionsOf, valueOption } from "./options.js";
import type { FromPromiseDescriptor } from "./resource-types.js";
import { whenFinished } from "./run.js";
import { type Job, SingleCell } from "./single-cell.js";
import { readState } from "./state.js";
import type {
  AsyncSignal,
  AsyncStatus,
  Awaitable,
  FromPromiseOptions,
  ResourceContext,
  RunnableAsyncSignal,
} from "./types.js";

/** A cell that runs when it is told to, and what it is run with. */
export interface Runner<T, E> {
  readonly cell: SingleCell<T, E>;
  readonly run: (input: unknown) => Promise<T | undefined>;
  readonly reload: () => Promise<T | undefined>;
}

/** A function that makes a job of an input. */
type MakeJob<T> = (input: unknown) => Job<T>;

/** Puts a cell under the control of its `run`; `first` is the job that it starts with, if any. */
export function createRunner<T, E>(
  options: object,
  makeJob: MakeJob<T>,
  first: Job<T> | null,
  repeats: Job<T> | null,
): Runner<T, E> {
  const cell = new SingleCell<T, E>(options, first !== null);
  let latest = repeats;
  onCleanup(() => cell.dispose());
  if (first !== null) cell.start(first, "superseded");
  return {
    cell,
    run: (input) => {
      latest = makeJob(input);
      const job = latest;
      return whenFinished((resolve) => cell.start(job, "superseded", resolve));
    },
    reload: () => {
      const job = latest;
      if (job === null) return Promise.resolve(undefined);
      return whenFinished((resolve) => cell.start(job, "superseded", resolve));
    },
  };
}

/** The runner of a function form: every run is the same job. */
function runnerOfFunction<T, E>(
  makePromise: (context: ResourceContext) => Awaitable<T>,
  options: object,
): Runner<T, E> {
  const job: Job<T> = { input: undefined, call: makePromise };
  const eager = booleanOption(options, "eager", true);
  return createRunner(options, () => job, eager ? job : null, job);
}

/** The runner of a descriptor with `run`. */
export function runnerOfDescriptor<T, E>(descriptor: object): Runner<T, E> {
  const run = functionOption<FromPromiseDescriptor<unknown, T, E>["run"]>(descriptor, "run");
  if (run === undefined) throw invalidArgument("run", "a function", undefined);
  const makeJob: MakeJob<T> = (input) => ({
    input,
    call: (context) => run(input, context),
  });
  const initial = hasOption(descriptor, "initialInput")
    ? makeJob(valueOption(descriptor, "initialInput"))
    : null;
  const eager = booleanOption(descriptor, "eager", false);
  return createRunner(descriptor, makeJob, eager ? initial : null, initial);
}

/** The runner of either form. */
export function createRunnerOf<T, E>(first: unknown, options: unknown): Runner<T, E> {
  if (typeof first === "function")
    return runnerOfFunction(
      first as (context: ResourceContext) => Awaitable<T>,
      optionsOf(options),
    );
  if (typeof first === "object" && first !== null) return runnerOfDescriptor(first);
  throw invalidArgument("makePromise", "a function or a descriptor with run", first);
}

/**
 * Makes an async function into state: what it resolves with, where it stands, and what it failed
 * with. Only the newest run can become visible, in whatever order the promises settle.
 *
 * @param makePromise Called at once (unless `eager: false`) and at each `reload()`, with
 *   `{ signal, token }`. What it reads is not tracked.
 * @param options Callbacks; `eager`; `keepPreviousValueOnPending`.
 * @returns `{ value, status, error, run, reload, cancel }`. Created inside an effect, it is disposed
 *   with that effect's run.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * const user = fromPromise(async ({ signal }) => {
 *   const response = await fetch("/api/user", { signal });
 *   return response.json();
 * });
 * createEffect(() => console.log(user.status(), user.value()));
 */
export function fromPromise<T, E = unknown>(
  makePromise: (context: ResourceContext) => Awaitable<T>,
  options?: FromPromiseOptions<T, E>,
): RunnableAsyncSignal<void, T, E>;
/**
 * The form with an input: runs on `run(input)`.
 *
 * @param descriptor `{ run }` and options. Nothing runs at first, unless it has `eager: true` and an
 *   `initialInput`.
 * @example
 * const save = fromPromise({ run: (draft, { signal }) => post("/api/save", draft, signal) });
 * await save.run({ title: "Hello" });
 */
export function fromPromise<I, T, E = unknown>(
  descriptor: FromPromiseDescriptor<I, T, E>,
): RunnableAsyncSignal<I, T, E>;
export function fromPromise<T, E>(
  first: unknown,
  options?: unknown,
): RunnableAsyncSignal<unknown, T, E> {
  const { cell, run, reload } = createRunnerOf<T, E>(first, options);
  const visible: Omit<AsyncSignal<T, E>, "dispose"> & { run: typeof run } = {
    value: () => readState(cell.value),
    status: () => readState(cell.status) as AsyncStatus,
    error: () => readState(cell.error),
    run,
    reload,
    cancel: (reason) => cell.cancel(reason),
  };
  return withDispose(visible, cell);
}

/** Adds `dispose`, which is not among the enumerable keys that published programs see. */
export function withDispose<O extends object>(
  target: O,
  cell: { dispose(): void },
): O & { readonly dispose: () => void } {
  const dispose = () => cell.dispose();
  return Object.defineProperty(target, "dispose", { value: dispose }) as O & {
    readonly dispose: () => void;
  };
}
