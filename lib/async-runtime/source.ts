/**
 * The source of a cell: tracked functions whose change starts a run.
 *
 * They are read by an effect, and the run is started inside it: an observer that was created later
 * runs after it in the same flush, and sees the new input and the pending cell together. Whatever the
 * input function reads wakes it, also when it then returns what it returned before; a computed in
 * front of it cuts that off.
 */
import { invalidArgument, requireFunction, untracked } from "#engine";
import { createEffect, onCleanup } from "../core/index.js";
import { valueOption } from "./options.js";
import { type Resolve, whenFinished } from "./run.js";

/** What a source needs of a cell. */
interface Startable<T, Work> {
  readonly disposed: boolean;
  stopSource: (() => void) | null;
  start(work: Work, reason: unknown, resolve?: Resolve<T>): void;
  startFailed(work: Work, error: unknown, reason: unknown, resolve?: Resolve<T>): void;
  dispose(): void;
}

export interface SourceOptions<Work> {
  readonly input: () => unknown;
  readonly observe: readonly (() => unknown)[];
  /** Whether the first reading starts a run. */
  readonly eager: boolean;
  /** Reason of a run that `reload` supersedes. */
  readonly reloadReason: string;
  readonly workOf: (input: unknown) => Work;
}

export interface Source<T> {
  /** Runs on an input that does not come from the source. */
  readonly run: (input: unknown) => Promise<T | undefined>;
  /** Repeats the latest input. */
  readonly reload: () => Promise<T | undefined>;
}

/** What the source came to: an input, or what its function threw. */
type Reading = { readonly input: unknown } | { readonly error: unknown };

/** The functions of the option `observe`. */
export function observedOf(options: object): readonly (() => unknown)[] {
  const observe = valueOption(options, "observe");
  if (observe === undefined) return [];
  const list: unknown[] = Array.isArray(observe) ? [...observe] : [observe];
  for (const each of list)
    if (typeof each !== "function")
      throw invalidArgument("options.observe", "a function or a list of functions", each);
  return list as (() => unknown)[];
}

/** Ties a cell to a source, until it is disposed. */
export function followSource<T, Work>(
  cell: Startable<T, Work>,
  { input, observe, eager, reloadReason, workOf }: SourceOptions<Work>,
): Source<T> {
  requireFunction("input", input);
  let latest: Reading | null = null;
  let first = true;

  const read = (): Reading => {
    try {
      const reading = { input: input() };
      for (const observed of observe) observed();
      return reading;
    } catch (error) {
      return { error };
    }
  };
  const start = (reading: Reading, reason: string, resolve: Resolve<T>) => {
    latest = reading;
    if ("error" in reading) cell.startFailed(workOf(undefined), reading.error, reason, resolve);
    else cell.start(workOf(reading.input), reason, resolve);
  };

  onCleanup(() => cell.dispose());
  const stop = createEffect(
    () => {
      const reading = read();
      const waits = first && !eager && !("error" in reading);
      first = false;
      if (waits) latest = reading;
      else untracked(() => start(reading, "source-changed", null));
    },
    { name: "source of a resource" },
  );
  cell.stopSource = stop;
  if (cell.disposed) stop();

  return {
    run: (value) => whenFinished((resolve) => start({ input: value }, "superseded", resolve)),
    reload: () => {
      const reading = latest;
      if (reading === null || cell.disposed) return Promise.resolve(undefined);
      /* An input that failed is asked again: there is none to repeat. */
      const again = "error" in reading ? untracked(read) : reading;
      return whenFinished((resolve) => start(again, reloadReason, resolve));
    },
  };
}
