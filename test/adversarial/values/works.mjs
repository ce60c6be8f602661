/**
 * Something of every public function, with options objects that are empty, partly filled, or not there. What
 * it returns is the same each time.
 */
import {
  asyncComputed,
  asyncSignal,
  createAsyncGroup,
  createKeyedRevision,
  createResource,
  createRevision,
  createStreamResource,
  fromPromise,
  valuesOf,
} from "@signal-kernel/async-runtime";
import {
  batch,
  computed,
  configureScheduler,
  configureTransactions,
  createEffect,
  createScope,
  flushSync,
  onCleanup,
  settled,
  signal,
  transaction,
} from "@signal-kernel/core";
import { inspect, observeCommits, toDot, toMermaid } from "@signal-kernel/native/inspect";
import { html, renderWithState } from "@signal-kernel/native/server";
import {
  captureSnapshot,
  createSnapshotScope,
  decodeJsonSnapshot,
  diffSnapshots,
  encodeJsonSnapshot,
  fromScript,
  hydrate,
  restoreSnapshot,
  toScript,
} from "@signal-kernel/snapshot";

const pass = () => new Promise((resolve) => setImmediate(resolve));

async function core(options, log) {
  const a = signal(1, options());
  const b = signal({ nested: [1] });
  const c = computed(() => a.get() + b.get().nested[0], options());
  const scope = createScope(options() ?? {});
  scope.run(() =>
    createEffect(() => {
      log.push(c.get());
      onCleanup(() => log.push("cleanup"));
    }, options()),
  );
  batch(() => a.set(2));
  b.set((old) => ({ nested: [old.nested[0] + 1] }));
  flushSync(options());
  const unsubscribe = a.subscribe((value) => log.push(value));
  log.push(transaction(() => a.set(3) ?? "done", options()));
  const failed = await transaction(async () => {
    a.set(9);
    await pass();
    throw "taken back";
  }, options()).catch((error) => error);
  await transaction(async (tx) => {
    tx.set(a, tx.get(a) + 1);
    tx.optimistic(b, { nested: [7] });
    await pass();
  }, options());
  unsubscribe();
  const aborting = new AbortController();
  const ended = createScope(() => createEffect(() => void a.get()), { signal: aborting.signal });
  aborting.abort();
  const stopped = await transaction(async () => 1, { signal: aborting.signal }).catch(
    (error) => error.name,
  );
  if (options() !== undefined) {
    configureScheduler(options());
    configureTransactions(options());
  }
  scope.dispose();
  log.push(failed, stopped, ended.disposed, a.get(), b.get(), Object.keys(a), Object.keys(c));
}

async function cells(options, log) {
  const id = signal(1);
  const scope = createScope();
  await scope.run(async () => {
    const [user, meta] = createResource(id.get, async (n) => ({ n }), options());
    const [text, stream] = createStreamResource(
      id.get,
      async function* (n) {
        yield `a${n}`;
        yield `b${n}`;
      },
      options(),
    );
    const cell = fromPromise(async () => 7, options());
    const lazy = fromPromise({ run: async (n) => n * 2 });
    const [value] = asyncSignal(async () => 8, options());
    const [sum] = asyncComputed(async ({ get }) => get(id.get) + 1, options());
    const save = createResource({ trigger: "manual", run: async (n) => n, ...options() });
    const revision = createRevision();
    const keyed = createKeyedRevision();
    const group = createAsyncGroup();
    const [member] = createResource(id.get, async (n) => n, { group });
    await settled();
    log.push(
      user(),
      meta.status(),
      text(),
      stream.status(),
      cell.value(),
      value(),
      sum(),
      member(),
    );
    log.push(await lazy.run(4), await save[1].run(5), lazy.status(), group.committed(id.get)());
    log.push(Object.keys(meta), Object.keys(cell), Object.keys(revision), Object.keys(keyed));
    id.set(2);
    meta.cancel();
    await pass();
    await meta.reload();
    for await (const shown of valuesOf(text, options())) {
      log.push(shown);
      break;
    }
    log.push(meta.state().status, user());
    cell.dispose();
  });
  scope.dispose();
}

async function states(options, log) {
  const a = signal(1, { name: "a" });
  const scope = createSnapshotScope(options()).signal("a", a, options());
  const document = captureSnapshot(scope, options());
  const text = encodeJsonSnapshot(document, options());
  a.set(2);
  log.push(restoreSnapshot(scope, decodeJsonSnapshot(text, options()), options()), a.get());
  log.push(document.nodes, diffSnapshots(document, captureSnapshot(scope)));
  const script = toScript(document, options());
  const content = script.replace(/<[^>]*>/g, "");
  log.push(script.length, fromScript({ textContent: content }).nodes);
  const page = {
    readyState: "complete",
    getElementById: () => ({ textContent: content, nextSibling: {}, parentNode: null }),
    querySelectorAll: () => [],
    addEventListener() {},
    removeEventListener() {},
  };
  a.set(3);
  const { done } = await hydrate(scope, { document: page, ...options() });
  await done;
  log.push(a.get());
  const rendered = await renderWithState(({ slot }) => {
    const cell = createResource(
      () => 1,
      async (n) => n,
    );
    return html`<!doctype html><body>${slot(cell, { success: (n) => html`<b>${n}</b>` })}</body>`;
  }, options());
  log.push(rendered.status, (await rendered.text()).replace(/"createdAt":\d+/g, ""));
  const stop = createEffect(() => void a.get(), { name: "reader" });
  const picture = inspect(null, options());
  const named = picture.nodes.filter(({ name }) => name === "a" || name === "reader");
  log.push(
    named.map(({ kind }) => kind).sort(),
    toDot(picture, options()).split("\n", 1),
    toMermaid(picture, options()).split("\n", 1),
  );
  const observer = observeCommits();
  batch(() => a.set(4));
  log.push(typeof observer.last);
  observer.stop();
  stop();
}

/** Plays it all with what `options` makes, and returns what was seen. */
export async function works(options) {
  const log = [];
  await core(options, log);
  await cells(options, log);
  await states(options, log);
  return log;
}
