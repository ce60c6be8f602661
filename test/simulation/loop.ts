/**
 * The event loop of a simulation. Nothing in it happens by itself: promises settle, timers fire and
 * microtasks run when a step of the program says so.
 */
import { setClock } from "@signal-kernel/async-runtime";
import { FakeClock } from "../async/clock.js";
import { quiet } from "../async/support.js";

export class Loop {
  readonly clock = new FakeClock();

  constructor() {
    setClock(this.clock);
  }

  /** Exactly one microtask passes. */
  tick(): Promise<void> {
    return Promise.resolve();
  }

  /** All microtasks pass, also those that they cause. */
  wait(): Promise<void> {
    return quiet();
  }

  /** Time passes; before it, and after each moment at which timers fire, the microtasks do. */
  async elapse(ms: number): Promise<void> {
    await quiet();
    let left = ms;
    for (let next = this.clock.waiting[0]; next !== undefined; next = this.clock.waiting[0]) {
      if (next > left) break;
      left -= Math.max(next, 0);
      this.clock.elapse(Math.max(next, 0));
      await quiet();
    }
    this.clock.elapse(left);
    await quiet();
  }

  end(): void {
    setClock(null);
  }
}

/**
 * Runs the model directly before what is attached to the promise next: the library's reaction to it.
 * No other microtask comes between the two, so the model knows what has happened at each moment.
 */
export function ahead(
  promise: Promise<unknown>,
  fulfilled: (value: unknown) => void,
  rejected: (error: unknown) => void,
): void {
  promise.then(fulfilled, rejected);
}
