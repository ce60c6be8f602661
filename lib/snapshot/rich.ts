/**
 * Values that JSON cannot say, by way of the library devalue: dates, maps, sets, big integers, regular
 * expressions, typed arrays, undefined, negative zero, cycles, and here errors as well.
 *
 * The library is handed in and not imported: who has no such values does not need it.
 */
import { invalidArgument, requireFunction, SnapshotError } from "#engine";
import { ownOption, requireObject } from "../core/options.js";
import type { JsonValue, SnapshotSerializer } from "./types.js";

/** The part of the library devalue (6.0 or newer) that is used. */
export interface Devalue {
  stringify(value: unknown, reducers?: Record<string, (value: never) => unknown>): string;
  unflatten(
    parsed: number | unknown[],
    revivers?: Record<string, (value: never) => unknown>,
  ): unknown;
}

/** Options of {@link richSerializer}: types of your own, by name. */
export interface RichOptions {
  /** Returns what a value is made of, or something falsy for a value of another type. */
  readonly reducers?: Readonly<Record<string, (value: unknown) => unknown>> | undefined;
  /** Makes the value again. */
  readonly revivers?: Readonly<Record<string, (parts: never) => unknown>> | undefined;
}

/** An option that is an object of functions, by name. */
function functionsIn<F>(options: object, key: string): Record<string, F> {
  const functions = ownOption(options, key) ?? {};
  requireObject(`options.${key}`, functions);
  for (const [name, fn] of Object.entries(functions)) requireFunction(`options.${key}.${name}`, fn);
  return functions as Record<string, F>;
}

/** Its own stack is of the machine on which it was made, and is not in it. */
function reduceError(error: unknown): unknown {
  if (!(error instanceof Error)) return false;
  const { name, message, cause } = error;
  return cause === undefined ? [name, message] : [name, message, cause];
}

function reviveError([name, message, cause]: readonly [string, string, unknown?]): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  if (name !== "Error") Object.defineProperty(error, "name", { value: name, configurable: true });
  return error;
}

/** What the library says may quote the value; only the place is passed on. */
function failure(error: unknown, doing: string): SnapshotError {
  if (error instanceof RangeError)
    return new SnapshotError("ERR_SK_SNAPSHOT_LIMIT", `The value is too deep to be ${doing}`);
  const path: unknown = (error as { readonly path?: unknown } | null)?.path;
  return new SnapshotError(
    "ERR_SK_SNAPSHOT_VALUE",
    `The value cannot be ${doing}: it has something of a kind that devalue does not know, or is damaged`,
    typeof path === "string" && path !== "" ? `$${path}` : undefined,
  );
}

/**
 * Makes a serializer for dates, maps, sets, big integers, typed arrays, cycles, errors and whatever else
 * the library devalue knows. In the document it is plain JSON.
 *
 * @param devalue The library: `import * as devalue from "devalue"`.
 * @param options `reducers` and `revivers`, for types of your own.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments. The serializer throws SnapshotError.
 * @example
 * import * as devalue from "devalue";
 * scope.signal("cart", cart, { serializer: richSerializer(devalue) }); // a Map of Dates, say
 */
export function richSerializer<T = unknown>(
  devalue: Devalue,
  options: RichOptions = {},
): SnapshotSerializer<T> {
  if (typeof devalue !== "object" || devalue === null)
    throw invalidArgument("devalue", "the module devalue", devalue);
  requireFunction("devalue.stringify", devalue.stringify);
  requireFunction("devalue.unflatten", devalue.unflatten);
  requireObject("options", options);
  const reducers = {
    Error: reduceError,
    ...functionsIn<(value: never) => unknown>(options, "reducers"),
  };
  const revivers = {
    Error: reviveError,
    ...functionsIn<(parts: never) => unknown>(options, "revivers"),
  };
  return {
    encode: (value) => {
      try {
        return JSON.parse(devalue.stringify(value, reducers)) as JsonValue;
      } catch (error) {
        throw failure(error, "serialized");
      }
    },
    decode: (json) => {
      try {
        return devalue.unflatten(json as unknown[], revivers) as T;
      } catch (error) {
        throw failure(error, "read");
      }
    },
  };
}
