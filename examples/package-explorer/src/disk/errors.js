// @ts-check

/** A fault of the request, not of the program: shown as one line, without a stack. */
export class ExplorerError extends Error {
  name = "ExplorerError";
}

/**
 * The code of a file system error (`ENOENT` and its kin), or undefined.
 *
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function codeOf(error) {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/**
 * Absent is an answer, every other failure is an error.
 *
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T | undefined>}
 */
export async function ifThere(promise) {
  try {
    return await promise;
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
