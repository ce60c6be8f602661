/**
 * Values as text, cut to a length. No code of the value's runs: getters are not called, nor `toJSON`,
 * `toString` or iterators of the program. What is cut off is not walked.
 */

const ELLIPSIS = "…";
/** How deep lists and objects are shown. */
const DEPTH = 3;

/** The members of what is built in, whatever a subclass or the program has put in their place. */
const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, "size")?.get as () => number;
const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, "size")?.get as () => number;
const timeOf = Date.prototype.getTime;
const sourceOf = Function.prototype.call.bind(Object.prototype.toString) as (
  value: unknown,
) => string;

/** Collects text up to a length. */
class Text {
  private text = "";
  private left: number;

  constructor(length: number) {
    this.left = length;
  }

  get isFull(): boolean {
    return this.left < 0;
  }

  /** Of more than so many characters nothing will be seen. */
  get room(): number {
    return this.left + 1;
  }

  add(part: string): void {
    if (this.left < 0) return;
    this.text += part.slice(0, this.left);
    this.left -= part.length;
  }

  /** Not more than the length, the ellipsis included. */
  end(length: number): string {
    if (!this.isFull) return this.text;
    return withoutHalf(this.text.slice(0, length - 1)) + ELLIPSIS;
  }
}

/** A cut between the two halves of a character leaves neither. */
function withoutHalf(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}

function ownData(object: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}

/** The name of the class of an object, when a program would see one. */
function className(object: object): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === null || typeof prototype !== "object") return "";
  const make = ownData(prototype, "constructor");
  const name = typeof make === "function" ? ownData(make, "name") : "";
  return typeof name === "string" && name !== "Object" ? name : "";
}

function addList(list: readonly unknown[], text: Text, depth: number): void {
  text.add("[");
  for (let i = 0; i < list.length && !text.isFull; i++) {
    if (i > 0) text.add(", ");
    addProperty(list, String(i), text, depth);
  }
  text.add("]");
}

function addProperty(object: object, key: string, text: Text, depth: number): void {
  const property = Object.getOwnPropertyDescriptor(object, key);
  if (property === undefined) return;
  if (Object.hasOwn(property, "value")) addValue(property.value, text, depth - 1);
  else text.add("(getter)");
}

function addMembers(object: object, text: Text, depth: number): void {
  let isFirst = true;
  text.add("{");
  for (const key of Object.keys(object)) {
    if (text.isFull) return;
    text.add(isFirst ? " " : ", ");
    isFirst = false;
    text.add(/^[A-Za-z_$][\w$]*$/.test(key) ? `${key}: ` : `${JSON.stringify(key)}: `);
    addProperty(object, key, text, depth);
  }
  text.add(isFirst ? "}" : " }");
}

function describeError(error: object): string {
  const message = ownData(error, "message");
  const name = ownData(error, "name") ?? className(error);
  const title = typeof name === "string" && name !== "" ? name : "Error";
  return typeof message === "string" && message !== "" ? `${title}: ${message}` : title;
}

/** What is built in and says little by its members; undefined of others. */
function describeBuiltIn(object: object): string | undefined {
  if (object instanceof Error) return describeError(object);
  if (object instanceof Map) return `Map(${sizeOfMap.call(object)})`;
  if (object instanceof Set) return `Set(${sizeOfSet.call(object)})`;
  if (object instanceof Date) {
    const time = timeOf.call(object);
    return Number.isNaN(time) ? "Date(invalid)" : new Date(time).toISOString();
  }
  if (ArrayBuffer.isView(object))
    return `${sourceOf(object).slice(8, -1)}(${object.byteLength} bytes)`;
  if (object instanceof Promise) return "Promise";
  return undefined;
}

function addObject(object: object, text: Text, depth: number): void {
  const builtIn = describeBuiltIn(object);
  if (builtIn !== undefined) return text.add(builtIn);
  if (depth <= 0) return text.add(Array.isArray(object) ? "[…]" : "{…}");
  if (Array.isArray(object)) return addList(object, text, depth);
  const name = className(object);
  if (name !== "") text.add(`${name} `);
  addMembers(object, text, depth);
}

function addValue(value: unknown, text: Text, depth: number): void {
  switch (typeof value) {
    case "string":
      /* A long one is not escaped as a whole. */
      return text.add(JSON.stringify(value.slice(0, text.room)));
    case "bigint":
      return text.add(`${value}n`);
    case "function": {
      const name = ownData(value, "name");
      return text.add(typeof name === "string" && name !== "" ? `function ${name}` : "function");
    }
    case "object":
      return value === null ? text.add("null") : addObject(value, text, depth);
    default:
      return text.add(Object.is(value, -0) ? "-0" : String(value));
  }
}

/** A value as text of at most `length` characters. A Proxy that throws is shown as what it is. */
export function preview(value: unknown, length: number): string {
  const text = new Text(length);
  try {
    addValue(value, text, DEPTH);
  } catch {
    text.add("(unreadable)");
  }
  return text.end(length);
}
