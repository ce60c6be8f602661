/** Errors and arguments of the reference model. */

class ModelError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const nameOf = (name: string | undefined): string =>
  name === undefined ? "(no name)" : `"${name}"`;

export const cycle = (names: (string | undefined)[]): Error =>
  new ModelError("ERR_SK_CYCLE", `Cycle: ${names.map(nameOf).join(" -> ")}. Break it.`);

export const isCycle = (error: unknown): boolean =>
  error instanceof ModelError && error.code === "ERR_SK_CYCLE";

export const writeInComputed = (signal: string | undefined, computed: string | undefined): Error =>
  new ModelError(
    "ERR_SK_WRITE_IN_COMPUTED",
    `Signal ${nameOf(signal)} was written inside computed ${nameOf(computed)}. Write elsewhere.`,
  );

export const loop = (effect: string | undefined): Error =>
  new ModelError("ERR_SK_EFFECT_LOOP", `Effect ${nameOf(effect)} keeps waking itself. Stop it.`);

export function invalid(name: string): TypeError {
  return Object.assign(new TypeError(`"${name}" is not what it must be`), {
    code: "ERR_SK_INVALID_ARG",
  });
}

export function requireFunction(name: string, value: unknown): void {
  if (typeof value !== "function") throw invalid(name);
}

type Equals = false | ((a: unknown, b: unknown) => boolean);

export function options(given: unknown): { equals: Equals; name: string | undefined } {
  if (given === undefined) return { equals: Object.is, name: undefined };
  if (given === false || typeof given === "function")
    return { equals: given as Equals, name: undefined };
  if (typeof given !== "object" || given === null) throw invalid("equals");
  const { equals = Object.is, name } = given as { equals?: unknown; name?: unknown };
  if (equals !== false && typeof equals !== "function") throw invalid("equals");
  if (name !== undefined && typeof name !== "string") throw invalid("name");
  return { equals: equals as Equals, name: name as string | undefined };
}

const PRIORITIES = new Map<unknown, number>([
  ["immediate", -200],
  ["user-blocking", -100],
  ["normal", 0],
  ["background", 100],
]);

export function priorityOf(given: unknown): number {
  const priority = (given as { priority?: unknown } | undefined)?.priority ?? 0;
  const number = PRIORITIES.get(priority) ?? priority;
  if (!Number.isInteger(number)) throw invalid("priority");
  return number as number;
}
