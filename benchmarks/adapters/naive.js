// @ts-check
// The textbook implementation, as a first version of a library has it: sets of readers and maps of
// dependencies, all of them taken apart and put together again at each run, and recursion. It stands
// for the packages of this name that were published in JavaScript before there was a kernel: the same
// guarantees of the synchronous graph (lazy computeds, cut-off, batches), in the simplest code that
// gives them.

/** @typedef {Source | Derived} Node */

/** @type {Derived | null} */
let running = null;
let depth = 0;
/** Effects that are due, in the order in which they became so. @type {Set<Derived>} */
const due = new Set();
/** @type {Derived[]} */
let built = [];

class Source {
  /** @param {any} value */
  constructor(value) {
    this.value = value;
    this.version = 0;
    /** @type {Set<Derived>} */
    this.readers = new Set();
  }
  refresh() {}
  read() {
    track(this);
    return this.value;
  }
  /** @param {any} value */
  write(value) {
    if (Object.is(this.value, value)) return;
    this.value = value;
    this.version++;
    for (const reader of this.readers) reader.invalidate();
    if (depth === 0) flush();
  }
}

class Derived {
  /** @param {() => any} fn @param {boolean} isEffect */
  constructor(fn, isEffect) {
    this.fn = fn;
    this.isEffect = isEffect;
    /** @type {any} */
    this.value = undefined;
    this.version = 0;
    this.stale = true;
    /** @type {Set<Derived>} */
    this.readers = new Set();
    /** What the last run read, and the version that it saw. @type {Map<Node, number>} */
    this.dependencies = new Map();
  }
  invalidate() {
    if (this.stale) return;
    this.stale = true;
    if (this.isEffect) due.add(this);
    for (const reader of this.readers) reader.invalidate();
  }
  refresh() {
    if (!this.stale) return;
    this.stale = false;
    if (this.version > 0 && !this.isChanged()) return;
    this.forget();
    const outer = running;
    running = this;
    try {
      const value = this.fn();
      if (this.version === 0 || !Object.is(value, this.value)) this.version++;
      this.value = value;
    } finally {
      running = outer;
    }
  }
  isChanged() {
    for (const [node, seen] of this.dependencies) {
      node.refresh();
      if (node.version !== seen) return true;
    }
    return false;
  }
  forget() {
    for (const node of this.dependencies.keys()) node.readers.delete(this);
    this.dependencies.clear();
  }
  read() {
    this.refresh();
    track(this);
    return this.value;
  }
}

/** @param {Node} node */
function track(node) {
  if (running === null) return;
  node.readers.add(running);
  running.dependencies.set(node, node.version);
}

function flush() {
  for (const effect of due) {
    due.delete(effect);
    effect.refresh();
  }
}

/** @type {import("../harness/types.js").Adapter} */
export default {
  name: "naive",
  exactCounts: true,
  signal: (initial) => new Source(initial),
  computed: (fn) => new Derived(fn, false),
  effect(fn) {
    const effect = new Derived(fn, true);
    built.push(effect);
    effect.refresh();
  },
  batch(fn) {
    depth++;
    try {
      fn();
    } finally {
      if (--depth === 0) flush();
    }
  },
  withBuild(fn) {
    built = [];
    const result = fn();
    const effects = built;
    return {
      result,
      dispose() {
        for (const effect of effects) effect.forget();
      },
    };
  },
};
