/** Works on its own graph for ever, checking it, and tells every now and then that all is well. */

import { parentPort, workerData } from "node:worker_threads";
import {
  batch,
  computed,
  createEffect,
  flushSync,
  onCleanup,
  signal,
  transaction,
} from "@signal-kernel/core";
import { engine } from "#engine";

const base = workerData.base;
const signals = Array.from({ length: 50 }, (_, i) => signal(base + i));
const sums = signals.map((s, i) => computed(() => s.get() + (i > 0 ? signals[i - 1].get() : 0)));
const seen = [];
createEffect(() => {
  sums.forEach((sum, i) => {
    seen[i] = sum.get();
  });
  createEffect(() => {
    signals[0].get();
    onCleanup(() => {});
  });
});
let rounds = 0;
const round = () => {
  rounds++;
  batch(() => {
    for (const s of signals) s.set((n) => n + 1);
  });
  try {
    transaction(() => {
      for (const s of signals) s.set(-1);
      for (const sum of sums) sum.get();
      throw 0;
    });
  } catch {}
  createEffect(() => void sums[rounds % 50].get())();
  flushSync();
  sums.forEach((_, i) => {
    const expected = i > 0 ? 2 * (base + rounds) + 2 * i - 1 : base + rounds;
    if (seen[i] !== expected) throw new Error(`worker ${base}: ${seen[i]} is not ${expected}`);
  });
};
for (;;) {
  for (let i = 0; i < workerData.rounds; i++) round();
  parentPort.postMessage({ base, rounds, nodes: engine().counters.nodes });
  if (workerData.once) break;
  if (workerData.yields) await new Promise((resolve) => setImmediate(resolve));
}
