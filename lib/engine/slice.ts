/**
 * Slices: background effects run in pieces, between which the event loop has its turn. Here is how long
 * a piece may be, and how the next one is asked for; loop.ts runs it.
 */
import { SK_H_QUEUED, SK_H_RUN_LEN, SK_H_RUN_TAKEN, SK_N_PRIORITY } from "./layout.js";
import { rt } from "./runtime.js";

/** From this priority on work waits for a slice when there is a budget: that of "background". */
export const BACKGROUND = 100;
/** No priority is later. */
export const LAST = 2 ** 31 - 1;
/** In every so manieth slice of a pass the effect that has waited longest goes first. */
export const OLDEST_EVERY = 8;

/** Taken at load: a program may replace the global ones. Its methods may still be watched. */
const clock = performance;

interface Channel {
  readonly port1: { onmessage: (() => void) | null };
  readonly port2: { postMessage(message: unknown): void };
}

/** What a host offers to go on in another turn of its event loop. */
export interface Host {
  readonly setImmediate?: ((fn: () => void) => unknown) | undefined;
  readonly MessageChannel?: (new () => Channel) | undefined;
  readonly setTimeout: (fn: () => void, ms: number) => unknown;
}

/**
 * The way to go on in the next turn of the event loop: after what is waiting there already, before a
 * timer if that can be had. Node's keeps the process alive until it has run, and no longer.
 */
export function turnOf(host: Host): (fn: () => void) => void {
  const { setImmediate, MessageChannel, setTimeout } = host;
  if (typeof setImmediate === "function") return (fn) => void setImmediate(fn);
  if (typeof MessageChannel === "function") {
    const { port1, port2 } = new MessageChannel();
    const waiting: (() => void)[] = [];
    port1.onmessage = () => waiting.shift()?.();
    return (fn) => {
      waiting.push(fn);
      port2.postMessage(0);
    };
  }
  return (fn) => void setTimeout(fn, 0);
}

const nextTurn = turnOf(globalThis as unknown as Host);

/** Sets how long a slice may take, in milliseconds; Infinity: nothing is sliced. */
export function setBudget(ms: number): void {
  rt.budget = ms;
}

/** The slice under way: there is one at most. */
export class Slice {
  /** Its budget is used up, and a background effect was left for the next one. */
  isOver = false;
  private endsAt = 0;
  private owed = 0;

  /** Begins a slice that runs `owed` background effects whatever the time is. */
  begin(owed: number): void {
    this.isOver = false;
    this.owed = owed;
    this.endsAt = clock.now() + rt.budget;
  }

  /** Whether the effect with this id may run in the slice. The clock is read for background effects only. */
  allows(id: number): boolean {
    if (rt.slots[id + SK_N_PRIORITY] < BACKGROUND) return true;
    if (this.owed > 0) this.owed--;
    else this.isOver = clock.now() >= this.endsAt;
    return !this.isOver;
  }
}

/** How many effects are due, by the last list: those of it that were not taken, and those not in it. */
export function countWaiting(): number {
  const header = rt.header;
  return header[SK_H_QUEUED] + header[SK_H_RUN_LEN] - header[SK_H_RUN_TAKEN];
}

/** A turn of the event loop was asked for and has not come. */
let isRequested = false;

/** Background work waits: `resume` runs in a turn of its own. */
export function defer(resume: () => void): void {
  rt.deferred = true;
  if (isRequested) return;
  isRequested = true;
  nextTurn(() => {
    isRequested = false;
    resume();
  });
}

/** Nothing waits for a slice: the next one is the first of another pass. */
export function endPass(): void {
  rt.deferred = false;
  rt.slices = 0;
}
