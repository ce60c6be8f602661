/**
 * The reference model: what the numbered statements mean, with no thought of speed. Here is its public
 * API, in the shape of the library's.
 */
import type { CoreApi } from "../helpers/api.js";
import { Effects } from "./effects.js";
import { invalid, options, priorityOf, requireFunction } from "./errors.js";
import { Graph } from "./graph.js";

export function createModel(): CoreApi {
  const graph = new Graph();
  const effects = new Effects(graph);

  function signal(initial: unknown, given?: unknown) {
    const { equals, name } = options(given);
    const node = graph.signal(initial, equals, name);
    const get = () => graph.read(node);
    const set = (next: unknown) => {
      graph.write(node, next);
      effects.schedule();
    };
    const subscribe = (listener: (value: unknown) => void) => {
      requireFunction("listener", listener);
      let first = true;
      const run = () => {
        const value = get();
        if (!first) graph.untracked(() => listener(value));
        first = false;
      };
      return effects.create(run, name, 0);
    };
    return { get, set, subscribe, peek: () => node.value };
  }

  function computed(fn: (previous: unknown) => unknown, given?: unknown) {
    requireFunction("fn", fn);
    const { equals, name } = options(given);
    const node = graph.computed(fn, equals, name);
    const get = () => graph.readComputed(node);
    const peek = () => (node.state === "new" ? undefined : graph.untracked(get));
    const dispose = () => {
      node.stale = true;
    };
    return { get, peek, dispose };
  }

  function createEffect(fn: () => unknown, given?: unknown) {
    requireFunction("fn", fn);
    if (given !== undefined && (typeof given !== "object" || given === null))
      throw invalid("options");
    return effects.create(fn, options(given).name, priorityOf(given));
  }

  function onCleanup(fn: () => void) {
    requireFunction("fn", fn);
    effects.owner?.cleanups.push(fn);
  }

  function batch<T>(fn: () => T): T {
    requireFunction("fn", fn);
    return effects.batch(fn);
  }

  function untracked<T>(fn: () => T): T {
    requireFunction("fn", fn);
    return graph.untracked(fn);
  }

  function transaction(fn: (tx: unknown) => unknown) {
    requireFunction("fn", fn);
    const tx = {
      get: (source: { get(): unknown }) => source.get(),
      set: (target: { set(value: unknown): void }, value: unknown) => target.set(() => value),
      run: (inner: () => unknown) => inner(),
    };
    try {
      return effects.batch(() =>
        graph.transact(
          () => fn(tx),
          (written) => effects.decide(written),
        ),
      );
    } catch (error) {
      effects.schedule();
      throw error;
    }
  }

  const flushSync = () => effects.flush();
  const rest = { onCleanup, batch, untracked, flushSync, transaction, atomic: transaction };
  return { signal, computed, createEffect, ...rest } as unknown as CoreApi;
}
