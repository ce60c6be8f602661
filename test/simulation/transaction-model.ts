/**
 * What overlapping transactions must do, as plainly as it can be said: maps of values and of the times
 * at which they were written. It shares nothing with the library.
 */

import { isPoisonous } from "./values.js";

/** A signal or computed, by its place in the world. */
export type Name = number;

export interface Options {
  readonly serializable: boolean;
  readonly onConflict: "abort" | "retry" | "overwrite";
  /** Conflicts are merged: what both have added counts. */
  readonly merges: boolean;
}

/** What a transaction did, for the serial repetition. */
export type Entry = readonly ["read" | "write", Name, number];

export class ModelTransaction {
  state: "open" | "committed" | "aborted" = "open";
  readonly inner: ModelTransaction[] = [];
  readonly writes = new Map<Name, number>();
  /** When each was last written, for the transactions inside. */
  readonly stamps = new Map<Name, number>();
  /** Of an inner one: what the outer one had when it first wrote. */
  readonly bases = new Map<Name, number>();
  readonly reads = new Set<Name>();
  readonly log: Entry[] = [];
  /** By how much it has raised each signal. */
  readonly raised = new Map<Name, number>();
  /** It read what no check protects, inside: it has no place in a serial order. */
  loose = false;
  readonly parent: ModelTransaction | null;
  readonly options: Options;
  readonly snapshot: readonly number[];
  readonly began: number;

  constructor(
    parent: ModelTransaction | null,
    options: Options,
    snapshot: readonly number[],
    began: number,
  ) {
    this.parent = parent;
    this.options = options;
    this.snapshot = snapshot;
    this.began = began;
    parent?.inner.push(this);
  }

  view(name: Name): number {
    const own = this.writes.get(name);
    if (own !== undefined) return own;
    return this.parent === null ? (this.snapshot[name] as number) : this.parent.view(name);
  }

  /** Reads, which whoever has to answer for it remembers. */
  read(name: Name): number {
    let at: ModelTransaction | null = this;
    while (at !== null) {
      if (at.options.serializable) at.reads.add(name);
      at = at.writes.has(name) ? null : at.parent;
    }
    const value = this.view(name);
    this.log.push(["read", name, value]);
    return value;
  }
}

interface Layer {
  owner: ModelTransaction;
  readonly value: number;
}

export class Model {
  readonly committed: number[];
  readonly writtenAt: number[];
  private readonly layers: Layer[][];
  private readonly shown = new Set<Name>();
  /** It was shown, and no plain write has settled it since. */
  private readonly overlaid: boolean[];
  private time = 0;
  private readonly open = new Set<ModelTransaction>();
  fault: string | undefined = undefined;
  readonly raised = new Map<Name, number>();

  constructor(values: readonly number[]) {
    this.committed = [...values];
    this.writtenAt = values.map(() => 0);
    this.layers = values.map(() => []);
    this.overlaid = values.map(() => false);
  }

  visible(name: Name): number {
    return this.layers[name]?.at(-1)?.value ?? (this.committed[name] as number);
  }

  get state(): number[] {
    return this.committed.map((_, name) => this.visible(name));
  }

  get openTransactions(): number {
    return this.open.size;
  }

  /** Whether it was shown what is not committed since all transactions had ended. */
  wasShown(name: Name): boolean {
    return this.shown.has(name);
  }

  get isShowing(): boolean {
    return this.layers.some(({ length }) => length > 0);
  }

  begin(parent: ModelTransaction | null, options: Options): ModelTransaction {
    const transaction = new ModelTransaction(parent, options, [...this.committed], this.time);
    this.open.add(transaction);
    return transaction;
  }

  private commit(name: Name, value: number): void {
    this.committed[name] = value;
    this.writtenAt[name] = ++this.time;
  }

  /** Somebody outside of all transactions writes. */
  plain(name: Name, value: number): void {
    const isHoped = (this.layers[name] as Layer[]).length > 0;
    if (value !== this.visible(name)) this.overlaid[name] = false;
    else if (!isHoped) return;
    this.commit(name, value);
    this.layers[name] = [];
  }

  stage(at: ModelTransaction, name: Name, value: number): void {
    const { parent } = at;
    if (parent !== null) this.noteBase(at, name, parent.view(name));
    at.writes.set(name, value);
    at.stamps.set(name, ++this.time);
    at.log.push(["write", name, value]);
  }

  private noteBase(at: ModelTransaction, name: Name, base: number): void {
    if (!at.bases.has(name)) at.bases.set(name, base);
  }

  set(at: ModelTransaction, name: Name, value: number): void {
    if (at.read(name) !== value) this.stage(at, name, value);
  }

  show(at: ModelTransaction, name: Name, value: number): void {
    this.layers[name] = [...this.without(name, at), { owner: at, value }];
    this.overlaid[name] = true;
    this.shown.add(name);
    this.stage(at, name, value);
  }

  private without(name: Name, at: ModelTransaction): Layer[] {
    return (this.layers[name] as Layer[]).filter(({ owner }) => owner !== at);
  }

  private close(at: ModelTransaction, state: "committed" | "aborted"): void {
    at.state = state;
    this.open.delete(at);
    if (this.open.size > 0) return;
    this.overlaid.fill(false);
    this.shown.clear();
  }

  abort(at: ModelTransaction): void {
    if (at.state !== "open") return;
    for (const inner of at.inner) this.abort(inner);
    for (const name of this.committed.keys()) this.layers[name] = this.without(name, at);
    this.close(at, "aborted");
  }

  private conflicts({ parent, began, writes, reads }: ModelTransaction): Name[] {
    return [...new Set([...writes.keys(), ...reads])].filter((name) => {
      const written = parent === null ? this.writtenAt[name] : parent.stamps.get(name);
      return (written ?? 0) > began;
    });
  }

  /** Its function has fulfilled. A conflict, and what cannot be computed of it, abort this run of it. */
  finish(at: ModelTransaction): "committed" | "conflict" | "poisoned" {
    const { parent, options } = at;
    for (const inner of at.inner) this.abort(inner);
    let unresolved = 0;
    for (const name of this.conflicts(at)) {
      const mine = at.writes.get(name);
      if (!options.merges || mine === undefined) {
        unresolved++;
        continue;
      }
      const base = parent === null ? at.snapshot[name] : at.bases.get(name);
      const theirs = parent === null ? this.committed[name] : parent.view(name);
      this.stage(at, name, (theirs as number) + mine - (base as number));
    }
    if (unresolved > 0 && options.onConflict !== "overwrite") {
      this.abort(at);
      return "conflict";
    }
    if (parent === null && this.poisons(at.writes, at)) {
      this.abort(at);
      return "poisoned";
    }
    if (parent === null) this.commitOutermost(at);
    else this.leaveToParent(at, parent);
    this.close(at, "committed");
    return "committed";
  }

  /** Whether writes make visible what the observed computed refuses. */
  poisons(writes: ReadonlyMap<Name, number>, by: ModelTransaction | null = null): boolean {
    const before = this.state;
    const after = before.map((value, name) => {
      const written = writes.get(name);
      if (written === undefined) return value;
      /* Above what is committed, others may show what they hope for. */
      const above = by === null ? [] : this.without(name, by);
      return above.at(-1)?.value ?? written;
    });
    const isChanged = after[0] !== before[0] || after[1] !== before[1];
    return isChanged && isPoisonous(after[0] as number, after[1] as number);
  }

  private commitOutermost(at: ModelTransaction): void {
    const { serializable, merges, onConflict } = at.options;
    if (serializable && !merges && onConflict !== "overwrite" && !at.loose) this.repeat(at);
    for (const [name, value] of at.writes) {
      this.layers[name] = this.without(name, at);
      if (this.overlaid[name] || this.committed[name] !== value) this.commit(name, value);
    }
    for (const [name, by] of at.raised) this.raised.set(name, (this.raised.get(name) ?? 0) + by);
  }

  /** Commit order is a serial order: run alone, now, it reads and writes the same. */
  private repeat(at: ModelTransaction): void {
    const values = [...this.committed];
    for (const [what, name, value] of at.log) {
      if (what === "write") values[name] = value;
      else if (values[name] !== value)
        this.fault = `serially, signal ${name} would have been ${values[name]}, not ${value}`;
    }
  }

  private leaveToParent(at: ModelTransaction, parent: ModelTransaction): void {
    for (const layers of this.layers)
      for (const layer of layers) if (layer.owner === at) layer.owner = parent;
    this.time++;
    for (const [name, value] of at.writes) {
      this.noteBase(parent, name, at.bases.get(name) as number);
      parent.writes.set(name, value);
      parent.stamps.set(name, this.time);
    }
    for (const [name, by] of at.raised)
      parent.raised.set(name, (parent.raised.get(name) ?? 0) + by);
    parent.log.push(...at.log);
    parent.loose ||= at.loose || !at.options.serializable || at.options.merges;
    if (at.options.onConflict === "overwrite") parent.loose = true;
  }
}
