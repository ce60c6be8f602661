/**
 * A storm of workers: each is terminated in the midst of some work, most of them while they run code of the
 * library; a few end by themselves. The parent's own graph goes on meanwhile, and loses nothing.
 */
import assert from "node:assert/strict";
import { Worker } from "node:worker_threads";
import { batch, computed, createEffect, signal } from "@signal-kernel/core";
import { checkEngine, engine } from "#engine";

const VICTIM = new URL("./victim.mjs", import.meta.url);

/** The kinds of work of victim.mjs. */
export const MODES = [
  "computed",
  "effect",
  "flush",
  "batch",
  "transaction",
  "create",
  "staged",
  "settle",
  "stream",
  "snapshot",
];

/** Starts a worker and terminates it: in its work; before it is up; or after its first turn. */
async function strike(mode, random) {
  const worker = new Worker(VICTIM, {
    workerData: { mode, turns: 1 + random(60) },
    /* Nothing of it may ever be needed. */
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  let failure;
  worker.on("error", (error) => {
    failure = error;
  });
  const isUp = random(10) > 0;
  if (isUp) await new Promise((resolve) => worker.once("message", resolve));
  const wait = random(3);
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  const code = await worker.terminate();
  if (failure !== undefined) throw failure;
  /* One that has not begun may end with 0. */
  if (isUp) assert.equal(code, 1, mode);
}

/**
 * Makes a storm.
 *
 * @param count How many workers.
 * @param random Makes a whole number below its argument.
 * @param sideBySide How many are alive at once.
 * @returns How many were terminated.
 */
export async function storm(count, random, sideBySide = 2) {
  const source = signal(0);
  const double = computed(() => source.get() * 2);
  let seen = 0;
  const stop = createEffect(() => {
    seen = double.get();
  });
  const before = engine().counters;
  let started = 0;
  const lane = async () => {
    while (started < count) {
      await strike(MODES[started++ % MODES.length], random);
      batch(() => source.set((n) => n + 1));
      assert.equal(seen, source.get() * 2);
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, lane));
  assert.equal(source.get(), count);
  assert.equal(checkEngine(), undefined);
  const { nodes, edges, tasks, transactions, bytes } = engine().counters;
  assert.deepEqual(
    { nodes, edges, tasks, transactions, bytes },
    {
      nodes: before.nodes,
      edges: before.edges,
      tasks: before.tasks,
      transactions: before.transactions,
      bytes: before.bytes,
    },
  );
  stop();
  return count;
}
