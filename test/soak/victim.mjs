/**
 * A worker that is to be terminated: it does one kind of work for ever, and says when it is in the midst of it.
 * `workerData.mode` is the work, `workerData.turns` how far it gets before it says so.
 */
import { parentPort, workerData } from "node:worker_threads";
import { createResource, createStreamResource } from "@signal-kernel/async-runtime";
import {
  batch,
  computed,
  createEffect,
  createScope,
  flushSync,
  settled,
  signal,
  transaction,
} from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  decodeJsonSnapshot,
  encodeJsonSnapshot,
  restoreSnapshot,
} from "@signal-kernel/snapshot";

const { mode, turns } = workerData;
const signals = Array.from({ length: 30 }, (_, i) => signal(i));
const sums = signals.map((s, i) => computed(() => s.get() + signals[(i * 7) % 30].get()));
let turn = 0;
/** From the given turn on the parent knows that it may strike; the work goes on all the same. */
const point = () => {
  turn++;
  if (turn === turns) parentPort.postMessage(mode);
};
const write = () => batch(() => signals.forEach((s) => s.set((n) => n + 1)));
const never = () => new Promise(() => {});
const pass = () => new Promise((resolve) => setImmediate(resolve));

const work = {
  computed() {
    const c = computed(() => {
      point();
      return sums.reduce((all, s) => all + s.get(), 0);
    });
    createEffect(() => void c.get());
    for (;;) write();
  },
  effect() {
    for (const s of sums)
      createEffect(() => {
        s.get();
        point();
      });
    for (;;) write();
  },
  flush() {
    for (const s of sums) createEffect(() => void s.get());
    for (;;) {
      signals.forEach((s) => s.set((n) => n + 1));
      point();
      flushSync();
    }
  },
  batch() {
    for (const s of sums) createEffect(() => void s.get());
    for (;;)
      batch(() => {
        write();
        point();
      });
  },
  transaction() {
    for (;;)
      try {
        transaction(() => {
          write();
          transaction(() => write());
          sums.forEach((s) => s.get());
          point();
          if (turn % 2) throw new Error("back");
        });
      } catch {}
  },
  create() {
    for (;;) {
      const scope = createScope(() => {
        for (const s of sums) createEffect(() => void s.get());
      });
      point();
      scope.dispose();
    }
  },
  async staged() {
    for (;;) {
      const all = signals.map((s) =>
        transaction(async (tx) => {
          tx.set(s, tx.get(s) + 1);
          point();
          await pass();
          await transaction(async (inner) => inner.set(s, -1));
        }).catch(() => {}),
      );
      void transaction(async (tx) => {
        tx.set(signals[0], 1);
        await never();
      });
      await Promise.all(all);
    }
  },
  async settle() {
    for (const s of signals) {
      const [value] = createResource(s.get, async (n) => {
        point();
        return n;
      });
      createEffect(() => void value());
    }
    for (;;) {
      write();
      await settled();
    }
  },
  async stream() {
    for (const s of signals)
      createStreamResource(s.get, async (n, ctx) => {
        for (let i = 0; i < 5; i++) {
          ctx.emit(n + i);
          point();
          await pass();
        }
        ctx.done();
      });
    for (;;) {
      write();
      await pass();
    }
  },
  snapshot() {
    const scope = createSnapshotScope();
    signals.forEach((s, i) => scope.signal(`s${i}`, s));
    for (const s of sums) createEffect(() => void s.get());
    for (;;) {
      const text = encodeJsonSnapshot(captureSnapshot(scope));
      point();
      write();
      restoreSnapshot(scope, decodeJsonSnapshot(text));
    }
  },
};

await work[mode]();
