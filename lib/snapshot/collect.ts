/**
 * Collecting: the nodes that are created with a name are registered under it.
 */
import { type CollectedKind, type Collector, invalidArgument, SnapshotError } from "#engine";
import { ownOption, requireObject, textOption } from "../core/options.js";
import { portOf } from "./cells.js";
import { checkRedaction, type SnapshotRegistration } from "./registration.js";
import type { Registry } from "./registry.js";
import type { CollectOptions, RedactionPolicy } from "./types.js";

function listOrFunction(options: object, key: "skip" | "redact"): unknown {
  const value = ownOption(options, key) ?? [];
  const isList = Array.isArray(value) && value.every((name) => typeof name === "string");
  if (!isList && typeof value !== "function")
    throw invalidArgument(`options.${key}`, "a list of names or a function", value);
  return value;
}

/** What becomes of the states of cells: all of it goes over, where it can. */
function restoreOf(kind: "resource" | "stream", handle: readonly [unknown, object]): string {
  if (kind === "stream") return "stable-value";
  return portOf(handle[1])?.isSeedable === false ? "inspect-only" : "seed";
}

export class NameCollector implements Collector {
  private readonly registry: Registry;
  private readonly prefix: string;
  private readonly skip: NonNullable<CollectOptions["skip"]>;
  private readonly redact: NonNullable<CollectOptions["redact"]>;
  private readonly met = new Set<string>();
  private readonly taken: SnapshotRegistration[] = [];

  /** @throws TypeError (`ERR_SK_INVALID_ARG`) for bad options. */
  constructor(registry: Registry, options: unknown) {
    requireObject("options", options);
    this.registry = registry;
    this.prefix = textOption(options, "prefix") ?? "";
    this.skip = listOrFunction(options, "skip") as typeof this.skip;
    this.redact = listOrFunction(options, "redact") as typeof this.redact;
  }

  private skips(name: string, kind: CollectedKind): boolean {
    const { skip } = this;
    return typeof skip === "function" ? skip(name, kind) === true : skip.includes(name);
  }

  check(name: string, kind: CollectedKind): void {
    if (!this.skips(name, kind)) this.registry.isOpen(this.prefix + name);
  }

  take(name: string, kind: CollectedKind, handle: object): void {
    this.met.add(name);
    const id = this.prefix + name;
    if (this.skips(name, kind) || !this.registry.isOpen(id)) return;
    const options: Record<string, unknown> = Object.create(null);
    options.redaction = this.policyOf(name, kind);
    if (kind === "computed") options.captureValue = "available";
    else if (kind !== "signal") options.restore = restoreOf(kind, handle as [unknown, object]);
    const registration = { id, kind, options, source: handle, collected: true };
    this.taken.push(registration as SnapshotRegistration);
    this.registry.take(registration as SnapshotRegistration);
  }

  private policyOf(name: string, kind: CollectedKind): RedactionPolicy<unknown> {
    const { redact } = this;
    if (typeof redact !== "function") return redact.includes(name) ? "omit" : "include";
    const policy = redact(name, kind);
    checkRedaction("what options.redact returns", policy);
    return policy ?? "include";
  }

  /**
   * All nodes are there, or it has failed: then none is registered.
   *
   * @throws SnapshotError when a name that is to be redacted is that of no node: misspelt, it would leak.
   */
  end(hasFailed: boolean): void {
    const { redact } = this;
    const missing =
      typeof redact === "function" ? [] : redact.filter((name) => !this.met.has(name));
    if (!hasFailed && missing.length === 0) return;
    for (const registration of this.taken)
      if (this.registry.get(registration.id) === registration)
        this.registry.remove(registration.id);
    if (!hasFailed)
      throw new SnapshotError(
        "ERR_SK_SNAPSHOT_NODE",
        `No node was collected that has a name to be redacted: ${missing.join(", ")}`,
      );
  }
}
