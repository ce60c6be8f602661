/**
 * A cell as its handles and those who watch it see it.
 */
import type { Extras } from "./extras.js";
import type { Run } from "./run.js";
import type { CellSettings } from "./settings.js";
import type { State } from "./state.js";
import type { StreamAsyncStatus } from "./stream-types.js";

export interface Viewed<T, E> {
  readonly settings: CellSettings<T, E>;
  /** The signals; to ask for one makes it. */
  readonly value: State<T | undefined>;
  readonly status: State<StreamAsyncStatus>;
  readonly error: State<E | undefined>;
  /** What they hold; untracked. */
  peekValue(): T | undefined;
  peekStatus(): StreamAsyncStatus;
  peekError(): E | undefined;
  readonly disposed: boolean;
  readonly version: number;
  readonly updatedAt: number | undefined;
  readonly newest: Run<T> | null;
  /** The value without what is optimistic or only streaming. */
  committedValue(): T | undefined;
  more(): Extras<T>;
  cancel(reason: unknown): void;
  dispose(): void;
}
