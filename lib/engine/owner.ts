/**
 * Ownership: what is created inside an effect or a scope belongs to it, and ends with it - what was
 * created last ends first, and cleanups run after it, the last registered first.
 */
import { type Cleanup, runCleanup } from "./cleanups.js";
import { DisposedError } from "./errors.js";
import { leaveEffect } from "./journal.js";
import { EffectNode, type Owner, type Place, ScopeNode } from "./node.js";
import { parts } from "./parts.js";
import { report, throwAll } from "./report.js";
import { rt } from "./runtime.js";

/** Takes the error of a cleanup. */
export type Failed = (error: unknown) => void;

/**
 * Who owns what is created now: the effect or scope that is running, else the scope in whose
 * asynchronous context this code runs. A computed owns nothing.
 */
export function currentOwner(): Owner | null {
  const { reader, owner } = rt;
  if (reader?.computed && rt.scopedIn !== reader) return null;
  if (owner !== null) return owner;
  return rt.unowned === 0 && parts.context !== null ? parts.context.scope() : null;
}

/** The innermost scope around an owner, itself included. */
export function scopeOf(owner: Owner | null): ScopeNode | null {
  let at = owner;
  while (at instanceof EffectNode) at = at.place === null ? null : at.place.owner;
  return at;
}

/** The name of a scope for messages. */
export function scopeName(scope: ScopeNode): string {
  return scope.name === undefined ? "A scope" : `Scope ${scope.name}`;
}

/**
 * The owner of what is about to be created.
 *
 * @throws DisposedError when that is a scope that has ended: nobody would end what is created.
 */
export function requireOwner(): Owner | null {
  const owner = currentOwner();
  if (owner instanceof ScopeNode && owner.disposed) throw new DisposedError(scopeName(owner));
  return owner;
}

/** Makes `owned` the newest child of `owner`. */
export function adopt(owner: Owner, owned: Owner): void {
  const older = owner.lastChild;
  owned.place = { owner, older, newer: null };
  if (older !== null) (older.place as Place).newer = owned;
  owner.lastChild = owned;
}

function disown(owned: Owner): void {
  if (owned.place === null) return;
  const { owner, older, newer } = owned.place;
  if (older !== null) (older.place as Place).newer = newer;
  if (newer !== null) (newer.place as Place).older = older;
  else owner.lastChild = older;
  owned.place = null;
}

/** Runs `fn` untracked, and so that nobody owns what it creates. */
export function unowned(fn: () => void): void {
  const { run, owner } = rt;
  rt.run = 0;
  rt.owner = null;
  rt.unowned++;
  try {
    fn();
  } finally {
    rt.unowned--;
    rt.run = run;
    rt.owner = owner;
  }
}

/** Runs the cleanups, last registered first; each runs whatever another throws. */
function runCleanups(owner: Owner, failed: Failed): void {
  for (;;) {
    const cleanup = owner.cleanups?.pop();
    if (cleanup === undefined) return;
    try {
      runCleanup(cleanup);
    } catch (error) {
      failed(error);
    }
  }
}

/** The function of an effect that has ended: a program that keeps its `dispose` does not keep what it has read. */
function ended(): void {}

/** From here on nothing of it runs again, and nobody owns it. False: that was so already. */
function close(owned: Owner): boolean {
  const isEffect = owned instanceof EffectNode;
  const wasClosed = isEffect ? owned.id === 0 : owned.disposed;
  if (!wasClosed && isEffect) {
    leaveEffect(owned);
    owned.fn = ended;
    rt.dirty = true;
  } else if (!isEffect) {
    owned.disposed = true;
  }
  disown(owned);
  return !wasClosed;
}

function clean(owner: Owner, failed: Failed): void {
  if (owner.cleanups !== null) unowned(() => runCleanups(owner, failed));
}

/** Ends all that an owner owns, by a loop: it may be nested deeper than the JavaScript stack is. */
function endChildren(owner: Owner, failed: Failed): void {
  const path: Owner[] = [owner];
  for (let at = owner; ; ) {
    const child = at.lastChild;
    if (child !== null) {
      if (!close(child)) continue;
      if (child.lastChild === null) clean(child, failed);
      else path.push((at = child));
    } else {
      if (at === owner) return;
      clean(at, failed);
      path.pop();
      at = path[path.length - 1] as Owner;
    }
  }
}

/** Ends what an owner has: its children, last first, then its cleanups. */
export function clear(owner: Owner, failed: Failed): void {
  if (owner.lastChild !== null) endChildren(owner, failed);
  clean(owner, failed);
}

/** Ends an effect or scope and all it owns. */
export function end(owned: Owner, failed: Failed): void {
  if (close(owned)) clear(owned, failed);
}

/**
 * As `end`. Errors of cleanups join those of the flush under way; outside of one they are thrown when
 * all is done.
 */
export function endAndThrow(owned: Owner): void {
  if (owned.lastChild === null && owned.cleanups === null) {
    close(owned);
    return;
  }
  const errors: unknown[] = [];
  const scope = scopeOf(owned);
  end(owned, (error) => errors.push(error));
  if (rt.flushing) for (const error of errors) report(error, scope);
  else throwAll(errors, "Several cleanups failed");
}

/** Registers a cleanup with an owner. One that has ended calls it at once. */
export function addCleanupTo(owner: Owner, cleanup: Cleanup): void {
  const isFunction = typeof cleanup === "function";
  if (owner instanceof ScopeNode && owner.disposed) {
    unowned(isFunction ? cleanup : () => cleanup.dispose());
    return;
  }
  if (owner.cleanups === null) owner.cleanups = [cleanup];
  else owner.cleanups.push(cleanup);
  if (!isFunction) cleanup.registeredIn = owner.cleanups;
}

/** Registers a cleanup with whoever owns what is created now; without one it does nothing. */
export function addCleanup(fn: Cleanup): void {
  const owner = currentOwner();
  if (owner !== null) addCleanupTo(owner, fn);
}
