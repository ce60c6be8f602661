/**
 * The asynchronous context: which transaction and which scope code belongs to, also after it awaited.
 *
 * Node follows it by AsyncLocalStorage, which makes every await of the process dearer while it is in
 * use (Node 20: 240 instead of 83 ns). So it is loaded when it is first needed, and switched off while
 * nobody holds it: no asynchronous transaction is open, and no scope that has run code is alive.
 * Where there is none, or where it was switched off for good, a transaction has its handle.
 */
import type { AsyncLocalStorage } from "node:async_hooks";
import type { Collection } from "./collection.js";
import type { ScopeNode } from "./node.js";
import { type ContextPart, parts } from "./parts.js";
import { rt } from "./runtime.js";
import type { Staging } from "./staging.js";

/** What stands for one call of a transaction's function: its staging, as soon as it has one. */
export interface Slot {
  staging: Staging | null;
}

/** What code belongs to. */
export interface Context {
  readonly slot: Slot | null;
  readonly scope: ScopeNode | null;
  /** The scope's; see `letContextLinger`. */
  readonly mark?: object | null;
  /** What takes the named nodes that are created. */
  readonly collection?: Collection | null;
}

const NONE: Context = { slot: null, scope: null };

/** Taken at load: a program may replace the global ones. */
const nextTurn = typeof setImmediate === "function" ? setImmediate : undefined;

let storage: AsyncLocalStorage<Context> | null = null;
let enabled = true;
/** How many need the context to reach what they await. */
let holders = 0;
let releasing = false;

/** The transaction that code entered through its handle, up to its first await. */
let entered: Slot | null = null;
let refusing = false;

function load(): AsyncLocalStorage<Context> | null {
  parts.context = PART;
  if (!enabled) return null;
  if (storage === null && typeof process === "object" && process.getBuiltinModule) {
    const hooks = process.getBuiltinModule("node:async_hooks");
    storage = new hooks.AsyncLocalStorage<Context>();
  }
  return storage;
}

/** Whether plain reads and writes can be told apart after an await. */
export function hasContext(): boolean {
  return load() !== null;
}

/** Switches the asynchronous context on or off, for what starts from now on. */
export function enableContext(on: boolean): void {
  enabled = on;
}

/** What this code belongs to. */
export function currentContext(): Context {
  return storage?.getStore() ?? NONE;
}

/** The scope in whose asynchronous context this code runs, or null. */
function contextScope(): ScopeNode | null {
  return storage === null ? null : currentContext().scope;
}

/** The call of a transaction to which this code belongs, or null. */
export function currentSlot(): Slot | null {
  return entered ?? (storage === null ? null : currentContext().slot);
}

function release(): void {
  releasing = false;
  if (holders === 0) storage?.disable();
}

/** At the end of the turn: switching it off and on again costs a microsecond. */
function releaseLater(): void {
  if (releasing || nextTurn === undefined) return;
  releasing = true;
  nextTurn(release).unref();
}

/** From now on the context is needed, until `letContextGo`. */
export function holdContext(): void {
  holders++;
}

export function letContextGo(): void {
  if (--holders === 0) releaseLater();
}

/** Taken at load: a program may replace the global one. */
const lingering = /* @__PURE__ */ new FinalizationRegistry<undefined>(() => letContextGo());

/**
 * The context is held no longer than code may come back from an await that has `mark` in its context: that is,
 * until the mark is collected. Code of a scope that has ended is told so.
 */
export function letContextLinger(mark: object): void {
  lingering.register(mark, undefined);
}

/** Runs `fn`, and what it awaits while somebody holds the context, in `context`. */
export function runInContext<T>(context: Context, fn: () => T): T {
  const contexts = load();
  if (contexts === null) return fn();
  if (holders === 0) releaseLater();
  return contexts.run(context, fn);
}

/** Runs `fn` as part of a transaction, up to its first await. */
export function runEntered<T>(slot: Slot | null, fn: () => T): T {
  return enter(slot, false, fn);
}

/**
 * As `runEntered`, where there is no asynchronous context: a plain write before the first await is
 * refused, since the same write after it would not be part of the transaction.
 */
export function runRefusing<T>(slot: Slot, fn: () => T): T {
  return enter(slot, true, fn);
}

/** Whether a write that is made now is a plain one that has to be refused. */
export function isRefusing(): boolean {
  return refusing;
}

function enter<T>(slot: Slot | null, refuses: boolean, fn: () => T): T {
  const outer = entered;
  const outerRefuses = refusing;
  const { committed } = rt;
  parts.context = PART;
  entered = slot;
  refusing = refuses;
  /* Also in an effect: that is of the committed state, what is entered on purpose is not. */
  if (slot !== null) rt.committed = 0;
  try {
    return fn();
  } finally {
    entered = outer;
    refusing = outerRefuses;
    rt.committed = committed;
  }
}

/**
 * What a flush, a timer or an outcome calls must not be staged with the transaction, or end with the scope, of a
 * stranger - also not what it awaits.
 */
function runAs<T>(owner: ScopeNode | null, fn: () => T): T {
  if (storage === null) return entered === null ? fn() : enter(null, false, fn);
  const { slot, scope } = storage.getStore() ?? NONE;
  const wanted = enabled ? owner : null;
  if (entered === null && slot === null && scope === wanted) return fn();
  const context = wanted === null ? NONE : { slot: null, scope: wanted, mark: wanted.mark };
  return enter(null, false, () => (storage as AsyncLocalStorage<Context>).run(context, fn));
}

const PART: ContextPart = { scope: contextScope, runAs };
