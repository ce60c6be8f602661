/**
 * Which nodes a snapshot is of, and under which ids.
 */
import { collect, invalidArgument, now, requireFunction, SnapshotError } from "#engine";
import { ownOption, requireObject, textOption } from "../core/options.js";
import { portOf } from "./cells.js";
import { NameCollector } from "./collect.js";
import {
  type ComputedRegistration,
  pairOf,
  type ResourceRegistration,
  requireMethods,
  requirePair,
  type SignalRegistration,
  type SnapshotRegistration,
  type StreamRegistration,
  takeOptions,
} from "./registration.js";
import { Registry } from "./registry.js";
import type {
  CollectOptions,
  ComputedSnapshotOptions,
  Readable,
  ResourceSnapshotOptions,
  ResourceTuple,
  SingleShotCell,
  SnapshotNodeOptions,
  SnapshotScopeOptions,
  StreamResourceTuple,
  StreamSnapshotOptions,
  WritableSignal,
} from "./types.js";

/** Id of the graph of a scope that was given none. */
export const DEFAULT_SNAPSHOT_GRAPH_ID = "default";
/** Version of the graph of a scope that was given none. */
export const DEFAULT_SNAPSHOT_GRAPH_VERSION = "0.0.0";

/** The nodes of a graph that its snapshots are of. */
export class SnapshotScope {
  readonly graphId: string;
  readonly graphVersion: string;
  readonly instanceId: string | undefined;
  readonly now: () => number;
  readonly #registry = new Registry();

  constructor(options: SnapshotScopeOptions = {}) {
    requireObject("options", options);
    const clock = ownOption(options, "now") ?? now;
    requireFunction("options.now", clock);
    this.graphId = textOption(options, "graphId") ?? DEFAULT_SNAPSHOT_GRAPH_ID;
    this.graphVersion = textOption(options, "graphVersion") ?? DEFAULT_SNAPSHOT_GRAPH_VERSION;
    this.instanceId = textOption(options, "instanceId");
    this.now = clock as () => number;
  }

  /** Registers a signal: it is captured and restored. Throws SnapshotError when the id is taken. */
  signal<T>(
    id: string,
    source: WritableSignal<T>,
    options: SnapshotNodeOptions<NoInfer<T>> = {},
  ): this {
    requireMethods(source, ["get", "peek", "set"]);
    const taken = takeOptions(options, []);
    return this.#add({ id, kind: "signal", options: taken, source } as SignalRegistration);
  }

  /** Registers a computed: it is captured to be looked at, and follows from what it reads. */
  computed<T>(
    id: string,
    source: Readable<T>,
    options: ComputedSnapshotOptions<NoInfer<T>> = {},
  ): this {
    requireMethods(source, ["get"]);
    const taken = takeOptions(options, []);
    return this.#add({ id, kind: "computed", options: taken, source } as ComputedRegistration);
  }

  /**
   * Registers a resource, by its getter and its meta, or any other single-shot cell: a pair, or what
   * `fromPromise` returns.
   */
  resource<T, E = unknown>(
    id: string,
    source: ResourceTuple<T, E> | SingleShotCell<T, E>,
    options: ResourceSnapshotOptions<NoInfer<T>> = {},
  ): this {
    const pair = pairOf(source);
    const taken = takeOptions(options, ["inspect-only", "reload", "seed"]);
    if (taken.restore === "seed" && portOf(pair[1])?.isSeedable === false)
      throw new SnapshotError(
        "ERR_SK_SNAPSHOT_NODE",
        `Snapshot node ${id} is an async computed, which cannot be seeded: what it has read is not in a snapshot. Use restore: "reload".`,
      );
    return this.#add({
      id,
      kind: "resource",
      options: taken,
      source: pair,
    } as ResourceRegistration);
  }

  /** Registers a stream by its getter and its meta. */
  stream<T, E = unknown>(
    id: string,
    source: StreamResourceTuple<T, E>,
    options: StreamSnapshotOptions<NoInfer<T>> = {},
  ): this {
    requirePair(source, ["status", "error", "stableValue"]);
    const taken = takeOptions(options, ["inspect-only", "reload", "stable-value"]);
    return this.#add({ id, kind: "stream", options: taken, source } as StreamRegistration);
  }

  /** What is registered under an id. */
  getRegistration(id: string): SnapshotRegistration | undefined {
    return this.#registry.get(id);
  }

  /** All registrations, in their order. */
  listRegistrations(): SnapshotRegistration[] {
    return this.#registry.list();
  }

  /**
   * Runs a function, and registers every signal, computed, resource and stream that it creates with a
   * `name`, under that name: signals are restored, resources seeded, streams take their stable value, and
   * computeds are captured to be looked at, when they have been evaluated and JSON can say what they hold.
   * What a redacted node is read by, is redacted as well, of the computeds that are collected.
   *
   * Of a function that returns a promise it is also what it creates after an await, in Node. What an effect
   * or a computed creates is not registered: each run makes it anew. What is registered by hand goes
   * before, whether earlier or later, under the same id or of the same node.
   *
   * @param fn Called at once.
   * @param options `prefix`, `skip`, `redact`.
   * @returns What `fn` returns.
   * @throws SnapshotError (`ERR_SK_SNAPSHOT_NODE`) where a second node of a name is created, and when a
   *   name that `redact` lists is that of no node; what `fn` throws. Nothing of it is registered then.
   *   TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
   * @example
   * const graph = scope.collect(() => createGraph(), { redact: ["token"] });
   */
  collect<T>(fn: () => T, options: CollectOptions = {}): T {
    requireFunction("fn", fn);
    const collector = new NameCollector(this.#registry, options);
    return collect(collector, fn, (hasFailed) => collector.end(hasFailed));
  }

  #add(registration: SnapshotRegistration): this {
    const { id } = registration;
    if (typeof id !== "string") throw invalidArgument("id", "a string", id);
    this.#registry.add(registration);
    return this;
  }
}

/**
 * Creates a scope, in which the nodes of a graph are registered under ids that stay the same from one
 * process to the next.
 *
 * @param options `graphId` and `graphVersion`, which a document must have to be restored; `instanceId`;
 *   `now`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad options.
 * @example
 * const scope = createSnapshotScope({ graphId: "profile", graphVersion: "3" })
 *   .signal("id", id)
 *   .signal("token", token, { redaction: "omit" })
 *   .resource("user", [user, meta], { restore: "seed" });
 * const document = captureSnapshot(scope);
 */
export function createSnapshotScope(options?: SnapshotScopeOptions): SnapshotScope {
  return new SnapshotScope(options);
}
