/**
 * Plain data: what JSON can say, and nothing that runs code when it is looked at later.
 *
 * One walk checks and, if asked, copies. It reads each property once, so what it returns is what it has
 * checked, whatever getters or proxies say next time. It is recursive, since that is what engines are
 * fast at, and stops at a depth that every stack can bear.
 */
import { SnapshotError } from "#engine";
import { DEEPEST } from "./limits.js";
import type { JsonPrimitive, JsonValue } from "./types.js";

/** Why a value is not plain data. */
class Fault {
  readonly code: "VALUE" | "CYCLE" | "LIMIT";
  readonly what: string;

  constructor(code: Fault["code"], what: string) {
    this.code = code;
    this.what = what;
  }
}

const IDENTIFIER = /^[A-Za-z_$][\w$]{0,63}$/;

/** The step of a path to a key. A long key is cut: it may be data itself. */
export function step(key: string | number): string {
  if (typeof key === "number") return `[${key}]`;
  if (IDENTIFIER.test(key)) return `.${key}`;
  return `[${JSON.stringify(key.length > 64 ? `${key.slice(0, 64)}...` : key)}]`;
}

function describe(value: unknown): string {
  if (typeof value === "number") return "a number that is not finite";
  if (typeof value === "object") return "an object that is neither plain nor a list";
  return value === undefined ? "undefined" : `a ${typeof value}`;
}

/** Plain objects of other realms, too: their prototype ends the chain as well. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    prototype === Object.prototype ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "valueOf"))
  );
}

/** Most of all values, and nothing to walk into. */
function isPrimitive(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    default:
      return value === null;
  }
}

/** Whether a value is a primitive that JSON gives back as it was, which of negative zero it does not. */
export function isExactPrimitive(value: unknown): value is JsonPrimitive {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    default:
      return value === null;
  }
}

/** See `isPlainData`; `around` has the lists and objects around the value. */
function isExact(value: unknown, maxDepth: number, around: object[]): boolean {
  if (typeof value !== "object" || value === null) return isExactPrimitive(value);
  if (around.length >= maxDepth || around.includes(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  around.push(value);
  if (Array.isArray(value)) {
    if (prototype !== Array.prototype) return false;
    for (let i = 0; i < value.length; i++) if (!isExact(value[i], maxDepth, around)) return false;
  } else {
    if (prototype !== Object.prototype && prototype !== null) return false;
    /* What Object.prototype was given is looked at, too: JSON.stringify would call a toJSON there. */
    for (const key in value)
      if (!isExact((value as Record<string, unknown>)[key], maxDepth, around)) return false;
  }
  around.pop();
  return true;
}

/**
 * Whether JSON.stringify says of a value what a copy of it would be: the quick look that most values pass.
 * What does not may still be plain data: `walkJson` tells.
 */
export function isPlainData(value: unknown, maxDepth: number): boolean {
  if (typeof value !== "object" || value === null) return isExactPrimitive(value);
  try {
    return isExact(value, maxDepth, []);
  } catch {
    return false;
  }
}

class Walk {
  /** The keys that lead to the value under way. */
  readonly at: (string | number)[] = [];
  private readonly maxDepth: number;
  private readonly copies: boolean;
  /** The lists and objects around the value under way. */
  private readonly around: object[] = [];

  constructor(maxDepth: number, copies: boolean) {
    this.maxDepth = maxDepth;
    this.copies = copies;
  }

  value(value: unknown): JsonValue {
    if (isPrimitive(value)) return value as JsonValue;
    if (typeof value === "object") return this.inside(value as object);
    throw new Fault("VALUE", describe(value));
  }

  private inside(value: object): JsonValue {
    const { around } = this;
    if (around.includes(value)) throw new Fault("CYCLE", "a value that contains itself");
    if (around.length >= this.maxDepth)
      throw new Fault("LIMIT", `more than ${this.maxDepth} lists and objects inside each other`);
    around.push(value);
    const result = Array.isArray(value) ? this.list(value) : this.object(value);
    around.pop();
    return result;
  }

  private list(value: readonly unknown[]): JsonValue[] {
    const copy: JsonValue[] = [];
    const { length } = value;
    for (let i = 0; i < length; i++) {
      let item: unknown = value[i];
      if (!isPrimitive(item)) {
        this.at.push(i);
        item = this.value(item);
        this.at.pop();
      }
      if (this.copies) copy.push(item as JsonValue);
    }
    return copy;
  }

  /** A spread copies fast, reads each property once, and takes no key for the prototype's. */
  private object(value: object): Record<string, JsonValue> {
    if (!isPlain(value)) throw new Fault("VALUE", describe(value));
    const copy = (this.copies ? { ...value } : value) as Record<string | symbol, JsonValue>;
    if (this.copies) for (const symbol of Object.getOwnPropertySymbols(copy)) delete copy[symbol];
    for (const key of Object.keys(copy)) {
      const item: unknown = copy[key];
      if (isPrimitive(item)) continue;
      this.at.push(key);
      const checked = this.value(item);
      this.at.pop();
      if (this.copies) replace(copy, key, checked);
    }
    return copy;
  }
}

/** An assignment to this one key would change the prototype. */
function replace(copy: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === "__proto__") Object.defineProperty(copy, key, { value });
  else copy[key] = value;
}

/**
 * Checks that a value is plain data.
 *
 * @param root The path of the value.
 * @param copies Whether it is copied; otherwise what is returned says nothing.
 * @throws SnapshotError.
 */
export function walkJson(
  value: unknown,
  label: string,
  root: string,
  copies: boolean,
  maxDepth: number = DEEPEST,
): JsonValue {
  if (isPrimitive(value)) return value as JsonValue;
  const walk = new Walk(maxDepth, copies);
  try {
    return walk.value(value);
  } catch (error) {
    const fault =
      error instanceof Fault ? error : new Fault("VALUE", "a property that throws when it is read");
    const path = walk.at.map(step).join("");
    throw new SnapshotError(
      `ERR_SK_SNAPSHOT_${fault.code}`,
      `${label} is not JSON-serializable: it is or has ${fault.what}`,
      root + path,
    );
  }
}

/**
 * Tells whether a value is what JSON can say: strings, booleans, null, finite numbers, lists without
 * holes and plain objects of such. It never throws.
 *
 * @example
 * isJsonValue({ list: [1, null] }); // true
 * isJsonValue(new Date()); // false
 */
export function isJsonValue(value: unknown): value is JsonValue {
  try {
    walkJson(value, "The value", "$", false);
    return true;
  } catch {
    return false;
  }
}

/**
 * Throws unless a value is what JSON can say.
 *
 * @param label What the message calls it.
 * @throws SnapshotError with the path of what is not.
 * @example
 * assertJsonValue({ at: Number.NaN }, "The position"); // The position is not JSON-serializable: ...
 */
export function assertJsonValue(value: unknown, label = "The value"): asserts value is JsonValue {
  walkJson(value, label, "$", false);
}

/**
 * Copies plain data. Keys like `__proto__` are keys of the copy, and change nothing.
 *
 * @throws SnapshotError for what JSON cannot say.
 * @example
 * const copy = cloneJsonValue(document.metadata ?? {});
 */
export function cloneJsonValue<T extends JsonValue>(value: T): T {
  return walkJson(value, "The value", "$", true) as T;
}
