/** N01, N02, N07, N16, N21: what is passed over the boundary. */
import * as vm from "node:vm";
import { Worker } from "node:worker_threads";
import {
  computed,
  createEffect,
  createScope,
  flushSync,
  settled,
  signal,
  transaction,
} from "@signal-kernel/core";
import { checkEngine, engine } from "#engine";
import {
  assert,
  CALLS,
  copyOfLibrary,
  inWorker,
  randomFrom,
  rawKernel,
  stateOf,
  thrownBy,
} from "./tools.mjs";

const ODD_NUMBERS = [Number.NaN, -1, 1.5, -0.5, 2 ** 53, 2 ** 64, 1e308, Infinity, -Infinity];
const NO_NUMBERS = [
  undefined,
  null,
  "1",
  "",
  1n,
  true,
  Symbol("s"),
  {},
  [],
  [1],
  () => 1,
  new Proxy({}, {}),
  Object(1),
  new Date(1),
  { valueOf: () => 1 },
  new Int32Array(1),
];
/** Integers that a double holds, and that name nothing. */
const FAR = [0, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];

/** A kernel that has something of everything, so that a wrong call would find it. */
function furnished() {
  const kernel = rawKernel();
  const task = kernel.taskCreate(1);
  kernel.taskStart(task);
  kernel.stagingOpen(0, 1);
  return kernel;
}

function refusesNumbers(kernel, name, valid) {
  const positions = valid.map((_, i) => i).filter((i) => typeof valid[i] === "number");
  for (const at of positions) {
    const refused = (value, type) => {
      const before = stateOf(kernel);
      const given = [...valid];
      given[at] = value;
      const error = thrownBy(() => kernel[name](...given));
      assert.equal(error?.constructor.name, type, `${name}, argument ${at}, ${typeof value}`);
      assert.equal(error.code, "ERR_SK_INVALID_ARG");
      assert.match(error.message, /^The argument "\w+" must be an integer from 0 to 2\^53 - 1$/);
      assert.deepEqual(stateOf(kernel), before);
    };
    for (const value of NO_NUMBERS) refused(value, "TypeError");
    for (const value of ODD_NUMBERS) refused(value, "RangeError");
  }
  if (positions.length === 0) return;
  const error = thrownBy(() => kernel[name]());
  assert.equal(error?.code, "ERR_SK_INVALID_ARG");
}

export const ARGUMENTS = {
  /** Every call, every argument, every kind of value. */
  N01() {
    const kernel = furnished();
    const calls = Object.keys(kernel).filter((name) => typeof kernel[name] === "function");
    /* The listener of an engine whose memory moves is a part of the library's, not of a program's. */
    assert.deepEqual(
      calls.filter((name) => name !== "onDetached").sort(),
      Object.keys(CALLS).sort(),
    );
    for (const [name, valid] of Object.entries(CALLS)) refusesNumbers(kernel, name, valid);
    for (const value of [...NO_NUMBERS, ...ODD_NUMBERS]) {
      if (typeof value === "function") continue;
      const error = thrownBy(() => kernel.onError(value));
      assert.ok(error instanceof TypeError);
      assert.equal(error.code, "ERR_SK_INVALID_ARG");
    }
    assert.equal(kernel.check(), undefined);

    /* Numbers that name nothing are answered by an error of the kernel, or refused. */
    for (const [name, valid] of Object.entries(CALLS))
      for (let at = 0; at < valid.length; at++) {
        if (typeof valid[at] !== "number") continue;
        for (const far of FAR) {
          if (name === "reserve" && at === 1 && far > 0 && far < 2 ** 31) continue;
          const given = [...valid];
          given[at] = far;
          const error = thrownBy(() => kernel[name](...given));
          if (error !== undefined) assert.match(error.code, /^ERR_SK_/, `${name} ${far}`);
          assert.equal(kernel.check(), undefined, `${name} ${far}`);
        }
      }

    /* Surplus arguments are not looked at, a receiver neither, and no call is a constructor to fear. */
    const { view, sync, stats } = furnished();
    assert.ok(view.call(null, 1, Symbol("surplus"), {}) instanceof Int32Array);
    assert.equal(sync.call(new Proxy({}, {}), 1n, null), undefined);
    assert.equal(Reflect.apply(stats, Object.create(null), [{}, {}]).tasks, 1);
    for (const call of [sync, stats]) thrownBy(() => Reflect.construct(call, []));
  },

  /** A handle, and an id, of what is gone; its slot has been used again and again. */
  N02() {
    const kernel = rawKernel();
    const before = stateOf(kernel);
    const tasks = [kernel.taskCreate(0)];
    const stagings = [kernel.stagingOpen(0, 1)];
    kernel.taskDispose(tasks[0]);
    kernel.stagingDiscard(stagings[0]);
    for (let i = 0; i < 300_000; i++) {
      const task = kernel.taskCreate(0);
      const staging = kernel.stagingOpen(0, 1);
      if (i % 50_000 === 0) {
        tasks.push(task);
        stagings.push(staging);
      }
      kernel.taskDispose(task);
      kernel.stagingDiscard(staging);
    }
    const live = kernel.taskCreate(0);
    const version = kernel.taskStart(live);
    const staging = kernel.stagingOpen(0, 1);
    assert.equal(new Set([...tasks, live]).size, tasks.length + 1);
    for (const stale of tasks)
      for (const call of ["taskStart", "taskCancel", "taskInspect", "taskDispose"])
        assert.ok(thrownBy(() => kernel[call](stale)) instanceof Error, call);
    for (const stale of stagings)
      for (const call of ["stagingDiscard", "stagingCommit"])
        assert.ok(thrownBy(() => kernel[call](stale, 1)) instanceof Error, call);
    assert.deepEqual(kernel.taskInspect(live), [1, version]);
    assert.deepEqual([kernel.stats().tasks, kernel.stats().transactions], [1, 1]);
    kernel.taskDispose(live);
    kernel.stagingDiscard(staging);
    assert.equal(kernel.check(), undefined);
    assert.equal(kernel.stats().nodes, before.nodes);

    /* The same with nodes: a dispose function that is called too late meets somebody else's slot. */
    const source = signal(0);
    const late = createEffect(() => void source.get());
    late();
    for (let i = 0; i < 1_000_000; i++) createEffect(() => void source.get())();
    let runs = 0;
    const dispose = createEffect(() => {
      source.get();
      runs++;
    });
    late();
    source.set(1);
    flushSync();
    assert.equal(runs, 2);
    dispose();
    assert.equal(checkEngine(), undefined);
  },

  /** What belongs to one kernel, given to another one. */
  async N07() {
    const other = copyOfLibrary();
    const theirs = other.signal(1);
    const typed = { name: "TypeError", code: "ERR_SK_INVALID_ARG" };
    assert.throws(() => createEffect(() => theirs.get()), { code: "ERR_SK_FOREIGN_SIGNAL" });
    assert.throws(() => settled(other.createScope()), typed);
    assert.throws(() => transaction(() => 0, { merge: [[theirs, () => 0]] }), typed);
    /* Handles of functions do not cross to a worker, in whatever they are wrapped. */
    const scope = createScope();
    for (const handle of [signal(1), computed(() => 1), scope, { deep: [signal(1)] }]) {
      assert.throws(() => structuredClone(handle), { name: "DataCloneError" });
      assert.throws(() => new Worker("", { eval: true, workerData: handle }), {
        name: "DataCloneError",
      });
    }
    /* What a number names in one kernel, it does not in another. */
    const [a, b] = [rawKernel(), rawKernel()];
    const task = a.taskCreate(0);
    const staging = a.stagingOpen(0, 1);
    assert.ok(thrownBy(() => b.taskStart(task)) instanceof Error);
    assert.ok(thrownBy(() => b.stagingDiscard(staging)) instanceof Error);
    assert.deepEqual([b.stats().tasks, b.stats().transactions], [0, 0]);
    /* The words are this thread's: a worker that gets them has a copy, and the kernel still works. */
    const words = a.view(1).slice(0, 64);
    const { messages, exit } = await inWorker(
      `const { parentPort, workerData } = require("node:worker_threads");
       workerData.fill(-1);
       parentPort.postMessage(workerData.length);`,
      words,
    );
    assert.deepEqual([messages, exit], [[64], 0]);
    assert.equal(a.check(), undefined);
  },

  /** Values, functions and errors of another realm. */
  async N16() {
    const context = vm.createContext({});
    const there = (code) => vm.runInContext(code, context);
    const value = there("({ list: [1, 2] })");
    const source = signal(value);
    assert.equal(source.get(), value);
    const double = there("(read) => () => read().list.map((n) => n * 2)")(source.get);
    const c = computed(double);
    assert.equal(c.get().join(), "2,4");
    assert.notEqual(Object.getPrototypeOf(c.get()), Array.prototype);

    const errors = there(
      "({ type: new TypeError('t'), range: new RangeError('r'), own: class extends Error {} })",
    );
    for (const error of [errors.type, errors.range, new errors.own("o"), there("Symbol('s')")]) {
      const failing = computed(() => {
        throw error;
      });
      assert.equal(thrownBy(failing.get), error);
      assert.equal(
        thrownBy(() => transaction(() => failing.get())),
        error,
      );
      const trigger = signal(0);
      createEffect(() => {
        if (trigger.get() === 1) throw error;
      });
      trigger.set(1);
      assert.equal(thrownBy(flushSync), error);
    }
    const rejected = errors.type;
    assert.equal(
      await transaction(() => there("(e) => Promise.reject(e)")(rejected)).catch((e) => e),
      rejected,
    );
    assert.equal(await transaction(there("async () => 7")), 7);
    /* A stack that is full in the other realm is nobody's outcome, as here. */
    const deep = computed(there("function down() { down(); }; down"));
    assert.equal(thrownBy(deep.get)?.name, "RangeError");
    const options = there("({ equals: () => true, name: 'foreign' })");
    const same = signal(1, options);
    same.set(2);
    assert.equal(same.get(), 1);
  },

  /** Any call with any number at any time: an answer or a typed error, and words that hold. */
  N21() {
    const names = Object.keys(CALLS).filter(
      (name) => !["onError", "check", "stats"].includes(name),
    );
    for (let seed = 1; seed <= 40; seed++) {
      const random = randomFrom(seed);
      const kernel = rawKernel();
      const known = [0, 1, 2, 8, 16, 24];
      const number = () => {
        const kind = random(10);
        if (kind < 6) return known[random(known.length)];
        if (kind < 9) return random(64);
        return FAR[random(FAR.length)];
      };
      for (let step = 0; step < 400; step++) {
        const name = names[random(names.length)];
        const given = CALLS[name].map(number);
        /* Room for so many words would be memory that somebody has. */
        if (name === "reserve") given[1] = random(3000);
        let answer;
        const error = thrownBy(() => {
          answer = kernel[name](...given);
        });
        const script = `seed ${seed}, step ${step}: ${name}(${given})`;
        if (error !== undefined) assert.match(String(error.code), /^ERR_SK_/, script);
        else if (typeof answer === "number") known.push(answer);
        assert.equal(kernel.check(), undefined, script);
      }
    }
    assert.equal(engine().counters.tasks, 0);
  },
};
