/**
 * What programs hold of a cell. Its enumerable members are those of the published packages, and own;
 * all others are made when they are first asked for: most cells are never asked, and a cell is cheap.
 */
import { currentCollector, isReadNoticed } from "#engine";
import { type Control, mutateCell } from "./mutate.js";
import { nextOutcome } from "./next.js";
import type { Layer, Paint } from "./overlay.js";
import { PORT, type Ported, portOf } from "./port.js";
import { readRecord } from "./record.js";
import { readState, type State } from "./state.js";
import type { StreamAsyncMeta } from "./stream-types.js";
import { OBSERVABLE, observableOf, subscribeTo } from "./subscribe.js";
import type { AsyncMeta, RunnableAsyncSignal } from "./types.js";
import { endsOnErrors, iterateOver, streamOf } from "./values.js";
import type { Viewed } from "./viewed.js";
import { watchCell } from "./watch.js";

/** What a handle is of. */
interface Owner<T, E> extends Ported {
  readonly cell: Viewed<T, E>;
}

/** The owner of a single-shot cell. */
interface SingleOwner<T, E> extends Owner<T, E>, Control<T> {
  readonly cell: Viewed<T, E> & {
    readonly settings: { readonly keepsPrevious: boolean };
    layerOf(paint: Paint<T>): Layer<T>;
  };
  run(input: unknown): Promise<T | undefined>;
  reload(): Promise<T | undefined>;
}

/** The owner of a stream. */
interface StreamOwner<T, E> extends Owner<T, E> {
  readonly cell: Viewed<T, E> & { readonly stable: State<T | undefined> };
  reload(): Promise<T | undefined>;
}

/** Makes the method of one handle; it works detached. */
type Maker = (owner: Owner<unknown, unknown>) => (...args: unknown[]) => unknown;

const dispose: Maker =
  ({ cell }) =>
  () =>
    cell.dispose();

const values: Maker =
  ({ cell }) =>
  (options) =>
    iterateOver((sink) => watchCell(cell, sink), endsOnErrors(options));

const toReadableStream: Maker =
  ({ cell }) =>
  (options) =>
    streamOf((sink) => watchCell(cell, sink), endsOnErrors(options));

const mutate: Maker = (owner) => (first, options) => {
  const control = owner as SingleOwner<unknown, unknown>;
  return mutateCell((paint) => control.cell.layerOf(paint), control, first, options);
};

/** Methods by their keys. A function, so that a bundle leaves out what no handle of it has. */
type Methods = () => readonly (readonly [PropertyKey, Maker])[];

const common: Methods = () => [
  ["dispose", dispose],
  [Symbol.dispose, dispose],
  ["promise", (owner) => () => nextOutcome(owner.cell)],
  ["version", (owner) => () => readState(owner.cell.more().version)],
  ["state", (owner) => () => readRecord(owner.cell)],
  ["values", values],
  [Symbol.asyncIterator, (owner) => () => values(owner)()],
  ["toReadableStream", toReadableStream],
  ["subscribe", (owner) => (observer) => subscribeTo(owner.cell, observer)],
  [OBSERVABLE, (owner) => () => observableOf(owner.cell)],
  [PORT, (owner) => () => portOf(owner)],
];

/** Each method is made once for a handle, and kept unless that is frozen: it is always the same. */
function keep(handle: object, key: PropertyKey, value: unknown): unknown {
  if (Object.isExtensible(handle))
    Object.defineProperty(handle, key, { value, writable: true, configurable: true });
  return value;
}

/** Gives the handles of a class methods that are made when they are asked for. */
function withMethods<C extends { readonly prototype: BareHandle }>(Class: C, methods: Methods): C {
  for (const [key, make] of methods())
    Object.defineProperty(Class.prototype, key, {
      configurable: true,
      get(this: BareHandle) {
        return keep(this, key, make(BareHandle.ownerOf(this)));
      },
      set(this: BareHandle, value: unknown) {
        keep(this, key, value);
      },
    });
  return Class;
}

/**
 * The owner is private: that is not enumerable and costs nothing, where defining a property takes ten
 * times as long as all the rest.
 */
class BareHandle {
  readonly #owner: Owner<unknown, unknown>;

  constructor(owner: Owner<unknown, unknown>) {
    this.#owner = owner;
  }

  static ownerOf(handle: BareHandle): Owner<unknown, unknown> {
    return handle.#owner;
  }
}

const Handle = /* @__PURE__ */ withMethods(BareHandle, common);

/*
 * The members that every kind has: bound functions, which are smaller than closures. A read that nobody
 * notices makes no signal.
 */

function value(this: Owner<unknown, unknown>): unknown {
  return isReadNoticed() ? readState(this.cell.value) : this.cell.peekValue();
}

function status(this: Owner<unknown, unknown>): unknown {
  return isReadNoticed() ? readState(this.cell.status) : this.cell.peekStatus();
}

function error(this: Owner<unknown, unknown>): unknown {
  return isReadNoticed() ? readState(this.cell.error) : this.cell.peekError();
}

function stableValue(this: StreamOwner<unknown, unknown>): unknown {
  return isReadNoticed() ? readState(this.cell.stable) : this.cell.committedValue();
}

/** The getter of a cell's value. */
export function getterOf<T, E>(owner: Owner<T, E>): () => T | undefined {
  return value.bind(owner as Owner<unknown, unknown>) as () => T | undefined;
}

/** What the handles of single-shot cells have in common. */
class BareSingleHandle extends Handle {
  readonly status: unknown;
  readonly error: unknown;
  readonly reload: unknown;
  readonly run: unknown;
  readonly cancel: unknown;

  constructor(owner: SingleOwner<unknown, unknown>) {
    super(owner);
    this.status = status.bind(owner);
    this.error = error.bind(owner);
    this.reload = owner.reload.bind(owner);
    this.run = owner.run.bind(owner);
    this.cancel = owner.cell.cancel.bind(owner.cell);
  }
}

const SingleHandle = /* @__PURE__ */ withMethods(BareSingleHandle, () => [["mutate", mutate]]);

class AsyncCell extends SingleHandle {
  readonly value: unknown;

  constructor(owner: SingleOwner<unknown, unknown>) {
    super(owner);
    this.value = value.bind(owner);
  }
}

class ResourceMeta extends SingleHandle {
  readonly keepPreviousValueOnPending: boolean;

  constructor(owner: SingleOwner<unknown, unknown>) {
    super(owner);
    this.keepPreviousValueOnPending = owner.cell.settings.keepsPrevious;
  }
}

class StreamMeta extends Handle {
  readonly status: unknown;
  readonly error: unknown;
  readonly stableValue: unknown;
  readonly reload: unknown;
  readonly cancel: unknown;
  readonly dispose: unknown;

  constructor(owner: StreamOwner<unknown, unknown>) {
    super(owner);
    this.status = status.bind(owner);
    this.error = error.bind(owner);
    this.stableValue = stableValue.bind(owner);
    this.reload = owner.reload.bind(owner);
    this.cancel = owner.cell.cancel.bind(owner.cell);
    this.dispose = dispose(owner);
  }
}

/** Where names are collected, a cell that has one is. It does not stay when it is refused. */
function offer<T, E>(
  kind: "resource" | "stream",
  { cell }: Owner<T, E>,
  get: () => unknown,
  meta: object,
): void {
  const { name } = cell;
  if (name === undefined) return;
  try {
    currentCollector()?.take(name, kind, [get, meta]);
  } catch (error) {
    cell.dispose();
    throw error;
  }
}

/** The handle of `fromPromise`. */
export function cellHandle<T, E>(owner: SingleOwner<T, E>): RunnableAsyncSignal<unknown, T, E> {
  const cell = new AsyncCell(owner as SingleOwner<unknown, unknown>);
  offer("resource", owner, cell.value as () => unknown, cell);
  return cell as unknown as RunnableAsyncSignal<unknown, T, E>;
}

/** The getter and the meta of any other single-shot cell. */
export function pairOf<T, E>(
  owner: SingleOwner<T, E>,
): [() => T | undefined, AsyncMeta<E, T, unknown>] {
  const meta = new ResourceMeta(owner as SingleOwner<unknown, unknown>);
  const get = getterOf(owner);
  offer("resource", owner, get, meta);
  return [get, meta as unknown as AsyncMeta<E, T, unknown>];
}

/** The getter and the meta of a stream. */
export function streamPairOf<T, E, C>(
  owner: StreamOwner<T, E>,
): [() => T | undefined, StreamAsyncMeta<E, T, C>] {
  const meta = new StreamMeta(owner as StreamOwner<unknown, unknown>);
  const get = getterOf(owner);
  offer("stream", owner, get, meta);
  return [get, meta as unknown as StreamAsyncMeta<E, T, C>];
}
