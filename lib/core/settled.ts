import {
  currentScope,
  invalidArgument,
  nodeOfScope,
  type ScopeNode,
  settled as settledNode,
} from "#engine";
import type { Scope } from "./scope.js";

/**
 * Waits until no asynchronous cell is pending: those that are now, and those that start on account of
 * their outcomes. A stream that has begun to emit is not pending.
 *
 * @param scope Whose cells are waited for, those of scopes inside of it included. Default: the current
 *   scope; outside of all scopes, every cell.
 * @returns A promise that resolves, and never rejects; it waits as long as a cell is pending.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when `scope` is not a scope.
 * @example
 * const [user] = createResource(id.get, loadUser);
 * await settled();
 * response.end(render(user()));
 */
export function settled(scope?: Scope): Promise<void> {
  let node: ScopeNode | null = null;
  if (scope === undefined) node = currentScope();
  else {
    node = nodeOfScope(scope);
    if (node === null) throw invalidArgument("scope", "a scope", scope);
  }
  return settledNode(node);
}
