/** C01-C06, C13, C20-C22: computeds that misbehave. */
import assert from "node:assert/strict";
import { computed, createEffect, flushSync, signal } from "@signal-kernel/core";
import { coded, thrownBy } from "./tools.mjs";

export const computeds = {
  C01() {
    const a = signal(1);
    const bystander = computed(() => a.get() + 1);
    const self = computed(() => self.get() + a.get(), { name: "self" });
    const error = thrownBy(self.get);
    assert.equal(bystander.get(), 2);
    a.set(2);
    assert.equal(bystander.get(), 3);
    assert.equal(thrownBy(self.get).code, error.code);
    return coded(error, "ERR_SK_CYCLE");
  },

  C02() {
    const closed = signal(true);
    const a = computed(() => (closed.get() ? b.get() : 1));
    const b = computed(() => a.get() + 1);
    const error = thrownBy(b.get);
    thrownBy(a.get);
    closed.set(false);
    assert.deepEqual([b.get(), a.get()], [2, 1]);
    const seen = [];
    createEffect(() => {
      try {
        seen.push(b.get());
      } catch (caught) {
        seen.push(caught.code);
      }
    });
    closed.set(true);
    flushSync();
    closed.set(false);
    flushSync();
    assert.deepEqual(seen, [2, "ERR_SK_CYCLE", 2]);
    return coded(error, "ERR_SK_CYCLE");
  },

  C03() {
    const base = signal(1);
    let inner;
    const self = computed(() => {
      const value = base.get();
      try {
        return self.get();
      } catch (error) {
        inner = error;
        return value * 10;
      }
    });
    assert.equal(self.get(), 10);
    assert.equal(self.get(), 10);
    base.set(2);
    assert.equal(self.get(), 20);
    coded(inner, "ERR_SK_CYCLE");
  },

  C04() {
    const a = signal(0);
    const c = computed(() => {
      if (a.get() === 0) throw new RangeError("once");
      return a.get();
    });
    const error = thrownBy(c.get);
    a.set(1);
    assert.equal(c.get(), 1);
    return error.name;
  },

  C05() {
    const thrown = [undefined, null, 0, -0, Number.NaN, "", 1n, Symbol("s"), {}, [], () => {}];
    for (const value of thrown) {
      const a = signal(0);
      const c = computed(() => {
        a.get();
        throw value;
      });
      assert.ok(Object.is(thrownBy(c.get), value));
      assert.ok(Object.is(thrownBy(c.get), value));
      assert.ok(
        Object.is(
          thrownBy(() => createEffect(c.get)),
          value,
        ),
      );
    }
  },

  C06() {
    let runs = 0;
    const c = computed(() => {
      runs++;
      throw new EvalError("kept");
    });
    const first = thrownBy(c.get);
    for (let i = 0; i < 10; i++) assert.equal(thrownBy(c.get), first);
    assert.equal(runs, 1);
    return first.name;
  },

  C13() {
    const a = signal(0);
    const c = computed(
      () => a.get(),
      (_, next) => {
        if (next === 1) throw new SyntaxError("comparator");
        return false;
      },
    );
    assert.equal(c.get(), 0);
    a.set(1);
    const error = thrownBy(c.get);
    a.set(2);
    assert.equal(c.get(), 2);
    return error.name;
  },

  C20() {
    const a = signal(1);
    const c = computed(() => {
      c.dispose();
      return a.get();
    });
    for (let i = 1; i < 100; i++) {
      assert.equal(c.get(), i);
      a.set(i + 1);
    }
    const stop = createEffect(() => void c.get());
    a.set(1000);
    flushSync();
    assert.equal(c.get(), 1000);
    stop();
  },

  C21() {
    const a = signal(1);
    const c = computed(() => a.get() * 2);
    const stop = createEffect(() => void c.get());
    c.dispose();
    stop();
    a.set(2);
    assert.equal(c.get(), 4);
    a.set(3);
    assert.equal(c.get(), 6);
    c.dispose();
    c.dispose();
    assert.equal(c.peek(), 6);
  },

  C22() {
    const a = signal(0);
    const target = signal(0);
    const c = computed(() => target.set(a.get()));
    const error = thrownBy(c.get);
    assert.equal(target.get(), 0);
    target.set(1);
    assert.equal(target.get(), 1);
    return coded(error, "ERR_SK_WRITE_IN_COMPUTED");
  },
};
