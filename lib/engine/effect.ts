/**
 * Effects: their runs and their end.
 */
import { isInTransaction } from "./current.js";
import { flushAfterCreation, schedule } from "./flush.js";
import { enterEffect, oweRun, wakeEffect } from "./journal.js";
import { EffectNode, type Place, type ScopeNode } from "./node.js";
import { addCleanup, adopt, clear, end, endAndThrow, requireOwner, scopeOf } from "./owner.js";
import { parts, runAs } from "./parts.js";
import { handle, report } from "./report.js";
import { idle, rt } from "./runtime.js";
import { maybeStale, settle } from "./settle.js";
import { isStackFull } from "./shortage.js";
import { beginProgress, beginRun, cutTrace, END, endRun, uncoveredReads } from "./track.js";

/** Disposes an effect and all it owns. */
export function disposeEffect(effect: EffectNode): void {
  if (effect.id === 0) return;
  try {
    endAndThrow(effect);
  } finally {
    schedule();
  }
}

/**
 * The effect that is running is about to write, or something it started wrote: what it has read so
 * far held until `clock` only. What it reads afterwards it reads as written.
 */
export function notePhase(effect: EffectNode, clock: number): void {
  if (effect.id === 0) return; /* disposed during its run: it will not run again */
  effect.progress ??= beginProgress(effect);
  const reads = uncoveredReads(effect.progress);
  const times = reads.map((source) => source.changedAt);
  if (reads.length > 0) effect.progress.phases.push({ reads, times, clock });
}

/**
 * The clock up to which all that the effect read held: that of the first phase in which it read
 * something that is different now, else the present one.
 */
function heldUntil(effect: EffectNode): number {
  if (effect.progress === null) return rt.clock;
  for (const { reads, clock } of effect.progress.phases) {
    for (const dep of reads) {
      if (dep.computed && maybeStale(dep)) settle(dep);
      if (dep.changedAt > clock) return clock;
    }
  }
  return rt.clock;
}

/** Tells the open transaction what the run that ends now has seen. */
function logReads(effect: EffectNode): void {
  notePhase(effect, rt.clock);
  const phases = effect.progress?.phases ?? [];
  const reads = phases.flatMap((phase) => phase.reads);
  const times = phases.flatMap((phase) => phase.times);
  parts.log.effect(effect, reads, times);
}

function noteRun(effect: EffectNode): void {
  if (rt.frame !== 0) logReads(effect);
  rt.recorder?.ran(effect);
}

/** Reports what the run that ends now has read, and wakes the effect when that is past already. */
function endReading(effect: EffectNode, base: number): void {
  try {
    if (effect.id === 0) return;
    if (rt.noting !== 0) noteRun(effect);
    if (rt.clock !== effect.validAt) {
      effect.validAt = heldUntil(effect);
      if (effect.validAt !== rt.clock) wakeEffect(effect);
    }
    endRun(effect, base);
  } catch (error) {
    rt.cuts++;
    throw error;
  } finally {
    effect.progress = null;
    cutTrace(base);
  }
}

/**
 * Runs the function of an effect. Throws what it throws, after everything is in order again but for
 * the run under way, which is the caller's to put back.
 */
function runEffect(effect: EffectNode): void {
  const base = rt.top;
  const { cuts } = rt;
  effect.validAt = rt.clock;
  beginRun(effect);
  rt.owner = effect;
  try {
    const { fn } = effect;
    const result = fn();
    if (typeof result === "function") addCleanup(result as () => void);
  } finally {
    /* With nothing written and the same dependencies, in the same order, there is nothing to do. */
    const isPlain = rt.cursor === END && rt.clock === effect.validAt && effect.progress === null;
    try {
      if (!isPlain || rt.noting !== 0) endReading(effect, base);
    } finally {
      if (rt.cuts !== cuts && effect.id !== 0) oweRun(effect);
    }
  }
}

/** Runs an effect, for the first time as a rule, in the midst of whatever is running. */
function runFirst(effect: EffectNode): void {
  const { run, cursor, keep, reader, owner, clock } = rt;
  /* It is of the committed state, and so is what it goes on with after an await. */
  const isApart = isInTransaction();
  rt.committed++;
  try {
    if (isApart) runAsIts(scopeAt(effect.place), effect);
    else runEffect(effect);
  } finally {
    rt.run = run;
    rt.cursor = cursor;
    rt.keep = keep;
    rt.reader = reader;
    rt.owner = owner;
    rt.committed--;
    if (rt.clock !== clock && reader !== null && !reader.computed) notePhase(reader, clock);
  }
}

/** Runs an effect again at once, in the midst of whatever is running: what it would be due for it has seen. */
export function runAgain(effect: EffectNode): void {
  if (effect.id === 0) return;
  clear(effect, (error) => handle(error, scopeAt(effect.place)));
  if (effect.id !== 0) runFirst(effect);
}

/**
 * Runs an effect again, in a flush, where nothing else is running. What it throws is reported. The run
 * under way is put back by the next who needs it: another run, or the end of the flush.
 */
export function rerun(effect: EffectNode): void {
  const { place } = effect;
  if (effect.lastChild !== null || effect.cleanups !== null) {
    idle();
    clearReporting(effect, place);
    if (effect.id === 0) return;
  }
  try {
    const scope = scopeAt(place);
    if (scope === null) runEffect(effect);
    else runAsIts(scope, effect);
  } catch (error) {
    if (isStackFull(error) && effect.id !== 0) oweRun(effect);
    report(error, scopeAt(place));
  }
  if (effect.id !== 0) return;
  /* Disposed during its run: what it created and registered since then ends now. */
  idle();
  clearReporting(effect, place);
}

/** Apart from who asks: a closure makes each call of the function dearer in which it stands. */
function runAsIts(scope: ScopeNode | null, effect: EffectNode): void {
  runAs(scope, () => runEffect(effect));
}

function scopeAt(place: Place | null): ScopeNode | null {
  return place === null ? null : scopeOf(place.owner);
}

function clearReporting(effect: EffectNode, place: Place | null): void {
  clear(effect, (error) => report(error, scopeAt(place)));
}

/** It was disposed during its first run: what it created and registered since then ends now. */
function endEarly(effect: EffectNode, scope: ScopeNode | null): void {
  clear(effect, (error) => {
    if (rt.flushing) report(error, scope);
    else handle(error, scope);
  });
}

/**
 * Creates an effect and runs it.
 *
 * @throws What its first run throws; the effect is disposed then. DisposedError inside a scope that has
 *   ended.
 */
export function createEffectNode(
  fn: () => unknown,
  options: EffectNode["options"],
  priority: number,
): EffectNode {
  const owner = requireOwner();
  const effect = new EffectNode(fn, options);
  /* In a transaction it must be known what the creator has seen before it creates. */
  const creator = rt.reader;
  if (rt.frame !== 0 && creator !== null && !creator.computed) notePhase(creator, rt.clock);
  enterEffect(effect, priority);
  if (owner !== null) adopt(owner, effect);
  const { place } = effect;
  try {
    runFirst(effect);
    flushAfterCreation();
  } catch (error) {
    end(effect, (failure) => handle(failure, scopeAt(place)));
    throw error;
  } finally {
    if (effect.id === 0) endEarly(effect, scopeAt(place));
    schedule();
  }
  return effect;
}
