/**
 * What a restore is going to do. Everything that may fail on account of the document fails here.
 */
import { SnapshotError } from "#engine";
import type { CellPort } from "../async-runtime/port.js";
import {
  type CellNode,
  type CellRegistration,
  hasState,
  isOlder,
  isUnfinished,
  portOf,
  seedOf,
} from "./cells.js";
import { walkJson } from "./json.js";
import { secrecyOf } from "./redaction.js";
import type { SignalRegistration, SnapshotRegistration } from "./registration.js";
import type { SnapshotScope } from "./scope.js";
import type {
  RestoreOptions,
  RestoreReport,
  SignalSnapshotNode,
  SnapshotDocument,
  SnapshotNode,
  WritableSignal,
} from "./types.js";

/** Why a node does not fit. */
class Misfit extends Error {
  readonly code: "NODE" | "GRAPH";

  constructor(message: string, code: "NODE" | "GRAPH" = "NODE") {
    super(message);
    this.code = code;
  }
}

export class Plan {
  readonly signals: { readonly target: WritableSignal<unknown>; readonly value: unknown }[] = [];
  /** States that cells take over. */
  readonly cells: ReturnType<CellPort["seed"]>[] = [];
  /** Cells whose sources must not start a run on account of the restore. */
  readonly sources: CellPort[] = [];
  /** Cells that start a run when everything is restored. */
  readonly pending: CellPort[] = [];
  readonly report: RestoreReport = { restored: [], skipped: [], warnings: [] };
  private readonly scope: SnapshotScope;
  private readonly options: RestoreOptions;
  private readonly copies: boolean;
  private readonly hides: (registration: SnapshotRegistration) => boolean;

  /** `copies`: the document is somebody's, and what it holds must not become part of the graph. */
  constructor(scope: SnapshotScope, options: RestoreOptions, copies: boolean) {
    this.scope = scope;
    this.options = options;
    this.copies = copies;
    this.hides = secrecyOf(scope);
  }

  private get isStrict(): boolean {
    return this.options.mode !== "best-effort";
  }

  /** @throws SnapshotError in strict mode; what serializers throw. */
  make(document: SnapshotDocument): void {
    const { graph } = document;
    const { graphId, graphVersion } = this.scope;
    this.attempt(graph.id === graphId, `Incompatible graph id: the scope has ${graphId}`);
    this.attempt(
      graph.version === graphVersion,
      `Incompatible graph version: the scope has ${graphVersion}`,
    );
    for (let i = 0; i < document.nodes.length; i++)
      this.place(document.nodes[i] as SnapshotNode, i);
  }

  private attempt(fits: boolean, message: string): void {
    if (fits) return;
    if (this.isStrict) throw new SnapshotError("ERR_SK_SNAPSHOT_GRAPH", message, "$.graph");
    this.report.warnings.push(message);
  }

  private place(node: SnapshotNode, index: number): void {
    const { report } = this;
    try {
      const isRestored = this.restore(node);
      (isRestored ? report.restored : report.skipped).push(node.id);
    } catch (error) {
      if (this.isStrict) {
        if (!(error instanceof Misfit)) throw error;
        const path = `$.nodes[${index}]`;
        throw new SnapshotError(`ERR_SK_SNAPSHOT_${error.code}`, error.message, path);
      }
      report.skipped.push(node.id);
      /* The message of a serializer may quote the value. */
      report.warnings.push(
        error instanceof Misfit ? error.message : `Snapshot node ${node.id} could not be decoded`,
      );
    }
  }

  /** Whether there is something to do for the node. */
  private restore(node: SnapshotNode): boolean {
    const registration = this.scope.getRegistration(node.id);
    if (registration === undefined) throw new Misfit(`Unknown snapshot node: ${node.id}`);
    if (registration.kind !== node.kind) throw new Misfit(`Incompatible node kind for ${node.id}`);
    if (registration.kind === "computed") return false;
    const isMasked = node.redacted === true || this.hides(registration);
    if (registration.kind === "signal")
      return !isMasked && this.restoreSignal(node as SignalSnapshotNode, registration);
    return this.restoreCell(node as CellNode, registration, isMasked);
  }

  /** A node as the plan may keep it. */
  private own<N extends SnapshotNode>(node: N): N {
    if (!this.copies) return node;
    return walkJson(node, `Snapshot node ${node.id}`, "$", true) as unknown as N;
  }

  private restoreSignal(node: SignalSnapshotNode, registration: SignalRegistration): boolean {
    const { source: target, options } = registration;
    const { serializer } = options;
    const { value } = typeof node.value === "object" ? this.own(node) : node;
    const decoded = serializer === undefined ? value : serializer.decode(value);
    this.signals.push({ target, value: decoded });
    return true;
  }

  private restoreCell(node: CellNode, registration: CellRegistration, isMasked: boolean): boolean {
    const { id, options, source } = registration;
    const restore = options.restore ?? "inspect-only";
    if (restore === "inspect-only") return false;
    const port = portOf(source[1]);
    if (port === null) return this.skip(`Snapshot node ${id} is no cell that can be restored`);
    if (port.disposed) return this.skip(`Snapshot node ${id} is disposed`);
    /* In what is masked the key may be masked, too; and its state is not restored. */
    if (!isMasked && !isSameKey(node, registration))
      throw new Misfit(`Another source key for ${id}`);
    if (isOlder(node, port, this.options))
      return this.skip(`Snapshot node ${id} is older than the state that is there`);
    const { resume } = this.options;
    const runs = restore === "reload" || (resume === true && isUnfinished(node));
    /* Also before it runs: that it is idle for a moment must not be seen. */
    const awaits = isUnfinished(node) && (runs || resume === "await");
    const hasNews = awaits || port.isAwaited || hasState(node);
    const isSeeded = !isMasked && port.isSeedable && hasNews;
    if (isSeeded) this.cells.push(port.seed(seedOf(this.own(node), registration, port, awaits)));
    if (runs) this.pending.push(port);
    if (isSeeded || runs) this.sources.push(port);
    return isSeeded || runs;
  }

  private skip(warning: string): false {
    this.report.warnings.push(warning);
    return false;
  }
}

/** Plain data with its keys in one order. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function isSameKey({ sourceKey }: CellNode, { options }: CellRegistration): boolean {
  if (sourceKey === undefined || options.sourceKey === undefined) return true;
  return canonical(sourceKey) === canonical(options.sourceKey);
}
