/**
 * Restoring for a user interface, which may ask again and again: once for each document, and with what has
 * been restored as a moment that can be read later.
 */
import { Moment, type SignalNode, sourceOf } from "#engine";
import { portOf } from "./cells.js";
import { restoreSnapshot } from "./restore.js";
import type { SnapshotScope } from "./scope.js";
import type { RestoreOptions, SnapshotDocument } from "./types.js";

const restored = new WeakMap<SnapshotScope, WeakMap<SnapshotDocument, Moment>>();

/** What the nodes of a scope are now. */
function momentOf(scope: SnapshotScope): Moment {
  const nodes: SignalNode[] = [];
  const companions = [];
  for (const { kind, source } of scope.listRegistrations()) {
    if (kind === "signal") {
      const node = sourceOf(() => source.peek());
      if (node !== null && !node.computed) nodes.push(node);
    } else if (kind !== "computed") {
      const port = portOf(source[1]);
      if (port === null) continue;
      for (const part of port.whole.parts()) if (!part.computed) nodes.push(part);
      companions.push(port.remember());
    }
  }
  return new Moment(nodes, companions);
}

/**
 * Restores a document into a scope, unless that was done before.
 *
 * @returns What the nodes of the scope were then.
 * @throws As `restoreSnapshot`; the next call tries again.
 */
export function restoreOnce(
  scope: SnapshotScope,
  document: SnapshotDocument,
  options: RestoreOptions | undefined,
): Moment {
  let moments = restored.get(scope);
  if (moments === undefined) {
    moments = new WeakMap();
    restored.set(scope, moments);
  }
  let moment = moments.get(document);
  if (moment === undefined) {
    restoreSnapshot(scope, document, options);
    moment = momentOf(scope);
    moments.set(document, moment);
  }
  return moment;
}
