/** By name: what calls `end` at that step. */
export const steps: Readonly<Record<string, (end: (...given: unknown[]) => never) => unknown>>;
/** Those that are about the process, and not a worker. */
export const ofProcesses: readonly string[];
