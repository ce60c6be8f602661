/**
 * Slices: background effects run in pieces, between which the event loop has its turn. Here is how long
 * a piece may be, what runs in it, and how the next one is asked for.
 */
import { canFlush, handleThrown, run } from "./flush.js";
import { SK_H_OLDEST, SK_H_UP_TO, SK_N_PRIORITY } from "./layout.js";
import { countWaiting, LAST, runAll, runDue, runListed, runUpTo } from "./loop.js";
import { parts, type SlicesPart } from "./parts.js";
import { nextRun } from "./pending.js";
import { rt } from "./runtime.js";

/** From this priority on work waits for a slice when there is a budget: that of "background". */
const BACKGROUND = 100;
/** In every so manieth slice of a pass the effect that has waited longest goes first. */
const OLDEST_EVERY = 8;

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
  const { setImmediate, setTimeout } = host;
  if (typeof setImmediate === "function") return (fn) => void setImmediate(fn);
  const { MessageChannel } = host;
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

/**
 * Taken when the first budget is set: a program may replace the global ones later. Not at load, since
 * Node makes `performance` and `MessageChannel` when they are first asked for, which takes milliseconds.
 */
let clock: { now(): number };
let nextTurn: ((fn: () => void) => void) | null = null;

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

const slice = /* @__PURE__ */ new Slice();

/** Runs of all background work what has waited longest, which the order alone might starve. */
function runOldest(): void {
  const header = rt.header;
  header[SK_H_UP_TO] = BACKGROUND - 1;
  header[SK_H_OLDEST] = 1;
  let count = 0;
  try {
    count = nextRun();
  } finally {
    header[SK_H_UP_TO] = LAST;
    header[SK_H_OLDEST] = 0;
  }
  runListed(count, slice);
}

/** Runs background work until the budget is used up. */
function runBackground(): boolean {
  runDue(slice);
  return countWaiting() > 0;
}

/** The end of a batch, or a microtask: background work that waits for its slice goes on waiting. */
function runFirstSlice(): boolean {
  slice.begin(0);
  return runUpTo(BACKGROUND - 1) || runBackground();
}

/** A slice that the event loop was asked for: however long what is urgent took, background work goes on. */
function runNextSlice(): boolean {
  slice.begin(1);
  runUpTo(BACKGROUND - 1);
  if (++rt.slices % OLDEST_EVERY === 0) runOldest();
  return runBackground();
}

/** A turn of the event loop was asked for and has not come. */
let isRequested = false;

/** Background work waits: the next slice runs in a turn of its own. */
function defer(): void {
  rt.deferred = true;
  if (isRequested) return;
  isRequested = true;
  nextTurn?.(() => {
    isRequested = false;
    onSlice();
  });
}

/**
 * A turn of the event loop for background work. Unless somebody has written since the slice before, it is
 * the same flush still, as far as effects are counted that keep waking themselves.
 */
function onSlice(): void {
  if (!rt.deferred) return;
  if (!canFlush()) return defer();
  if (rt.dirty) rt.flushes++;
  /* Only what ends well can tell that there is more. */
  rt.deferred = false;
  run(rt.budget === Number.POSITIVE_INFINITY ? runAll : runNextSlice);
  handleThrown();
}

const PART: SlicesPart = { first: runFirstSlice, defer };

/** Sets how long a slice may take, in milliseconds; Infinity: nothing is sliced. */
export function setBudget(ms: number): void {
  if (nextTurn === null) {
    clock = performance;
    nextTurn = turnOf(globalThis as unknown as Host);
    parts.slices = PART;
  }
  rt.budget = ms;
}
