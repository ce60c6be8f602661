/**
 * Cells as observables.
 */
import { addCleanup, forget, invalidArgument, type Owned } from "#engine";
import { notify } from "./callbacks.js";
import type { CellObserver, CellSubscription } from "./view-types.js";
import type { Viewed } from "./viewed.js";
import { watchCell } from "./watch.js";

/** Libraries of observables agree on this key; which of the two it is they decide when they load. */
export const OBSERVABLE: symbol | string =
  (Symbol as { readonly observable?: symbol }).observable ?? "@@observable";

type Method = "next" | "error" | "complete";

/** A method of an observer, called on it: the observers of libraries need their `this`. */
function tell<T, E>(observer: CellObserver<T, E>, name: Method, ...args: unknown[]): void {
  const method = observer[name] as ((...args: unknown[]) => void) | undefined;
  if (method !== undefined) notify(null, () => method.apply(observer, args));
}

function checkObserver<T, E>(observer: unknown): CellObserver<T, E> {
  if (typeof observer === "function") return { next: observer as (value: T) => void };
  if (typeof observer !== "object" || observer === null)
    throw invalidArgument("observer", "a function or an observer", observer);
  for (const name of ["next", "error", "complete"] as const) {
    const method: unknown = (observer as CellObserver<T, E>)[name];
    if (method !== undefined && typeof method !== "function")
      throw invalidArgument(`observer.${name}`, "a function", method);
  }
  return observer;
}

export function subscribeTo<T, E>(cell: Viewed<T, E>, given: unknown): CellSubscription {
  const observer = checkObserver<T, E>(given);
  let closed = false;
  let stop: (() => void) | null = null;
  const close = () => {
    closed = true;
    forget(owned);
  };
  const unsubscribe = () => {
    close();
    stop?.();
    stop = null;
  };
  const owned: Owned = { registeredIn: null, dispose: unsubscribe };
  stop = watchCell(cell, {
    next: (value) => !closed && tell(observer, "next", value),
    error: (error) => !closed && tell(observer, "error", error),
    complete: () => {
      if (closed) return;
      close();
      tell(observer, "complete");
    },
  });
  if (closed) unsubscribe();
  else addCleanup(owned);
  return {
    unsubscribe,
    get closed() {
      return closed;
    },
  };
}

/** Observables also take three functions. */
function observerOf([first, error, complete]: readonly unknown[]): unknown {
  return typeof first === "function" ? { next: first, error, complete } : first;
}

/** A cell as libraries of observables know one. */
export function observableOf<T, E>(cell: Viewed<T, E>): object {
  const observable: object = {
    subscribe: (...observer: unknown[]) => subscribeTo(cell, observerOf(observer)),
    [OBSERVABLE]: () => observable,
  };
  return observable;
}
