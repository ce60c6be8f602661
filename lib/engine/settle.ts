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
 * The loops below keep their own stacks, so that a chain of a million computeds settles without the
 * JavaScript stack. What an observed computed reads is observed too, so there are two: one follows
 * the shared dependency lists - no call, no object but those that are compared - and one the lists
 * that unobserved computeds keep by themselves.
 */
import { evaluate } from "./evaluate.js";
import { SK_E_DEP, SK_E_NEXT_DEP, SK_E_SUB, SK_N_DEPS, SK_N_FLAGS, SK_STALE } from "./layout.js";
import {
  type ComputedNode,
  type EffectNode,
  LAZILY_READ,
  RUNNING,
  SETTLING,
  type Source,
} from "./node.js";
import { mark } from "./pending.js";
import { rt, SLOT_SHIFT } from "./runtime.js";

/** Whether `node` may have to run before it is read. */
export function maybeStale(node: ComputedNode): boolean {
  if (node.id !== 0 && rt.unmarked !== 0) mark();
  /* Not before: the marking may have released it. */
  if (node.id === 0) return node.validAt !== rt.clock && node.lazyAt !== rt.lazyClock;
  return (rt.slots[node.id + SK_N_FLAGS] & SK_STALE) !== 0;
}

/** The edges that led down to the observed computed that is looked at, of all settlings under way. */
let edges = new Int32Array(1024);
/** How many there are: a field, of which V8 knows that it is a small integer. */
const way = { down: 0 };

function growEdges(): Int32Array {
  const grown = new Int32Array(edges.length * 2);
  grown.set(edges);
  edges = grown;
  return grown;
}

/**
 * Settles an observed computed. Returns false when a run made the kernel change the lists that it
 * follows before it was through.
 */
function settleObserved(root: ComputedNode): boolean {
  const { epoch, handles, slots } = rt;
  const base = way.down;
  /* A way down longer than there are nodes is a cycle: running its nodes tells. */
  const limit = base + handles.length;
  let top = base;
  let id = root.id;
  let edge = slots[id + SK_N_DEPS];
  for (;;) {
    let node = handles[id >> SLOT_SHIFT] as ComputedNode;
    let changed = false;
    while (edge !== 0) {
      const dep = slots[edge + SK_E_DEP];
      if ((slots[dep + SK_N_FLAGS] & SK_STALE) !== 0) {
        const next = handles[dep >> SLOT_SHIFT] as ComputedNode;
        /* Only running the reader can tell whether that is a cycle. */
        changed = (next.state & RUNNING) !== 0 || top >= limit;
        if (changed) break;
        if (top === edges.length) growEdges();
        edges[top++] = edge;
        id = dep;
        node = next;
        edge = slots[dep + SK_N_DEPS];
        continue;
      }
      changed = (handles[dep >> SLOT_SHIFT] as Source).changedAt > node.validAt;
      if (changed) break;
      edge = slots[edge + SK_E_NEXT_DEP];
    }
    changed ||= node.validAt < 0;
    /* Up, to the readers on whose behalf it was looked at, until one has more to look at. */
    for (;;) {
      if (changed && (node.state & RUNNING) === 0) {
        way.down = top;
        evaluate(node);
        if (top > base && (rt.epoch !== epoch || rt.slots !== slots)) {
          way.down = base;
          return false;
        }
      } else if (!changed) {
        node.validAt = rt.clock;
        slots[id + SK_N_FLAGS] &= ~SK_STALE;
      }
      if (top === base) return true;
      const changedAt = node.changedAt;
      edge = edges[--top] as number;
      id = slots[edge + SK_E_SUB];
      node = handles[id >> SLOT_SHIFT] as ComputedNode;
      /* A cycle settles its nodes from further down. */
      const isDone = (slots[id + SK_N_FLAGS] & SK_STALE) === 0;
      changed = !isDone && changedAt > node.validAt;
      if (!changed && !isDone) break;
    }
    edge = slots[edge + SK_E_NEXT_DEP];
  }
}

/** Settles an observed computed, but for one of which a dependency is not settled: then it returns false. */
function settleAlone(node: ComputedNode): boolean {
  if ((node.state & RUNNING) !== 0) return false;
  const { handles, slots } = rt;
  let changed = node.validAt < 0;
  for (let edge = slots[node.id + SK_N_DEPS]; !changed && edge !== 0; ) {
    const dep = slots[edge + SK_E_DEP];
    if ((slots[dep + SK_N_FLAGS] & SK_STALE) !== 0) return false;
    changed = (handles[dep >> SLOT_SHIFT] as Source).changedAt > node.validAt;
    edge = slots[edge + SK_E_NEXT_DEP];
  }
  if (changed) {
    evaluate(node);
  } else {
    node.validAt = rt.clock;
    slots[node.id + SK_N_FLAGS] &= ~SK_STALE;
  }
  return true;
}

/** Brings a computed up to date that may be stale. Afterwards it is valid, or its run has failed. */
export function settle(node: ComputedNode): void {
  const { run, cursor, keep, reader } = rt;
  const base = way.down;
  try {
    do {
      if (node.id === 0) return settleUnobserved(node);
      if (settleAlone(node) || settleObserved(node)) return;
    } while (maybeStale(node));
  } finally {
    rt.run = run;
    rt.cursor = cursor;
    rt.keep = keep;
    rt.reader = reader;
    way.down = base;
  }
}

/** The unobserved computeds on the way down, and the dependency at which each of them stands. */
const path: (ComputedNode | null)[] = [];
const places: number[] = [];
let depth = 0;

/**
 * The computed, which nobody observes, is valid as it is. From now on the second clock tells for how long, if it
 * knows of all that it depends on: what is observed may read something else without being asked.
 */
function confirm(node: ComputedNode): void {
  node.validAt = rt.clock;
  const { deps } = node;
  for (let at = 0; at < deps.length; at++) {
    const dep = deps[at] as Source;
    if (!dep.computed) dep.traits |= LAZILY_READ;
    else if (dep.id !== 0 || dep.lazyAt !== rt.lazyClock) return;
  }
  node.lazyAt = rt.lazyClock;
}

/** Settles the top of the path. Returns null, or a dependency, unobserved, that has to be settled first. */
function settleTop(node: ComputedNode): ComputedNode | null {
  /* Observed since it was entered: `settle` goes on with it. */
  let changed = node.validAt < 0 || node.id !== 0;
  const { deps } = node;
  for (let at = places[depth - 1] as number; !changed && at < deps.length; at++) {
    const dep = deps[at] as Source;
    if (dep.computed && maybeStale(dep)) {
      /* Met again on the way down: only running can tell whether that is a cycle. */
      changed = (dep.state & (SETTLING | RUNNING)) !== 0;
      if (changed) break;
      if (dep.id === 0) {
        places[depth - 1] = at;
        return dep;
      }
      settle(dep);
    }
    changed = dep.changedAt > node.validAt;
  }
  if (changed) evaluate(node);
  else confirm(node);
  return null;
}

/** Settles a computed that nobody observes. */
function settleUnobserved(root: ComputedNode): void {
  const base = depth;
  let next: ComputedNode | null = root;
  try {
    do {
      if (next !== null) {
        next.state |= SETTLING;
        places[depth] = 0;
        path[depth++] = next;
      }
      const top: ComputedNode = path[depth - 1] as ComputedNode;
      next = settleTop(top);
      if (next !== null) continue;
      top.state &= ~SETTLING;
      path[--depth] = null;
    } while (depth > base);
  } finally {
    for (; depth > base; path[depth] = null) (path[--depth] as ComputedNode).state &= ~SETTLING;
  }
}

/** As `settle`, between two effects of a flush: there is no run under way to be put back. */
export function settleIdle(node: ComputedNode): void {
  do {
    if (node.id === 0) return settle(node);
    way.down = 0;
    if (settleObserved(node)) return;
  } while (maybeStale(node));
}

/**
 * Whether something that a due effect read has changed. Settles only what it must to know. To be called
 * where nothing is running.
 */
export function isEffectStale(effect: EffectNode): boolean {
  let edge = rt.slots[effect.id + SK_N_DEPS];
  while (edge !== 0) {
    const id = rt.slots[edge + SK_E_DEP];
    const dep = rt.handles[id >> SLOT_SHIFT] as Source;
    if ((rt.slots[id + SK_N_FLAGS] & SK_STALE) !== 0) {
      settleIdle(dep as ComputedNode);
      if (effect.id === 0) return false;
    }
    if (dep.changedAt > effect.validAt) return true;
    edge = rt.slots[edge + SK_E_NEXT_DEP];
  }
  if (effect.validAt < 0) return true;
  effect.validAt = rt.clock;
  return false;
}
