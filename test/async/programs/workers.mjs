// Cells in workers: each has its own tasks; a worker may end in the middle of everything.
import assert from "node:assert/strict";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { createResource, createStreamResource, fromPromise } from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";

if (isMainThread) {
  const before = engine().counters.tasks;
  for (let round = 0; round < 4; round++) {
    const workers = [0, 1, 2].map(() => new Worker(new URL(import.meta.url)));
    const tasks = await Promise.all(
      workers.map((worker) => new Promise((resolve) => worker.once("message", resolve))),
    );
    assert.deepEqual(tasks, [3, 3, 3]);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  assert.equal(engine().counters.tasks, before);
  console.log("done");
} else {
  const id = signal(0);
  const [value] = createResource(id.get, async (id) => id);
  createStreamResource(id.get, async (id, { emit }) => emit(id));
  const cell = fromPromise(async () => id.peek());
  for (let i = 1; i <= 100; i++) {
    id.set(i);
    await cell.reload();
  }
  await null;
  assert.equal(value(), 100);
  parentPort.postMessage(engine().counters.tasks);
  for (;;) {
    id.set((i) => i + 1);
    await cell.reload();
    if (id.peek() % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
