/**
 * `meta.mutate()`: runs that show their value before it is true.
 */
import { invalidArgument } from "#engine";
import { functionOption, hasOption, optionsOf, valueOption } from "./options.js";
import type { Layer, Paint } from "./overlay.js";
import type { Job } from "./single-cell.js";
import type { Awaitable, ResourceContext } from "./types.js";

/** How the runs of a cell are started, as far as this is concerned. */
export interface Control<T> {
  jobOf(input: unknown): Job<T>;
  /** Starts a job; `repeats`: `reload` repeats its input. */
  perform(job: Job<T>, repeats: boolean): Promise<T | undefined>;
}

/** A value, or what makes it of the previous one and, perhaps, the input. */
function paintOf<T>(value: unknown, ...input: [] | [unknown]): Paint<T> {
  if (typeof value !== "function") return () => value as T;
  return (previous) => value(previous, ...input) as T;
}

/** See `Mutate` for the two forms. */
export function mutateCell<T>(
  layerOf: (paint: Paint<T>) => Layer<T>,
  control: Control<T>,
  first: unknown,
  given: unknown,
): Promise<T | undefined> {
  const options = optionsOf(given);
  if (hasOption(options, "optimistic")) {
    if (hasOption(options, "run"))
      throw invalidArgument("options", "an object with optimistic or run, not both", given);
    const layer = layerOf(paintOf(valueOption(options, "optimistic"), first));
    return control.perform({ ...control.jobOf(first), layer }, true);
  }
  const run = functionOption<(context: ResourceContext) => Awaitable<T>>(options, "run");
  const paint = paintOf<T>(first);
  const layer = layerOf(paint);
  const call = run ?? (() => layer.shown);
  return control.perform({ input: undefined, call, layer }, false);
}
