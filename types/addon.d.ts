/**
 * The boundary: what an engine offers. The addon exports it, lib/engine/wasm/kernel.ts puts it before a
 * WebAssembly instance. The words are described in native/include/signal_kernel.h, the constants are
 * generated from it into lib/engine/layout.ts.
 */

/** Counters of one kernel. Plain numbers; `crossings` counts calls into C. */
export interface KernelCounters {
  readonly crossings: number;
  readonly nodes: number;
  readonly edges: number;
  readonly effects: number;
  readonly tasks: number;
  /** Open asynchronous transactions. */
  readonly transactions: number;
  readonly queued: number;
  readonly bytes: number;
  readonly marks: number;
  readonly links: number;
}

export interface Addon {
  readonly abi: number;
  /** Takes the journal, fills FRESH, releases what nobody reads. */
  sync(): void;
  /** `sync`, then marks what is behind PENDING. */
  mark(): void;
  /** `mark`, then lists the due effects in RUN. */
  flush(): void;
  /** As `flush`, of all that is due, and only to be looked at. */
  plan(): void;
  /** `mark`, then writes what the graph looks like to PICTURE. */
  inspect(): void;
  /** Makes room for `words` more words in a block. */
  reserve(block: number, words: number): void;
  /** The words of a shared block. Its buffer must never be handed out: a transfer detaches it. */
  view(block: number): Int32Array;
  /**
   * Only of an engine that has all blocks in one memory: growing it detaches every view but that of
   * HEADER, in any call. `remake` is called then, before the call returns, with the bits of all of them
   * set in HEADER.
   */
  onDetached?(remake: () => void): void;
  stats(): KernelCounters;
  /** Undefined, or the invariant of the kernel that does not hold. */
  check(): string | undefined;
  onError(make: (status: number, what: string) => Error): void;

  txnBegin(): number;
  txnCommit(): number;
  txnRollback(): number;

  /** Opens an asynchronous transaction, inside of `parent` (0: none), at a time of the write clock. */
  stagingOpen(parent: number, clock: number): number;
  /** Adds a signal to its sets. Returns the offset of the signal's record in VERSIONS. */
  stagingTouch(staging: number, id: number, how: number, clock: number): number;
  /** Lists in CONFLICTS what somebody else has written since. Returns how many there are. */
  stagingCheck(staging: number, how: number): number;
  /** Returns its place among the commits; 0 of an inner one. */
  stagingCommit(staging: number, clock: number): number;
  stagingDiscard(staging: number): void;

  taskCreate(kind: number): number;
  taskStart(task: number): number;
  taskEmit(task: number, version: number): number;
  taskSettle(task: number, version: number, outcome: number): number;
  taskCancel(task: number): number;
  /**
   * Takes over what a run elsewhere has come to: the newest version becomes `version` unless it is
   * higher, the state idle, success, error or cancelled, and a run in flight is superseded. Returns the
   * newest version: the next run gets the one after it.
   */
  taskSeed(task: number, version: number, state: number): number;
  /** [state, newest version] */
  taskInspect(task: number): [number, number];
  taskDispose(task: number): void;
}
