/**
 * The values of a simulated world: what is computed of its signals, and what cannot be.
 */
import type { AsyncLocalStorage } from "node:async_hooks";

/** What a computed throws whose inputs do not go together. */
export class Poison extends Error {
  override readonly name = "Poison";
}

/** What is read through a computed: any part of the world may be behind it. */
export type Formula = (read: (name: number) => number) => number;

export const SIGNALS = 4;

/** What is computed: of a guard, of a difference; the last looks at everything. */
export const FORMULAS: readonly Formula[] = [
  (read) => read(0) + read(1),
  (read) => (read(0) % 2 === 0 ? read(2) : read(1) * 3),
  (read) => read(3) - read(0),
  (read) => read(0) + 10 * read(1) + 100 * read(2) + 1000 * read(3),
];

/** Whether signals 0 and 1 do not go together: a computed of them throws. */
export const isPoisonous = (first: number, second: number) => first + second === 9;

/** Runs a function in the asynchronous context that was taken. */
export type InContext = (fn: () => void) => void;

/** Takes the context of the code that calls it; null where the platform has none. */
export function contextHere(): InContext | null {
  const hooks = globalThis.process?.getBuiltinModule?.("node:async_hooks");
  const storage: typeof AsyncLocalStorage | undefined = hooks?.AsyncLocalStorage;
  return storage === undefined ? null : (storage.snapshot() as InContext);
}
