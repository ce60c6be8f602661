/**
 * The two halves of a single-shot cell: its value, and what stands beside it.
 */
import { cancelOf, errorOf, getterOf, singleHandle, statusOf } from "./handle.js";
import type { Control } from "./mutate.js";
import type { SingleCell } from "./single-cell.js";
import type { AsyncMeta } from "./types.js";

/** A cell, and how its runs are started. */
export interface Controlled<T, E> extends Control<T> {
  readonly cell: SingleCell<T, E>;
  run(input: unknown): Promise<T | undefined>;
  reload(): Promise<T | undefined>;
}

/** `[value, meta]` of a cell. */
export function pairOf<T, E>(
  owner: Controlled<T, E>,
): [() => T | undefined, AsyncMeta<E, T, unknown>] {
  const { cell } = owner;
  const meta = singleHandle<AsyncMeta<E, T, unknown>, T, E>(
    {
      status: statusOf(cell),
      error: errorOf(cell),
      reload: owner.reload.bind(owner),
      run: owner.run.bind(owner),
      cancel: cancelOf(cell),
      keepPreviousValueOnPending: cell.keepsPrevious,
    },
    owner,
  );
  return [getterOf(cell), meta];
}
