/** C39-C42, C45-C49: values, arguments, and a polluted world. */
import assert from "node:assert/strict";
import {
  batch,
  computed,
  createEffect,
  flushSync,
  onCleanup,
  signal,
  transaction,
  untracked,
} from "@signal-kernel/core";
import { thrownBy } from "./tools.mjs";

export const values = {
  C39() {
    const a = signal(Number.NaN);
    const seen = [];
    createEffect(() => void seen.push(a.get()));
    for (const value of [Number.NaN, 0, -0, -0, 0]) {
      a.set(value);
      flushSync();
    }
    assert.deepEqual(seen, [Number.NaN, 0, -0, 0]);
  },

  C40() {
    class Thing {}
    const all = [
      undefined,
      null,
      true,
      0,
      -0,
      Number.NaN,
      1n,
      "",
      "\ud800",
      Symbol("s"),
      Symbol.iterator,
      {},
      [],
      new Thing(),
      new Map(),
      new WeakMap(),
      new WeakRef({}),
      /x/,
      new Date(),
      new Proxy({}, {}),
      Proxy.revocable({}, {}).proxy,
      Promise.resolve(),
      new Error("e"),
      new ArrayBuffer(1),
      new SharedArrayBuffer(1),
      Object.create(null),
      Object.freeze({}),
      globalThis,
    ];
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    all.push(revoked.proxy);
    const a = signal();
    const c = computed(() => a.get());
    let seen;
    createEffect(() => {
      seen = c.get();
    });
    for (const value of all) {
      a.set(() => value);
      flushSync();
      for (const got of [a.get(), a.peek(), c.get(), c.peek(), seen])
        assert.ok(Object.is(got, value));
      assert.ok(Object.is(signal(value).get(), value));
    }
  },

  C41() {
    const first = () => "first";
    const second = function second() {};
    class Third {}
    const a = signal(first);
    assert.equal(a.get(), first);
    for (const fn of [second, Third, async () => {}, Proxy, class {}]) {
      a.set(() => fn);
      assert.equal(a.get(), fn);
    }
    a.set((previous) => previous);
    assert.equal(a.get().name, "");
  },

  C42() {
    const a = signal(1);
    const c = computed(() => a.get() * 2);
    assert.equal(c.peek(), undefined);
    c.get();
    a.set(2);
    assert.equal(c.peek(), 4);
    const stop = createEffect(() => void c.get());
    a.set(3);
    assert.equal(c.peek(), 6);
    batch(() => {
      a.set(4);
      assert.equal(c.peek(), 8);
    });
    stop();
    a.set(5);
    assert.equal(c.peek(), 10);
  },

  C45() {
    const polluted = {
      equals: () => true,
      name: 42,
      priority: "nonsense",
      get: () => "polluted",
      set() {},
      value: 1,
      deps: 1,
      disposed: true,
      fn: null,
      kind: "computed",
      // biome-ignore lint/suspicious/noThenProperty: a polluted `then` is part of the case.
      then: null,
    };
    /* The descriptors must not inherit the pollution themselves. */
    for (const [key, value] of Object.entries(polluted))
      Object.defineProperty(Object.prototype, key, {
        __proto__: null,
        value,
        configurable: true,
        writable: true,
        enumerable: true,
      });
    try {
      const a = signal(1, {});
      const c = computed(() => a.get() + 1, {});
      const seen = [];
      createEffect(() => {
        seen.push(c.get());
        onCleanup(() => {});
      }, {});
      a.set(2);
      flushSync();
      transaction(() => a.set(3));
      if (seen.join() !== "2,3,4") throw new Error(`seen ${seen.join()}`);
      if (Object.keys(a).sort().join() !== "get,peek,set,subscribe") throw new Error("keys");
    } finally {
      for (const key of Object.keys(polluted)) delete Object.prototype[key];
    }
  },

  C46() {
    const bad = [
      undefined,
      null,
      0,
      Number.NaN,
      -1,
      2 ** 53,
      1.5,
      "1",
      1n,
      Symbol("s"),
      {},
      [],
      new Proxy({}, {}),
    ];
    const calls = [
      computed,
      createEffect,
      onCleanup,
      batch,
      untracked,
      transaction,
      signal(0).subscribe,
    ];
    for (const call of calls)
      for (const value of bad) {
        const error = thrownBy(() => call(value));
        assert.ok(error instanceof TypeError, String(error));
        assert.equal(error.code, "ERR_SK_INVALID_ARG");
        assert.match(error.message, /"(fn|listener)"/);
      }
    for (const value of [null, 0, 1n, "x", true, Symbol("s")]) {
      assert.ok(thrownBy(() => signal(0, value)) instanceof TypeError);
      assert.ok(thrownBy(() => computed(() => 0, value)) instanceof TypeError);
      assert.ok(thrownBy(() => createEffect(() => {}, value)) instanceof TypeError);
    }
    return "TypeError";
  },

  C47() {
    const a = signal(1);
    const c = computed(() => a.get() * 2);
    const { get, set, peek, subscribe } = a;
    const others = [undefined, null, 1, {}, signal(9), computed(() => 9), new Proxy(a, {})];
    for (const self of others) {
      set.call(self, 2);
      assert.equal(get.call(self), 2);
      assert.equal(peek.call(self), 2);
      assert.equal(c.get.call(self), 4);
      assert.equal(c.peek.call(self), 4);
      subscribe.call(self, () => {})();
      set.apply(self, [1]);
    }
    const inherited = Object.create(a);
    inherited.set(5);
    assert.equal(a.get(), 5);
    const proxied = new Proxy(a, {});
    proxied.set(6);
    assert.equal(proxied.get(), 6);
    assert.equal({ ...c }.get(), 12);
  },

  C48() {
    const a = signal(0);
    const forged = [
      {},
      { notify() {} },
      { id: 1, deps: [], subs: new Set() },
      { kind: "effect", run() {} },
      [],
      null,
    ];
    for (const observer of forged) {
      const error = thrownBy(() => a.subscribe(observer));
      assert.ok(error instanceof TypeError);
    }
    a.set(1);
    flushSync();
    return "TypeError";
  },

  C49() {
    let state = 12345;
    const random = (n) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % n;
    };
    const size = 40;
    const plain = Array.from({ length: size }, (_, i) => i);
    const signals = plain.map((value) => signal(value));
    const shapes = Array.from({ length: size }, () => [random(size), random(size), random(size)]);
    /* A guarded sum of three signals, then sums of earlier sums. */
    const sums = shapes.map(([x, y, z], i) =>
      computed(
        () =>
          (signals[x].get() % 2 ? signals[y].get() : signals[z].get()) +
          (i > 0 ? sums[i - 1].get() % 7 : 0),
      ),
    );
    const oracle = (i) => {
      const [x, y, z] = shapes[i];
      return (plain[x] % 2 ? plain[y] : plain[z]) + (i > 0 ? oracle(i - 1) % 7 : 0);
    };
    const seen = new Array(size);
    let effects = sums.map((sum, i) =>
      createEffect(() => {
        seen[i] = sum.get();
      }),
    );
    for (let step = 0; step < 100_000; step++) {
      const i = random(size);
      const value = random(1000);
      switch (random(6)) {
        case 0:
          batch(() => {
            signals[i].set(value);
            signals[(i + 1) % size].set(value + 1);
          });
          plain[i] = value;
          plain[(i + 1) % size] = value + 1;
          break;
        case 1:
          thrownBy(() =>
            transaction(() => {
              signals[i].set(value);
              sums[random(size)].get();
              throw new Error("back");
            }),
          );
          break;
        case 2:
          assert.equal(sums[i].get(), oracle(i));
          break;
        case 3:
          if (step % 100 === 0) {
            effects[i]();
            effects[i] = createEffect(() => {
              seen[i] = sums[i].get();
            });
          }
          break;
        default:
          signals[i].set(value);
          plain[i] = value;
      }
      if (step % 500 === 0) {
        flushSync();
        for (let k = 0; k < size; k++)
          assert.equal(seen[k], oracle(k), `step ${step}, effect ${k}`);
      }
    }
    for (const dispose of effects) dispose();
    effects = [];
  },
};
