/** Taken at load: a program may replace the global one. */
const { hasOwn } = Object;

/**
 * Whether an object has a member itself. Where `in` would tell which of several kinds it is, a polluted
 * Object.prototype would answer for all of them.
 */
export function has<T extends object, K extends PropertyKey>(
  object: T,
  key: K,
): object is Extract<T, { readonly [P in K]: unknown }> {
  return hasOwn(object, key);
}

/** `value instanceof type`, of anything that a program may throw: of a revoked proxy even that cannot be asked. */
export function isInstance<T>(
  value: unknown,
  type: abstract new (...args: never[]) => T,
): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}
