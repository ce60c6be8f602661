/**
 * `meta.state()`: where a cell stands, as one record.
 */
import { ComputedNode, readComputed } from "#engine";
import { readState } from "./state.js";
import type { AsyncState } from "./view-types.js";
import type { Viewed } from "./viewed.js";

type Fields = readonly (keyof AsyncState<unknown>)[];
const FIELDS: Fields = ["status", "value", "error", "refreshing", "stale", "version", "updatedAt"];

function isSame(a: unknown, b: unknown): boolean {
  return FIELDS.every((field) =>
    Object.is((a as AsyncState<unknown>)[field], (b as AsyncState<unknown>)[field]),
  );
}

function recordOf<T, E>(cell: Viewed<T, E>): AsyncState<T, E> {
  const status = readState(cell.status);
  const value = readState(cell.value);
  const error = readState(cell.error);
  const version = readState(cell.more().version);
  const shows = value !== undefined;
  const isOfNewest = status === "success" || status === "streaming" || cell.newest === null;
  return Object.freeze({
    status,
    value,
    error,
    refreshing: shows && (status === "pending" || status === "streaming"),
    stale: shows && !isOfNewest,
    version,
    updatedAt: cell.updatedAt,
  });
}

/** The record of a cell, tracked: one computed, made when it is first asked for. */
export function readRecord<T, E>(cell: Viewed<T, E>): AsyncState<T, E> {
  const extras = cell.more();
  extras.record ??= new ComputedNode<unknown>(() => recordOf(cell), {
    equals: isSame,
    name: "state of a cell",
    of: null,
  });
  return readComputed(extras.record) as AsyncState<T, E>;
}
