/**
 * The nodes of a document that was captured: as JSON, which is what most are captured for, and as data from
 * when somebody looks at them.
 *
 * Nodes whose values are still those of the graph wait in `run`, and are written by one call of the
 * platform, before code of the program can change them.
 */
import { SnapshotError } from "#engine";
import type { SnapshotNode } from "./types.js";

/** Nodes that are written by one call, so that they are garbage before they get old. */
const RUN = 4096;

/** @throws SnapshotError for a getter, or a proxy, that gives something else than when it was looked at. */
function jsonOf(nodes: readonly SnapshotNode[]): string {
  try {
    return JSON.stringify(nodes);
  } catch {
    throw new SnapshotError(
      "ERR_SK_SNAPSHOT_VALUE",
      "Snapshot nodes are not JSON-serializable: a value has changed while it was captured",
      "$.nodes",
    );
  }
}

export class WrittenNodes {
  /** Nodes in JSON. It is not looked into before it is whole: only then V8 joins its parts. */
  private text = "";
  private run: SnapshotNode[] = [];
  private length = 0;
  /** Nodes with data that JSON does not write as it is, as negative zero, by their index. */
  private readonly odd = new Map<number, SnapshotNode>();
  private nodes: SnapshotNode[] | null = null;

  get isEmpty(): boolean {
    return this.nodes === null ? this.length === 0 : this.nodes.length === 0;
  }

  /** Adds a node whose values stay as they are until the next `write`. */
  add(node: SnapshotNode): void {
    this.run.push(node);
    if (this.run.length === RUN) this.write();
  }

  /** Adds a node that is the document's own. */
  addOdd(node: SnapshotNode): void {
    this.write();
    this.odd.set(this.length, node);
    this.run.push(node);
    this.write();
  }

  /** Writes what is waiting: from here on it may change. */
  write(): void {
    const { run } = this;
    if (run.length === 0) return;
    const json = jsonOf(run).slice(1, -1);
    this.text += this.length > 0 ? `,${json}` : json;
    this.length += run.length;
    this.run = [];
  }

  /** The list in JSON; null when somebody has looked at the nodes, and may have changed them. */
  get json(): string | null {
    return this.nodes === null ? `[${this.text}]` : null;
  }

  /** The nodes as data. */
  get all(): SnapshotNode[] {
    const { json, odd } = this;
    if (json !== null) {
      const nodes = JSON.parse(json) as SnapshotNode[];
      for (const [index, node] of odd) nodes[index] = node;
      this.all = nodes;
    }
    return this.nodes as SnapshotNode[];
  }

  set all(nodes: SnapshotNode[]) {
    this.nodes = nodes;
    this.text = "";
  }
}
