/**
 * @signal-kernel/native: everything, and `engine()` to look inside.
 *
 * @packageDocumentation
 */
export { type EngineInfo, engine, init, type KernelCounters } from "#engine";
export * from "./async-runtime/index.js";
export * from "./core/index.js";
