/**
 * Values that do harm to whoever touches them, and the errors that they cause: whatever reaches a caller
 * must be one of those, or an error of the library.
 */
import type { Random } from "../simulation/random.js";

/** Thrown by hostile code. */
export class Mischief extends Error {
  override readonly name = "Mischief";
}

/** What hostile code has thrown that is no Mischief. */
const thrown = new Set<unknown>();

const refuse = (): never => {
  throw new Mischief("refused");
};

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

const trap = (): object =>
  new Proxy(() => {}, {
    get: refuse,
    has: refuse,
    ownKeys: refuse,
    getPrototypeOf: refuse,
    apply: refuse,
    construct: refuse,
  });

const quiet = (): object =>
  new Proxy({}, { get: (_, key) => (key === "then" ? undefined : quiet) });

/** Promises of all kinds but honest ones. */
const THENABLES: readonly (() => unknown)[] = [
  // biome-ignore lint/suspicious/noThenProperty: that is what it is for.
  () => ({ then: refuse }),
  // biome-ignore lint/suspicious/noThenProperty: that is what it is for.
  () => Object.defineProperty({}, "then", { get: refuse }),
  // biome-ignore lint/suspicious/noThenProperty: that is what it is for.
  () => ({ then: (ok: (v: unknown) => void, no: (e: unknown) => void) => (ok(1), ok(2), no(3)) }),
  // biome-ignore lint/suspicious/noThenProperty: that is what it is for.
  () => ({ then: () => {} }),
  // biome-ignore lint/suspicious/noThenProperty: that is what it is for.
  () => ({ then: (_: unknown, no: (e: unknown) => void) => no(undefined) }),
  () => Promise.reject(new Mischief("rejected")),
  () => Promise.resolve(7),
  () => new Promise(() => {}),
];

const VALUES: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => Number.NaN,
  () => -0,
  () => 2 ** 53,
  () => 10n,
  () => "__proto__",
  () => Symbol("s"),
  () => Symbol.iterator,
  () => () => 1,
  () => refuse,
  () => class {},
  () => Object.create(null),
  () => Object.freeze([1]),
  () => ({ valueOf: refuse, toString: refuse, toJSON: refuse, [Symbol.toPrimitive]: refuse }),
  () => Object.defineProperty({}, "name", { get: refuse, enumerable: true }),
  () => ({ __proto__: { equals: refuse } }),
  () => JSON.parse('{"__proto__":{"polluted":1},"constructor":1}'),
  () => Object.defineProperty({}, "constructor", { get: refuse }),
  () => new Date(Number.NaN),
  revoked,
  trap,
  quiet,
];

/** Any value but a promise. */
export function anyValue(random: Random): unknown {
  return random.once(3) ? random.below(4) : random.pick(VALUES)();
}

/** What a producer returns: a promise of some kind, or any value. */
export function anyOutcome(random: Random): unknown {
  const outcome = random.once(3) ? anyValue(random) : random.pick(THENABLES)();
  /* Nobody may take it: that is not the library's affair. */
  if (outcome instanceof Promise) outcome.catch(() => {});
  return outcome;
}

/** Throws something: an error, or what nobody expects to be thrown. */
export function throwAnything(random: Random): never {
  const error = random.once(2) ? new Mischief("thrown") : anyValue(random);
  thrown.add(error);
  throw error;
}

/** What the platform says about a hostile value when it is touched. */
const BY_PLATFORM =
  /revoked|Class constructors? .*cannot be invoked|Cannot convert|Method .* called on incompatible|is not (a function|iterable|a constructor)|Maximum call stack|promise resolved with itself|Chaining cycle/i;

/** Whether an error may reach a caller. Another one shows that the library did not expect something. */
export function isExpected(error: unknown): boolean {
  if (thrown.has(error) || error instanceof Mischief) return true;
  if (error instanceof AggregateError) return error.errors.every(isExpected);
  if (error instanceof DOMException)
    return error.name === "AbortError" || error.name === "TimeoutError";
  if (!(error instanceof Error)) return true;
  if (String((error as { code?: unknown }).code).startsWith("ERR_SK_")) return true;
  return (
    BY_PLATFORM.test(error.message) || /requires a (fetcher|streamer) function/.test(error.message)
  );
}

/** What is strange about an error, for a message. */
export function describeStrange(error: unknown): string {
  if (error instanceof AggregateError)
    return error.errors
      .filter((each) => !isExpected(each))
      .map(describeStrange)
      .join("\n");
  return error instanceof Error ? (error.stack ?? error.message) : typeof error;
}

export function forgetThrown(): void {
  thrown.clear();
}
