/**
 * Which nodes a picture has, and what reads what. The parts of a cell, with the effect that reads its
 * source, are one thing here.
 *
 * Everything is a loop over what there is: each node is met once, and each edge once for each direction.
 */
import {
  EffectNode,
  type Handle,
  numberOf,
  numberParts,
  type Owned,
  type Owner,
  type Picture,
  ScopeNode,
  type Source,
  type Whole,
} from "#engine";

/** What a picture shows as one node. */
export type Thing = Handle | Whole;

export type Follow = "sources" | "readers" | "both" | "none";

/** The id of a thing or scope: that of a cell is its value's. */
export function idOf(thing: Thing | ScopeNode): string {
  return `n${numberOf(isWhole(thing) ? thing.value : thing)}`;
}

export function isWhole(thing: Thing | ScopeNode | Owned): thing is Whole {
  return "parts" in thing;
}

export class Graph {
  readonly picture: Picture;
  /** What is shown. */
  readonly members = new Set<Thing>();
  /** Scopes that own what is shown. */
  readonly scopes = new Set<ScopeNode>();
  /** The owner of each cell that one is known of. */
  readonly ownerOf = new Map<Thing, Owner>();
  private readonly wholes = new Map<Source, Whole>();
  private readonly known = new Set<Whole>();
  /** The effects that are parts of a cell. */
  private readonly drivers = new Map<Whole, EffectNode[]>();
  /** What is read by something that the kernel knows. */
  private readonly read = new Set<Thing>();

  constructor(picture: Picture) {
    this.picture = picture;
    const roots = new Set<Owner>();
    for (const node of picture.nodes.keys()) {
      if (node.options?.of) this.addWhole(node.options.of);
      if (!(node instanceof EffectNode)) continue;
      if (node.options?.of) this.drivers.get(node.options.of)?.push(node);
      if (node.place !== null) roots.add(rootOf(node.place.owner));
    }
    for (const root of roots) this.walk(root, () => {});
    for (const [node, { deps }] of picture.nodes)
      for (const dep of deps) {
        const thing = this.thingOf(dep);
        if (thing !== this.thingOf(node)) this.read.add(thing);
      }
  }

  /** Learns of a cell, and that its parts are one. */
  addWhole(whole: Whole): void {
    if (this.known.has(whole)) return;
    this.known.add(whole);
    this.drivers.set(whole, []);
    numberParts(whole);
    for (const part of whole.parts()) this.wholes.set(part, whole);
  }

  /** What a node is shown as. */
  thingOf(node: Handle): Thing {
    return node.options?.of ?? this.wholes.get(node as Source) ?? node;
  }

  /** Whether an effect reads it, itself or through others. */
  isObserved(thing: Thing): boolean {
    return thing instanceof EffectNode || this.read.has(thing);
  }

  /** Meets all that an owner owns, and that owns in turn. */
  walk(root: Owner, meet: (thing: Thing) => void): void {
    const stack = [root];
    for (let owner = stack.pop(); owner !== undefined; owner = stack.pop()) {
      if (owner instanceof ScopeNode) this.scopes.add(owner);
      else meet(this.thingOf(owner));
      for (const cleanup of owner.cleanups ?? []) {
        if (typeof cleanup === "function" || cleanup.registeredIn === null) continue;
        if (!isWhole(cleanup)) continue;
        this.addWhole(cleanup);
        this.ownerOf.set(cleanup, owner);
        meet(cleanup);
      }
      for (let child = owner.lastChild; child !== null; child = child.place?.older ?? null) {
        if (child instanceof EffectNode) this.ownerOf.set(child, owner);
        stack.push(child);
      }
    }
  }

  /** Shows all that there is. */
  addAll(): void {
    for (const node of this.picture.nodes.keys()) this.members.add(this.thingOf(node));
    for (const whole of this.known) this.members.add(whole);
  }

  /** What a thing has read, in the committed state; each once. */
  sourcesOf(thing: Thing): Iterable<Thing> {
    const nodes = isWhole(thing) ? (this.drivers.get(thing) ?? []) : [thing];
    const sources: Thing[] = [];
    for (const node of nodes)
      for (const dep of this.depsOf(node)) {
        const source = this.thingOf(dep);
        if (source !== thing) sources.push(source);
      }
    return sources.length < 2 ? sources : new Set(sources);
  }

  /** Who reads each thing, of those that the kernel knows. */
  private readersOfAll(): Map<Thing, Thing[]> {
    const readers = new Map<Thing, Thing[]>();
    const things = new Set<Thing>();
    for (const node of this.picture.nodes.keys()) things.add(this.thingOf(node));
    for (const reader of things)
      for (const source of this.sourcesOf(reader)) {
        const known = readers.get(source);
        if (known === undefined) readers.set(source, [reader]);
        else known.push(reader);
      }
    return readers;
  }

  private depsOf(node: Handle): readonly Source[] {
    const view = this.picture.nodes.get(node);
    if (!node.computed) return view?.deps ?? [];
    return this.picture.computedsBefore.get(node)?.deps ?? view?.deps ?? node.deps;
  }

  /** Shows what the members read, or what reads them, and so on. */
  follow(direction: Follow): void {
    const start = [...this.members];
    if (direction === "sources" || direction === "both")
      this.spread(start, (thing) => this.sourcesOf(thing));
    if (direction === "sources" || direction === "none") return;
    const readers = this.readersOfAll();
    this.spread(start, (thing) => readers.get(thing) ?? []);
  }

  private spread(start: readonly Thing[], next: (thing: Thing) => Iterable<Thing>): void {
    const met = new Set(start);
    for (const thing of met) {
      this.members.add(thing);
      for (const other of next(thing)) met.add(other);
    }
  }
}

function rootOf(owner: Owner): Owner {
  let at = owner;
  while (at.place !== null) at = at.place.owner;
  return at;
}
