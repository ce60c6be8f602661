/**
 * A clock that the tests move: timers fire in the order of their times, and nothing waits.
 */
import { type Clock, setClock } from "@signal-kernel/async-runtime";
import { quiet } from "./support.js";

interface Timer {
  readonly at: number;
  readonly id: number;
  readonly fn: () => void;
}

export class FakeClock implements Clock {
  time: number;
  private timers: Timer[] = [];
  private ids = 0;

  constructor(time = 1000) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  setTimeout(fn: () => void, ms: number): number {
    const id = ++this.ids;
    this.timers.push({ at: this.time + ms, id, fn });
    return id;
  }

  clearTimeout(id: unknown): void {
    this.timers = this.timers.filter((timer) => timer.id !== id);
  }

  /** When the next timers fire, from now, soonest first. */
  get waiting(): number[] {
    return this.timers.map(({ at }) => at - this.time).sort((a, b) => a - b);
  }

  /** Fires what is due within `ms`, without letting anything else happen in between. */
  elapse(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const [next] = this.timers
        .filter(({ at }) => at <= end)
        .sort((a, b) => a.at - b.at || a.id - b.id);
      if (next === undefined) break;
      this.clearTimeout(next.id);
      this.time = Math.max(this.time, next.at);
      next.fn();
    }
    this.time = end;
  }

  /** The same, and everything passes before and after it that does not wait for a timer. */
  async pass(ms: number): Promise<void> {
    await quiet();
    this.elapse(ms);
    await quiet();
  }
}

/** Installs a fake clock; `setClock(null)` takes it away. */
export function fakeClock(): FakeClock {
  const clock = new FakeClock();
  setClock(clock);
  return clock;
}
