/**
 * Registrations: what a scope knows of a node, and how what it is registered with is checked.
 */
import { invalidArgument, requireFunction } from "#engine";
import { ownOption, requireObject } from "../core/options.js";
import { portOf } from "./cells.js";
import { isJsonValue } from "./json.js";
import type {
  ComputedSnapshotOptions,
  Readable,
  ResourceSnapshotOptions,
  ResourceTuple,
  SingleShotCell,
  SnapshotNodeOptions,
  StreamResourceTuple,
  StreamSnapshotOptions,
  WritableSignal,
} from "./types.js";

/** A registered signal. */
export interface SignalRegistration<T = unknown> {
  id: string;
  kind: "signal";
  options: SnapshotNodeOptions<T>;
  source: WritableSignal<T>;
  /** It has come here by its name; see `collect`. */
  collected?: true;
}

/** A registered computed. */
export interface ComputedRegistration<T = unknown> {
  id: string;
  kind: "computed";
  options: ComputedSnapshotOptions<T>;
  source: Readable<T>;
  /** It has come here by its name; see `collect`. */
  collected?: true;
}

/** A registered resource. */
export interface ResourceRegistration<T = unknown, E = unknown> {
  id: string;
  kind: "resource";
  options: ResourceSnapshotOptions<T>;
  source: ResourceTuple<T, E>;
  /** It has come here by its name; see `collect`. */
  collected?: true;
}

/** A registered stream. */
export interface StreamRegistration<T = unknown, E = unknown> {
  id: string;
  kind: "stream";
  options: StreamSnapshotOptions<T>;
  source: StreamResourceTuple<T, E>;
  /** It has come here by its name; see `collect`. */
  collected?: true;
}

/** What a scope knows of one node. */
export type SnapshotRegistration =
  | SignalRegistration
  | ComputedRegistration
  | ResourceRegistration
  | StreamRegistration;

function checkSerializer(options: object, key: string): void {
  const serializer = ownOption(options, key);
  if (serializer === undefined) return;
  if (typeof serializer !== "object" || serializer === null)
    throw invalidArgument(`options.${key}`, "an object with encode and decode", serializer);
  for (const name of ["encode", "decode"])
    requireFunction(`options.${key}.${name}`, (serializer as Record<string, unknown>)[name]);
}

/** A redaction that is misspelt must not pass for none. */
export function checkRedaction(name: string, redaction: unknown): void {
  if (redaction === undefined || redaction === "include" || redaction === "omit") return;
  if (typeof redaction !== "object" || redaction === null)
    throw invalidArgument(name, '"include", "omit" or { redact }', redaction);
  requireFunction(`${name}.redact`, (redaction as { redact?: unknown }).redact);
}

const OPTIONS = [
  "redaction",
  "serializer",
  "stableValueSerializer",
  "errorSerializer",
  "derivedFrom",
  "restore",
  "captureValue",
  "sourceKey",
] as const;

/**
 * Checks the options of a registration, and takes them as they are now: they count until the scope is gone,
 * and a redaction that is changed later, or that is only inherited from a polluted prototype, is none.
 */
export function takeOptions<O extends object>(options: O, restores: readonly unknown[]): O {
  requireObject("options", options);
  const taken: Record<string, unknown> = Object.create(null);
  for (const key of OPTIONS) {
    const value = ownOption(options, key);
    if (value !== undefined) taken[key] = value;
  }
  checkOptions(taken, restores);
  return taken as O;
}

function checkOptions(options: object, restores: readonly unknown[]): void {
  checkRedaction("options.redaction", ownOption(options, "redaction"));
  for (const key of ["serializer", "stableValueSerializer", "errorSerializer"])
    checkSerializer(options, key);
  const derivedFrom = ownOption(options, "derivedFrom");
  if (
    derivedFrom !== undefined &&
    !(Array.isArray(derivedFrom) && derivedFrom.every((id) => typeof id === "string"))
  )
    throw invalidArgument("options.derivedFrom", "a list of ids", derivedFrom);
  const captureValue = ownOption(options, "captureValue") ?? true;
  if (typeof captureValue !== "boolean" && captureValue !== "available")
    throw invalidArgument("options.captureValue", 'a boolean or "available"', captureValue);
  const sourceKey = ownOption(options, "sourceKey") ?? null;
  if (!isJsonValue(sourceKey))
    throw invalidArgument("options.sourceKey", "what JSON can say", sourceKey);
  const restore = ownOption(options, "restore");
  if (restore !== undefined && !restores.includes(restore))
    throw invalidArgument("options.restore", `one of ${restores.join(", ")}`, restore);
}

export function requireMethods(source: unknown, names: readonly string[]): void {
  if (typeof source !== "object" || source === null)
    throw invalidArgument("source", "a handle", source);
  for (const name of names)
    requireFunction(`source.${name}`, (source as Record<string, unknown>)[name]);
}

export function requirePair(source: unknown, names: readonly string[]): void {
  if (!Array.isArray(source)) throw invalidArgument("source", "a list of getter and meta", source);
  requireFunction("source[0]", source[0]);
  requireMethods(source[1], names);
}

/** The getter and the meta of a single-shot cell, which may be one that is not a pair. */
export function pairOf<T, E>(
  source: ResourceTuple<T, E> | SingleShotCell<T, E>,
): ResourceTuple<T, E> {
  const { value } = (source ?? {}) as { readonly value?: unknown };
  const pair = typeof value === "function" ? [value, source] : source;
  requirePair(pair, ["status", "error"]);
  const [, meta] = pair as ResourceTuple<T, E>;
  if (portOf(meta)?.kind === "stream")
    throw invalidArgument("source", "a single-shot cell; a stream is registered by stream()", meta);
  return pair as ResourceTuple<T, E>;
}
