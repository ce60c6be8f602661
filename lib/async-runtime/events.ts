/**
 * Telling the program: for each start and each end the event first, then the callback of its own.
 */
import { notify } from "./callbacks.js";
import { now } from "./clock.js";
import type { AsyncCallbacks, FromPromiseEvent } from "./types.js";

type Callbacks<T, E> = AsyncCallbacks<T, E>;
type Details<E> = { type: "start" | "success" } | { type: "error"; error: E } | Cancelled;
type Cancelled = { type: "cancel"; reason: unknown };

/** Nothing is made when nobody listens. */
function tell<T, E>(callbacks: Callbacks<T, E>, token: number, details: Details<E>): void {
  const event = { ...details, token, ts: now() } as FromPromiseEvent<E>;
  notify(callbacks.onEvent, event);
}

export function tellStart<T, E>(callbacks: Callbacks<T, E>, token: number): void {
  if (callbacks.onEvent !== undefined) tell(callbacks, token, { type: "start" });
}

export function tellSuccess<T, E>(callbacks: Callbacks<T, E>, token: number, value: T): void {
  if (callbacks.onEvent !== undefined) tell(callbacks, token, { type: "success" });
  if (callbacks.onSuccess !== undefined) notify(callbacks.onSuccess, value);
}

export function tellError<T, E>(callbacks: Callbacks<T, E>, token: number, error: E): void {
  if (callbacks.onEvent !== undefined) tell(callbacks, token, { type: "error", error });
  if (callbacks.onError !== undefined) notify(callbacks.onError, error);
}

export function tellCancel<T, E>(callbacks: Callbacks<T, E>, token: number, reason: unknown): void {
  if (callbacks.onEvent !== undefined) tell(callbacks, token, { type: "cancel", reason });
  if (callbacks.onCancel !== undefined) notify(callbacks.onCancel, reason);
}
