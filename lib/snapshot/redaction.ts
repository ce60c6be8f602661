/**
 * Which nodes must not show what they hold: those with a redaction, and those derived from them.
 */
import { SnapshotError } from "#engine";
import { readersOf } from "./readers.js";
import type { SnapshotRegistration } from "./registration.js";
import type { SnapshotScope } from "./scope.js";

export function isRedacted({ options }: SnapshotRegistration): boolean {
  return options.redaction !== undefined && options.redaction !== "include";
}

/**
 * Tells of each node of a scope whether something redacted is in it.
 *
 * @throws SnapshotError for a node that is derived from one that nobody knows: what is misspelt would
 *   leak.
 */
export function secrecyOf(
  scope: SnapshotScope,
  registrations: readonly SnapshotRegistration[] = scope.listRegistrations(),
): (registration: SnapshotRegistration) => boolean {
  const secret = new Set<string>();
  const derived = new Map<string, string[]>();
  for (const registration of registrations) {
    if (isRedacted(registration)) secret.add(registration.id);
    const { derivedFrom } = registration.options;
    if (derivedFrom === undefined) continue;
    for (const source of derivedFrom) {
      if (scope.getRegistration(source) === undefined)
        throw new SnapshotError(
          "ERR_SK_SNAPSHOT_NODE",
          `Snapshot node ${registration.id} is derived from ${source}, which is not registered`,
        );
      const ids = derived.get(source);
      if (ids === undefined) derived.set(source, [registration.id]);
      else ids.push(registration.id);
    }
  }
  /* A set is walked in the order in which it grows: what is derived of what is derived, too. */
  for (const id of secret) for (const next of derived.get(id) ?? []) secret.add(next);
  if (secret.size === 0) return () => false;
  let readers: ReadonlySet<string> | null = null;
  return ({ id, kind, collected }) => {
    if (secret.has(id) || kind !== "computed" || collected !== true) return secret.has(id);
    readers ??= readersOf(scope, secret);
    return readers.has(id);
  };
}
