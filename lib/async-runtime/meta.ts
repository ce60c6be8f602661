/**
 * What the adapters of user interfaces take for a cell.
 */
import { invalidArgument } from "#engine";

/** A single-shot cell, or a stream. */
export type CellKind = "resource" | "stream";

/** What tells the two kinds apart: what only one of them can do. */
const OWN = {
  resource: ["mutate", "a resource: a cell, or the pair of its getter and meta"],
  stream: ["stableValue", "a stream: the pair of its getter and meta"],
} as const;

/**
 * A meta of a kind.
 *
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when it is none.
 */
export function requireMeta<M extends object>(meta: unknown, kind: CellKind): M {
  const [method, expected] = OWN[kind];
  if (typeof meta === "object" && meta !== null && "state" in meta && method in meta)
    return meta as M;
  throw invalidArgument("resource", expected, meta);
}
