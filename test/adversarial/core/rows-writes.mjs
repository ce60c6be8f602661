/** C12, C14, C23-C28: writes, batches and transactions. */
import assert from "node:assert/strict";
import { batch, computed, createEffect, flushSync, signal, transaction } from "@signal-kernel/core";
import { thrownBy, tick } from "./tools.mjs";

export const writes = {
  C12() {
    const a = signal(1, () => {
      throw new RangeError("comparator");
    });
    let runs = 0;
    createEffect(() => {
      a.get();
      runs++;
    });
    const error = thrownBy(() => a.set(2));
    assert.equal(thrownBy(() => transaction(() => a.set(3))).name, error.name);
    flushSync();
    assert.deepEqual([a.get(), runs], [1, 1]);
    return error.name;
  },

  C14() {
    const other = signal(0);
    const mirror = signal(0);
    let comparisons = 0;
    const a = signal(0, (x, y) => {
      comparisons++;
      mirror.set(other.get() + y);
      return x === y;
    });
    let runs = 0;
    createEffect(() => {
      a.get();
      runs++;
      a.set(1);
    });
    flushSync();
    const before = runs;
    other.set(5);
    flushSync();
    assert.equal(runs, before);
    const set = comparisons;
    a.set(7);
    assert.equal(comparisons, set + 1);
    assert.equal(mirror.get(), 12);
    flushSync();
    const reads = signal(1);
    const c = computed(
      () => reads.get(),
      (x, y) => other.get() > 0 && c.peek() === x && x === y,
    );
    assert.equal(c.get(), 1);
    reads.set(2);
    assert.equal(c.get(), 2);
  },

  C23() {
    const a = signal(1);
    let runs = 0;
    createEffect(() => {
      a.get();
      runs++;
    });
    const error = thrownBy(() =>
      a.set(() => {
        throw new EvalError("updater");
      }),
    );
    flushSync();
    assert.deepEqual([a.get(), runs], [1, 1]);
    return error.name;
  },

  C24() {
    const a = signal(1);
    const seen = [];
    createEffect(() => void seen.push(a.get()));
    a.set((n) => {
      a.set(50);
      a.set((m) => m + 1);
      return n + 1;
    });
    flushSync();
    assert.equal(a.get(), 2);
    assert.deepEqual(seen, [1, 2]);
  },

  C25() {
    const a = signal(0);
    const seen = [];
    createEffect(() => void seen.push(a.get()));
    const error = thrownBy(() =>
      batch(() => {
        a.set(1);
        assert.throws(
          () =>
            batch(() => {
              a.set(2);
              throw new TypeError("inner");
            }),
          TypeError,
        );
        assert.deepEqual(seen, [0]);
        a.set(3);
        throw new URIError("outer");
      }),
    );
    assert.deepEqual(seen, [0, 3]);
    batch(() => a.set(4));
    assert.deepEqual(seen, [0, 3, 4]);
    return error.name;
  },

  async C26() {
    const a = signal(0);
    const seen = [];
    let depth = 0;
    const c = computed(() => {
      flushSync();
      return a.get();
    });
    for (let i = 0; i < 3; i++)
      createEffect(() => {
        assert.equal(depth, 0);
        depth++;
        seen.push(c.get());
        flushSync();
        depth--;
      });
    batch(() => {
      a.set(1);
      flushSync();
      assert.deepEqual(seen, [0, 0, 0]);
    });
    a.set(2);
    await tick();
    assert.deepEqual(seen, [0, 0, 0, 1, 1, 1, 2, 2, 2]);
  },

  async C27() {
    const a = signal(1);
    const double = computed(() => a.get() * 2);
    const seen = [];
    createEffect(() => void seen.push(double.get()));
    const error = thrownBy(() =>
      transaction(() => {
        a.set(2);
        assert.equal(double.get(), 4);
        throw new SyntaxError("rolled back");
      }),
    );
    assert.deepEqual([a.get(), double.get()], [1, 2]);
    flushSync();
    await tick();
    assert.deepEqual(seen, [2]);
    return error.name;
  },

  async C28() {
    const a = signal(0);
    const b = signal(0);
    const log = [];
    createEffect(() => void log.push(`a${a.get()}`));
    createEffect(() => void log.push(`b${b.get()}`));
    a.set(1);
    const error = thrownBy(() =>
      transaction(() => {
        a.set(2);
        b.set(2);
        throw new RangeError("rolled back");
      }),
    );
    await tick();
    assert.deepEqual(log, ["a0", "b0", "a1"]);
    return error.name;
  },
};
