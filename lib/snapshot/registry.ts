/**
 * The nodes of a scope, by id. There are two ways to get here: registered by hand, and collected by name.
 * By hand goes before: it takes the place of what was collected, under its id or of its node.
 */
import { SnapshotError } from "#engine";
import type { SnapshotRegistration } from "./registration.js";

/** What a node is known by, whatever object its methods are in. */
function keyOf(registration: SnapshotRegistration): unknown {
  const { kind, source } = registration;
  return kind === "signal" || kind === "computed" ? source.get : source[1].status;
}

export class Registry {
  /** A Map: an id may be any text, also the name of a member of Object.prototype. */
  private readonly registrations = new Map<string, SnapshotRegistration>();
  /** The ids of collected nodes. */
  private readonly collected = new Map<unknown, string>();

  get(id: string): SnapshotRegistration | undefined {
    return this.registrations.get(id);
  }

  list(): SnapshotRegistration[] {
    return [...this.registrations.values()];
  }

  isCollected(id: string): boolean {
    return this.registrations.get(id)?.collected === true;
  }

  /** @throws SnapshotError when the id was given by hand before. */
  add(registration: SnapshotRegistration): void {
    const { id } = registration;
    if (this.registrations.has(id) && !this.isCollected(id))
      throw new SnapshotError("ERR_SK_SNAPSHOT_NODE", `Duplicate snapshot node id: ${id}`);
    const other = this.collected.get(keyOf(registration));
    if (other !== undefined) this.remove(other);
    this.remove(id);
    this.registrations.set(id, registration);
  }

  /**
   * Whether a node may be collected under this id: not when somebody has given it by hand.
   *
   * @throws SnapshotError when another one was collected under it.
   */
  isOpen(id: string): boolean {
    if (this.isCollected(id))
      throw new SnapshotError(
        "ERR_SK_SNAPSHOT_NODE",
        `Duplicate snapshot node id: ${id}. Two nodes that are collected have this name; rename one, or collect them with another prefix.`,
      );
    return !this.registrations.has(id);
  }

  /** Takes a node whose id is open. */
  take(registration: SnapshotRegistration): void {
    this.registrations.set(registration.id, registration);
    this.collected.set(keyOf(registration), registration.id);
  }

  remove(id: string): void {
    const registration = this.registrations.get(id);
    if (registration === undefined) return;
    this.registrations.delete(id);
    if (registration.collected === true) this.collected.delete(keyOf(registration));
  }
}
