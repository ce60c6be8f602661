/**
 * Nothing that waits without end keeps the process alive by itself: after each of these there is no handle more
 * that the event loop would wait for. The process then ends by itself, at once.
 */
import assert from "node:assert/strict";
import {
  asyncComputed,
  createAsyncGroup,
  createResource,
  createStreamResource,
  fromPromise,
  valuesOf,
} from "@signal-kernel/async-runtime";
import {
  configureScheduler,
  createEffect,
  createScope,
  settled,
  signal,
  transaction,
} from "@signal-kernel/core";
import { observeCommits } from "@signal-kernel/native/inspect";
import { createSnapshotScope, hydrate } from "@signal-kernel/snapshot";

const never = () => new Promise(() => {});
const source = signal(0);
/** An hour: whoever waited for it would be noticed. */
const LATE = 3_600_000;

const things = {
  "signals and effects": () => createEffect(() => void source.get()),
  subscriptions: () => source.subscribe(() => {}),
  "background work": () => {
    configureScheduler({ budgetMs: 5 });
    createEffect(() => void source.get(), { priority: "background" });
    source.set(1);
  },
  "scopes that a signal ends": () => createScope({ signal: new AbortController().signal }),
  "an AbortSignal with a timeout": () => createScope({ signal: AbortSignal.timeout(LATE) }),
  "transactions that never end": () => void transaction(never),
  "transactions with a signal": () =>
    void transaction(never, { signal: new AbortController().signal }),
  "waiting for all to settle": () => void settled(),
  "pending promises": () => fromPromise(never),
  "pending resources": () => createResource(source.get, never),
  "limits of time": () => createResource(source.get, never, { timeoutMs: LATE }),
  "endless repetition": () =>
    fromPromise(() => Promise.reject(new Error("failed")), {
      retry: { count: Number.POSITIVE_INFINITY, delayMs: LATE },
      onError: () => {},
    }),
  polling: () => createResource(source.get, async () => 1, { pollMs: LATE }),
  "pending streams": () => createStreamResource(source.get, never),
  "streams that are pulled": () =>
    createStreamResource(source.get, () => new ReadableStream({ pull: never })),
  "asynchronous computeds": () => asyncComputed(never),
  groups: () => createResource(source.get, never, { group: createAsyncGroup() }),
  iterations: () => void valuesOf(source.get).next().then(never),
  "a document that arrives": () => {
    const document = {
      readyState: "loading",
      getElementById: () => null,
      querySelectorAll: () => [],
      addEventListener() {},
      removeEventListener() {},
    };
    void hydrate(createSnapshotScope(), { document });
  },
  "an observer of commits": () => observeCommits(() => {}),
};

const waitedFor = () => process.getActiveResourcesInfo().sort();
const pass = () => new Promise((resolve) => setImmediate(resolve));

process.on("unhandledRejection", (reason) => {
  throw reason;
});
await pass();
const before = waitedFor();
for (const [name, make] of Object.entries(things)) {
  make();
  for (let i = 0; i < 4; i++) await pass();
  assert.deepEqual(waitedFor(), before, name);
}
const started = Date.now();
process.on("exit", (code) => {
  if (code === 0 && Date.now() - started < 2000) console.log("done");
});
