/**
 * Which effects run, in which order and in which slice: a list that is sorted each time, and a clock that
 * only effects move on.
 */
export const SIGNALS = 4;
const BACKGROUND = 100;
const EVERY = 8;
export const LAST = 2 ** 31 - 1;

export type Step =
  | { readonly do: "create"; readonly priority: number; readonly reads: readonly number[] }
  | { readonly do: "dispose"; readonly which: number }
  | { readonly do: "write"; readonly which: number }
  | { readonly do: "flush"; readonly upTo: number }
  | { readonly do: "microtask" | "turn" };

/** What a program is run on: the library, or the model. Each effect that runs is told by its number. */
export interface Machine {
  readonly log: string[];
  create(priority: number, reads: readonly number[]): void;
  dispose(which: number): void;
  write(which: number): void;
  flush(upTo: number): void;
  microtask(): Promise<void> | void;
  turn(): Promise<void> | void;
}

interface Planned {
  readonly number: number;
  readonly priority: number;
  readonly reads: ReadonlySet<number>;
  isAlive: boolean;
  /** The how manieth wake-up made it due; 0: it is not due. */
  since: number;
  /** Up to which write its last run has seen everything. */
  seen: number;
}

export class Model implements Machine {
  readonly log: string[] = [];
  private readonly effects: Planned[] = [];
  /** The signals that the last flush has left with an observer, and those that have got one since. */
  private readonly observed = new Set<number>();
  private written = new Set<number>();
  /** When each signal was last written. */
  private readonly changed: number[] = Array.from({ length: SIGNALS }, () => 0);
  private writes = 0;
  private wakes = 0;
  private clock = 0;
  private isDirty = false;
  private isDeferred = false;
  private isAsked = false;
  private slices = 0;

  constructor(private readonly budget: number) {}

  create(priority: number, reads: readonly number[]): void {
    const number = this.effects.length;
    this.effects.push({
      number,
      priority,
      reads: new Set(reads),
      isAlive: true,
      since: 0,
      seen: -1,
    });
    this.run(this.effects[number] as Planned);
    for (const which of reads) this.observed.add(which);
  }

  dispose(which: number): void {
    const effect = this.effects[which % this.effects.length];
    if (effect?.isAlive) this.isDirty = true;
    if (effect) effect.isAlive = false;
  }

  write(which: number): void {
    this.changed[which] = ++this.writes;
    /* A write that nobody observes makes nothing due: who comes after it reads what it wrote (S4, S13). */
    if (!this.observed.has(which)) return;
    this.written.add(which);
    this.isDirty = true;
  }

  private run(effect: Planned): void {
    effect.since = 0;
    /* It was created after the write that made it due: it has seen that. */
    if ([...effect.reads].every((which) => (this.changed[which] as number) <= effect.seen)) return;
    effect.seen = this.writes;
    this.log.push(`${effect.number}`);
    this.clock++;
  }

  private mark(): void {
    this.isDirty = false;
    for (const which of this.written)
      for (const effect of this.effects)
        if (effect.isAlive && effect.since === 0 && effect.reads.has(which))
          effect.since = ++this.wakes;
    this.written = new Set();
    for (const which of this.observed)
      if (!this.effects.some(({ isAlive, reads }) => isAlive && reads.has(which)))
        this.observed.delete(which);
  }

  private due(from: number, upTo: number): Planned[] {
    return this.effects
      .filter(({ isAlive, since }) => isAlive && since > 0)
      .filter(({ priority }) => priority >= from && priority <= upTo)
      .sort((a, b) => a.priority - b.priority || a.number - b.number);
  }

  private runUpTo(upTo: number): void {
    this.mark();
    for (const effect of this.due(-LAST, upTo)) this.run(effect);
  }

  /** Background effects until the budget is used up. */
  private runBackground(endsAt: number, owed: number): void {
    let left = owed;
    for (const effect of this.due(BACKGROUND, LAST)) {
      if (left-- <= 0 && this.clock >= endsAt) break;
      this.run(effect);
    }
    this.isDeferred = this.due(BACKGROUND, LAST).length > 0;
    if (this.isDeferred) this.isAsked = true;
    else this.slices = 0;
  }

  flush(upTo: number): void {
    if (!this.isDirty && !this.isDeferred) return;
    this.runUpTo(upTo);
    if (this.due(-LAST, LAST).length > 0) this.isDirty = true;
    if (upTo < LAST) return;
    this.isDeferred = false;
    this.slices = 0;
  }

  microtask(): void {
    if (!this.isDirty) return;
    const endsAt = this.clock + this.budget;
    this.runUpTo(this.budget === Number.POSITIVE_INFINITY ? LAST : BACKGROUND - 1);
    if (!this.isDeferred) this.runBackground(endsAt, 0);
  }

  turn(): void {
    this.microtask();
    if (!this.isAsked) return;
    this.isAsked = false;
    if (!this.isDeferred) return;
    const endsAt = this.clock + this.budget;
    let owed = 1;
    this.runUpTo(BACKGROUND - 1);
    if (++this.slices % EVERY === 0) {
      const [oldest] = this.due(BACKGROUND, LAST).sort((a, b) => a.since - b.since);
      if (oldest !== undefined) this.run(oldest);
      if (oldest !== undefined) owed = 0;
    }
    this.runBackground(endsAt, owed);
  }
}
