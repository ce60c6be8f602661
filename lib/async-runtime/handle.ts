/**
 * What programs hold of a cell. Its enumerable members are those of the published packages, and own;
 * all others are made when they are first asked for: most cells are never asked, and a cell is cheap.
 */
import { type Control, mutateCell } from "./mutate.js";
import { nextOutcome } from "./next.js";
import type { Layer, Paint } from "./overlay.js";
import { readRecord } from "./record.js";
import { readState } from "./state.js";
import { OBSERVABLE, observableOf, subscribeTo } from "./subscribe.js";
import { endsOnErrors, iterateOver, streamOf } from "./values.js";
import type { Viewed } from "./viewed.js";
import { watchCell } from "./watch.js";

/** What a handle is of. */
interface Owner<T, E> {
  readonly cell: Viewed<T, E>;
}

/** The owner of a single-shot cell. */
interface SingleOwner<T, E> extends Owner<T, E>, Control<T> {
  readonly cell: Viewed<T, E> & { layerOf(paint: Paint<T>): Layer<T> };
}

/** Under this key a handle has its owner. */
const OWNER = Symbol("owner");

interface Handle {
  readonly [OWNER]: Owner<unknown, unknown>;
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

const COMMON: readonly (readonly [PropertyKey, Maker])[] = [
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
];

/** Each method is made once for a handle, and kept: it is the same whenever it is read. */
function keep(handle: Handle, key: PropertyKey, value: unknown): unknown {
  Object.defineProperty(handle, key, { value, writable: true, configurable: true });
  return value;
}

function prototypeWith(methods: readonly (readonly [PropertyKey, Maker])[]): object {
  const prototype = {};
  for (const [key, make] of methods)
    Object.defineProperty(prototype, key, {
      configurable: true,
      get(this: Handle) {
        return keep(this, key, make(this[OWNER]));
      },
      set(this: Handle, value: unknown) {
        keep(this, key, value);
      },
    });
  return prototype;
}

const STREAM = prototypeWith(COMMON);
const SINGLE = prototypeWith([...COMMON, ["mutate", mutate]]);

function handleOf<H>(prototype: object, members: object, owner: object): H {
  Object.setPrototypeOf(members, prototype);
  return Object.defineProperty(members, OWNER, { value: owner }) as H;
}

/** Gives the members of a single-shot cell's handle what is beside them. */
export function singleHandle<H, T, E>(members: object, owner: SingleOwner<T, E>): H {
  return handleOf(SINGLE, members, owner);
}

/** The same for a stream. */
export function streamHandle<H, T, E>(members: object, owner: Owner<T, E>): H {
  return handleOf(STREAM, members, owner);
}

/* The members that every kind has: bound functions, which are smaller than closures. */

function readOwn(this: Viewed<unknown, unknown>): unknown {
  return readState(this.value);
}

function readStatus(this: Viewed<unknown, unknown>): unknown {
  return readState(this.status);
}

function readError(this: Viewed<unknown, unknown>): unknown {
  return readState(this.error);
}

function cancel(this: Viewed<unknown, unknown>, reason?: unknown): void {
  this.cancel(reason);
}

export function getterOf<T, E>(cell: Viewed<T, E>): () => T | undefined {
  return readOwn.bind(cell as Viewed<unknown, unknown>) as () => T | undefined;
}

export function statusOf<S, T, E>(cell: Viewed<T, E>): () => S {
  return readStatus.bind(cell as Viewed<unknown, unknown>) as () => S;
}

export function errorOf<T, E>(cell: Viewed<T, E>): () => E | undefined {
  return readError.bind(cell as Viewed<unknown, unknown>) as () => E | undefined;
}

export function cancelOf<T, E>(cell: Viewed<T, E>): (reason?: unknown) => void {
  return cancel.bind(cell as Viewed<unknown, unknown>);
}
