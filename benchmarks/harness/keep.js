// @ts-check
// A program keeps some of a library alive for as long as it runs. Where nothing is left of a class at a full
// collection, V8 lets go of its layout too, and with it of all compiled code that knows it: the next run
// would pay for compiling the library again. So a little of each library stays.

/**
 * Builds one of each kind.
 *
 * @param {import("./types.js").Adapter} lib
 * @returns {unknown} To be held.
 */
export function keepGraph(lib) {
  return lib.withBuild(() => {
    const source = lib.signal(0);
    const observed = lib.computed(() => source.read() + 1);
    const unobserved = lib.computed(() => source.read() + 2);
    unobserved.read();
    lib.effect(() => {
      observed.read();
    });
    lib.batch(() => source.write(1));
    return [source, observed, unobserved];
  });
}

/**
 * Makes one cell that has run, and is observed.
 *
 * @param {import("./types.js").AsyncAdapter} lib
 * @returns {Promise<unknown>} To be held.
 */
export async function keepCell(lib) {
  const built = lib.withBuild(() => {
    const cell = lib.cell(() => Promise.resolve(1));
    lib.observe(cell, () => {});
    return cell;
  });
  await built.result.run();
  return built;
}
