/**
 * Painting: from the things of a graph to the plain data of a picture. Loops over what there is, member by
 * member: of a hundred thousand nodes each object in between is one too many.
 */
import { EffectNode, has, runsOf } from "#engine";
import { Descriptions, kindOf, nameOf, type Outcome } from "./describe.js";
import { type Graph, idOf, isWhole, type Thing } from "./graph.js";
import { preview } from "./preview.js";
import type { Registered } from "./targets.js";
import type {
  BareGraphNode,
  CommitObserver,
  GraphEdge,
  GraphNode,
  GraphPicture,
  GraphScope,
} from "./types.js";

/** What `inspect` was asked to paint. */
export interface PaintOptions {
  readonly values: boolean;
  readonly maxLength: number;
  readonly redact: (value: unknown, node: BareGraphNode) => unknown;
  readonly commits: CommitObserver | undefined;
}

type Draft = { -readonly [Key in keyof GraphNode]: GraphNode[Key] };

/** Stands where a value is that must not be shown. */
const MASK = "[redacted]";

export class Painter {
  private readonly graph: Graph;
  private readonly options: PaintOptions;
  private readonly registered: Registered | null;
  private readonly descriptions: Descriptions;
  private readonly touched: ReadonlySet<string>;

  constructor(graph: Graph, options: PaintOptions, registered: Registered | null) {
    this.graph = graph;
    this.options = options;
    this.registered = registered;
    this.descriptions = new Descriptions(graph.picture);
    const last = options.commits?.last ?? null;
    this.touched = new Set(last === null ? [] : [...last.written, ...last.evaluated, ...last.ran]);
  }

  /** Values come last: the program's code runs for them. */
  paint(): GraphPicture {
    const { descriptions, graph, options } = this;
    const edges: GraphEdge[] = [];
    const nodes: Draft[] = [];
    const outcomes: Outcome[] = [];
    for (const thing of graph.members) {
      nodes.push(this.nodeOf(thing));
      if (options.values) outcomes.push(descriptions.outcomeOf(thing));
      for (const source of graph.sourcesOf(thing))
        if (graph.members.has(source)) edges.push({ from: idOf(source), to: idOf(thing) });
    }
    const scopes = this.scopes();
    if (options.values) this.addValues(nodes, outcomes);
    return { nodes, edges, scopes };
  }

  private nodeOf(thing: Thing): Draft {
    const { descriptions, graph, options } = this;
    const id = idOf(thing);
    const node: Draft = {
      id,
      kind: kindOf(thing),
      state: descriptions.stateOf(thing),
      observed: graph.isObserved(thing),
      version: descriptions.versionOf(thing),
    };
    const name = this.nameOf(thing);
    if (name !== undefined) node.name = name;
    if (isWhole(thing)) {
      node.status = descriptions.statusOf(thing);
      const run = descriptions.newestRunOf(thing);
      if (run !== undefined) node.run = run;
    } else if (options.commits !== undefined && has(thing, "fn")) {
      node.runs = runsOf(thing);
    }
    if (thing instanceof EffectNode) node.priority = descriptions.priorityOf(thing);
    const owner = graph.ownerOf.get(thing);
    if (owner !== undefined) node.owner = idOf(owner);
    if (this.touched.has(id)) node.touched = true;
    return node;
  }

  private nameOf(thing: Thing): string | undefined {
    const options = isWhole(thing) ? thing.value.options : thing.options;
    return options?.name ?? this.registered?.names.get(thing) ?? nameOf(thing);
  }

  private addValues(nodes: readonly Draft[], outcomes: readonly Outcome[]): void {
    let at = 0;
    for (const thing of this.graph.members) {
      const node = nodes[at] as Draft;
      const outcome = outcomes[at++] as Outcome;
      const bare: BareGraphNode = { ...node };
      if (Object.hasOwn(outcome, "value")) node.value = this.textOf(outcome.value, thing, bare);
      if (Object.hasOwn(outcome, "error")) node.error = this.textOf(outcome.error, thing, bare);
    }
  }

  private textOf(value: unknown, thing: Thing, node: BareGraphNode): string {
    if (this.registered?.secret.has(thing)) return MASK;
    const { redact, maxLength } = this.options;
    return preview(redact(value, node), maxLength);
  }

  /** The scopes that own what is shown, and those around them. */
  private scopes(): GraphScope[] {
    const { graph } = this;
    const scopes = new Map<string, GraphScope>();
    for (const scope of graph.scopes) {
      const id = idOf(scope);
      const name = scope.name === undefined ? {} : { name: scope.name };
      const owner = scope.place === null ? {} : { owner: idOf(scope.place.owner) };
      scopes.set(id, { id, ...name, ...owner });
    }
    const wanted = new Set<string>();
    for (const thing of graph.members) {
      const owner = graph.ownerOf.get(thing);
      let at = owner === undefined ? undefined : idOf(owner);
      while (at !== undefined && !wanted.has(at)) {
        wanted.add(at);
        at = scopes.get(at)?.owner;
      }
    }
    return [...scopes.values()].filter(({ id }) => wanted.has(id));
  }
}
