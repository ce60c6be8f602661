/**
 * Effects of the reference model. A flush looks at every effect, the least (priority, creation) first,
 * runs the first that is stale, and begins anew until none is.
 */
import { loop } from "./errors.js";
import type { Deps, Graph, Source } from "./graph.js";

export interface EffectCell {
  readonly name: string | undefined;
  readonly fn: () => unknown;
  readonly priority: number;
  readonly owner: EffectCell | null;
  deps: Deps;
  cleanups: (() => void)[];
  children: EffectCell[];
  disposed: boolean;
}

type Fail = (error: unknown) => void;

const MAX_RUNS = 100;

export function throwAll(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, "Several effects failed");
}

export class Effects {
  owner: EffectCell | null = null;
  batches = 0;
  private readonly live: EffectCell[] = [];
  private flushing = false;
  private scheduled = false;
  private failures: unknown[] = [];

  constructor(private readonly graph: Graph) {}

  create(fn: () => unknown, name: string | undefined, priority: number): () => void {
    const { owner } = this;
    const rest = { deps: new Map(), cleanups: [], children: [], disposed: false };
    const effect: EffectCell = { name, fn, priority, owner, ...rest };
    this.live.push(effect);
    owner?.children.push(effect);
    const fail: Fail = (error) => {
      if (this.flushing) this.failures.push(error);
      else
        queueMicrotask(() => {
          throw error;
        });
    };
    try {
      this.run(effect, fail);
    } catch (error) {
      this.end(effect, fail);
      throw error;
    } finally {
      this.schedule();
    }
    return () => this.dispose(effect);
  }

  private owned<T>(owner: EffectCell | null, deps: Deps | null, fn: () => T): T {
    const outer = this.owner;
    this.owner = owner;
    try {
      return this.graph.inContext(deps, null, fn);
    } finally {
      this.owner = outer;
    }
  }

  private run(effect: EffectCell, fail: Fail): void {
    effect.deps = new Map();
    this.graph.running++;
    try {
      const cleanup = this.owned(effect, effect.deps, effect.fn);
      if (typeof cleanup === "function") effect.cleanups.push(cleanup as () => void);
    } finally {
      this.graph.running--;
      if (effect.disposed) this.clear(effect, fail);
      /* Whether it has outdated what it read shows now: that settles the computeds it wrote behind. */ else
        this.graph.isStale(effect.deps);
    }
  }

  private clear(effect: EffectCell, fail: Fail): void {
    for (let child = effect.children.pop(); child; child = effect.children.pop())
      this.end(child, fail);
    for (let cleanup = effect.cleanups.pop(); cleanup; cleanup = effect.cleanups.pop()) {
      try {
        this.owned(null, null, cleanup);
      } catch (error) {
        fail(error);
      }
    }
  }

  private end(effect: EffectCell, fail: Fail): void {
    if (effect.disposed) return;
    effect.disposed = true;
    this.live.splice(this.live.indexOf(effect), 1);
    if (effect.owner !== null)
      effect.owner.children = effect.owner.children.filter((child) => child !== effect);
    this.clear(effect, fail);
  }

  private dispose(effect: EffectCell): void {
    const errors = this.flushing ? this.failures : [];
    this.end(effect, (error) => errors.push(error));
    if (!this.flushing) throwAll(errors);
  }

  /** The effect that is to run next, or undefined when all is quiet. */
  private next(runs: Map<EffectCell, number>): EffectCell | undefined {
    this.graph.settle();
    for (const effect of [...this.live].sort((a, b) => a.priority - b.priority)) {
      /* A computed that was settled to know may have disposed the effect. */
      if (effect.disposed || !this.graph.isStale(effect.deps) || effect.disposed) continue;
      const count = (runs.get(effect) ?? 0) + 1;
      runs.set(effect, count);
      if (count <= MAX_RUNS) return effect;
      if (count === MAX_RUNS + 1) this.failures.push(loop(effect.name));
      for (const source of effect.deps.keys()) effect.deps.set(source, source.stamp);
    }
    return undefined;
  }

  /**
   * The compute phase of a transaction: finds out which effects will run, and throws what a computed
   * throws on account of what was written. What an effect that will run has created ends before.
   */
  decide(written: ReadonlySet<Source>): void {
    const around = (effect: EffectCell | null): EffectCell[] =>
      effect === null ? [] : [effect, ...around(effect.owner)];
    const passed = new Set(around(this.owner));
    const due = new Set<EffectCell>();
    for (const effect of [...this.live].sort((a, b) => a.priority - b.priority)) {
      if (effect.disposed || passed.has(effect)) continue;
      if (around(effect.owner).some((outer) => due.has(outer))) continue;
      this.graph.failures = [];
      if (this.graph.isStale(effect.deps)) due.add(effect);
      const failed = this.graph.failures.find((node) => this.graph.readsAny(node, written));
      this.graph.failures = null;
      if (failed !== undefined) throw failed.error;
    }
  }

  flush(): void {
    if (this.flushing || this.graph.running > 0 || this.batches > 0) return;
    this.flushing = true;
    const runs = new Map<EffectCell, number>();
    const fail: Fail = (error) => this.failures.push(error);
    for (let effect = this.next(runs); effect; effect = this.next(runs)) {
      this.clear(effect, fail);
      if (effect.disposed) continue;
      try {
        this.run(effect, fail);
      } catch (error) {
        fail(error);
      }
    }
    this.flushing = false;
    throwAll(this.failures.splice(0));
  }

  schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  batch<T>(fn: () => T): T {
    this.batches++;
    let result: T;
    try {
      result = fn();
    } catch (error) {
      this.batches--;
      try {
        this.flush();
      } catch (later) {
        const errors = later instanceof AggregateError ? later.errors : [later];
        throw new AggregateError([error, ...errors], "Several effects failed");
      }
      throw error;
    }
    this.batches--;
    this.flush();
    return result;
  }
}
