/**
 * Telling the program: for each start and each end the event first, then the callback of its own.
 */
import { now, type ScopeNode } from "#engine";
import { notify } from "./callbacks.js";
import type { AsyncCallbacks, FromPromiseEvent } from "./types.js";

/** Who is told, and who owns them. */
export interface Told<T, E> {
  readonly settings: { readonly callbacks: AsyncCallbacks<T, E> };
  readonly scope: ScopeNode | null;
}

type Details<E> = { type: "start" | "success" } | { type: "error"; error: E } | Cancelled;
type Cancelled = { type: "cancel"; reason: unknown };

/** Nothing is made when nobody listens. */
function tell<T, E>({ settings, scope }: Told<T, E>, token: number, details: Details<E>): void {
  const { onEvent } = settings.callbacks;
  if (onEvent === undefined) return;
  const event = { ...details, token, ts: now() } as FromPromiseEvent<E>;
  notify(scope, onEvent, event);
}

export function tellStart<T, E>(told: Told<T, E>, token: number): void {
  tell(told, token, { type: "start" });
}

export function tellSuccess<T, E>(told: Told<T, E>, token: number, value: T): void {
  tell(told, token, { type: "success" });
  notify(told.scope, told.settings.callbacks.onSuccess, value);
}

export function tellError<T, E>(told: Told<T, E>, token: number, error: E): void {
  tell(told, token, { type: "error", error });
  notify(told.scope, told.settings.callbacks.onError, error);
}

export function tellCancel<T, E>(told: Told<T, E>, token: number, reason: unknown): void {
  tell(told, token, { type: "cancel", reason });
  notify(told.scope, told.settings.callbacks.onCancel, reason);
}
