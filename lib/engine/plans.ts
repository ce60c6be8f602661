/**
 * When plans are made, found and forgotten; plan.ts says what one is.
 */
import { due, FEW_EDGES, fan, MANY_EDGES, markFan, sortDue } from "./fan.js";
import { SK_N_FLAGS, SK_STALE } from "./layout.js";
import type { ComputedNode, EffectNode, SignalNode, Write } from "./node.js";
import { Plan, writePlan } from "./plan.js";
import { rt } from "./runtime.js";
import { isStackFull } from "./shortage.js";

/** How many looks all plans together may have. */
const ROOM = 32_768;

/** So many flushes of one structure are waited for, at most, before plans are made. */
const MOST_PATIENCE = 2 ** 16;

/** What a plan weighs beside its looks, in looks. */
const COST = 8;

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

/** Whether all that was written is observed and has changed: nothing else may keep a plan, or be in one. */
function isPlain(writes: readonly Write[], count: number): boolean {
  for (let i = 0; i < count; i++) {
    const { node, first } = writes[i] as { node: SignalNode; first: number };
    if (node.id === 0 || node.changedAt === first) return false;
  }
  return true;
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

/** Makes a plan of what was marked just now. It is for nothing until it is complete. */
function makePlan(sources: readonly SignalNode[]): void {
  const first = sources[0] as SignalNode;
  const plan = new Plan();
  planned.push(first);
  first.plan = plan;
  planning.room -= COST;
  if (!writePlan(plan, sources)) return;
  planning.room -= plan.looks.length;
  plan.sources.push(...sources);
  fan.plan = plan;
}

/** There is too much behind it for a plan: it has one that is for nothing, so that none is tried again. */
function giveUp(first: SignalNode): void {
  first.plan = new Plan();
  planned.push(first);
  planning.room -= COST;
}

/** Marks, and makes a plan for the next time. */
function markAndPlan(writes: readonly Write[], count: number): boolean {
  const isMarked = markFan(writes, count, MANY_EDGES);
  if (isMarked && fan.effects > 1) sortDue();
  try {
    const sources = writes.slice(0, count).map(({ node }) => node as SignalNode);
    if (isMarked) makePlan(sources);
    else giveUp(sources[0] as SignalNode);
  } catch (error) {
    /* It is done without. */
    if (!isStackFull(error)) throw error;
  }
  return isMarked;
}

/**
 * Marks what is behind what was written, and lists the effects that are due, in order. None may be listed
 * still.
 *
 * @param writes writes[0, count) are the signals that were written.
 * @returns Whether it was little enough. Otherwise nothing is marked, and nothing due.
 */
export function markSmall(writes: readonly Write[], count: number): boolean {
  forgetPlans();
  if (count !== 0) {
    const { plan } = (writes[0] as Write).node as SignalNode;
    if (plan !== null && isFor(plan, writes, count)) {
      begin(plan);
      return true;
    }
    if (plan === null && isTime() && isPlain(writes, count)) return markAndPlan(writes, count);
  }
  if (!markFan(writes, count, FEW_EDGES)) return false;
  if (fan.effects > 1) sortDue();
  return true;
}
