/**
 * What programs hold of a cell. Its enumerable members are those of the published packages, and own;
 * all others are made when they are first asked for, see bare-handle.ts: most cells are never asked.
 */
import { currentCollector, isReadNoticed } from "#engine";
import { BareHandle, type Maker, type Methods, type Owner, withMethods } from "./bare-handle.js";
import { type Control, mutateCell } from "./mutate.js";
import { nextOutcome } from "./next.js";
import type { Layer, Paint } from "./overlay.js";
import { PORT, portOf } from "./port.js";
import { readRecord } from "./record.js";
import { readState, type State } from "./state.js";
import type { StreamAsyncMeta } from "./stream-types.js";
import { OBSERVABLE, observableOf, subscribeTo } from "./subscribe.js";
import type { AsyncMeta, RunnableAsyncSignal } from "./types.js";
import { endsOnErrors, iterateOver, streamOf } from "./values.js";
import type { Viewed } from "./viewed.js";
import { watchCell } from "./watch.js";

/** The owner of a single-shot cell. */
interface SingleOwner<T, E> extends Owner<T, E>, Control<T> {
  readonly cell: Viewed<T, E> & {
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
  const name = cell.settings.states.value?.name;
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
