/**
 * The cleanups of an owner: functions, and what is owned but may end before. The owner keeps nothing that
 * has ended: few cleanups are gone through at each end, many when half of them have ended. So an end costs
 * the same on average, in whatever order they come, and their order stays.
 */

/** What an owner ends, unless it has ended before; then it calls `forget`. */
export interface Owned {
  /** The cleanups among which it is; null: none, or it has ended. */
  registeredIn: Cleanups | null;
  dispose(): void;
}

/** Called when its owner ends, or, of something that is owned, ended. */
export type Cleanup = (() => void) | Owned;

/** In the order in which they were registered. */
export interface Cleanups extends Array<Cleanup> {
  /** How many have ended since all were gone through; most owners need no such field. */
  ended?: number;
}

/** Up to so many are few. */
const FEW = 16;

/** Runs a cleanup that its owner has no more. */
export function runCleanup(cleanup: Cleanup): void {
  if (typeof cleanup === "function") cleanup();
  else if (cleanup.registeredIn !== null) {
    cleanup.registeredIn = null;
    cleanup.dispose();
  }
}

/** To be called when something ends by itself. Again, or of what nobody owns, it does nothing. */
export function forget(owned: Owned): void {
  const cleanups = owned.registeredIn;
  if (cleanups === null) return;
  owned.registeredIn = null;
  if (cleanups.length > FEW) {
    cleanups.ended = (cleanups.ended ?? 0) + 1;
    if (cleanups.ended * 2 < cleanups.length) return;
    cleanups.ended = 0;
  }
  sweep(cleanups);
}

function sweep(cleanups: Cleanups): void {
  let kept = 0;
  for (const each of cleanups)
    if (typeof each === "function" || each.registeredIn !== null) cleanups[kept++] = each;
  cleanups.length = kept;
}
