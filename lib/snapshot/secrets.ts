/**
 * Secrets in places where nobody has marked them: texts of a document that contain one.
 */
import { invalidArgument } from "#engine";
import type { JsonValue, SnapshotDocument, SnapshotNode } from "./types.js";

/** Stands where a secret was. */
export const MASK = "[redacted]";

/** Shorter texts are in everything. Those that are given by name are masked whatever their length. */
const SHORTEST = 4;

/** What an object holds; of an error also what is not enumerable. A property that throws holds nothing. */
function* partsOf(object: object): Generator<unknown> {
  if (ArrayBuffer.isView(object)) return;
  if (object instanceof Map || object instanceof Set) yield* [...object].flat();
  const keys: string[] = Object.keys(object);
  if (object instanceof Error) keys.push("message", "cause", "errors");
  for (const key of keys) {
    try {
      yield (object as Record<string, unknown>)[key];
    } catch {
      /* Then nobody else can read it either. */
    }
  }
}

/** Adds the texts in a value, its keys left out. What it refers to more than once is looked at once. */
export function collectTexts(value: unknown, texts: Set<string>): void {
  const met = new Set([value]);
  for (const part of met) {
    if (typeof part === "string" && part.length >= SHORTEST) texts.add(part);
    if (typeof part !== "object" || part === null) continue;
    try {
      for (const inner of partsOf(part)) met.add(inner);
    } catch {
      /* A Proxy does not say what it has. */
    }
  }
}

/** Checks the option `secrets`. */
export function checkSecrets(secrets: unknown): readonly string[] {
  if (secrets === undefined) return [];
  if (!Array.isArray(secrets) || !secrets.every((text) => typeof text === "string" && text !== ""))
    throw invalidArgument("options.secrets", "a list of texts", secrets);
  return secrets;
}

class Masking {
  private readonly pattern: RegExp;
  /** Whether something was masked. */
  found = false;

  constructor(texts: Iterable<string>) {
    /* The longest first: of two secrets that begin alike nothing is left over. */
    const sorted = [...texts].sort((a, b) => b.length - a.length);
    const escaped = sorted.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    this.pattern = new RegExp(escaped.join("|"), "g");
  }

  text(text: string): string {
    const masked = text.replace(this.pattern, MASK);
    this.found ||= masked !== text;
    return masked;
  }

  value(value: JsonValue): JsonValue {
    if (typeof value === "string") return this.text(value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, item]) => [this.text(key), this.value(item)]));
  }
}

const FIELDS = ["value", "stableValue", "error", "sourceKey", "status"] as const;

/**
 * Masks every text of a document that contains one of these. A node that had one is marked: it is not
 * restored. Ids are left as they are.
 */
export function maskSecrets(document: SnapshotDocument, texts: ReadonlySet<string>): void {
  if (texts.size === 0) return;
  const masking = new Masking(texts);
  for (const node of document.nodes as (SnapshotNode & Record<string, JsonValue>)[]) {
    masking.found = false;
    for (const field of FIELDS)
      if (Object.hasOwn(node, field)) node[field] = masking.value(node[field] as JsonValue);
    if (masking.found) node.redacted = true;
  }
  if (document.metadata !== undefined)
    document.metadata = masking.value(document.metadata) as Record<string, JsonValue>;
}
