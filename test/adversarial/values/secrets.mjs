/**
 * A secret is put into every place that takes a value or an option, and everything goes wrong that can. Of what
 * the library throws or reports then - message, stack, path, causes, and how Node prints it - nothing may
 * show the secret. What a program throws itself is its own.
 */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as cells from "@signal-kernel/async-runtime";
import * as core from "@signal-kernel/core";
import * as looking from "@signal-kernel/native/inspect";
import * as server from "@signal-kernel/native/server";
import * as states from "@signal-kernel/snapshot";

const SECRET = "hunter2-c0ffee";
const { signal, computed, createEffect, batch, transaction, createScope, flushSync } = core;
const pass = () => new Promise((resolve) => setImmediate(resolve));

/** Everything that is wrong somewhere, with the secret in it. */
const SECRETS = [
  SECRET,
  { password: SECRET },
  [SECRET],
  Symbol(SECRET),
  new Date(SECRET),
  new Map([["password", SECRET]]),
  { toString: () => SECRET, [Symbol.toPrimitive]: () => SECRET, toJSON: () => SECRET },
  BigInt(`0x${Buffer.from(SECRET).toString("hex")}`),
  Object.assign(() => SECRET, { password: SECRET }),
  new (class Secret {
    password = SECRET;
  })(),
];

const errors = [];
let calls = 0;
const note = (error) => {
  const all = error instanceof AggregateError ? error.errors : [error];
  for (const each of all) if (String(each?.code).startsWith("ERR_SK_")) errors.push(each);
};
process.on("uncaughtException", note);
process.on("unhandledRejection", note);

/** Calls, and notes what is thrown, now or later. */
async function attempt(call) {
  calls++;
  try {
    await Promise.race([call(), pass()]);
  } catch (error) {
    note(error);
  }
}

/** Every public function with the secrets as each of its arguments, and as each of its options. */
async function asArguments() {
  const good = [() => 0, {}];
  const skipped = [
    "SnapshotScope",
    "setClock",
    "configureScheduler",
    "configureTransactions",
    "Html",
  ];
  for (const library of [core, cells, states, looking, server])
    for (const [name, value] of Object.entries(library)) {
      if (typeof value !== "function" || skipped.includes(name) || /Error$/.test(name)) continue;
      /* Their second argument is what the message calls the value. */
      const isNaming = name === "assertJsonValue" || name === "cloneJsonValue";
      for (const secret of SECRETS)
        for (const given of isNaming
          ? [[secret]]
          : [[secret], [good[0], secret], [good[0], good[0], secret], [{ a: secret }]])
          await attempt(() => value(...given));
    }
}

const OPTIONS = `equals name merge priority signal onError detached upTo budgetMs onConflict retries
  backoffMs isolation retry timeoutMs eager onEvent onSuccess onCancel reduce group concurrency
  invalidates trigger run input observe poll debounceMs document mode limits nonce redaction derivedFrom
  restore serializer secrets metadata only now resume prefix redact values maxLength follow commits
  direction snapshot capture id graphId graphVersion`.split(/\s+/);

async function asOptions() {
  const { createResource, createStreamResource, fromPromise } = cells;
  const { createSnapshotScope, captureSnapshot, restoreSnapshot, toScript, hydrate } = states;
  const scope = createSnapshotScope().signal("a", signal(SECRET));
  const document = captureSnapshot(scope);
  for (const option of OPTIONS)
    for (const secret of SECRETS) {
      /* A name is there to be printed. */
      if (
        ["name", "prefix", "id", "graphId", "graphVersion"].includes(option) &&
        typeof secret === "string"
      )
        continue;
      const given = { [option]: secret };
      await attempt(() => signal(1, given));
      await attempt(() => computed(() => 1, given));
      await attempt(() => createEffect(() => {}, given)());
      await attempt(() => createScope(given).dispose());
      await attempt(() => flushSync(given));
      await attempt(() => transaction(async () => 1, given));
      await attempt(() =>
        createResource(
          () => 1,
          async () => 1,
          given,
        )[1].dispose(),
      );
      await attempt(() =>
        createStreamResource(
          () => 1,
          (_, ctx) => ctx.done(),
          given,
        )[1].dispose(),
      );
      await attempt(() => fromPromise(async () => 1, given).dispose());
      await attempt(() => fromPromise({ run: async () => 1, ...given }).dispose());
      await attempt(() => createSnapshotScope(given));
      await attempt(() => createSnapshotScope().signal("b", signal(1), given));
      await attempt(() => captureSnapshot(scope, given));
      await attempt(() => restoreSnapshot(scope, document, given));
      await attempt(() => toScript(document, given));
      await attempt(() => hydrate(scope, given));
      await attempt(() => looking.inspect(null, given));
      await attempt(() => server.renderWithState(() => "", given));
    }
}

/** Errors of nodes and transactions whose values are secret. */
async function asValues() {
  for (const secret of SECRETS) {
    const a = signal(() => secret, { name: "a" });
    a.set(() => secret);
    const b = signal(secret, { name: "b" });
    const cycle = computed(() => [cycle.get(), b.get()], { name: "cycle" });
    await attempt(cycle.get);
    await attempt(() => computed(() => b.set(() => secret)).get());
    const loop = createEffect(
      () => {
        b.get();
        b.set(() => ({ secret }));
      },
      { name: "loop" },
    );
    await attempt(flushSync);
    loop();
    const running = transaction(
      async (tx) => {
        tx.set(b, secret);
        await pass();
        await pass();
      },
      { name: "conflict" },
    );
    b.set(() => [secret]);
    await running.catch(note);
    const controller = new AbortController();
    controller.abort();
    await attempt(() => transaction(async () => secret, { signal: controller.signal }));
    let kept;
    await transaction(async (tx) => {
      kept = tx;
      throw new Error("taken back");
    }).catch(note);
    await attempt(() => kept.set(b, secret));
    const ended = createScope();
    ended.dispose();
    await attempt(() => ended.run(() => secret));
    await attempt(() => batch(secret));
    /* Cells whose values, inputs and errors are secret. */
    const [, meta] = cells.createResource({ trigger: "manual", run: async () => secret });
    await attempt(() => meta.run(secret));
    await attempt(() => meta.resolve?.(secret));
    await attempt(() => meta.promise?.());
    meta.cancel(secret);
    await attempt(() => cells.fromPromise(() => Promise.reject(secret), { retry: secret }));
  }
}

/** Documents with secrets where they are not allowed, cut short, and of the wrong shape. */
async function asStates() {
  const { createSnapshotScope, captureSnapshot, decodeJsonSnapshot, encodeJsonSnapshot } = states;
  const { restoreSnapshot, fromScript, diffSnapshots, assertJsonValue } = states;
  for (const secret of [...SECRETS, { deep: [{ list: [1, () => SECRET, SECRET] }] }]) {
    const scope = createSnapshotScope().signal("a", signal(secret));
    await attempt(() => captureSnapshot(scope));
    await attempt(() => assertJsonValue(secret));
    const node = { id: "a", kind: "signal", value: secret };
    const head = {
      schema: "signal-kernel.snapshot.v1",
      createdAt: 1,
      graph: { id: "default", version: "0.0.0" },
    };
    const documents = [
      secret,
      { ...head, nodes: [node, node] },
      { ...head, nodes: [{ ...node, kind: secret }] },
      { ...head, nodes: [{ ...node, kind: "resource", status: secret }] },
      { ...head, nodes: secret },
      { ...head, createdAt: secret, nodes: [] },
      { ...head, graph: { id: secret, version: "1" }, nodes: [] },
      { ...head, schema: secret, nodes: [] },
      { ...head, nodes: [{ ...node, id: secret === SECRET ? 1 : secret }] },
    ];
    for (const document of documents) {
      await attempt(() => restoreSnapshot(scope, document));
      await attempt(() => encodeJsonSnapshot(document));
      await attempt(() => diffSnapshots(document, document));
    }
  }
  const text = encodeJsonSnapshot(
    captureSnapshot(createSnapshotScope().signal("a", signal(SECRET))),
  );
  for (let end = 0; end <= text.length; end += 3)
    for (const broken of [
      text.slice(0, end),
      `${text.slice(0, end)}${SECRET}`,
      `${SECRET}${text}`,
    ]) {
      await attempt(() => decodeJsonSnapshot(broken));
      await attempt(() => fromScript({ textContent: broken }));
    }
  await attempt(() => decodeJsonSnapshot(text, { maxLength: 5 }));
}

/** Pages whose parts are secret and fail. */
async function asPages() {
  const { html, renderWithState, rawHtml } = server;
  for (const secret of SECRETS) {
    await attempt(() => rawHtml(secret));
    for (const page of [() => secret, () => html`<p title=${secret}>`, () => html`<p ${secret}>`])
      await attempt(async () => (await renderWithState(page, { onError: note })).text());
    await attempt(() => renderWithState(({ slot }) => slot(secret, { success: secret })));
    await attempt(() => renderWithState(({ setStatus }) => setStatus(secret)));
    await attempt(() =>
      renderWithState(({ snapshot }) => snapshot.signal("a", signal(secret)) && ""),
    );
  }
}

for (const part of [asArguments, asOptions, asValues, asStates, asPages, pass])
  await part().catch((error) => {
    console.error(error);
    process.exit(1);
  });

/** All that can be read of an error, its causes included. */
function textOf(error) {
  if (typeof error !== "object" || error === null) return "";
  const own = Object.getOwnPropertyNames(error).map((key) => [key, error[key]]);
  const parts = own
    .filter(([key]) => key !== "cause")
    .map(([key, value]) => `${key}: ${String(value)}`);
  const { cause } = error;
  const isOurs = cause instanceof Error && cause.constructor !== Error;
  return [...parts, inspect({ ...error, cause: undefined }), isOurs ? textOf(cause) : ""].join(
    "\n",
  );
}

function check() {
  assert.ok(errors.length > 3000, `${errors.length} errors of ${calls} calls`);
  const kinds = new Set(errors.map(({ code }) => code));
  const hidden = [SECRET, SECRETS.find((value) => typeof value === "bigint").toString()];
  for (const error of errors) {
    const text = textOf(error);
    for (const secret of hidden)
      assert.ok(!text.includes(secret), `${error.name} ${error.code} shows the secret:\n${text}`);
  }
  for (const code of [
    "INVALID_ARG",
    "CYCLE",
    "EFFECT_LOOP",
    "TRANSACTION_CONFLICT",
    "WRITE_IN_COMPUTED",
  ])
    assert.ok(kinds.has(`ERR_SK_${code}`), `no error was ${code}: ${[...kinds]}`);
}

try {
  check();
} catch (error) {
  console.error(error);
  process.exit(1);
}
console.log("done");
process.exit(0);
