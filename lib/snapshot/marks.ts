/**
 * Marks: what tells that a node has changed since it was last looked at, without a copy of its value.
 */
import { portOf } from "./cells.js";
import type { SnapshotRegistration } from "./registration.js";
import type { SnapshotScope } from "./scope.js";

type Mark = readonly unknown[];

const UNREADABLE: Mark = [Symbol("unreadable")];

function partsOf(registration: SnapshotRegistration): Mark {
  const { kind, source } = registration;
  if (kind === "signal") return [source.peek()];
  /* It follows from what it reads. */
  if (kind === "computed") return [];
  const [value, meta] = source;
  const port = portOf(meta);
  if (port === null) return [meta.status(), value(), meta.error()];
  return [port.status, port.version, port.updatedAt];
}

/** A node that throws must not keep others from being looked at. */
function markOf(registration: SnapshotRegistration): Mark {
  try {
    return partsOf(registration);
  } catch {
    return UNREADABLE;
  }
}

/** What the nodes of a scope were like. To be used untracked. */
export class Marks {
  private readonly marks = new Map<SnapshotRegistration, Mark>();

  /** Whether a node is not as it was when it was noted, or was never noted. */
  hasChanged(registration: SnapshotRegistration): boolean {
    const before = this.marks.get(registration);
    if (before === undefined) return true;
    return markOf(registration).some((part, index) => !Object.is(part, before[index]));
  }

  /** Notes what a node is like. */
  note(registration: SnapshotRegistration): void {
    this.marks.set(registration, markOf(registration));
  }

  /** Notes what all nodes of a scope are like. */
  noteAll(scope: SnapshotScope): void {
    for (const registration of scope.listRegistrations()) this.note(registration);
  }

  /** Notes what those nodes of a scope are like that were never noted. */
  noteNew(scope: SnapshotScope): void {
    for (const registration of scope.listRegistrations())
      if (!this.marks.has(registration)) this.note(registration);
  }
}
