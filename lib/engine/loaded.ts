/**
 * What the loaders give to the run loop, and what stands in where there is no engine.
 */
import type { Addon } from "../../types/addon.js";
import { SK_H_WORDS } from "./layout.js";

/** An engine, or what stands in for it and why. */
export interface Loaded {
  readonly addon: Addon;
  readonly kind: "native" | "wasm";
  /** File of the addon. */
  readonly path: string | undefined;
  /**
   * EngineLoadError when no engine loads, AbiMismatchError when it belongs to another version; else
   * undefined.
   */
  readonly error: unknown;
  /**
   * Where the engine may not be compiled at load: compiles it, and puts its calls into `addon`. Until
   * then every one of them throws.
   */
  readonly start: (() => Promise<void>) | null;
}

const CALLS: Readonly<Record<Exclude<keyof Addon, "abi" | "onDetached">, true>> = {
  sync: true,
  mark: true,
  flush: true,
  plan: true,
  inspect: true,
  reserve: true,
  view: true,
  stats: true,
  check: true,
  onError: true,
  txnBegin: true,
  txnCommit: true,
  txnRollback: true,
  stagingOpen: true,
  stagingTouch: true,
  stagingCheck: true,
  stagingCommit: true,
  stagingDiscard: true,
  taskCreate: true,
  taskStart: true,
  taskEmit: true,
  taskSettle: true,
  taskCancel: true,
  taskInspect: true,
  taskSeed: true,
  taskDispose: true,
};

/** Stands in for an engine: it has empty words, and every call throws `error`. */
export function standIn(error: unknown): Addon {
  const refuse = () => {
    throw error;
  };
  const calls = Object.fromEntries(Object.keys(CALLS).map((name) => [name, refuse]));
  const view = () => new Int32Array(SK_H_WORDS);
  return { ...calls, view, onError: () => {} } as unknown as Addon;
}

/**
 * Loads an engine by `load`. It does not throw: the engine is a CommonJS module also for ES modules,
 * and what such a one throws while it loads nobody can catch on Node 20. The packages throw it instead.
 */
export function loadedBy(load: () => Loaded): Loaded {
  try {
    return load();
  } catch (error) {
    return { addon: standIn(error), kind: "native", path: undefined, error, start: null };
  }
}
