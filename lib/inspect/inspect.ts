import {
  EffectNode,
  invalidArgument,
  requireFunction,
  runsOf,
  takePicture,
  untracked,
} from "#engine";
import { ownOption } from "../core/options.js";
import { Descriptions, kindOf, nameOf } from "./describe.js";
import { type Follow, Graph, idOf, isWhole, type Thing } from "./graph.js";
import { preview } from "./preview.js";
import { addTarget, type InspectTarget, type Registered } from "./targets.js";
import type {
  BareGraphNode,
  CommitObserver,
  GraphEdge,
  GraphNode,
  GraphPicture,
  GraphScope,
  InspectOptions,
} from "./types.js";

interface Checked {
  readonly values: boolean;
  readonly maxLength: number;
  readonly redact: (value: unknown, node: BareGraphNode) => unknown;
  readonly follow: Follow;
  readonly commits: CommitObserver | undefined;
}

const FOLLOWS: readonly unknown[] = ["sources", "readers", "both", "none"];

/** Stands where a value is that must not be shown. */
const MASK = "[redacted]";

function checkOptions(options: unknown): Checked {
  if (typeof options !== "object" || options === null)
    throw invalidArgument("options", "an object", options);
  const values = ownOption(options, "values") ?? false;
  if (typeof values !== "boolean") throw invalidArgument("options.values", "a boolean", values);
  const maxLength = ownOption(options, "maxLength") ?? 80;
  if (typeof maxLength !== "number" || !(maxLength >= 1) || !Number.isSafeInteger(maxLength))
    throw invalidArgument("options.maxLength", "an integer from 1", maxLength);
  const redact = ownOption(options, "redact") ?? ((value: unknown) => value);
  requireFunction("options.redact", redact);
  const follow = ownOption(options, "follow") ?? "sources";
  if (!FOLLOWS.includes(follow))
    throw invalidArgument("options.follow", `one of "${FOLLOWS.join('", "')}"`, follow);
  const commits = ownOption(options, "commits");
  if (
    commits !== undefined &&
    (typeof commits !== "object" || commits === null || !("last" in commits))
  )
    throw invalidArgument("options.commits", "what observeCommits returns", commits);
  return { values, maxLength, redact, follow, commits } as Checked;
}

/** Makes the picture of a graph; values come last, since the program's code runs for them. */
class Painter {
  private readonly graph: Graph;
  private readonly options: Checked;
  private readonly registered: Registered | null;
  private readonly descriptions: Descriptions;
  private readonly touched: ReadonlySet<string>;

  constructor(graph: Graph, options: Checked, registered: Registered | null) {
    this.graph = graph;
    this.options = options;
    this.registered = registered;
    this.descriptions = new Descriptions(graph.picture);
    const last = options.commits?.last ?? null;
    this.touched = new Set(last === null ? [] : [...last.written, ...last.evaluated, ...last.ran]);
  }

  paint(): GraphPicture {
    const { graph } = this;
    const edges: GraphEdge[] = [];
    const outcomes = [...graph.members].map((thing) => this.descriptions.outcomeOf(thing));
    const nodes = [...graph.members].map((thing) => this.nodeOf(thing));
    for (const thing of graph.members)
      for (const source of graph.sourcesOf(thing))
        if (graph.members.has(source)) edges.push({ from: idOf(source), to: idOf(thing) });
    const scopes = this.scopes();
    if (this.options.values)
      [...graph.members].forEach((thing, at) => {
        const node = nodes[at] as GraphNode;
        for (const [key, value] of Object.entries(outcomes[at] as object))
          Object.assign(node, { [key]: this.textOf(value, thing, node) });
      });
    return { nodes, edges, scopes };
  }

  private nodeOf(thing: Thing): GraphNode {
    const { descriptions, graph, options, registered } = this;
    const id = idOf(thing);
    const name = nameOf(thing);
    const given = isWhole(thing) || thing.options?.name !== undefined ? name : undefined;
    const shown = given ?? registered?.names.get(thing) ?? name;
    const owner = graph.ownerOf.get(thing);
    const whole = isWhole(thing) ? thing : null;
    const run = whole === null ? undefined : descriptions.newestRunOf(whole);
    const isCounted = options.commits !== undefined && whole === null && "fn" in thing;
    return {
      id,
      kind: kindOf(thing),
      ...(shown !== undefined && { name: shown }),
      state: descriptions.stateOf(thing),
      observed: graph.isObserved(thing),
      version: descriptions.versionOf(thing),
      ...(whole !== null && { status: descriptions.statusOf(whole) }),
      ...(run !== undefined && { run }),
      ...(thing instanceof EffectNode && { priority: descriptions.priorityOf(thing) }),
      ...(owner !== undefined && { owner: idOf(owner) }),
      ...(isCounted && { runs: runsOf(thing) }),
      ...(this.touched.has(id) && { touched: true as const }),
    };
  }

  private textOf(value: unknown, thing: Thing, node: GraphNode): string {
    if (this.registered?.secret.has(thing)) return MASK;
    const { redact, maxLength } = this.options;
    return preview(redact(value, node), maxLength);
  }

  /** The scopes that own what is shown, and those around them. */
  private scopes(): GraphScope[] {
    const { graph } = this;
    const owners = new Set(
      [...graph.members].flatMap((thing) => graph.ownerOf.get(thing) ?? []).map(idOf),
    );
    const scopes = [...graph.scopes].map((scope) => ({
      id: idOf(scope),
      ...(scope.name !== undefined && { name: scope.name }),
      ...(scope.place !== null && { owner: idOf(scope.place.owner) }),
    }));
    const wanted = new Set<string>();
    const byId = new Map(scopes.map((scope) => [scope.id, scope]));
    for (const id of owners)
      for (let at: string | undefined = id; at !== undefined && !wanted.has(at); ) {
        wanted.add(at);
        at = byId.get(at)?.owner;
      }
    return scopes.filter(({ id }) => wanted.has(id));
  }
}

/**
 * Takes a picture of the graph: its nodes, what reads what, and where everything stands, as plain data.
 *
 * Nothing is evaluated, tracked, or kept: a node of a picture can be collected like any other. One call
 * into the kernel says all that it knows; the work is linear in the size of the graph. Inside an effect,
 * a computed or a transaction it is the committed state.
 *
 * Without a target the picture has all that the kernel knows of: effects, what they read, and the cells
 * of scopes that own one. What nobody observes is known to nobody but its handle, so it has to be given.
 *
 * @param target What the picture is of: a scope, with what it owns; a snapshot scope, with what is
 *   registered in it; a signal, computed or cell; or a list of such. Null or undefined: of everything.
 * @param options `values`, `maxLength`, `redact`; `follow`; `commits`.
 * @returns `{ nodes, edges, scopes }`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments; what `redact` throws; OutOfMemoryError and
 *   LimitError of the kernel.
 * @example
 * const picture = inspect(scope, { values: true, redact: (value, { name }) => name === "token" ? "***" : value });
 * console.log(toMermaid(picture));
 */
export function inspect(target?: InspectTarget | null, options: InspectOptions = {}): GraphPicture {
  const checked = checkOptions(options);
  return untracked(() => {
    const graph = new Graph(takePicture());
    let registered: Registered | null = null;
    if (target === undefined || target === null) {
      graph.addAll();
    } else {
      registered = addTarget(target, graph);
      graph.follow(checked.follow);
    }
    return new Painter(graph, checked, registered).paint();
  });
}
