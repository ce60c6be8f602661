/**
 * Runs one N row of the adversarial table in this process, then checks that the library still works. Any end
 * but this line and the exit code 0 is a failure of the row.
 */
import assert from "node:assert/strict";
import { batch, computed, createEffect, flushSync, signal } from "@signal-kernel/core";
import { checkEngine } from "#engine";
import { ARGUMENTS } from "./rows-arguments.mjs";
import { ENDS } from "./rows-ends.mjs";
import { LIVES } from "./rows-lives.mjs";
import { NUMBERS } from "./rows-numbers.mjs";

const rows = { ...ARGUMENTS, ...NUMBERS, ...LIVES, ...ENDS };
const [, , id] = process.argv;
const row = rows[id];
if (row === undefined) throw new Error(`There is no row ${id}`);
process.on("unhandledRejection", (reason) => {
  throw reason;
});
await row();

const source = signal(1);
const double = computed(() => source.get() * 2);
const seen = [];
createEffect(() => void seen.push(double.get()));
batch(() => source.set(2));
source.set(3);
flushSync();
assert.deepEqual(seen, [2, 4, 6]);
assert.equal(checkEngine(), undefined);
console.log(`${id} done`);
