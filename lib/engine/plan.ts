/**
 * Plans. What a write makes run is the same again and again as long as nobody reads something new, comes or
 * goes. So in a graph that has been at rest for some flushes it is written down: which computeds are marked, which
 * effects are due, and in which order settling looks at what. A flush that finds its plan follows no edge,
 * and each step is an element of a list: the processor need not wait for one to know the next.
 *
 * A plan says what settling would do if it found all changed, and how it goes on where that is not so; a run that
 * reads something else than before ends it, and the rest is settled as if there had been none.
 */
import { due, FEW_EDGES, fan, MANY_EDGES, marked, markFan, sortDue } from "./fan.js";
import { SK_E_DEP, SK_E_NEXT_DEP, SK_N_DEPS, SK_N_FLAGS, SK_STALE } from "./layout.js";
import type { ComputedNode, EffectNode, SignalNode, Source, Write } from "./node.js";
import { rt, SLOT_SHIFT } from "./runtime.js";

/** One look at a dependency on behalf of what has read it. */
export class Look {
  readonly dep: Source;
  /** The computed that has read it; null: the effect whose part of the plan this is. */
  readonly reader: ComputedNode | null;
  /** Another reader's looks have settled `dep`, if they came that far. */
  readonly isAgain: boolean;
  /** Where the looks on behalf of the reader end; here: it is valid if this one finds no change. */
  end = -1;

  constructor(dep: Source, reader: ComputedNode | null, isAgain: boolean) {
    this.dep = dep;
    this.reader = reader;
    this.isAgain = isAgain;
  }
}

/** What follows when certain signals are written, and no others. */
export class Plan {
  /** They are written in this order. */
  readonly sources: SignalNode[] = [];
  readonly computeds: ComputedNode[] = [];
  /** In the order in which they run. */
  readonly effects: EffectNode[] = [];
  /** looks[starts[i], starts[i + 1]) are those of effects[i]. */
  readonly looks: Look[] = [];
  readonly starts: number[] = [];
}

/** How many looks all plans together may have. */
const ROOM = 32_768;

/** So many flushes of one structure are waited for, at most, before plans are made. */
const MOST_PATIENCE = 2 ** 16;

/** A plan that was followed less often was not worth its while. */
const WORTH = 16;

/** The signals that have a plan, all for one structure. */
const planned: SignalNode[] = [];

/** When plans are made. For tests: with a patience of 0 they are made at once. */
export const planning = {
  structure: 0,
  /** Flushes since it is the structure that found no plan, and those that followed one. */
  flushes: 0,
  followed: 0,
  /** For how many flushes plans wait, and at least. */
  patience: 8,
  leastPatience: 8,
  /** For how many looks there is room. */
  room: ROOM,
};

/** Lets go of plans when they do not hold any more: they keep alive what may be disposed. */
export function forgetPlans(): void {
  if (planning.structure === rt.structure) return;
  const { followed, patience, leastPatience } = planning;
  if (planned.length > 0) {
    const wasWorth = followed >= planned.length * WORTH;
    planning.patience = wasWorth
      ? Math.max(leastPatience, patience >> 1)
      : Math.min(MOST_PATIENCE, patience << 1);
    for (const node of planned) node.plan = null;
    planned.length = 0;
  }
  planning.structure = rt.structure;
  planning.flushes = 0;
  planning.followed = 0;
  planning.room = ROOM;
}

/** Whether the graph has been at rest for long enough to make another plan. */
function isTime(): boolean {
  return ++planning.flushes > planning.patience && planning.room > MANY_EDGES;
}

/** Whether it is a plan for just what was written. */
function isFor(plan: Plan, writes: readonly Write[], count: number): boolean {
  if (plan.sources.length !== count) return false;
  for (let i = 0; i < count; i++) {
    const { node, first } = writes[i] as Write;
    if (node !== plan.sources[i] || node.changedAt === first) return false;
  }
  return true;
}

/** Marks what is behind what was written, and lists the effects that are due, in order. */
function begin(plan: Plan): void {
  const { slots } = rt;
  const { computeds, effects } = plan;
  for (let i = 0; i < computeds.length; i++)
    slots[(computeds[i] as ComputedNode).id + SK_N_FLAGS] |= SK_STALE;
  for (let i = 0; i < effects.length; i++) due[i] = effects[i] as EffectNode;
  fan.effects = effects.length;
  fan.plan = plan;
  planning.followed++;
}

/** The computeds whose looks are in the plan, or being written: of these only a run can tell that it is a cycle. */
type Seen = Map<ComputedNode, "entered" | "done">;

/** Writes down the looks on behalf of `reader`, or of an effect. Returns false when there is a cycle. */
function writeLooks(plan: Plan, id: number, reader: ComputedNode | null, seen: Seen): boolean {
  const { slots, handles } = rt;
  const { looks } = plan;
  const own: Look[] = [];
  let isSource = false;
  for (
    let edge = slots[id + SK_N_DEPS];
    edge !== 0 && !isSource;
    edge = slots[edge + SK_E_NEXT_DEP]
  ) {
    const depId = slots[edge + SK_E_DEP];
    const dep = handles[depId >> SLOT_SHIFT] as Source;
    let isAgain = false;
    if (dep.computed) {
      if ((slots[depId + SK_N_FLAGS] & SK_STALE) === 0) continue;
      const was = seen.get(dep);
      if (was === "entered") return false;
      isAgain = was === "done";
      if (!isAgain) {
        seen.set(dep, "entered");
        if (!writeLooks(plan, depId, dep, seen)) return false;
        seen.set(dep, "done");
      }
    } else {
      /* It has changed for certain: nothing behind it is looked at. */
      isSource = plan.sources.includes(dep);
      if (!isSource) continue;
    }
    const look = new Look(dep, reader, isAgain);
    own.push(look);
    looks.push(look);
  }
  for (const look of own) look.end = looks.length - 1;
  return own.length > 0;
}

/**
 * Writes down what follows from what was written, which is marked, and the effects are listed in order.
 *
 * @returns Whether it is fit to be followed: there is no cycle in it.
 */
function write(plan: Plan): boolean {
  const { handles } = rt;
  const seen: Seen = new Map();
  for (let i = 0; i < fan.effects; i++) {
    const effect = due[i] as EffectNode;
    plan.effects.push(effect);
    plan.starts.push(plan.looks.length);
    if (!writeLooks(plan, effect.id, null, seen)) return false;
  }
  for (let i = 0; i < fan.computeds; i++)
    plan.computeds.push(handles[(marked[i] as number) >> SLOT_SHIFT] as ComputedNode);
  planning.room -= plan.looks.length;
  return true;
}

/** Marks, and makes a plan for the next time; one that is for nothing when there is too much to be marked. */
function markAndPlan(writes: readonly Write[], count: number): boolean {
  const first = (writes[0] as Write).node as SignalNode;
  const plan = new Plan();
  first.plan = plan;
  planned.push(first);
  if (!markFan(writes, count, MANY_EDGES)) return false;
  if (fan.effects > 1) sortDue();
  for (let i = 0; i < count; i++) plan.sources.push((writes[i] as Write).node as SignalNode);
  if (isFor(plan, writes, count) && write(plan)) fan.plan = plan;
  else plan.sources.length = 0;
  return true;
}

/**
 * Marks what is behind what was written, and lists the effects that are due, in order. None may be listed
 * still.
 *
 * @param writes writes[0, count) are the signals that were written.
 * @returns Whether it was little enough. Otherwise nothing is marked, and nothing due.
 */
export function markSmall(writes: readonly Write[], count: number): boolean {
  if (planning.structure !== rt.structure) forgetPlans();
  if (count !== 0) {
    const { plan } = (writes[0] as Write).node as SignalNode;
    if (plan !== null && isFor(plan, writes, count)) {
      begin(plan);
      return true;
    }
    if (plan === null && isTime()) return markAndPlan(writes, count);
  }
  if (!markFan(writes, count, FEW_EDGES)) return false;
  if (fan.effects > 1) sortDue();
  return true;
}
