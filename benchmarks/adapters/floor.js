// @ts-check
// The floor: what any graph with the same user functions must cost.
//
// 1. A node is recorded once, when it is first read: what its function reads then are its
//    dependencies for ever. A function whose reads vary declares a static superset of them, and is
//    recorded with that.
// 2. The first write to a source lists all recorded nodes downstream of it, in order of creation (a
//    node is created after all that it reads, in every shape). The list is kept.
// 3. A batch walks the list of the source that it wrote: a dirty node runs, with no tracking, and
//    if its value changed its direct dependents become dirty; a clean one is passed over. Several
//    sources: lists merged.
//
// So it has cut-off, laziness (what was never read is not in any list) and batching, and has no
// dynamic dependencies, no disposal of single nodes, no ownership, no error handling and no checks.
// With a superset it may run a node that a dynamic graph would have left alone: its values are
// right, its run counts are upper. Recording is eager and keeps arrays, so for the shapes that only
// create it is an example and not a bound.

/**
 * The node being recorded; null while nothing is recorded, which is nearly always.
 *
 * @type {Derived | null}
 */
let recording = null;
/** Grows with each recorded edge; a list made before is made again. */
let shapeVersion = 0;
let created = 0;
let depth = 0;
let stamp = 0;
/** @type {Source[]} */
let written = [];

const UNSET = Symbol("not evaluated yet");

/** @param {Source | Derived} node */
function link(node) {
  // A dependency read repeatedly by one run is one edge, as long as no other run comes between.
  if (node.lastReader === recording) return;
  node.lastReader = recording;
  node.outs.push(/** @type {Derived} */ (recording));
  shapeVersion++;
}

class Source {
  /** @param {any} value */
  constructor(value) {
    this.value = value;
    /** @type {Derived[]} */
    this.outs = [];
    /** @type {Derived | null} */
    this.lastReader = null;
    /** @type {Derived[] | null} */
    this.plan = null;
    this.planVersion = -1;
  }
  read() {
    if (recording !== null) link(this);
    return this.value;
  }
  /** @param {any} value */
  write(value) {
    if (this.value === value) return;
    this.value = value;
    for (const out of this.outs) out.dirty = true;
    if (written.length === 0 || written[written.length - 1] !== this) written.push(this);
    if (depth === 0) settle();
  }
}

class Derived {
  /**
   * @param {() => any} fn
   * @param {(Source | Derived)[] | null} superset
   */
  constructor(fn, superset) {
    this.fn = fn;
    /** @type {any} */
    this.value = UNSET;
    this.dirty = false;
    /** @type {Derived[]} */
    this.outs = [];
    /** @type {Derived | null} */
    this.lastReader = null;
    this.superset = superset;
    this.order = created++;
    this.seen = 0;
  }
  read() {
    if (this.value === UNSET) record(this);
    if (recording !== null) link(this);
    return this.value;
  }
}

/** @param {Derived} node */
function record(node) {
  const outer = recording;
  recording = node;
  if (node.superset !== null) {
    for (const source of node.superset) source.read();
    recording = null;
  }
  node.value = node.fn();
  node.superset = null;
  recording = outer;
}

/** @param {Source[]} sources */
function downstream(sources) {
  const mark = ++stamp;
  /** @type {Derived[]} */
  const list = [];
  for (const source of sources) {
    for (const out of source.outs) {
      if (out.seen === mark) continue;
      out.seen = mark;
      list.push(out);
    }
  }
  for (let i = 0; i < list.length; i++) {
    for (const out of list[i].outs) {
      if (out.seen === mark) continue;
      out.seen = mark;
      list.push(out);
    }
  }
  return list.sort((a, b) => a.order - b.order);
}

/** @param {Derived[]} plan */
function walk(plan) {
  for (let i = 0; i < plan.length; i++) {
    const node = plan[i];
    if (!node.dirty) continue;
    node.dirty = false;
    const value = node.fn();
    if (value === node.value) continue;
    node.value = value;
    const outs = node.outs;
    for (let j = 0; j < outs.length; j++) outs[j].dirty = true;
  }
}

function settle() {
  while (written.length > 0) {
    const sources = written;
    written = [];
    if (sources.length > 1) {
      walk(downstream(sources));
      continue;
    }
    const source = sources[0];
    if (source.plan === null || source.planVersion !== shapeVersion) {
      source.plan = downstream(sources);
      source.planVersion = shapeVersion;
    }
    walk(source.plan);
  }
}

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "floor",
  exactCounts: false,
  signal: (initial) => new Source(initial),
  computed: (fn, superset) =>
    new Derived(fn, superset === undefined ? null : /** @type {any} */ (superset)),
  effect(fn) {
    new Derived(fn, null).read();
  },
  batch(fn) {
    depth++;
    fn();
    if (--depth === 0) settle();
  },
  withBuild: (fn) => ({ result: fn(), dispose() {} }),
};
