// @ts-check
// What libraries have not, so that it cannot be measured of them.

const NO_DISPOSAL = new Set(["floor", "reactively"]);

/** @param {string} library @returns {string | undefined} */
export const lacksDisposal = (library) =>
  NO_DISPOSAL.has(library) ? "cannot dispose an effect" : undefined;
