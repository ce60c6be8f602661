import { invalidArgument, peekSignal, readSignal, updateSignal } from "#engine";
import { createState, type State } from "./state.js";

/** A number that says how often something was declared out of date. */
export interface Revision {
  /** The number; tracked. */
  readonly get: () => number;
  /** The number, not tracked. */
  readonly peek: () => number;
  /** Counts on: whoever tracks the revision runs again. */
  readonly invalidate: () => void;
}

/** What can be invalidated, and nothing else. */
export interface RevisionTarget {
  readonly invalidate: () => void;
}

/** A revision for each key. Keys are compared as those of a Map, and kept once they were used. */
export interface KeyedRevision<K = unknown> {
  /** The number of a key; tracked. */
  readonly get: (key: K) => number;
  /** The number of a key, not tracked. */
  readonly peek: (key: K) => number;
  /** Counts one key on. */
  readonly invalidate: (key: K) => void;
  /** One key as a target, for `invalidates`. */
  readonly target: (key: K) => RevisionTarget;
}

const next = (revision: number) => revision + 1;

/**
 * Creates a revision: something to depend on that has no value of its own, such as a disk, a table of
 * a database, "the server's state".
 *
 * @param initial The first number, 0 by default.
 * @returns `{ get, peek, invalidate }`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when `initial` is not a number, or too large to count on.
 * @example
 * const disk = createRevision();
 * const [files] = createResource(disk.get, () => readdir("."));
 * watch(".", disk.invalidate);
 */
export function createRevision(initial = 0): Revision {
  /* Beyond, and of what is no number, one more is the same again: nobody would be woken. */
  if (typeof initial !== "number" || !(Math.abs(initial) < Number.MAX_SAFE_INTEGER))
    throw invalidArgument("initial", "a number that can be counted on", initial);
  const node = createState(initial);
  return {
    get: () => readSignal(node),
    peek: () => peekSignal(node),
    invalidate: () => updateSignal(node, next),
  };
}

/**
 * Creates a revision for each key, so that one record can be out of date and the others not.
 *
 * @returns `{ get, peek, invalidate, target }`.
 * @example
 * const users = createKeyedRevision<number>();
 * const [user] = createResource({ input: id.get, observe: () => users.get(id.get()), run: loadUser });
 * users.invalidate(1); // loads again if 1 is the user shown
 */
export function createKeyedRevision<K = unknown>(): KeyedRevision<K> {
  const nodes = new Map<K, State<number>>();
  const nodeOf = (key: K): State<number> => {
    let node = nodes.get(key);
    if (node === undefined) {
      node = createState(0);
      nodes.set(key, node);
    }
    return node;
  };
  const invalidate = (key: K) => updateSignal(nodeOf(key), next);
  return {
    get: (key) => readSignal(nodeOf(key)),
    peek: (key) => {
      const node = nodes.get(key);
      return node === undefined ? 0 : peekSignal(node);
    },
    invalidate,
    target: (key) => ({ invalidate: () => invalidate(key) }),
  };
}
