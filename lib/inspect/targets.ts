/**
 * What a picture is of: a scope, a snapshot scope, handles.
 */
import { invalidArgument, nodeOfScope, sourceOf, type Whole } from "#engine";
import { PORT } from "../async-runtime/port.js";
import type { Scope } from "../core/index.js";
import type { SnapshotRegistration, SnapshotScope } from "../snapshot/index.js";
import { secrecyOf } from "../snapshot/redaction.js";
import type { Graph, Thing } from "./graph.js";

/** A signal, a computed, a cell, or the getter and the meta of one. */
export type InspectHandle =
  | { get(): unknown; peek(): unknown }
  | { status(): unknown; error(): unknown }
  | readonly [value: () => unknown, meta: { status(): unknown; error(): unknown }];

/** What can be inspected. */
export type InspectTarget = Scope | SnapshotScope | InspectHandle | readonly InspectTarget[];

/** What a snapshot scope adds to the nodes that are registered in it. */
export interface Registered {
  readonly names: Map<Thing, string>;
  /** What its pictures must not show. */
  readonly secret: Set<Thing>;
}

function wholeOf(meta: object): Whole | null {
  const make: unknown = (meta as { readonly [PORT]?: unknown })[PORT];
  return typeof make === "function" ? (make() as { readonly whole: Whole }).whole : null;
}

/** The node of a handle; null when it is none of this runtime. */
function thingOf(handle: object, graph: Graph): Thing | null {
  const whole = wholeOf(handle);
  if (whole !== null) {
    graph.addWhole(whole);
    return whole;
  }
  const { get } = handle as { readonly get?: unknown };
  const node = typeof get === "function" ? sourceOf(() => get.call(handle)) : null;
  return node === null ? null : graph.thingOf(node);
}

function addRegistered(scope: SnapshotScope, graph: Graph, registered: Registered): void {
  const isSecret = secrecyOf(scope);
  for (const registration of scope.listRegistrations() as SnapshotRegistration[]) {
    const { id, source } = registration;
    const thing = thingOf(Array.isArray(source) ? source[1] : source, graph);
    if (thing === null) continue;
    graph.members.add(thing);
    registered.names.set(thing, id);
    if (isSecret(registration)) registered.secret.add(thing);
  }
}

function isPair(target: unknown): target is readonly [unknown, object] {
  return Array.isArray(target) && target.length === 2 && typeof target[0] === "function";
}

function addOne(target: unknown, graph: Graph, registered: Registered): void {
  const scope = nodeOfScope(target);
  if (scope !== null) return graph.walk(scope, (thing) => graph.members.add(thing));
  const object = isPair(target) ? target[1] : target;
  if (typeof object === "object" && object !== null) {
    if ("listRegistrations" in object)
      return addRegistered(object as SnapshotScope, graph, registered);
    const thing = thingOf(object, graph);
    if (thing !== null) {
      graph.members.add(thing);
      return;
    }
  }
  throw invalidArgument("target", "a scope, a snapshot scope, a handle, or a list of them", target);
}

/**
 * Makes what a target stands for members of the graph.
 *
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for what is no target.
 */
export function addTarget(target: unknown, graph: Graph): Registered {
  const registered: Registered = { names: new Map(), secret: new Set() };
  const open: unknown[] = [target];
  const met = new Set<unknown>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (met.has(next)) continue;
    met.add(next);
    if (Array.isArray(next) && !isPair(next)) open.push(...next);
    else addOne(next, graph, registered);
  }
  return registered;
}
