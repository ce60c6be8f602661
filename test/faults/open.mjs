/**
 * N10: a WebAssembly engine that gets no memory for its kernel does not load, and says so. Whatever is
 * refused of what it asks for, it is that or an engine that works.
 */
import assert from "node:assert/strict";
import { load } from "./load.mjs";

/** Loads the library while the nth request is refused; null when that is an error, which must be typed. */
function open(nth) {
  try {
    return load((wasm) => wasm.refuse(nth, false));
  } catch (error) {
    assert.equal(error?.code, "ERR_SK_LOAD", error?.stack);
    assert.match(error.message, /memory/);
    return null;
  }
}

const requests = open(0).refuse(0, false);
assert.ok(requests > 4, `only ${requests} requests for memory`);
for (let nth = 1; nth <= requests; nth++) assert.equal(open(nth), null, `request ${nth}`);
const { signal, createEffect, flushSync, checkEngine } = open(0);
const source = signal(1);
let seen = 0;
createEffect(() => {
  seen = source.get();
});
source.set(2);
flushSync();
assert.equal(seen, 2);
assert.equal(checkEngine(), undefined);
process.stdout.write(`${JSON.stringify({ requests, refused: requests })}\n`);
