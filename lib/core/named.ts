/**
 * Nodes with a name: where names are collected, they are.
 */
import { type CollectedKind, currentCollector } from "#engine";

/**
 * Makes a handle that has a name.
 *
 * @throws SnapshotError when the name is taken where names are collected; nothing is made then.
 */
export function makeNamed<H extends object>(
  kind: CollectedKind,
  name: string | undefined,
  make: () => H,
): H {
  const collector = name === undefined ? null : currentCollector();
  if (collector === null) return make();
  collector.check(name as string, kind);
  const handle = make();
  collector.take(name as string, kind, handle);
  return handle;
}
