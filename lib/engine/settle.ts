/**
 * Settling: bringing computeds up to date. Recursively, the whole module is
 *
 *     settle(c): for each dependency d of c, in the order in which c read them:
 *                  settle(d) if it is a computed that may be stale
 *                  if d changed after c was last valid: evaluate(c), done
 *                c is valid as it is
 *
 * A guard that is read first is settled first, and when it changed, nothing behind it is looked at:
 * the new run decides what it needs.
 *
 * The loops below keep a stack of their own, so that a chain of a million computeds settles without the
 * JavaScript stack. What an observed computed reads is observed too, and its mark tells whether it
 * may be stale. So there are two loops: one only asks for marks, and one for unobserved computeds, which
 * have none.
 */
import { evaluate } from "./evaluate.js";
import { SK_N_FLAGS, SK_STALE } from "./layout.js";
import { type ComputedNode, type EffectNode, RUNNING, SETTLING, type Source } from "./node.js";
import { mark } from "./pending.js";
import { rt } from "./runtime.js";

/** Whether `node` may have to run before it is read. */
export function maybeStale(node: ComputedNode): boolean {
  if (node.id !== 0 && rt.unmarked !== 0) mark();
  /* Not before: the marking may have released it. */
  if (node.id === 0) return node.validAt !== rt.clock && node.lazyAt !== rt.lazyClock;
  return (rt.slots[node.id + SK_N_FLAGS] & SK_STALE) !== 0;
}

/** The computeds on the way down, of all settlings under way, and the place at which each of them stands. */
const path: (ComputedNode | null)[] = [];
const places: number[] = [];
const way = { depth: 0 };

function cutPath(base: number): void {
  while (way.depth > base) path[--way.depth] = null;
}

/**
 * Settles an observed computed. Returns false when it was not through with that before a run made the
 * kernel change the graph, or something was written.
 */
function settleObserved(root: ComputedNode): boolean {
  const { clock, epoch, slots } = rt;
  const base = way.depth;
  /* A way down longer than there are nodes is a cycle: running its nodes tells. */
  const limit = base + rt.handles.length;
  let top = base;
  let node = root;
  let deps = node.deps;
  let at = 0;
  for (;;) {
    let changed = false;
    while (at < deps.length) {
      const dep = deps[at] as Source;
      if (dep.computed && (slots[dep.id + SK_N_FLAGS] & SK_STALE) !== 0) {
        /* Only running the reader can tell whether that is a cycle. */
        changed = (dep.state & RUNNING) !== 0 || top >= limit;
        if (changed) break;
        path[top] = node;
        places[top++] = at;
        node = dep;
        deps = dep.deps;
        at = 0;
        continue;
      }
      changed = dep.changedAt > node.validAt;
      if (changed) break;
      at++;
    }
    changed ||= node.validAt < 0;
    /* Up, to the readers on whose behalf it was looked at, until one has more to look at. */
    for (;;) {
      if (changed && (node.state & RUNNING) === 0) {
        way.depth = top;
        evaluate(node);
        if (top > base && (rt.epoch !== epoch || rt.clock !== clock || rt.slots !== slots)) {
          cutPath(base);
          return false;
        }
      } else if (!changed) {
        node.validAt = clock;
        slots[node.id + SK_N_FLAGS] &= ~SK_STALE;
      }
      if (top === base) return true;
      const { changedAt } = node;
      node = path[--top] as ComputedNode;
      path[top] = null;
      /* A cycle settles its nodes from further down. */
      const isDone = (slots[node.id + SK_N_FLAGS] & SK_STALE) === 0;
      changed = !isDone && changedAt > node.validAt;
      if (!changed && !isDone) break;
    }
    deps = node.deps;
    at = (places[top] as number) + 1;
  }
}

/** Brings a computed up to date that may be stale. Afterwards it is valid, or its run has failed. */
export function settle(node: ComputedNode): void {
  const { run, deps, cursor, kept, reader } = rt;
  const base = way.depth;
  try {
    do {
      if (node.id === 0) return settleUnobserved(node);
      if (settleObserved(node)) return;
    } while (maybeStale(node));
  } finally {
    rt.run = run;
    rt.deps = deps;
    rt.cursor = cursor;
    rt.kept = kept;
    rt.reader = reader;
    cutPath(base);
  }
}

function enter(node: ComputedNode): void {
  node.state |= SETTLING;
  places[way.depth] = 0;
  path[way.depth++] = node;
}

function leave(): void {
  way.depth--;
  (path[way.depth] as ComputedNode).state &= ~SETTLING;
  path[way.depth] = null;
}

/** Whether the top of the path has to run; undefined when a dependency was entered first. */
function isChanged(node: ComputedNode): boolean | undefined {
  if (node.validAt < 0) return true;
  const deps = node.deps;
  for (let at = places[way.depth - 1] as number; at < deps.length; at++) {
    const dep = deps[at] as Source;
    if (dep.computed && maybeStale(dep)) {
      /* Met again on the way down: only running can tell whether that is a cycle. */
      if ((dep.state & (SETTLING | RUNNING)) !== 0) return true;
      if (dep.id === 0) {
        places[way.depth - 1] = at;
        enter(dep);
        return undefined;
      }
      settle(dep);
    }
    if (dep.changedAt > node.validAt) return true;
  }
  return false;
}

/**
 * The computed, which nobody observes, is valid as it is. From now on the second clock tells for how long, if it
 * knows of all that it depends on: what is observed may read something else without being asked.
 */
function confirm(node: ComputedNode): void {
  node.validAt = rt.clock;
  const { deps } = node;
  for (let at = 0; at < deps.length; at++) {
    const dep = deps[at] as Source;
    if (!dep.computed) dep.hasLazyReader = true;
    else if (dep.id !== 0 || dep.lazyAt !== rt.lazyClock) return;
  }
  node.lazyAt = rt.lazyClock;
}

/** Settles a computed that nobody observes. What it reads may be observed. */
function settleUnobserved(root: ComputedNode): void {
  const base = way.depth;
  enter(root);
  try {
    while (way.depth > base) {
      const node = path[way.depth - 1] as ComputedNode;
      /* Observed since it was entered: `settle` goes on with it. */
      const changed = node.id === 0 ? isChanged(node) : true;
      if (changed === undefined) continue;
      if (changed) evaluate(node);
      else confirm(node);
      leave();
    }
  } finally {
    while (way.depth > base) leave();
  }
}

/** As `settle`, between two effects of a flush: there is no run under way to be put back. */
function settleIdle(node: ComputedNode): void {
  do {
    if (node.id === 0) return settle(node);
    cutPath(0);
    if (settleObserved(node)) return;
  } while (maybeStale(node));
}

/**
 * Whether something that a due effect read has changed. Settles only what it must to know. To be called
 * where nothing is running.
 */
export function isEffectStale(effect: EffectNode): boolean {
  const { deps } = effect;
  for (let at = 0; at < deps.length; at++) {
    const dep = deps[at] as Source;
    if (dep.computed && (rt.slots[dep.id + SK_N_FLAGS] & SK_STALE) !== 0) {
      settleIdle(dep);
      if (effect.id === 0) return false;
    }
    if (dep.changedAt > effect.validAt) return true;
  }
  if (effect.validAt < 0) return true;
  effect.validAt = rt.clock;
  return false;
}
