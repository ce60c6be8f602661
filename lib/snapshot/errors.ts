/**
 * Errors of cells in a document: name and message, as published. A stack tells of the machine.
 */
import type { JsonValue, SnapshotSerializer } from "./types.js";

function textOf(value: unknown): string {
  return typeof value === "object" || typeof value === "function" ? "Unknown error" : String(value);
}

/** What a document says of an error. */
export function errorToJson(
  error: unknown,
  serializer: SnapshotSerializer<unknown> | undefined,
): JsonValue {
  if (serializer !== undefined) return serializer.encode(error);
  if (error === null) return { message: "null" };
  if (!(error instanceof Error)) return { message: textOf(error) };
  return { message: String(error.message), name: String(error.name) };
}

/** The error again. What has neither name nor message is what it is. */
export function errorFromJson(
  json: JsonValue,
  serializer: SnapshotSerializer<unknown> | undefined,
): unknown {
  if (serializer !== undefined) return serializer.decode(json);
  if (typeof json !== "object" || json === null || Array.isArray(json)) return json;
  if (!Object.hasOwn(json, "message") || typeof json.message !== "string") return json;
  const error = new Error(json.message);
  if (Object.hasOwn(json, "name") && typeof json.name === "string")
    Object.defineProperty(error, "name", {
      value: json.name,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  return error;
}
