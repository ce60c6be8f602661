/**
 * The compute phase of a transaction: before anything of it becomes visible, the computeds are brought
 * up to date that decide which effects run. One that throws on account of what the transaction has
 * written aborts it.
 */
import { SK_E_DEP, SK_E_NEXT_DEP, SK_N_DEPS } from "./layout.js";
import type { ComputedNode, EffectNode, Failure, Owner, Source } from "./node.js";
import { planRun } from "./pending.js";
import { dependenciesOf, rt, SLOT_SHIFT, sync } from "./runtime.js";
import { maybeStale, settle } from "./settle.js";
import { changedSignals, hasWritten, isOutermost } from "./undo.js";

/** Settles what an effect reads until it is known whether it has to run. */
function isDue(effect: EffectNode): boolean {
  if (effect.validAt < 0) return true;
  let edge = rt.slots[effect.id + SK_N_DEPS];
  while (edge !== 0) {
    const dep = rt.handles[rt.slots[edge + SK_E_DEP] >> SLOT_SHIFT] as Source;
    if (dep.computed && maybeStale(dep)) {
      settle(dep);
      if (effect.id === 0) return false;
    }
    if (dep.changedAt > effect.validAt) return true;
    edge = rt.slots[edge + SK_E_NEXT_DEP];
  }
  return false;
}

/** Whether `node` reads one of these signals, directly or not. */
function readsAny(node: ComputedNode, signals: ReadonlySet<Source>): boolean {
  sync();
  const seen = new Set<Source>([node]);
  for (const source of seen) {
    if (signals.has(source)) return true;
    if (!source.computed) continue;
    const deps = source.id !== 0 ? dependenciesOf(source.id) : source.deps;
    for (const dep of deps) seen.add(dep);
  }
  return false;
}

/** Whether an effect that runs before it, and disposes it then, is around an effect. */
function endsBefore(effect: EffectNode, due: ReadonlySet<Owner>): boolean {
  for (let place = effect.place; place !== null; place = place.owner.place)
    if (due.has(place.owner)) return true;
  return false;
}

/** Whether the transaction is inside of a run of this effect. */
function isRunning(effect: EffectNode): boolean {
  let at = rt.owner;
  while (at !== null && at !== effect) at = at.place === null ? null : at.place.owner;
  return at !== null;
}

/** Throws what a computed threw that failed on account of the transaction. */
function throwFailure(failures: ComputedNode[]): void {
  const signals = changedSignals();
  for (const node of failures) if (readsAny(node, signals)) throw (node.value as Failure).error;
  failures.length = 0;
}

/**
 * To be called at the end of a transaction, while it can still be rolled back; of an inner one, and of one that
 * has written nothing, it does nothing.
 *
 * @throws What a computed threw.
 */
export function decide(): void {
  if (!isOutermost() || !hasWritten()) return;
  const count = planRun();
  if (count === 0) return;
  const outer = rt.failures;
  rt.failures = [];
  try {
    decideEach(listedEffects(count), rt.failures);
  } finally {
    rt.failures = outer;
  }
}

/** The effects in RUN: another list may take its place. */
function listedEffects(count: number): EffectNode[] {
  const effects: EffectNode[] = [];
  for (let i = 0; i < count; i++) {
    const effect = rt.handles[rt.runWords[i] >> SLOT_SHIFT];
    if (effect !== null) effects.push(effect as EffectNode);
  }
  return effects;
}

function decideEach(effects: readonly EffectNode[], failures: ComputedNode[]): void {
  const due = new Set<Owner>();
  for (const effect of effects) {
    if (effect.id === 0 || isRunning(effect) || endsBefore(effect, due)) continue;
    if (isDue(effect)) due.add(effect);
    if (failures.length > 0) throwFailure(failures);
  }
}
