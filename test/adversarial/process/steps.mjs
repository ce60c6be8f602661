/**
 * N03: every step of every part of the library at which a program's own code runs, and so may end the process.
 * Each gets `end`, which does, and calls it exactly there.
 */
import { PassThrough } from "node:stream";
import {
  asyncComputed,
  createResource,
  createStreamResource,
  fromPromise,
  valuesOf,
} from "@signal-kernel/async-runtime";
import {
  batch,
  computed,
  configureScheduler,
  createEffect,
  createScope,
  flushSync,
  onCleanup,
  onScopeDispose,
  signal,
  transaction,
  untracked,
} from "@signal-kernel/core";
import { inspect } from "@signal-kernel/native/inspect";
import { html, renderWithState } from "@signal-kernel/native/server";
import {
  captureSnapshot,
  createSnapshotScope,
  hydrate,
  restoreSnapshot,
} from "@signal-kernel/snapshot";

const source = signal(0);
const pass = () => new Promise((resolve) => setImmediate(resolve));
const never = () => new Promise(() => {});
/** Calls `end` when the source is not as at first. */
const later = (end) => () => {
  if (source.get() > 0) end();
};
const write = () => batch(() => source.set(1));

/** A document of a scope with one signal. */
const documentOf = (value) => ({
  schema: "signal-kernel.snapshot.v1",
  createdAt: 1,
  graph: { id: "default", version: "0.0.0" },
  nodes: [{ id: "a", kind: "signal", value }],
});
const scopeOf = (serializer) =>
  createSnapshotScope().signal("a", signal(0), serializer && { serializer });

const core = {
  "the first run of an effect": (end) => createEffect(end),
  "a later run, in a batch": (end) => {
    createEffect(later(end));
    write();
  },
  "a later run, in flushSync": (end) => {
    createEffect(later(end));
    source.set(1);
    flushSync();
  },
  "a later run, in a microtask": (end) => {
    createEffect(later(end));
    source.set(1);
  },
  "an effect inside of an effect": (end) => {
    createEffect(() => {
      if (source.get() > 0) createEffect(end);
    });
    write();
  },
  "a slice of background work": (end) => {
    configureScheduler({ budgetMs: 1 });
    createEffect(later(end), { priority: "background" });
    source.set(1);
  },
  "a computed": (end) => computed(end).get(),
  "a computed that an effect reads": (end) => {
    const c = computed(later(end));
    createEffect(() => void c.get());
    write();
  },
  "the comparator of a signal": (end) => signal(0, end).set(1),
  "the comparator of a computed": (end) => {
    const c = computed(() => source.get(), end);
    createEffect(() => void c.get());
    write();
  },
  "an updater": (end) => source.set(end),
  "a cleanup before the next run": (end) => {
    createEffect(() => {
      source.get();
      onCleanup(end);
    });
    write();
  },
  "a cleanup at the end": (end) => createEffect(() => end)(),
  "a subscription": (end) => {
    source.subscribe(end);
    write();
  },
  "batches in batches": (end) => batch(() => batch(() => [source.set(1), end()])),
  untracked: (end) => createEffect(() => untracked(end)),
  "a scope": (end) => createScope(end),
  "the end of a scope": (end) => createScope(() => onScopeDispose(end)).dispose(),
  "an abort that ends a scope": (end) => {
    const controller = new AbortController();
    createScope(() => onScopeDispose(end), { signal: controller.signal });
    controller.abort();
  },
  "what takes the errors of a scope": (end) => {
    createScope(
      () =>
        createEffect(() => {
          if (source.get() > 0) throw new Error("for onError");
        }),
      { onError: end },
    );
    source.set(1);
  },
  "a getter of an options object": (end) =>
    signal(0, {
      get name() {
        return end();
      },
    }),
  "looking at the graph": (end) => {
    createEffect(() => void source.get());
    inspect(null, { values: true, redact: end });
  },
};

const transactions = {
  "a transaction": (end) => transaction(() => [source.set(1), end()]),
  "a transaction in a transaction": (end) =>
    transaction(() => [source.set(1), transaction(() => [source.set(2), end()])]),
  "a computed before the commit": (end) => {
    const c = computed(later(end));
    createEffect(() => void c.get());
    transaction(() => source.set(1));
  },
  "the flush of a commit": (end) => {
    createEffect(later(end));
    transaction(() => source.set(1));
  },
  "an asynchronous transaction before it waits": (end) =>
    transaction(async () => [source.set(1), end()]),
  "an asynchronous transaction that has waited": (end) =>
    transaction(async (tx) => {
      tx.set(source, 1);
      await pass();
      end();
    }),
  "an inner one": (end) =>
    transaction(async () => {
      await pass();
      await transaction(async (tx) => [tx.set(source, 1), end()]);
    }),
  "its commit": (end) => {
    createEffect(later(end));
    return transaction(async (tx) => {
      await pass();
      tx.set(source, 1);
    });
  },
  "a merge": (end) => {
    const merged = signal(0, { merge: end });
    const running = transaction(async (tx) => {
      tx.set(merged, 1);
      await pass();
    });
    merged.set(2);
    return running;
  },
  "the delay of a repetition": (end) => {
    const running = transaction(
      async (tx) => {
        tx.set(source, tx.get(source) + 1);
        await pass();
      },
      { onConflict: "retry", backoffMs: end },
    );
    source.set(5);
    return running;
  },
  "an optimistic value": (end) => {
    createEffect(later(end));
    return transaction(async (tx) => {
      tx.optimistic(source, 1);
      await never();
    });
  },
  "an abort listener of a transaction": (end) => {
    const controller = new AbortController();
    void transaction(
      async (tx) => {
        tx.signal.addEventListener("abort", end);
        await never();
      },
      { signal: controller.signal },
    ).catch(() => {});
    controller.abort();
  },
};

const cells = {
  "a producer": (end) => fromPromise(end),
  "a producer that has waited": (end) => fromPromise(() => pass().then(end)),
  "the then of a thenable": (end) =>
    // biome-ignore lint/suspicious/noThenProperty: a thenable is the case.
    fromPromise(() => ({ then: end })),
  "the source of a resource": (end) => createResource(end, never),
  "the commit of an outcome": (end) => {
    const [value] = createResource(source.get, async () => 7);
    createEffect(() => {
      if (value() === 7) end();
    });
  },
  "a callback of an outcome": (end) =>
    createResource(source.get, async () => 7, { onSuccess: end }),
  "a callback of an error": (end) =>
    createResource(source.get, () => Promise.reject(7), { onError: end }),
  "an event": (end) => createResource(source.get, never, { onEvent: end }),
  "an abort listener": (end) => {
    createResource(source.get, (_, { signal: aborted }) => {
      aborted.addEventListener("abort", end);
      return never();
    });
    write();
  },
  "whether to repeat": (end) =>
    fromPromise(() => Promise.reject(new Error("failed")), { retry: { count: 1, when: end } }),
  "an asynchronous computed": (end) =>
    asyncComputed(async ({ get }) => {
      await pass();
      get(source.get);
      end();
    }),
  "an iteration over values": async (end) => {
    for await (const value of valuesOf(source.get)) end(value);
  },
  "a stream that is pushed": (end) =>
    createStreamResource(source.get, (_, ctx) => [ctx.emit(1), end()]),
  "the reducer of a stream": (end) =>
    createStreamResource(source.get, (_, ctx) => ctx.emit(1), { reduce: end }),
  "a stream that is pulled": (end) =>
    createStreamResource(source.get, () => new ReadableStream({ pull: end })),
  "a generator that is pulled": (end) =>
    createStreamResource(source.get, async function* () {
      yield 1;
      end();
    }),
  "the cleanup of a stream": (end) => {
    const [, meta] = createStreamResource(source.get, (_, ctx) => ctx.onCleanup(end));
    return pass().then(() => meta.cancel());
  },
};

const states = {
  "the capture of a snapshot": (end) =>
    captureSnapshot(scopeOf({ encode: end, decode: (json) => json })),
  "decoding what is restored": (end) =>
    restoreSnapshot(scopeOf({ encode: (value) => value, decode: end }), documentOf(1)),
  "the flush of what is restored": (end) => {
    createEffect(later(end));
    restoreSnapshot(createSnapshotScope().signal("a", source), documentOf(1));
  },
  hydration: (end) => {
    const document = {
      readyState: "complete",
      getElementById: end,
      querySelectorAll: () => [],
      addEventListener() {},
      removeEventListener() {},
    };
    return hydrate(scopeOf(), { document });
  },
  rendering: (end) => renderWithState(end),
  "a slot of a page": (end) =>
    renderWithState(
      ({ slot }) =>
        html`<body>${slot(
          fromPromise(async () => 1),
          { success: end },
        )}</body>`,
    ),
  "sending a page": async (end) => {
    const page = await renderWithState(() => html`<body></body>`);
    const response = new PassThrough();
    response.write = end;
    await page.pipe(response);
  },
};

const process_ = {
  "a handler of uncaught exceptions": (end) => {
    process.on("uncaughtException", end);
    createEffect(() => {
      if (source.get() > 0) throw new Error("of nobody");
    });
    source.set(1);
  },
  "a handler of rejections": (end) => {
    process.on("unhandledRejection", end);
    void transaction(async () => Promise.reject(new Error("of nobody")));
  },
  "a microtask beside a pending flush": (end) => {
    createEffect(() => void source.get());
    queueMicrotask(end);
    source.set(1);
  },
  "the exit handlers": (end) => {
    process.once("exit", end);
  },
  beforeExit: (end) => {
    process.once("beforeExit", end);
  },
};

export const steps = { ...core, ...transactions, ...cells, ...states, ...process_ };
/** These have no say in a worker, whose thread ends otherwise. */
export const ofProcesses = Object.keys(process_);
