/**
 * Scopes: owners that are not effects.
 */
import { currentContext, holdContext, letContextLinger, runInContext } from "./context.js";
import { DisposedError } from "./errors.js";
import { schedule } from "./flush.js";
import { ScopeNode } from "./node.js";
import {
  addCleanupTo,
  adopt,
  currentOwner,
  endAndThrow,
  requireOwner,
  scopeName,
  scopeOf,
} from "./owner.js";
import { rt } from "./runtime.js";

/** The scope of each handle. Here, so that both module formats have one list. */
export const scopeHandles = new WeakMap<object, ScopeNode>();

/** The scope of a handle, or null when it is none. */
export function nodeOfScope(handle: unknown): ScopeNode | null {
  return typeof handle === "object" && handle !== null ? (scopeHandles.get(handle) ?? null) : null;
}

/**
 * Creates a scope that belongs to whoever owns what is created now, unless it is `detached`.
 *
 * @throws DisposedError inside a scope that has ended.
 */
export function createScopeNode(
  name: string | undefined,
  onError: ((error: unknown) => void) | null,
  detached: boolean,
): ScopeNode {
  const owner = detached ? null : requireOwner();
  const scope = new ScopeNode(scopeOf(owner), name, onError);
  if (owner !== null) adopt(owner, scope);
  return scope;
}

/**
 * Runs `fn` inside a scope: what it creates, also after an await, belongs to the scope.
 *
 * @throws DisposedError when the scope has ended; what `fn` throws.
 */
export function runInScope<T>(scope: ScopeNode, fn: () => T): T {
  if (scope.disposed) throw new DisposedError(scopeName(scope));
  if (!scope.holdsContext) {
    scope.holdsContext = true;
    holdContext();
    scope.mark = {};
    addCleanupTo(scope, () => {
      letContextLinger(scope.mark as object);
      scope.mark = null;
    });
  }
  const { owner, scopedIn } = rt;
  rt.owner = scope;
  rt.scopedIn = rt.reader;
  try {
    return runInContext({ ...currentContext(), scope, mark: scope.mark }, fn);
  } finally {
    rt.owner = owner;
    rt.scopedIn = scopedIn;
  }
}

/** Ends a scope and all it owns. Again it does nothing. */
export function disposeScope(scope: ScopeNode): void {
  if (scope.disposed) return;
  try {
    endAndThrow(scope);
  } finally {
    schedule();
  }
}

/** The scope to which what is created now belongs, directly or through an effect; or null. */
export function currentScope(): ScopeNode | null {
  return scopeOf(currentOwner());
}
