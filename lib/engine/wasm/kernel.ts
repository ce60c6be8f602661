/**
 * The boundary over an instance of the WebAssembly module: the same calls, argument checks and errors
 * as the addon has.
 *
 * All blocks lie in one memory, and growing it detaches every view. The run loop keeps HEADER in local
 * variables, which is right for a block that never moves: so it has words of its own here, which are
 * copied into the memory before a call that looks at them and back after it. All other views are made
 * again by the run loop, before the call returns.
 */
import type { Addon, KernelCounters } from "../../../types/addon.js";
import { EngineLoadError } from "../errors.js";
import {
  SK_BLOCK_HEADER,
  SK_BLOCK_SHARED_COUNT,
  SK_E_INVALID,
  SK_E_LIMIT,
  SK_H_REMADE,
  SK_H_WORDS,
} from "../layout.js";
import { requireRoom } from "../room.js";
import { type Exports, integer, refuse } from "./exports.js";
import { copyHeader } from "./header.js";
import { taskCalls } from "./tasks.js";

/** Names of the counters, in the order of sk_stats_t. */
const COUNTERS = [
  "nodes",
  "edges",
  "tasks",
  "transactions",
  "effects",
  "queued",
  "bytes",
  "marks",
  "links",
] as const;

const MAX_WORDS = 2 ** 32 - 1;
/** The bits of all shared blocks but HEADER. */
const ALL_REMADE = ((1 << SK_BLOCK_SHARED_COUNT) - 1) & ~(1 << SK_BLOCK_HEADER);

const BLOCK = "a block of shared words";
const GRAPH = "the reactive graph";
const TRANSACTION = "a transaction";
const STAGING = "an asynchronous transaction";

/** Opens the kernel of a new instance. Throws EngineLoadError when that finds no memory. */
export function createWasmEngine(instance: WebAssembly.Instance): Addon {
  const wasm = instance.exports as unknown as Exports;
  const kernel = wasm.open();
  if (kernel === 0) throw new EngineLoadError("There is no memory for the kernel.");
  const header = new Int32Array(SK_H_WORDS);
  const at = (block: number) =>
    new Int32Array(wasm.memory.buffer, wasm.words(kernel, block), wasm.length(kernel, block));
  const inside = () => at(SK_BLOCK_HEADER).subarray(0, SK_H_WORDS);
  /** The kernel's own header; its length is 0 as soon as the memory has grown. */
  let words = inside();
  header.set(words);
  let remake = () => {};
  let makeError = (_status: number, what: string): Error =>
    Object.assign(new Error(what), { code: "ERR_SK_STATE" });
  let crossings = 0;

  /** A call that the stack of JavaScript was too short for would leave the kernel in the midst of its work. */
  function cross(): void {
    requireRoom(crossings);
    crossings++;
  }
  /** What the run loop has written becomes visible to the kernel. */
  function give(): void {
    cross();
    copyHeader(header, words);
  }
  /** After a call that does not look at the header, but may need memory. */
  function settle(): void {
    if (words.length !== 0) return;
    words = inside();
    header[SK_H_REMADE] = ALL_REMADE;
    remake();
  }
  /** What the kernel has written becomes visible to the run loop. */
  function take(): void {
    const moved = words.length === 0;
    if (moved) words = inside();
    copyHeader(words, header);
    if (!moved) return;
    header[SK_H_REMADE] = ALL_REMADE;
    remake();
  }
  function answer(status: number, what: string): number {
    if (status < 0) throw makeError(status, what);
    return status;
  }

  return {
    abi: wasm.abi(),
    sync() {
      give();
      const status = wasm.sync(kernel);
      take();
      if (status < 0) answer(status, GRAPH);
    },
    mark() {
      give();
      const status = wasm.mark(kernel);
      take();
      if (status < 0) answer(status, GRAPH);
    },
    flush() {
      give();
      const status = wasm.flush(kernel);
      take();
      if (status < 0) answer(status, GRAPH);
    },
    plan() {
      give();
      const status = wasm.plan(kernel);
      take();
      if (status < 0) answer(status, GRAPH);
    },
    inspect() {
      give();
      const status = wasm.inspect(kernel);
      take();
      if (status < 0) answer(status, GRAPH);
    },
    reserve(block, count) {
      give();
      integer("block", block);
      integer("words", count);
      if (block >= SK_BLOCK_SHARED_COUNT) answer(SK_E_INVALID, BLOCK);
      if (count > MAX_WORDS) answer(SK_E_LIMIT, BLOCK);
      const status = wasm.reserve(kernel, block, count);
      take();
      answer(status, BLOCK);
    },
    view(block) {
      crossings++;
      if (integer("block", block) >= SK_BLOCK_SHARED_COUNT) answer(SK_E_INVALID, BLOCK);
      return block === SK_BLOCK_HEADER ? header : at(block);
    },
    onDetached(listener) {
      remake = listener;
    },
    stats() {
      give();
      crossings--;
      const counts = COUNTERS.map((name, which) => [name, wasm.count(kernel, which)]);
      return { crossings, ...Object.fromEntries(counts) } as KernelCounters;
    },
    check() {
      give();
      const fault = wasm.check(kernel);
      take();
      if (fault === 0) return undefined;
      const bytes = new Uint8Array(wasm.memory.buffer, fault);
      return String.fromCharCode(...bytes.subarray(0, bytes.indexOf(0)));
    },
    onError(make) {
      crossings++;
      if (typeof make !== "function")
        refuse(new TypeError('The argument "make" must be a function'));
      makeError = make;
    },

    txnBegin() {
      give();
      const status = wasm.txnBegin(kernel);
      take();
      return answer(status, TRANSACTION);
    },
    txnCommit() {
      give();
      const status = wasm.txnCommit(kernel);
      take();
      return answer(status, TRANSACTION);
    },
    txnRollback() {
      give();
      const status = wasm.txnRollback(kernel);
      take();
      return answer(status, TRANSACTION);
    },

    stagingOpen(parent, clock) {
      give();
      integer("parent", parent);
      integer("clock", clock);
      const staging = wasm.stagingOpen(kernel, parent, clock);
      take();
      return answer(staging, STAGING);
    },
    stagingTouch(staging, id, how, clock) {
      give();
      integer("staging", staging);
      integer("id", id);
      integer("how", how);
      integer("clock", clock);
      if (id > MAX_WORDS || how > MAX_WORDS) answer(SK_E_INVALID, STAGING);
      const status = wasm.stagingTouch(kernel, staging, id, how, clock);
      take();
      return answer(status, STAGING);
    },
    stagingCheck(staging, how) {
      give();
      integer("staging", staging);
      integer("how", how);
      if (how > MAX_WORDS) answer(SK_E_INVALID, STAGING);
      const status = wasm.stagingCheck(kernel, staging, how);
      take();
      return answer(status, STAGING);
    },
    stagingCommit(staging, clock) {
      give();
      integer("staging", staging);
      integer("clock", clock);
      const order = wasm.stagingCommit(kernel, staging, clock);
      take();
      return answer(order, STAGING);
    },
    stagingDiscard(staging) {
      give();
      const status = wasm.stagingDiscard(kernel, integer("staging", staging));
      take();
      answer(status, STAGING);
    },

    ...taskCalls(wasm, kernel, cross, (status, what) => {
      settle();
      return answer(status, what);
    }),
  };
}
