/** Tools of the rows. */
import assert from "node:assert/strict";

/** What `fn` throws. */
export function thrownBy(fn) {
  try {
    fn();
  } catch (error) {
    return error;
  }
  assert.fail("nothing was thrown");
}

/** Asserts the code of one of the library's errors, and returns the class for the table. */
export function coded(error, code) {
  assert.ok(error instanceof Error);
  assert.equal(error.code, code);
  return error.name;
}

/** Waits until `collected()` holds after garbage collections, and returns whether it ever did. */
export async function afterCollection(collected) {
  for (let i = 0; i < 20; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (collected()) return true;
  }
  return false;
}

export const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
