/**
 * Ends at one step: `node exit.mjs <step> <code>`, or as a worker with these as its data. A graph is alive
 * and much is under way; the library still works when the process is on its way out.
 */
import assert from "node:assert/strict";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { createResource, fromPromise } from "@signal-kernel/async-runtime";
import {
  batch,
  computed,
  createEffect,
  createScope,
  signal,
  transaction,
} from "@signal-kernel/core";
import { checkEngine } from "#engine";
import { steps } from "./steps.mjs";

const [step, code] = isMainThread ? process.argv.slice(2) : workerData;

const alive = signal(0);
const double = computed(() => alive.get() * 2);
let seen;
createEffect(() => {
  seen = double.get();
});
createScope(() => createResource(alive.get, () => new Promise(() => {})));
fromPromise(() => new Promise(() => {}));
void transaction(async (tx) => {
  tx.set(alive, -1);
  await new Promise(() => {});
});

process.once("exit", (ended) => {
  assert.equal(ended, step === "the exit handlers" ? 0 : Number(code));
  /* The step may be inside of a batch, a flush or a computed: then effects have to wait. */
  const other = signal(1);
  assert.equal(computed(() => other.get() + double.get()).get(), 1);
  try {
    batch(() => other.set(2));
    assert.equal(other.get(), 2);
  } catch (error) {
    assert.equal(error.code, "ERR_SK_WRITE_IN_COMPUTED");
  }
  assert.equal(seen, 0);
  assert.equal(checkEngine(), undefined);
});
if (step === "a running worker") new Worker("for (;;) {}", { eval: true });
const end = () => process.exit(Number(code));
await (step === "a running worker" ? end : steps[step])(end);
if (isMainThread && step !== "beforeExit" && step !== "the exit handlers")
  setTimeout(() => {
    throw new Error(`${step} did not come`);
  }, 10_000);
