/**
 * Watching a cell, or a value, from outside the graph. A watcher that is made inside an effect ends with
 * that effect's run; to tell its sink of that is up to who made it.
 */
import { untracked } from "#engine";
import { createEffect } from "../core/index.js";
import { readState } from "./state.js";
import type { Viewed } from "./viewed.js";

/** Takes what a watcher sees. */
export interface Sink<T> {
  next(value: T): void;
  error(error: unknown): void;
  complete(): void;
}

/** Calls `sink` with what a cell commits, from its present outcome on. Returns how to stop. */
export function watchCell<T, E>(cell: Viewed<T, E>, sink: Sink<T>): () => void {
  const extras = cell.more();
  let first = true;
  let shown: unknown;
  const show = (value: T) => {
    /* An option `equals` has kept the value that was there. */
    if (!first && Object.is(value, shown)) return;
    shown = value;
    sink.next(value);
  };
  const look = () => {
    const present = cell.committedValue() as T;
    if (first) {
      if (present !== undefined) show(present);
      if (cell.peekStatus() === "error") sink.error(cell.peekError());
      return;
    }
    if (extras.last === null) return;
    if (extras.last.end === "error") sink.error(extras.last.outcome);
    else show(present);
  };
  const complete = () => {
    stop();
    sink.complete();
  };
  const stopEffect = createEffect(
    () => {
      readState(extras.version);
      untracked(look);
      first = false;
    },
    { name: "watcher of a cell" },
  );
  const stop = () => {
    extras.onClose.delete(complete);
    stopEffect();
  };
  if (cell.disposed) complete();
  else extras.onClose.add(complete);
  return stop;
}

/** Calls `sink` with what `get` comes to, after each flush that has changed it. */
export function watchGetter<T>(get: () => T, sink: Sink<T>): () => void {
  return createEffect(
    () => {
      try {
        const value = get();
        untracked(() => sink.next(value));
      } catch (error) {
        untracked(() => sink.error(error));
      }
    },
    { name: "watcher of a value" },
  );
}
