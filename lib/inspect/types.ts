/**
 * The public types of inspection. A picture is plain data: it can be sent, kept and compared.
 */

/** What a node of a picture is. A cell is one node, whatever it is made of. */
export type GraphNodeKind = "signal" | "computed" | "effect" | "resource" | "stream";

/**
 * Where a node stands.
 *
 * "clean": nothing to do. "dirty": written and not flushed, may have to run again, or due. "running": its
 * function is being called. "pending": a run of the cell is in flight. "error": its function threw, or the
 * cell has failed. "disposed": the cell has ended.
 */
export type GraphNodeState = "clean" | "dirty" | "running" | "pending" | "error" | "disposed";

/** A signal, computed, effect or cell. */
export interface GraphNode {
  /** The same in all pictures as long as the node lives, and never another node's. */
  readonly id: string;
  readonly kind: GraphNodeKind;
  /** The option `name`, else the id in a snapshot scope, else the name of the function. */
  readonly name?: string;
  readonly state: GraphNodeState;
  /** Whether an effect reads it, itself or through others. Effects and their sources are. */
  readonly observed: boolean;
  /**
   * Of a signal or computed the time of the write clock at which its value last changed: it only grows. Of
   * a cell the version of its last outcome. Of an effect 0.
   */
  readonly version: number;
  /** Of a cell. */
  readonly status?: "idle" | "pending" | "streaming" | "success" | "error" | "cancelled";
  /** Of a cell: version of its newest run. */
  readonly run?: number;
  /** Of an effect: its priority as a number, normal being 0. */
  readonly priority?: number;
  /** Of an effect or cell: id of the effect or scope that it ends with. */
  readonly owner?: string;
  /** Of an effect or computed: how often it has run since the observer of commits began. */
  readonly runs?: number;
  /** The last commit has written, evaluated or run it. With an observer of commits only. */
  readonly touched?: true;
  /** The committed value as text, when it was asked for. Without it there is no value. */
  readonly value?: string;
  /** What a failed computed or cell threw, as text, when values were asked for. */
  readonly error?: string;
}

/** That one node has read another. */
export interface GraphEdge {
  /** Id of what is read. */
  readonly from: string;
  /** Id of who reads. */
  readonly to: string;
}

/** A scope that owns nodes of the picture. */
export interface GraphScope {
  readonly id: string;
  readonly name?: string;
  /** Id of the effect or scope that it ends with. */
  readonly owner?: string;
}

/** The graph as of one moment. */
export interface GraphPicture {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly scopes: readonly GraphScope[];
}

/** What one flush was about, by the ids of nodes. */
export interface Commit {
  /** Counts the commits since the observer began, from 1. */
  readonly number: number;
  /** When it was over, in milliseconds since the epoch, by the clock of asynchronous cells. */
  readonly at: number;
  /** Signals and cells that were written. */
  readonly written: readonly string[];
  /** Computeds that have run. */
  readonly evaluated: readonly string[];
  /** Those of them whose value is another one. */
  readonly changed: readonly string[];
  /** Effects that have run, and cells whose source was read again. */
  readonly ran: readonly string[];
}

/** Watches commits. Its methods work detached. */
export interface CommitObserver extends Disposable {
  /** The last commit; null before there was one. */
  readonly last: Commit | null;
  /** Watches no more. Again it does nothing. */
  readonly stop: () => void;
}

/** A node of a picture before its value is in it, for the option `redact`. */
export type BareGraphNode = Omit<GraphNode, "value" | "error">;

/** Options of `inspect`. */
export interface InspectOptions {
  /** Whether the picture has values, as text. Default false. */
  readonly values?: boolean | undefined;
  /** The longest text of a value, in characters, from 1. Default 80. */
  readonly maxLength?: number | undefined;
  /**
   * Called with each value and error that is to be shown; what it returns is shown instead. It must only
   * read. What a snapshot scope that is inspected redacts does not reach it.
   */
  readonly redact?: ((value: unknown, node: BareGraphNode) => unknown) | undefined;
  /**
   * With a target: what the picture has beside it. "sources" (default): all that it reads; "readers": all
   * that reads it and is observed; "both": these, each in its direction; "none".
   */
  readonly follow?: "sources" | "readers" | "both" | "none" | undefined;
  /** Adds `runs`, and `touched` by the last commit, to the nodes. */
  readonly commits?: CommitObserver | undefined;
}
