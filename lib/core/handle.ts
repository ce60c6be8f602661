/**
 * Handles: what users hold of a node. Their methods are own properties and work detached, so each
 * has to be a closure of its own - but most are never touched, and four closures cost more than the
 * node. So a handle starts with getters that all handles of its kind share, and keeps the closures
 * that they make when they are first asked.
 *
 * Measured on Node 20, 100,000 signals kept: four closures 950 ns each, getters 370 ns. A call
 * through a getter costs 2 ns more, as long as V8 sees one getter function per place: hence the
 * getters are written out, and not made by a function.
 */

/** The node behind a handle. A symbol, so that it is no key and passes through a Proxy. */
export const NODE: unique symbol = Symbol("signal-kernel.node");
/** The closures of the two methods that are used most, and those of the others. */
export const FIRST: unique symbol = Symbol("signal-kernel.first");
export const SECOND: unique symbol = Symbol("signal-kernel.second");
export const OTHERS: unique symbol = Symbol("signal-kernel.others");
/** Gives a handle an own, enumerable getter; three times faster than Object.defineProperty. */
export const DEFINE: unique symbol = Symbol("signal-kernel.define");

type Define = (key: string, getter: () => unknown) => void;

/** Makes a class's instances able to define getters. Taken at load: a program may replace it. */
export function canDefine(prototype: object): void {
  const { __defineGetter__ } = Object.prototype as unknown as { __defineGetter__: Define };
  Object.defineProperty(prototype, DEFINE, { value: __defineGetter__ });
}

export type { Define };
