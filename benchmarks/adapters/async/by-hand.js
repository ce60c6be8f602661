// @ts-check
// What a careful programmer writes without a library: a version so that the latest run wins, an
// AbortController a run, plain fields, a list of listeners. With `aborts` off there is no
// AbortController either: the bare promise.

class Cell {
  /**
   * @param {(context: { readonly signal: AbortSignal }) => Promise<unknown>} producer
   * @param {boolean} aborts
   */
  constructor(producer, aborts) {
    this.producer = producer;
    this.aborts = aborts;
    /** @type {unknown} */
    this.content = undefined;
    /** @type {unknown} */
    this.failure = undefined;
    this.state = "idle";
    this.version = 0;
    /** @type {AbortController | null} */
    this.controller = null;
    /** @type {(() => void)[]} */
    this.listeners = [];
    this.run = () => this.start();
    this.value = () => this.content;
    this.status = () => this.state;
  }

  notify() {
    for (const listener of this.listeners) listener();
  }

  start() {
    this.controller?.abort("superseded");
    const controller = this.aborts ? new AbortController() : null;
    this.controller = controller;
    const version = ++this.version;
    this.state = "pending";
    this.notify();
    return this.producer(controller ?? never).then(
      (value) => {
        if (version !== this.version) return undefined;
        this.controller = null;
        this.content = value;
        this.failure = undefined;
        this.state = "success";
        this.notify();
        return value;
      },
      (error) => {
        if (version !== this.version) return;
        this.controller = null;
        this.failure = error;
        this.state = "error";
        this.notify();
      },
    );
  }
}

const never = new AbortController();

class Stream {
  constructor() {
    this.sum = 0;
    this.changed = false;
    this.queued = false;
    /** @type {(() => void)[]} */
    this.listeners = [];
    this.value = () => this.sum;
    this.open = async () => this.emit;
    /** @param {number} chunk */
    this.emit = (chunk) => {
      this.sum += chunk;
      this.changed = true;
      if (this.queued) return;
      this.queued = true;
      queueMicrotask(() => {
        this.queued = false;
        this.notify();
      });
    };
    latest = this;
  }

  notify() {
    if (!this.changed) return;
    this.changed = false;
    for (const listener of this.listeners) listener();
  }
}

/** What flush() looks at. @type {Stream | null} */
let latest = null;

/**
 * @param {string} name
 * @param {boolean} aborts
 * @returns {import("../../harness/types.js").AsyncAdapter}
 */
export const byHand = (name, aborts) => ({
  name,
  batches: true,
  settlesSuperseded: true,
  cell: (producer) => new Cell(producer, aborts),
  stream: () => new Stream(),
  observe(cell, seen) {
    /** @type {Cell | Stream} */ (cell).listeners.push(seen);
    seen();
  },
  flush() {
    latest?.notify();
  },
  withBuild: (fn) => ({ result: fn(), dispose() {} }),
});
