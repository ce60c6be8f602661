/**
 * A view: what one hook shows of the graph, as a store that React can subscribe to.
 *
 * The snapshot is a box that an unobserved computed makes: the same box as long as nothing has changed,
 * another one when something has - also where the value is the same object, changed in place, and
 * where it was never evaluated. A render only reads. What belongs to the kernel, an effect, is made
 * when React subscribes, so a render that never commits leaves nothing but garbage.
 */
import { useEffect, useSyncExternalStore } from "react";
import { lookAt, type Moment, watchFrom } from "#engine";
import { computed } from "../core/index.js";
import { afterRendering } from "./rendering.js";
import { useMoments } from "./snapshot.js";

interface Box<T> {
  readonly value: T;
}

type Same<T> = (a: T, b: T) => boolean;

/** Something to show. Its methods work detached. */
export interface View<T> {
  readonly snapshot: () => Box<T>;
  readonly subscribe: (onChange: () => void) => () => void;
  readonly recheck: () => void;
}

/**
 * Makes a view of what `read` returns.
 *
 * @param same Whether two values count as the same; null: whatever wakes it is another value.
 */
export function createView<T>(read: () => T, same: Same<T> | null): View<T> {
  const box = computed<Box<T>>(
    () => ({ value: read() }),
    same === null ? false : (a, b) => same(a.value, b.value),
  );
  let listener: (() => void) | null = null;
  return {
    snapshot: () => lookAt(box.get),
    subscribe: (onChange) => {
      listener = onChange;
      const stop = watchFrom(box.get, afterRendering(onChange));
      return () => {
        if (listener === onChange) listener = null;
        stop();
      };
    },
    /* Asks React to compare: nobody has told of what changed while it was not subscribed. */
    recheck: () => listener?.(),
  };
}

/** What views have shown of moments: React wants to see the same again. */
const shownThen = new WeakMap<View<never>, Box<unknown>>();

/** What a view is, read over moments, the outermost first. */
function snapshotThen<T>(view: View<T>, moments: readonly Moment[]): Box<T> {
  const key = view as unknown as View<never>;
  const shown = shownThen.get(key) as Box<T> | undefined;
  if (shown !== undefined) return shown;
  const read = moments.reduceRight<() => Box<T>>(
    (inner, moment) => () => moment.read(inner),
    view.snapshot,
  );
  const box = read();
  shownThen.set(key, box);
  return box;
}

/**
 * Shows a view.
 *
 * @throws What it reads throws.
 */
export function useView<T>(view: View<T>): T {
  const moments = useMoments();
  const first = moments.length === 0 ? view.snapshot : () => snapshotThen(view, moments);
  const { value } = useSyncExternalStore(view.subscribe, view.snapshot, first);
  /*
   * React subscribes again when a hidden tree is shown, and 19.2 does not look at what it has missed.
   * It must not be asked while it subscribes: at that time it still compares with the view before.
   */
  useEffect(() => view.recheck(), [view]);
  return value;
}
