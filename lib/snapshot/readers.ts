/**
 * Which of the computeds that were collected have read something secret. Nobody has said from what they
 * are derived, but the graph knows what each has read.
 */
import { type ComputedNode, type Handle, readsOf, sourceOf } from "#engine";
import { portOf } from "./cells.js";
import type { SnapshotRegistration } from "./registration.js";
import type { SnapshotScope } from "./scope.js";

/** The nodes behind a registration. */
function nodesOf(registration: SnapshotRegistration): readonly Handle[] {
  const { kind, source } = registration;
  if (kind === "resource" || kind === "stream") return portOf(source[1])?.whole.parts() ?? [];
  const node = sourceOf(() => source.get());
  return node === null ? [] : [node];
}

/** Brings a computed up to date, since what it reads may change with that. */
function settle(registration: SnapshotRegistration): void {
  if (registration.kind !== "computed") return;
  try {
    registration.source.peek();
  } catch {
    /* That is its outcome. */
  }
}

/** The ids of the collected computeds that read, themselves or through others, a node of these ids. */
export function readersOf(scope: SnapshotScope, secret: ReadonlySet<string>): Set<string> {
  const ids = new Map<Handle, string>();
  const tainted = new Set<Handle>();
  for (const registration of scope.listRegistrations()) {
    const isSecret = secret.has(registration.id);
    const isAsked = registration.collected === true && registration.kind === "computed";
    if (!isSecret && !isAsked) continue;
    if (isAsked) settle(registration);
    for (const node of nodesOf(registration)) {
      if (isSecret) tainted.add(node);
      else ids.set(node, registration.id);
    }
  }
  const readers = readersByNode([...ids.keys()]);
  /* A set is walked in the order in which it grows. */
  for (const node of tainted) for (const reader of readers.get(node) ?? []) tainted.add(reader);
  return new Set([...ids].filter(([node]) => tainted.has(node)).map(([, id]) => id));
}

/** Who reads each of the nodes that are read by these, or by what they read. */
function readersByNode(start: readonly Handle[]): Map<Handle, ComputedNode[]> {
  const readers = new Map<Handle, ComputedNode[]>();
  const met = new Set(start);
  for (const node of met) {
    if (!node.computed) continue;
    for (const source of readsOf(node)) {
      met.add(source);
      const known = readers.get(source);
      if (known === undefined) readers.set(source, [node]);
      else known.push(node);
    }
  }
  return readers;
}
