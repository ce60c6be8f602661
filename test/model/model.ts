/**
 * The reference model: what the numbered statements mean, with no thought of speed.
 *
 * Every change of a signal or computed gets a fresh stamp. A run remembers the stamp of everything it
 * read; it is stale when one of them has another stamp now. A flush looks at every effect, least
 * (priority, creation) first, runs the first one that is stale, and begins anew until none is. A
 * transaction copies every node at its start and, when it throws, puts the copies back.
 */
import type { CoreApi } from "../helpers/api.js";
import {
  cycle,
  invalid,
  invalidFunction,
  isCycle,
  loop,
  options,
  priorityOf,
  writeInComputed,
} from "./errors.js";

type Equals = false | ((a: unknown, b: unknown) => boolean);
type Deps = Map<Source, number>;

interface SignalCell {
  kind: "signal";
  name: string | undefined;
  equals: Equals;
  value: unknown;
  stamp: number;
  /** What it was before the first write that nobody has seen; going back there is no change. */
  base: { value: unknown; stamp: number } | null;
}

interface ComputedCell {
  kind: "computed";
  name: string | undefined;
  equals: Equals;
  fn: (previous: unknown) => unknown;
  value: unknown;
  error: unknown;
  state: "new" | "value" | "error";
  stamp: number;
  stale: boolean;
  busy: boolean;
  deps: Deps;
}

type Source = SignalCell | ComputedCell;

interface EffectCell {
  name: string | undefined;
  fn: () => unknown;
  priority: number;
  deps: Deps;
  cleanups: (() => void)[];
  children: EffectCell[];
  owner: EffectCell | null;
  disposed: boolean;
}

const MAX_RUNS = 100;
/** Stands for the stamp of a computed that was read while it ran: it was one of a cycle. */
const IN_CYCLE = -1;

export function createModel(): CoreApi {
  let stamps = 0;
  let reading: Deps | null = null;
  let owner: EffectCell | null = null;
  let computing: ComputedCell | null = null;
  let running = 0;
  let batches = 0;
  let flushing = false;
  let scheduled = false;
  let failures: unknown[] = [];
  const sources: Source[] = [];
  const effects: EffectCell[] = [];
  const evaluating: ComputedCell[] = [];
  const transactions: Map<Source, Source>[] = [];

  function register<S extends Source>(source: S): S {
    sources.push(source);
    for (const copies of transactions) copies.set(source, { ...source });
    return source;
  }

  function inContext<T>(
    deps: Deps | null,
    effect: EffectCell | null,
    node: ComputedCell | null,
    fn: () => T,
  ): T {
    const outer = [reading, owner, computing] as const;
    [reading, owner, computing] = [deps, effect, node];
    try {
      return fn();
    } finally {
      [reading, owner, computing] = outer;
    }
  }

  const untracked = <T>(fn: () => T): T => inContext(null, owner, computing, fn);

  function track(source: Source): void {
    if (reading === null) return;
    if (source.kind === "signal") source.base = null;
    const seen = source.kind === "computed" && source.busy ? IN_CYCLE : source.stamp;
    if (!reading.has(source)) reading.set(source, seen);
  }

  const same = (equals: Equals, a: unknown, b: unknown): boolean =>
    equals !== false && untracked(() => equals(a, b));

  function isChanged([source, seen]: readonly [Source, number]): boolean {
    if (source.kind === "computed") {
      if (source.busy) return false;
      refresh(source);
      if (seen === IN_CYCLE) return !isCycle(source.error);
    }
    return source.stamp !== seen;
  }

  function refresh(node: ComputedCell): void {
    node.busy = true;
    try {
      if (node.state === "new" || node.stale || [...node.deps].some(isChanged)) evaluate(node);
    } finally {
      node.busy = false;
    }
  }

  function evaluate(node: ComputedCell): void {
    node.deps = new Map();
    node.stale = false;
    evaluating.push(node);
    running++;
    try {
      const value = inContext(node.deps, null, node, () => node.fn(node.value));
      if (node.state === "value" && same(node.equals, node.value, value)) return;
      Object.assign(node, { value, state: "value", error: undefined });
    } catch (error) {
      Object.assign(node, { error, state: "error" });
    } finally {
      running--;
      evaluating.pop();
    }
    node.stamp = ++stamps;
  }

  function valueOf(node: ComputedCell): unknown {
    if (node.state === "error") throw node.error;
    return node.value;
  }

  function write(node: SignalCell, value: unknown): void {
    if (computing !== null) throw writeInComputed(node.name, computing.name);
    if (same(node.equals, node.value, value)) return;
    node.base ??= { value: node.value, stamp: node.stamp };
    node.value = value;
    node.stamp = ++stamps;
    if (node.equals !== false && Object.is(value, node.base.value)) {
      node.stamp = node.base.stamp;
      node.base = null;
    }
    schedule();
  }

  function clear(effect: EffectCell, fail: (error: unknown) => void): void {
    for (let child = effect.children.pop(); child; child = effect.children.pop()) end(child, fail);
    for (let cleanup = effect.cleanups.pop(); cleanup; cleanup = effect.cleanups.pop()) {
      try {
        inContext(null, null, null, cleanup);
      } catch (error) {
        fail(error);
      }
    }
  }

  function end(effect: EffectCell, fail: (error: unknown) => void): void {
    if (effect.disposed) return;
    effect.disposed = true;
    effects.splice(effects.indexOf(effect), 1);
    if (effect.owner !== null)
      effect.owner.children = effect.owner.children.filter((e) => e !== effect);
    clear(effect, fail);
  }

  function dispose(effect: EffectCell): void {
    const errors: unknown[] = [];
    end(effect, (error) => (flushing ? failures : errors).push(error));
    throwAll(errors);
  }

  function run(effect: EffectCell, fail: (error: unknown) => void): void {
    effect.deps = new Map();
    running++;
    try {
      const cleanup = inContext(effect.deps, effect, null, effect.fn);
      if (typeof cleanup === "function") effect.cleanups.push(cleanup as () => void);
    } finally {
      running--;
      if (effect.disposed) clear(effect, fail);
      /* Whether it has outdated what it read is looked at now: that settles the computeds it wrote behind. */ else
        [...effect.deps].some(isChanged);
    }
  }

  function throwAll(errors: unknown[]): void {
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, "several");
  }

  /** The effect that is to run next, or undefined when all is quiet. */
  function nextEffect(runs: Map<EffectCell, number>): EffectCell | undefined {
    for (const source of sources) if (source.kind === "signal") source.base = null;
    const order = [...effects].sort((a, b) => a.priority - b.priority);
    for (const effect of order) {
      if (effect.disposed || ![...effect.deps].some(isChanged) || effect.disposed) continue;
      const count = (runs.get(effect) ?? 0) + 1;
      runs.set(effect, count);
      if (count <= MAX_RUNS) return effect;
      if (count === MAX_RUNS + 1) failures.push(loop(effect.name));
      for (const source of effect.deps.keys()) effect.deps.set(source, source.stamp);
    }
    return undefined;
  }

  function flush(): void {
    if (flushing || running > 0 || batches > 0) return;
    flushing = true;
    const runs = new Map<EffectCell, number>();
    const fail = (error: unknown) => failures.push(error);
    for (let effect = nextEffect(runs); effect; effect = nextEffect(runs)) {
      clear(effect, fail);
      if (effect.disposed) continue;
      try {
        run(effect, fail);
      } catch (error) {
        fail(error);
      }
    }
    flushing = false;
    const errors = failures;
    failures = [];
    throwAll(errors);
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      flush();
    });
  }

  function batch<T>(fn: () => T): T {
    batches++;
    let result: T;
    try {
      result = fn();
    } catch (error) {
      batches--;
      try {
        flush();
      } catch (later) {
        throw new AggregateError(
          [error, ...(later instanceof AggregateError ? later.errors : [later])],
          "several",
        );
      }
      throw error;
    }
    batches--;
    flush();
    return result;
  }

  function transact<T>(fn: () => T): T {
    const copies = new Map<Source, Source>(sources.map((source) => [source, { ...source }]));
    transactions.push(copies);
    try {
      return fn();
    } catch (error) {
      for (const [source, copy] of copies) Object.assign(source, copy);
      schedule();
      throw error;
    } finally {
      transactions.pop();
    }
  }

  const api = {
    signal: (initial: unknown, given?: unknown) => {
      const { equals, name } = options(given);
      const node = register<SignalCell>({
        kind: "signal",
        name,
        equals,
        value: initial,
        stamp: ++stamps,
        base: null,
      });
      const set = (value: unknown) => {
        if (typeof value !== "function") return write(node, value);
        if (computing !== null) throw writeInComputed(node.name, computing.name);
        return write(
          node,
          untracked(() => value(node.value)),
        );
      };
      const get = () => {
        track(node);
        return node.value;
      };
      const subscribe = (listener: (value: unknown) => void) => {
        invalidFunction("listener", listener);
        let first = true;
        return api.createEffect(() => {
          const value = get();
          if (!first) untracked(() => listener(value));
          first = false;
        });
      };
      return { get, set, subscribe, peek: () => node.value };
    },

    computed: (fn: (previous: unknown) => unknown, given?: unknown) => {
      invalidFunction("fn", fn);
      const { equals, name } = options(given);
      const node = register<ComputedCell>({
        kind: "computed",
        name,
        equals,
        fn,
        value: undefined,
        error: undefined,
        state: "new",
        stamp: ++stamps,
        stale: false,
        busy: false,
        deps: new Map(),
      });
      const get = () => {
        if (node.busy) {
          track(node);
          throw cycle([...evaluating.slice(evaluating.indexOf(node)), node].map((n) => n.name));
        }
        refresh(node);
        track(node);
        return valueOf(node);
      };
      const peek = () => (node.state === "new" ? undefined : untracked(get));
      return { get, peek, dispose: () => void (node.stale = true) };
    },

    createEffect: (fn: () => unknown, given?: unknown) => {
      invalidFunction("fn", fn);
      if (given !== undefined && (typeof given !== "object" || given === null))
        throw invalid("options");
      const { name } = options(given);
      const effect: EffectCell = {
        name,
        fn,
        priority: priorityOf(given),
        deps: new Map(),
        cleanups: [],
        children: [],
        owner,
        disposed: false,
      };
      effects.push(effect);
      owner?.children.push(effect);
      const fail = (error: unknown) =>
        flushing
          ? failures.push(error)
          : queueMicrotask(() => {
              throw error;
            });
      try {
        run(effect, fail);
      } catch (error) {
        end(effect, fail);
        throw error;
      }
      schedule();
      return () => dispose(effect);
    },

    onCleanup: (fn: () => void) => {
      invalidFunction("fn", fn);
      owner?.cleanups.push(fn);
    },

    batch: <T>(fn: () => T) => (invalidFunction("fn", fn), batch(fn)),
    untracked: <T>(fn: () => T) => (invalidFunction("fn", fn), untracked(fn)),
    flushSync: flush,
    transaction: (fn: (tx: unknown) => unknown) => {
      invalidFunction("fn", fn);
      const tx = {
        get: (source: { get(): unknown }) => source.get(),
        set: (target: { set(value: unknown): void }, value: unknown) => target.set(() => value),
        run: (inner: () => unknown) => inner(),
      };
      return batch(() => transact(() => fn(tx)));
    },
  };
  return { ...api, atomic: api.transaction } as unknown as CoreApi;
}
