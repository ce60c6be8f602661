/** C07-C11, C15-C19, C43, C44: effects, their cleanups and their ends. */
import assert from "node:assert/strict";
import { computed, createEffect, flushSync, onCleanup, signal } from "@signal-kernel/core";
import { coded, thrownBy, tick } from "./tools.mjs";

export const effects = {
  async C07() {
    const a = signal(0);
    let runs = 0;
    createEffect(
      () => {
        runs++;
        if (a.get() > 0) a.set(a.get() + 1);
      },
      { name: "runaway" },
    );
    a.set(1);
    const error = thrownBy(flushSync);
    assert.match(error.message, /runaway/);
    assert.equal(runs, 101);
    flushSync();
    await tick();
    assert.equal(runs, 101);
    return coded(error, "ERR_SK_EFFECT_LOOP");
  },

  async C08() {
    const on = signal(false);
    const ping = signal(0);
    const pong = signal(0);
    let runs = 0;
    createEffect(
      () => {
        runs++;
        if (on.get()) pong.set(ping.get() + 1);
      },
      { name: "ping" },
    );
    createEffect(
      () => {
        if (on.get()) ping.set(pong.get() + 1);
      },
      { name: "pong" },
    );
    let others = 0;
    createEffect(() => {
      on.get();
      others++;
    });
    on.set(true);
    const error = thrownBy(flushSync);
    const after = runs;
    assert.ok(after <= 102);
    assert.equal(others, 2);
    await tick();
    assert.equal(runs, after);
    const first = error instanceof AggregateError ? error.errors[0] : error;
    return coded(first, "ERR_SK_EFFECT_LOOP");
  },

  C09() {
    const a = signal(0);
    const seen = [];
    createEffect(() => {
      seen.push(a.get());
      if (a.get() % 10 !== 0) a.set(a.get() + 1);
    });
    a.set(1);
    flushSync();
    assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  },

  C10() {
    const a = signal(0);
    let runs = 0;
    const error = thrownBy(() =>
      createEffect(() => {
        runs++;
        a.get();
        throw new URIError("first run");
      }),
    );
    a.set(1);
    flushSync();
    assert.equal(runs, 1);
    return error.name;
  },

  async C11() {
    const a = signal(0);
    const log = [];
    for (const name of ["one", "two", "three", "four"])
      createEffect(() => {
        log.push(name);
        if (a.get() > 0 && name.startsWith("t")) throw new Error(name);
      });
    a.set(1);
    const error = thrownBy(flushSync);
    assert.deepEqual(
      error.errors.map((e) => e.message),
      ["two", "three"],
    );
    assert.deepEqual(log.splice(0).slice(4), ["one", "two", "three", "four"]);
    const uncaught = [];
    process.on("uncaughtException", (e) => uncaught.push(e));
    a.set(2);
    await tick();
    const flat = uncaught.flatMap((e) => e.errors ?? [e]);
    assert.deepEqual(
      flat.map((e) => e.message),
      ["two", "three"],
    );
    process.removeAllListeners("uncaughtException");
    return error.name;
  },

  async C15() {
    const a = signal(0);
    const log = [];
    const dispose = createEffect(() => {
      log.push(`run ${a.get()}`);
      onCleanup(() => log.push("first"));
      onCleanup(() => {
        throw new Error("cleanup");
      });
      return () => log.push("last");
    });
    a.set(1);
    const error = thrownBy(flushSync);
    assert.deepEqual(log, ["run 0", "last", "first", "run 1"]);
    const uncaught = [];
    process.on("uncaughtException", (e) => uncaught.push(e));
    a.set(2);
    await tick();
    assert.deepEqual(
      uncaught.map((e) => e.message),
      ["cleanup"],
    );
    const found = [];
    try {
      dispose();
    } catch (e) {
      found.push(e);
    }
    await tick();
    assert.equal(found.length + uncaught.length, 2);
    process.removeAllListeners("uncaughtException");
    return error.name;
  },

  C16() {
    const a = signal(0);
    let runs = 0;
    createEffect(() => {
      runs++;
      a.get();
      onCleanup(() => a.set((n) => n + 1));
    });
    a.set(10);
    flushSync();
    assert.equal(runs, 2);
    assert.equal(a.get(), 11);
    const b = signal(0);
    let others = 0;
    createEffect(() => {
      others++;
      const value = b.get();
      onCleanup(() => b.set(value + 1));
      b.set(value + 1);
    });
    let error;
    try {
      flushSync();
    } catch (caught) {
      error = caught;
    }
    assert.ok(others <= 101);
    if (error !== undefined) coded(error, "ERR_SK_EFFECT_LOOP");
  },

  C17() {
    const a = signal(0);
    const log = [];
    const dispose = createEffect(() => {
      log.push(`run ${a.get()}`);
      onCleanup(() => log.push("cleanup"));
      if (a.get() === 1) dispose();
      return () => log.push("returned");
    });
    a.set(1);
    flushSync();
    a.set(2);
    flushSync();
    assert.deepEqual(log.slice(0, 4), ["run 0", "returned", "cleanup", "run 1"]);
    assert.deepEqual(log.slice(4).sort(), ["cleanup", "returned"]);
  },

  C18() {
    const a = signal(0);
    const log = [];
    createEffect(() => {
      log.push("first");
      if (a.get() === 1) for (const dispose of later) dispose();
    });
    const later = [1, 2, 3].map((n) =>
      createEffect(() => {
        a.get();
        log.push(n);
      }),
    );
    log.length = 0;
    a.set(1);
    flushSync();
    a.set(2);
    flushSync();
    assert.deepEqual(log, ["first", "first"]);
  },

  C19() {
    let dispose;
    let c;
    (() => {
      const a = signal(0);
      c = computed(() => a.get());
      dispose = createEffect(() => void c.get());
    })();
    globalThis.gc();
    for (let i = 0; i < 3; i++) {
      dispose();
      c.dispose();
    }
    assert.equal(c.get(), 0);
    c.dispose();
  },

  C43() {
    const trigger = signal(0);
    const inner = signal(0);
    const log = [];
    createEffect(() => {
      trigger.get();
      createEffect(() => void inner.get());
      onCleanup(() => log.push("outer"));
    });
    inner.set(1);
    flushSync();
    assert.deepEqual(log, []);
    trigger.set(1);
    flushSync();
    assert.deepEqual(log, ["outer"]);
  },

  C44() {
    const a = signal(0);
    const b = signal(0);
    let runs = 0;
    createEffect(() => {
      runs++;
      a.get();
      onCleanup(() => b.get());
    });
    a.set(1);
    flushSync();
    b.set(1);
    flushSync();
    assert.equal(runs, 2);
  },
};
