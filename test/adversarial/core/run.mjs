/**
 * Runs one row of the adversarial table in this process, then checks that the kernel still works.
 * Prints one line of JSON; any other end of the process is a failure of the row.
 */
import assert from "node:assert/strict";
import * as core from "@signal-kernel/core";
import { async } from "./rows-async.mjs";
import { computeds } from "./rows-computeds.mjs";
import { effects } from "./rows-effects.mjs";
import { sizes } from "./rows-sizes.mjs";
import { values } from "./rows-values.mjs";
import { writes } from "./rows-writes.mjs";

const rows = { ...computeds, ...effects, ...writes, ...async, ...sizes, ...values };

/** A fresh signal, computed and effect behave. */
export function checkHealth() {
  const source = core.signal(1);
  const double = core.computed(() => source.get() * 2);
  const seen = [];
  const dispose = core.createEffect(() => {
    seen.push(double.get());
  });
  source.set(2);
  core.flushSync();
  core.batch(() => source.set(3));
  assert.throws(
    () =>
      core.transaction(() => {
        source.set(99);
        throw new Error("rolled back");
      }),
    /rolled back/,
  );
  dispose();
  source.set(4);
  core.flushSync();
  assert.deepEqual(seen, [2, 4, 6]);
  assert.equal(double.get(), 8);
}

const [, , id] = process.argv;
const row = rows[id];
if (row === undefined) throw new Error(`There is no row ${id}`);
const raised = await row();
checkHealth();
await new Promise((resolve) => setImmediate(resolve));
checkHealth();
console.log(JSON.stringify({ id, raised: raised ?? "none" }));
