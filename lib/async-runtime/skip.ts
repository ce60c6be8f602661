/**
 * What an input function returns when there is nothing to run on.
 *
 * The symbol is registered: the ES module and the CommonJS one mean the same.
 *
 * @example
 * const [user] = createResource(
 *   () => id.get() ?? SKIP,
 *   (id, { signal }) => loadUser(id, signal),
 * );
 */
export const SKIP: unique symbol = Symbol.for("@signal-kernel/skip");

/** The type of {@link SKIP}. */
export type Skip = typeof SKIP;
