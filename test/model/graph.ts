/**
 * Signals and computeds of the reference model.
 *
 * Every change of one gets a fresh stamp. A run remembers the stamp of everything it read; it is stale
 * when one of them has another stamp now.
 */
import { cycle, isCycle, writeInComputed } from "./errors.js";

export type Equals = false | ((a: unknown, b: unknown) => boolean);

/** What a run read, and the stamps it saw. */
export type Deps = Map<Source, number>;

export interface SignalCell {
  readonly kind: "signal";
  readonly name: string | undefined;
  readonly equals: Equals;
  value: unknown;
  stamp: number;
  /** What it was before the first write that nobody has seen; going back there is no change. */
  base: { value: unknown; stamp: number } | null;
}

export interface ComputedCell {
  readonly kind: "computed";
  readonly name: string | undefined;
  readonly equals: Equals;
  readonly fn: (previous: unknown) => unknown;
  value: unknown;
  error: unknown;
  state: "new" | "value" | "error";
  stamp: number;
  stale: boolean;
  busy: boolean;
  deps: Deps;
}

export type Source = SignalCell | ComputedCell;

/** Stands for the stamp of a computed that was read while it ran: it was one of a cycle. */
const IN_CYCLE = -1;

export class Graph {
  /** Who is told of reads, and the computed that is being evaluated. */
  reading: Deps | null = null;
  computing: ComputedCell | null = null;
  /** Runs of effects and computeds under way. */
  running = 0;
  readonly sources: Source[] = [];
  /** Of each open transaction: every node as it was. */
  readonly transactions: Map<Source, Source>[] = [];
  /** Whether the innermost of them, or one inside that has committed, has written anything. */
  wrote = false;
  /** The computeds that have thrown since it was set. */
  failures: ComputedCell[] | null = null;
  private stamps = 0;
  private readonly evaluating: ComputedCell[] = [];

  signal(value: unknown, equals: Equals, name: string | undefined): SignalCell {
    return this.add({ kind: "signal", name, equals, value, stamp: ++this.stamps, base: null });
  }

  computed(fn: ComputedCell["fn"], equals: Equals, name: string | undefined): ComputedCell {
    const outcome = { value: undefined, error: undefined, state: "new" as const, stale: false };
    const stamp = ++this.stamps;
    return this.add({
      kind: "computed",
      name,
      equals,
      fn,
      ...outcome,
      stamp,
      busy: false,
      deps: new Map(),
    });
  }

  private add<S extends Source>(source: S): S {
    this.sources.push(source);
    for (const copies of this.transactions) copies.set(source, { ...source });
    return source;
  }

  inContext<T>(reading: Deps | null, computing: ComputedCell | null, fn: () => T): T {
    const outer = [this.reading, this.computing] as const;
    [this.reading, this.computing] = [reading, computing];
    try {
      return fn();
    } finally {
      [this.reading, this.computing] = outer;
    }
  }

  untracked<T>(fn: () => T): T {
    return this.inContext(null, this.computing, fn);
  }

  private track(source: Source): void {
    if (this.reading === null) return;
    if (source.kind === "signal") source.base = null;
    const seen = source.kind === "computed" && source.busy ? IN_CYCLE : source.stamp;
    if (!this.reading.has(source)) this.reading.set(source, seen);
  }

  read(node: SignalCell): unknown {
    this.track(node);
    return node.value;
  }

  readComputed(node: ComputedCell): unknown {
    if (node.busy) {
      this.track(node);
      const nodes = [...this.evaluating.slice(this.evaluating.indexOf(node)), node];
      throw cycle(nodes.map(({ name }) => name));
    }
    this.refresh(node);
    this.track(node);
    if (node.state === "error") throw node.error;
    return node.value;
  }

  /** Whether something in `deps` is not what it was; looked at in order, up to the first that is not. */
  isStale(deps: Deps): boolean {
    return [...deps].some(([source, seen]) => {
      if (source.kind === "computed") {
        if (source.busy) return false;
        this.refresh(source);
        if (seen === IN_CYCLE) return !isCycle(source.error);
      }
      return source.stamp !== seen;
    });
  }

  private refresh(node: ComputedCell): void {
    node.busy = true;
    try {
      if (node.state === "new" || node.stale || this.isStale(node.deps)) this.evaluate(node);
    } finally {
      node.busy = false;
    }
  }

  private evaluate(node: ComputedCell): void {
    node.deps = new Map();
    node.stale = false;
    this.evaluating.push(node);
    this.running++;
    try {
      const value = this.inContext(node.deps, node, () => node.fn(node.value));
      if (node.state === "value" && this.isSame(node, node.value, value)) return;
      Object.assign(node, { value, state: "value", error: undefined });
    } catch (error) {
      this.failures?.push(node);
      Object.assign(node, { error, state: "error" });
    } finally {
      this.running--;
      this.evaluating.pop();
    }
    node.stamp = ++this.stamps;
  }

  private isSame({ equals }: Source, a: unknown, b: unknown): boolean {
    return equals !== false && this.untracked(() => equals(a, b));
  }

  write(node: SignalCell, next: unknown): void {
    if (this.computing !== null) throw writeInComputed(node.name, this.computing.name);
    const value = typeof next === "function" ? this.untracked(() => next(node.value)) : next;
    if (this.isSame(node, node.value, value)) return;
    this.wrote = true;
    node.base ??= { value: node.value, stamp: node.stamp };
    node.value = value;
    node.stamp = ++this.stamps;
    if (node.equals !== false && Object.is(value, node.base.value)) {
      node.stamp = node.base.stamp;
      node.base = null;
    }
  }

  /** From here on a write that goes back to before is a change. */
  settle(): void {
    for (const source of this.sources) if (source.kind === "signal") source.base = null;
  }

  /** Whether a computed reads one of these, directly or not. */
  readsAny(node: ComputedCell, signals: ReadonlySet<Source>): boolean {
    const seen = new Set<Source>([node]);
    for (const source of seen) {
      if (signals.has(source)) return true;
      if (source.kind === "computed") for (const dep of source.deps.keys()) seen.add(dep);
    }
    return false;
  }

  /**
   * Runs `fn`, and at the end of the outermost transaction `decide` with the signals that have changed;
   * when one of them throws, every node is put back to what it was.
   */
  transact<T>(fn: () => T, decide: (written: ReadonlySet<Source>) => void): T {
    const copies = new Map<Source, Source>(this.sources.map((source) => [source, { ...source }]));
    this.transactions.push(copies);
    const outer = this.wrote;
    this.wrote = false;
    try {
      const result = fn();
      const written = [...copies].filter(
        ([source, copy]) => source.kind === "signal" && source.stamp !== copy.stamp,
      );
      if (this.transactions.length === 1 && this.wrote)
        decide(new Set(written.map(([source]) => source)));
      this.wrote ||= outer;
      return result;
    } catch (error) {
      this.wrote = outer;
      for (const [source, copy] of copies) Object.assign(source, copy);
      throw error;
    } finally {
      this.transactions.pop();
    }
  }
}
