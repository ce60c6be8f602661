/**
 * A joint commit: the runs of a group that one change has started, and how far they are.
 *
 *     gathering   until the end of the microtask: everything that starts now belongs to it
 *     waiting     until each of its runs has settled or is gone
 *     over        what settled has committed, in one flush
 *
 * A run that has settled waits here, and is in flight for the kernel as before. So whatever ends a run
 * that is in flight ends it too: a newer run supersedes it, `cancel` cancels it, each with its one
 * event, and the verdict that it gets in the end is the kernel's.
 */
import type { Run } from "./run.js";
import type { State } from "./state.js";

/** The cell of a run, as far as a joint needs it. */
export interface Member {
  conclude(run: never, fulfilled: boolean, outcome: unknown): void;
  tellEnds(): void;
}

interface Place {
  readonly member: Member;
  parked: { readonly fulfilled: boolean; readonly outcome: unknown } | null;
}

export class Joint {
  gathering = true;
  /** Some run has belonged to it. */
  hadRuns = false;
  readonly runs = new Map<Run<unknown>, Place>();
  /** What the sources had come to when the runs were started. */
  readonly sources = new Map<State<unknown>, unknown>();
  private readonly release: (joint: Joint) => void;

  /** `release` is called once, when all have settled. */
  constructor(release: (joint: Joint) => void) {
    this.release = release;
  }

  join(member: Member, run: Run<unknown>): void {
    this.runs.set(run, { member, parked: null });
    run.joint = this;
    this.hadRuns = true;
  }

  /** The run is gone, and nobody waits for it. */
  leave(run: Run<unknown>): void {
    if (this.runs.delete(run)) this.check();
  }

  /** Keeps an outcome until all are there. */
  park(run: Run<unknown>, fulfilled: boolean, outcome: unknown): void {
    const place = this.runs.get(run);
    if (place === undefined || place.parked !== null) return;
    place.parked = { fulfilled, outcome };
    run.close();
    this.check();
  }

  /**
   * Takes in an older joint, one of whose runs was superseded by a run of this: what is left of that
   * must not become visible without what replaces the lost part.
   */
  absorb(older: Joint): void {
    for (const [run, place] of older.runs) {
      this.runs.set(run, place);
      run.joint = this;
    }
    for (const [source, value] of older.sources)
      if (!this.sources.has(source)) this.sources.set(source, value);
    older.runs.clear();
  }

  endGathering(): void {
    this.gathering = false;
    this.check();
  }

  private check(): void {
    if (this.gathering) return;
    for (const { parked } of this.runs.values()) if (parked === null) return;
    this.release(this);
  }
}
