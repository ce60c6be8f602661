/**
 * N15: what a program may do to the globals after the library has been loaded. Names are replaced by what
 * throws, prototypes get members that nobody asked for; the library goes on as if nothing had happened.
 */

import { createResource, fromPromise } from "@signal-kernel/async-runtime";
import {
  batch,
  computed,
  createEffect,
  createScope,
  flushSync,
  onCleanup,
  signal,
  transaction,
} from "@signal-kernel/core";

const { defineProperty } = Object;
const failures = [];
const log = console.log.bind(console);
const turn = setImmediate;
const exit = process.exit.bind(process);
/* Taken before they are replaced: this program must be able to tell how it went. */
const fail = (message) => {
  log(message);
  exit(1);
};

function work() {
  const a = signal(1, { name: "a" });
  const c = computed(() => a.get() * 2);
  let seen = 0;
  let cleanups = 0;
  const scope = createScope();
  scope.run(() =>
    createEffect(() => {
      seen = c.get();
      onCleanup(() => {
        cleanups++;
      });
    }),
  );
  batch(() => a.set(2));
  if (seen !== 4) fail("a batch");
  try {
    transaction(() => {
      a.set(9);
      throw 0;
    });
  } catch {}
  if (a.get() !== 2 || c.get() !== 4) fail("a rollback");
  a.set(3);
  flushSync();
  if (seen !== 6 || cleanups !== 2) fail("a flush");
  scope.dispose();
  if (cleanups !== 3) fail("a scope");
}

async function workLater() {
  const a = signal(1);
  let seen = 0;
  createEffect(() => {
    seen = a.get();
  });
  a.set(5);
  await new Promise((resolve) => turn(resolve));
  if (seen !== 5) fail("a microtask");
  const cell = fromPromise(async () => 7);
  const [value, meta] = createResource(a.get, async (n) => n + 1);
  await new Promise((resolve) => turn(resolve));
  if (cell.value() !== 7 || value() !== 6) fail("cells");
  await transaction(async (tx) => {
    tx.set(a, 8);
  });
  await new Promise((resolve) => turn(resolve));
  if (seen !== 8 || value() !== 9) fail("an asynchronous transaction");
  meta.dispose();
}

/** Replaces a member while `fn` runs; a frozen one stays. */
async function replacing(object, key, value, fn) {
  const before = Object.getOwnPropertyDescriptor(object, key);
  try {
    const put = { value, writable: true, configurable: true, enumerable: before === undefined };
    Object.setPrototypeOf(put, null);
    defineProperty(object, key, put);
  } catch {
    return;
  }
  let failure;
  try {
    await fn();
  } catch (error) {
    failure = error;
  }
  if (before === undefined) delete object[key];
  else defineProperty(object, key, before);
  if (failure !== undefined) failures.push(`${String(key)}: ${failure.stack}`);
}

const broken = () => {
  throw new Error("replaced");
};

work();
await workLater();
const both = async () => {
  work();
  await workLater();
};
for (const name of ["queueMicrotask", "setTimeout", "ArrayBuffer", "Int32Array", "Error", "Proxy"])
  await replacing(globalThis, name, broken, both);
await replacing(Function.prototype, "call", broken, both);
/* Node's own code is not written for these two. */
await replacing(Function.prototype, "apply", broken, work);
await replacing(Promise.prototype, "then", broken, work);
await replacing(Object, "is", broken, work);
await replacing(Object, "hasOwn", broken, both);
for (const key of ["equals", "name", "priority", "onError", "run", "get", "signal"])
  await replacing(Object.prototype, key, broken, work);
for (const { prototype } of [Array, Function, Map, Promise])
  await replacing(prototype, "extra", broken, both);

/** What a library that watches does: the method works, and is another one. */
async function watching(prototype, key) {
  const original = prototype[key];
  const watched = {
    method(...given) {
      calls++;
      return Reflect.apply(original, this, given);
    },
  };
  await replacing(prototype, key, watched.method, both);
}

let calls = 0;
for (const key of ["push", "pop", "slice", "splice", "map", "forEach", "includes", Symbol.iterator])
  await watching(Array.prototype, key);
for (const { prototype } of [Map, Set, WeakMap])
  for (const key of ["get", "set", "has", "delete"])
    if (key in prototype) await watching(prototype, key);
await watching(Promise.prototype, "then");
if (calls === 0 && !Object.isFrozen(Array.prototype)) fail("nothing was replaced");
await both();
log(failures.length === 0 ? "done" : failures.join("\n"));
