/**
 * Plays the part of the run loop for one engine, at the level of words and calls: what native/test's
 * caller does for the kernel in C. Two drivers that are given the same steps must not differ.
 */

import * as L from "../../lib/engine/layout.js";
import type { Addon } from "../../types/addon.js";

const BLOCKS = [...Array(L.SK_BLOCK_SHARED_COUNT).keys()];

/** Without the bytes of memory: an address has four of them in the one engine and eight in the other. */
function asText(result: unknown): string {
  if (typeof result !== "object" || result === null || ArrayBuffer.isView(result))
    return String(result);
  const entries = Object.entries(result).filter(([name]) => name !== "bytes");
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).join(" ");
}

export class Driver {
  /** What was returned and thrown, in order. */
  readonly log: string[] = [];
  readonly signals: number[] = [];
  readonly computeds: number[] = [];
  readonly effects: number[] = [];
  private readonly engine: Addon;

  constructor(engine: Addon) {
    this.engine = engine;
    engine.onError((status, what) =>
      Object.assign(new Error(`${what} ${status}`), { code: L.SK_ERROR_CODES[status] }),
    );
  }

  words(block: number): Int32Array {
    return this.engine.view(block);
  }

  private get header(): Int32Array {
    return this.words(L.SK_BLOCK_HEADER);
  }

  /** Any call, with its result or error in the log; reads the released nodes after it. */
  call(name: keyof Addon, ...given: unknown[]): unknown {
    let result: unknown;
    try {
      result = (this.engine[name] as (...given: unknown[]) => unknown)(...given);
      this.log.push(`${name}: ${asText(result)}`);
    } catch (error) {
      const { name: kind, code, message } = error as Error & { code?: string };
      this.log.push(`${name}: ${kind} ${code} ${message}`);
    }
    this.header[L.SK_H_REMADE] = 0;
    this.reap();
    return result;
  }

  private reap(): void {
    const { header } = this;
    if (header[L.SK_H_RELEASED] === 0 || header[L.SK_H_REAPED] !== 0) return;
    const slots = this.words(L.SK_BLOCK_SLOTS);
    for (let id = header[L.SK_H_RELEASED]; id !== 0; id = slots[id + L.SK_N_NEXT]) {
      this.log.push(`released ${id}`);
      for (const list of [this.signals, this.computeds])
        if (list.includes(id)) list.splice(list.indexOf(id), 1);
    }
    header[L.SK_H_REAPED] = 1;
  }

  private take(): number {
    const { header } = this;
    if (header[L.SK_H_FRESH_LEN] === 0) this.call("sync");
    header[L.SK_H_FRESH_LEN]--;
    return this.words(L.SK_BLOCK_FRESH)[header[L.SK_H_FRESH_LEN]] as number;
  }

  private enter(...entry: number[]): void {
    const { header } = this;
    const room = header[L.SK_H_JOURNAL_CAP] - header[L.SK_H_JOURNAL_LEN];
    if (entry.length > room) this.call("sync");
    if (entry.length > header[L.SK_H_JOURNAL_CAP])
      this.call("reserve", L.SK_BLOCK_JOURNAL, entry.length);
    this.words(L.SK_BLOCK_JOURNAL).set(entry, header[L.SK_H_JOURNAL_LEN]);
    header[L.SK_H_JOURNAL_LEN] += entry.length;
  }

  private generation(id: number): number {
    return this.words(L.SK_BLOCK_SLOTS)[id + L.SK_N_GENERATION] as number;
  }

  signal(): void {
    const id = this.take();
    this.words(L.SK_BLOCK_SLOTS)[id] = L.SK_SIGNAL;
    this.signals.push(id);
  }

  computed(): void {
    const id = this.take();
    this.words(L.SK_BLOCK_SLOTS)[id] = L.SK_COMPUTED;
    this.computeds.push(id);
  }

  effect(priority: number): void {
    const id = this.take();
    this.enter(L.SK_OP_EFFECT, id, priority);
    this.effects.push(id);
  }

  link(reader: number, sources: readonly number[]): void {
    this.enter(L.SK_OP_LINK, reader, this.generation(reader), 0, sources.length, ...sources);
    this.words(L.SK_BLOCK_SLOTS)[reader] |= L.SK_RELINKED;
  }

  dispose(effect: number): void {
    this.enter(L.SK_OP_DISPOSE, effect, this.generation(effect));
    this.effects.splice(this.effects.indexOf(effect), 1);
  }

  wake(effect: number): void {
    this.enter(L.SK_OP_WAKE, effect, this.generation(effect));
  }

  write(signal: number): void {
    const { header } = this;
    if (header[L.SK_H_PENDING_LEN] >= header[L.SK_H_PENDING_CAP])
      this.call("reserve", L.SK_BLOCK_PENDING, 1);
    this.words(L.SK_BLOCK_PENDING)[header[L.SK_H_PENDING_LEN]] = signal;
    header[L.SK_H_PENDING_LEN]++;
  }

  /** Runs the first `count` of the effects that are due; what they read is up to date then. */
  flush(count: number): void {
    this.call("flush");
    const { header } = this;
    const run = this.words(L.SK_BLOCK_RUN).slice(0, header[L.SK_H_RUN_LEN]);
    this.log.push(`due ${run}`);
    const slots = this.words(L.SK_BLOCK_SLOTS);
    for (const id of run.subarray(0, count)) {
      slots[id] = (slots[id] as number) & ~L.SK_QUEUED;
      header[L.SK_H_RUN_TAKEN]++;
    }
    for (const id of this.computeds) slots[id] = (slots[id] as number) & ~L.SK_STALE;
  }

  /** All that the two sides share, as text. */
  state(): string {
    const header = this.header.slice(0, L.SK_H_WORDS);
    const used = (block: number) => {
      if (block === L.SK_BLOCK_HEADER) return header;
      if (block === L.SK_BLOCK_JOURNAL)
        return this.words(block).subarray(0, header[L.SK_H_JOURNAL_LEN]);
      if (block === L.SK_BLOCK_PENDING)
        return this.words(block).subarray(0, header[L.SK_H_PENDING_LEN]);
      if (block === L.SK_BLOCK_RUN) return this.words(block).subarray(0, header[L.SK_H_RUN_LEN]);
      if (block === L.SK_BLOCK_FRESH)
        return this.words(block).subarray(0, header[L.SK_H_FRESH_LEN]);
      if (block === L.SK_BLOCK_TXN) return this.words(block).subarray(0, header[L.SK_H_TXN_LEN]);
      if (block === L.SK_BLOCK_SLOTS) return this.liveSlots();
      return [];
    };
    return BLOCKS.map((block) => `${block}: ${used(block)}`).join("\n");
  }

  /** Of the slots, those up to the highest that is in use: what lies behind was never written. */
  private liveSlots(): Int32Array {
    const ids = [...this.signals, ...this.computeds, ...this.effects];
    const end = Math.max(0, ...ids) + L.SK_SLOT_WORDS;
    return this.words(L.SK_BLOCK_SLOTS).subarray(L.SK_SLOT_WORDS, end);
  }
}
