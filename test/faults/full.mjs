/**
 * N10: the memory of the WebAssembly engine cannot grow any more. What does not find room says so; nothing
 * that was there is lost; and what is let go makes room for others.
 */
import assert from "node:assert/strict";
import { load } from "./load.mjs";

const { signal, createEffect, flushSync, checkEngine } = load();
const source = signal(0);
const seen = new Map();
const ends = new Map();
/** What a flush in a microtask could not do; it is tried again by the next one. */
const reported = [];
process.on("uncaughtException", (error) => reported.push(error));

function mustBeTyped(error) {
  assert.equal(error?.code, "ERR_SK_OUT_OF_MEMORY", error?.stack);
  assert.equal(checkEngine(), undefined);
}

/** Makes effects until there is no room: for another one, or for what the last ones have read. */
function fill() {
  for (;;) {
    const name = Symbol();
    assert.ok(ends.size < 1e6, "the memory grows");
    try {
      ends.set(
        name,
        createEffect(() => {
          seen.set(name, source.get());
        }),
      );
      if (ends.size % 64 === 0) flushSync();
    } catch (error) {
      /* One whose creation failed has run, and never runs again. */
      if (!ends.has(name)) seen.delete(name);
      return mustBeTyped(error);
    }
  }
}

/** Disposes the newest, until `left` are there. */
function empty(left) {
  for (const [name, end] of [...ends].slice(left)) {
    ends.delete(name);
    end();
    seen.delete(name);
  }
}

/** Everyone who is there sees a write. */
function mustRun(value) {
  source.set(value);
  flushSync();
  assert.deepEqual(
    [...seen],
    [...ends.keys()].map((name) => [name, value]),
  );
  assert.equal(checkEngine(), undefined);
}

async function main() {
  fill();
  const most = ends.size;
  assert.ok(most > 500, `only ${most} effects`);
  for (let round = 1; round < 6; round++) {
    /* Somebody writes while nothing finds room. */
    source.set(round - 0.5);
    await new Promise((resolve) => setTimeout(resolve));
    for (const error of reported.splice(0)) mustBeTyped(error);
    empty(most >> 1);
    mustRun(round);
    fill();
    assert.ok(ends.size > most * 0.9, `room for ${ends.size} of ${most} after round ${round}`);
  }
  empty(0);
  mustRun(0);
  return { effects: most };
}

main().then(
  (result) => {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    process.exit(0);
  },
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
