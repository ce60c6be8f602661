/**
 * The commit of an asynchronous transaction: wholly or not at all.
 *
 *     1  the kernel says which signals somebody else has written since it began; they are merged,
 *        overwritten, or the commit fails
 *     2  an inner transaction leaves what it staged to the outer one, and that is all
 *     3  the staged values are written, as a synchronous transaction that may still be rolled back
 *     4  the computeds that decide which effects run are brought up to date; one that throws on
 *        account of what was written rolls everything back
 *     5  the effects run, at the end of the batch that the commit is
 */

import { decide } from "./decide.js";
import { TransactionConflictError } from "./errors.js";
import { keepVersion, publishVersion } from "./history.js";
import { type Merge, nameOf, type SignalNode } from "./node.js";
import { commitOverlaid, committedValue, isOverlaid, moveLayers } from "./optimistic.js";
import { rt } from "./runtime.js";
import type { MergeAll, TransactionSettings } from "./settings.js";
import { writeSignal } from "./signal.js";
import type { Staging } from "./staging.js";
import { untracked } from "./track.js";
import { beginTransaction, commitTransaction, rollbackTransaction } from "./undo.js";

/** How a conflict on a signal is merged, if it is. */
function mergeOf(node: SignalNode, { merge }: TransactionSettings): MergeAll | undefined {
  if (typeof merge === "function") return merge;
  const own = merge?.get(node);
  const { options } = node;
  if (own !== undefined || options === null || !Object.hasOwn(options, "merge")) return own;
  return options.merge as Merge<unknown>;
}

/** What the outer transaction, or everybody, has of the signal now. */
function theirs({ parent }: Staging, node: SignalNode): unknown {
  return parent === null ? committedValue(node) : parent.look(node);
}

/**
 * Merges what can be merged, and returns the signals that cannot. Nothing is staged when a merge
 * throws.
 */
function resolve(staging: Staging, settings: TransactionSettings): SignalNode[] {
  const unresolved: SignalNode[] = [];
  const merged: [SignalNode, unknown][] = [];
  for (const node of staging.conflicts()) {
    const merge = staging.values.has(node) ? mergeOf(node, settings) : undefined;
    if (merge === undefined) {
      unresolved.push(node);
      continue;
    }
    const base = staging.base(node);
    const mine = staging.values.get(node);
    merged.push([node, untracked(() => merge(base, theirs(staging, node), mine, nameOf(node)))]);
  }
  for (const [node, value] of merged) staging.stage(node, value);
  return unresolved;
}

/** Writes what was staged. Returns what a rollback of the signals does not take back. */
function write(staging: Staging): (() => void)[] {
  const undo: (() => void)[] = [];
  try {
    for (const [node, value] of staging.values) {
      if (isOverlaid(node)) writeOverlaid(staging, node, value, undo);
      else writeSignal(node, value);
    }
  } catch (error) {
    takeBack(undo);
    throw error;
  }
  return undo;
}

/** A signal that may show an optimistic value: what it shows is not what is committed. */
function writeOverlaid(
  staging: Staging,
  node: SignalNode,
  value: unknown,
  undo: (() => void)[],
): void {
  keepVersion(node);
  const back = commitOverlaid(staging, node, value);
  if (back === null) writeSignal(node, value);
  else {
    /* Also where the signal was not written: what is committed lay below what others show. */
    undo.push(() => {
      back();
      publishVersion(node);
    });
  }
  publishVersion(node);
}

function takeBack(undo: (() => void)[]): void {
  for (const back of undo.reverse()) back();
}

/** Steps 3 and 4. */
function commitOutermost(staging: Staging): void {
  let undo: (() => void)[] = [];
  staging.endReading();
  rt.committed++;
  try {
    beginTransaction();
    try {
      undo = write(staging);
      decide();
      staging.commit();
    } catch (error) {
      takeBack(undo);
      rollbackTransaction();
      throw error;
    }
    commitTransaction();
  } finally {
    rt.committed--;
  }
}

/**
 * Commits. To be called in a batch, at whose end the effects run. When it throws, nothing has changed,
 * and the transaction is open still.
 *
 * @param attempts How often the transaction has been run, for the error.
 * @throws TransactionConflictError; what a comparator, a merge, or a computed throws.
 */
export function commitStaging(
  staging: Staging,
  settings: TransactionSettings,
  attempts: number,
): void {
  staging.requireOpen();
  const unresolved = resolve(staging, settings);
  if (unresolved.length > 0 && settings.onConflict !== "overwrite")
    throw new TransactionConflictError(settings.name, unresolved.map(nameOf), attempts);
  staging.requireOpen();
  if (staging.parent === null) {
    commitOutermost(staging);
  } else {
    moveLayers(staging, staging.parent);
    staging.commit();
  }
}
