/**
 * Following the documents of a page: the first one, those that come while the page is being sent, and
 * its end.
 *
 * Invariant: a node takes from a later document only what follows the state it has from an earlier one.
 * What this graph has changed itself since then - a signal that was written, a cell that has started or
 * ended a run - is newer (A10), and stays.
 */
import { untracked } from "#engine";
import { type CellNode, type CellRegistration, isUnfinished, portOf } from "./cells.js";
import { markMade } from "./document.js";
import { Marks } from "./marks.js";
import type { SnapshotRegistration } from "./registration.js";
import { restoreAndTell } from "./restore.js";
import type { SnapshotScope } from "./scope.js";
import type { RestoreOptions, RestoreReport, SnapshotDocument, SnapshotNode } from "./types.js";

/** What of a document is newer than what is here, and the ids of the rest. */
export interface News {
  readonly document: SnapshotDocument;
  readonly refused: ReadonlySet<string>;
}

function isCell(registration: SnapshotRegistration): registration is CellRegistration {
  return registration.kind === "resource" || registration.kind === "stream";
}

export class Follower {
  private readonly scope: SnapshotScope;
  private readonly options: RestoreOptions;
  private readonly marks = new Marks();
  private first: SnapshotDocument | null = null;
  /** The cells that were pending in the last document that had them. */
  private readonly unfinished = new Map<string, SnapshotNode>();

  constructor(scope: SnapshotScope, options: RestoreOptions) {
    this.scope = scope;
    this.options = options;
  }

  /** @throws What `restoreSnapshot` throws. */
  begin(document: SnapshotDocument): RestoreReport {
    this.first = document;
    try {
      return this.restore(document, "await", () => this.marks.noteAll(this.scope));
    } finally {
      /* What effects have registered. */
      untracked(() => this.marks.noteNew(this.scope));
    }
  }

  /** What the graph may take over of a later document. */
  newsOf(document: SnapshotDocument): News {
    const refused = new Set<string>();
    const nodes = untracked(() =>
      document.nodes.filter((node) => this.isAsSent(node.id) || !refused.add(node.id)),
    );
    return { document: markMade({ ...document, nodes }), refused };
  }

  /** @throws What `restoreSnapshot` throws. */
  follow({ document }: News): void {
    this.restore(document, "await", () => {
      for (const { id } of document.nodes) {
        const registration = this.scope.getRegistration(id);
        if (registration !== undefined) this.marks.note(registration);
      }
    });
  }

  /**
   * Nothing more will come: what is still awaited starts a run, or is idle.
   *
   * @throws What effects throw that see it.
   */
  end(resume: boolean): void {
    if (this.first === null || this.unfinished.size === 0) return;
    const left = { ...this.first, nodes: [...this.unfinished.values()] };
    this.restore(this.newsOf(left).document, resume);
  }

  /** `note`: notes what the document has made of the nodes, before effects make something else of them. */
  private restore(
    document: SnapshotDocument,
    resume: boolean | "await",
    note: () => void = () => {},
  ): RestoreReport {
    const options = { ...this.options, resume };
    let isDone = false;
    try {
      const report = restoreAndTell(this.scope, document, options, () => untracked(note));
      isDone = true;
      return report;
    } finally {
      /* Also when an effect has thrown: everything is restored then. */
      for (const node of document.nodes)
        if (isDone || this.isAwaited(node.id)) this.noteUnfinished(node);
    }
  }

  private noteUnfinished(node: SnapshotNode): void {
    const registration = this.scope.getRegistration(node.id);
    if (registration === undefined || !isCell(registration)) return;
    if (!isUnfinished(node as CellNode)) {
      this.unfinished.delete(node.id);
      return;
    }
    this.unfinished.set(node.id, node);
    /* One that was to reload and had nothing to repeat: the restore itself has made it idle. */
    if (
      registration.options.restore === "reload" &&
      portOf(registration.source[1])?.status === "idle"
    )
      this.marks.note(registration);
  }

  private isAwaited(id: string): boolean {
    const registration = this.scope.getRegistration(id);
    if (registration?.kind !== "resource" && registration?.kind !== "stream") return false;
    return portOf(registration.source[1])?.isAwaited === true;
  }

  /** Whether a node is as the last document has left it. What is not known is the restore's to judge. */
  private isAsSent(id: string): boolean {
    const registration = this.scope.getRegistration(id);
    if (registration === undefined) return true;
    if (this.marks.hasChanged(registration)) return false;
    if (registration.kind === "signal" || registration.kind === "computed") return true;
    return portOf(registration.source[1])?.isBusy !== true;
  }
}
