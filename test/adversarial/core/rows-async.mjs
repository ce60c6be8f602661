/** C29-C31: asynchronous transactions. */
import assert from "node:assert/strict";
import {
  atomic,
  computed,
  createEffect,
  flushSync,
  signal,
  transaction,
} from "@signal-kernel/core";
import { tick } from "./tools.mjs";

const gate = () => {
  let open;
  const passed = new Promise((resolve) => {
    open = resolve;
  });
  return { open, passed };
};

export const async = {
  async C29() {
    const a = signal(0);
    const b = signal(0);
    const sum = computed(() => a.get() + b.get());
    const seen = [];
    createEffect(() => void seen.push(`${a.get()} ${b.get()}`));
    const first = gate();
    const second = gate();
    const commits = transaction(async () => {
      a.set(1);
      await first.passed;
      assert.deepEqual([a.get(), b.get(), sum.get()], [1, 0, 1]);
      a.set(2);
      return "committed";
    });
    const fails = transaction(async () => {
      b.set(10);
      await second.passed;
      /* It reads the state as of its beginning, and its own writes. */
      assert.deepEqual([a.get(), b.get(), sum.get()], [0, 10, 10]);
      throw new RangeError("second");
    });
    await tick();
    assert.deepEqual([a.get(), b.get(), sum.get()], [0, 0, 0]);
    first.open();
    assert.equal(await commits, "committed");
    assert.deepEqual([a.get(), b.get(), sum.get()], [2, 0, 2]);
    second.open();
    await assert.rejects(fails, RangeError);
    await tick();
    assert.deepEqual([a.get(), b.get(), sum.get()], [2, 0, 2]);
    assert.deepEqual(seen, ["0 0", "2 0"]);
    return "RangeError";
  },

  async C30() {
    const a = signal(0);
    const other = signal(0);
    const seen = [];
    createEffect(() => void seen.push(other.get() + a.get()));
    void transaction(async () => {
      a.set(100);
      await new Promise(() => {});
    });
    other.set(1);
    flushSync();
    other.set(2);
    await tick();
    assert.deepEqual(seen, [0, 1, 2]);
    assert.equal(a.get(), 0);
  },

  async C31() {
    const a = signal(0);
    const hostile = {
      // biome-ignore lint/suspicious/noThenProperty: a hostile thenable is the case.
      then() {
        a.set(5);
        throw new EvalError("then");
      },
    };
    const promise = atomic(() => {
      a.set(1);
      return hostile;
    });
    await assert.rejects(Promise.resolve(promise), EvalError);
    const getter = {
      // biome-ignore lint/suspicious/noThenProperty: a hostile thenable is the case.
      get then() {
        throw new EvalError("getter");
      },
    };
    const b = signal(0);
    let error;
    try {
      await atomic(() => {
        b.set(1);
        return getter;
      });
    } catch (caught) {
      error = caught;
    }
    assert.equal(error?.name, "EvalError");
    await tick();
    assert.equal(a.get() === 1, false);
    assert.equal(b.get(), 0);
    return error.name;
  },
};
