/**
 * Several copies of the library in one process - two versions of it in node_modules, or the same one
 * twice - have a graph each. What one of them tracks, the other does not see: an effect of the one that
 * reads a signal of the other would never run again. So such a read is refused.
 */
import { ForeignSignalError } from "./errors.js";
import { nameOf, type Source } from "./node.js";
import { rt } from "./runtime.js";

/** What the copies know of each other; it may only ever gain members. */
interface Copy {
  /** Whether a function is running whose reads it tracks. */
  readonly isTracking: () => boolean;
}

/** Registered, so that all copies find the same list. */
const KEY = Symbol.for("@signal-kernel/copies");

function listOfAll(): Copy[] {
  const holder = globalThis as { [KEY]?: Copy[] };
  if (!Array.isArray(holder[KEY])) Object.defineProperty(globalThis, KEY, { value: [] });
  return holder[KEY] as Copy[];
}

/** All copies of this realm, this one included. */
export const copies = listOfAll();

const self: Copy = { isTracking: () => rt.run !== 0 };
copies.push(self);

/**
 * Whether a read is more than to look at a value: somebody tracks it, or another copy of the library would
 * have to.
 */
export function isReadNoticed(): boolean {
  return rt.run !== 0 || copies.length > 1;
}

/** Whether there is more to a read that this copy does not track than the value. */
export function isReadElsewhere(): boolean {
  return copies.length > 1 || rt.staging !== 0;
}

/**
 * To be called at a read that this copy does not track, when there are others.
 *
 * @throws ForeignSignalError when another copy would have to track it.
 */
export function refuseForeign(node: Source): void {
  /* What this copy runs by itself, somewhere inside of the other, is its own affair. */
  if (rt.reader !== null || rt.flushing) return;
  for (const copy of copies)
    if (copy !== self && copy.isTracking()) throw new ForeignSignalError(nameOf(node));
}
