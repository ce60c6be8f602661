/**
 * How large a document may be. What comes from elsewhere is measured before it is used.
 */
import { invalidArgument, SnapshotError } from "#engine";
import { ownOption, requireObject } from "../core/options.js";

/** Limits of a document. */
export interface SnapshotLimits {
  /** Characters of its JSON. Default: none. */
  readonly maxLength?: number | undefined;
  /** Nodes. Default: none. */
  readonly maxNodes?: number | undefined;
  /** Lists and objects inside each other, 1000 at most, which is the default: it keeps the stack. */
  readonly maxDepth?: number | undefined;
}

export interface CheckedLimits {
  readonly maxLength: number;
  readonly maxNodes: number;
  readonly maxDepth: number;
}

/** No walk goes deeper: a frame for each level fits the smallest stack that Node has. */
export const DEEPEST = 1000;

/** How deep a value of a node may be: it is three levels deep in its document. */
export const VALUE_DEPTH = DEEPEST - 3;

export const DEFAULT_LIMITS: CheckedLimits = {
  maxLength: Number.POSITIVE_INFINITY,
  maxNodes: Number.POSITIVE_INFINITY,
  maxDepth: DEEPEST,
};

function numberOf(limits: object, key: keyof CheckedLimits, most: number): number {
  const limit = ownOption(limits, key);
  if (limit === undefined) return DEFAULT_LIMITS[key];
  if (typeof limit !== "number" || !(limit >= 0) || limit > most)
    throw invalidArgument(`limits.${key}`, `a number from 0 to ${most}`, limit);
  return limit;
}

/** @throws TypeError (`ERR_SK_INVALID_ARG`) for what are no limits. */
export function limitsOf(limits: unknown): CheckedLimits {
  if (limits === undefined) return DEFAULT_LIMITS;
  requireObject("limits", limits);
  return {
    maxLength: numberOf(limits, "maxLength", Number.POSITIVE_INFINITY),
    maxNodes: numberOf(limits, "maxNodes", Number.POSITIVE_INFINITY),
    maxDepth: numberOf(limits, "maxDepth", DEEPEST),
  };
}

/** @throws SnapshotError (`ERR_SK_SNAPSHOT_LIMIT`) when there is more than the limit. */
export function requireWithin(what: string, found: number, limit: number): void {
  if (found > limit)
    throw new SnapshotError(
      "ERR_SK_SNAPSHOT_LIMIT",
      `The snapshot has ${found} ${what}, the limit is ${limit}`,
    );
}
