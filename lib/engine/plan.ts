/**
 * Plans. What a write makes run is the same again and again as long as nobody reads something new, comes or
 * goes. So in a graph that has been at rest for some flushes it is written down: which computeds are marked, which
 * effects are due, and in which order settling looks at what. A flush that finds its plan follows no edge,
 * and each step is an element of a list: the processor need not wait for one to know the next.
 *
 * A plan says what settling would do if it found all changed, and how it goes on where that is not so; a run that
 * reads something else than before ends it, and the rest is settled as if there had been none.
 */
import { due, fan, marked } from "./fan.js";
import {
  SK_E_DEP,
  SK_E_NEXT_DEP,
  SK_E_NEXT_SUB,
  SK_E_SUB,
  SK_N_DEPS,
  SK_N_FLAGS,
  SK_N_SUBS,
  SK_STALE,
} from "./layout.js";
import type { ComputedNode, EffectNode, SignalNode, Source } from "./node.js";
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
      /* What was written has changed for certain: nothing behind it is looked at. */
      isSource = dep.write !== null;
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
 * Whether all that reads `id` was marked, or listed, just now. What was marked before, as behind an effect that was
 * stopped, was passed over with all that is behind it.
 */
function isWhole(id: number, marks: ReadonlySet<number>): boolean {
  const { slots } = rt;
  for (let edge = slots[id + SK_N_SUBS]; edge !== 0; edge = slots[edge + SK_E_NEXT_SUB])
    if (!marks.has(slots[edge + SK_E_SUB])) return false;
  return true;
}

/**
 * Writes down what follows from what was written, which is marked, and the effects are listed in order.
 *
 * @param sources All that was written since the last flush; each is changed.
 * @returns Whether that is all, and fit to be followed: there is no cycle in it.
 */
export function writePlan(plan: Plan, sources: readonly SignalNode[]): boolean {
  const { handles } = rt;
  const marks = new Set<number>();
  for (let i = 0; i < fan.effects; i++) marks.add((due[i] as EffectNode).id);
  for (let i = 0; i < fan.computeds; i++) marks.add(marked[i] as number);
  for (const { id } of sources) if (!isWhole(id, marks)) return false;
  for (let i = 0; i < fan.computeds; i++) {
    const id = marked[i] as number;
    if (!isWhole(id, marks)) return false;
    plan.computeds.push(handles[id >> SLOT_SHIFT] as ComputedNode);
  }
  const seen: Seen = new Map();
  for (let i = 0; i < fan.effects; i++) {
    const effect = due[i] as EffectNode;
    plan.effects.push(effect);
    plan.starts.push(plan.looks.length);
    if (!writeLooks(plan, effect.id, null, seen)) return false;
  }
  return true;
}
