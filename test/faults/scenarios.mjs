/**
 * What is played while memory is refused: each scenario makes, with the library that it is given, a list
 * of steps, and tells the state that a user sees. A step is a public call, or several that belong together;
 * `verify` says what holds after it has failed, and `again` what is done instead of repeating it.
 */

const range = (count) => Array.from({ length: count }, (_, i) => i);

/** A step that, made again, would find its writes done: what is left is the flush. */
function flushing(api, step) {
  return Object.assign(step, { again: () => api.flushSync() });
}

/** All or nothing: after a failure everything is as it was. */
function atomic(step, state, assert) {
  return Object.assign(step, { verify: (before) => assert.deepEqual(state(), before) });
}

export { atomic, flushing, range };

/** Many effects, on computeds of computeds; they change what they read; they end. */
function effects(api, log) {
  const { signal, computed, createEffect, batch } = api;
  const signals = range(12).map((i) => signal(i));
  const pick = signal(0);
  const sums = range(12).map((i) => computed(() => signals[i].get() + signals[(i * 5) % 12].get()));
  const total = computed(() => sums.reduce((sum, { get }) => sum + get(), 0));
  const seen = new Map();
  const dispose = [];
  const note = () => log.push([...seen].sort());
  const make = (i) => () => {
    const effect = createEffect(
      () => {
        const own = (pick.get() + i) % 3 === 0 ? total : sums[(pick.get() * 7 + i) % 12];
        seen.set(i, own.get() + signals[i].get());
      },
      { priority: i % 3 },
    );
    dispose.push(effect);
  };
  const write = (value) =>
    flushing(api, () => batch(() => signals.forEach((s, i) => s.set(value * i))));
  const choose = (value) => flushing(api, () => batch(() => pick.set(value)));
  return {
    state: () => [pick.peek(), ...signals.map((s) => s.peek()), dispose.length],
    steps: [
      ...range(12).map(make),
      write(2),
      choose(1),
      write(3),
      choose(2),
      write(4),
      ...range(6).map((i) => () => dispose[i]()),
      choose(3),
      write(5),
      note,
    ],
  };
}

/** One effect that reads more than any list has room for at first. */
function wide(api, log) {
  const { signal, computed, createEffect, batch } = api;
  const signals = range(700).map((i) => signal(i));
  const computeds = signals.slice(0, 300).map((s) => computed(() => s.get() * 2));
  const sum = computed(() => computeds.reduce((all, { get }) => all + get(), 0));
  let seen = 0;
  let dispose = () => {};
  return {
    state: () => signals.map((s) => s.peek()),
    steps: [
      () => {
        dispose = createEffect(() => {
          seen = signals.reduce((all, { get }) => all + get(), sum.get());
        });
      },
      flushing(api, () => batch(() => signals.forEach((s, i) => s.set(i + 1)))),
      () => log.push(seen),
      () => dispose(),
    ],
  };
}

/** Nested transactions that commit and roll back, and computeds that run inside of them. */
function transactions(api, log) {
  const { signal, computed, createEffect, transaction } = api;
  const signals = range(10).map((i) => signal(i));
  const sums = range(10).map((i) => computed(() => signals[i].get() + signals[(i + 3) % 10].get()));
  const seen = [];
  const state = () => signals.map((s) => s.peek());
  const fill = (from, value) => signals.slice(from, from + 5).forEach((s, i) => s.set(value + i));
  const nest = (depth) => {
    if (depth === 0) return;
    signals[depth].set((old) => old + 100);
    const caught = () => {
      try {
        transaction(() => {
          signals[depth + 1].set(-1);
          sums[depth].get();
          throw new Error("taken back");
        });
      } catch (error) {
        if (error.message !== "taken back") throw error;
      }
    };
    caught();
    transaction(() => nest(depth - 1));
  };
  /* When the flush at its end is what failed, it is committed. */
  const all = (fn) => {
    let done = false;
    const step = () => {
      if (!done) transaction(() => fn());
      else api.flushSync();
    };
    return Object.assign(step, {
      verify: (before) => {
        done = JSON.stringify(state()) !== JSON.stringify(before);
        if (!done) return;
        const now = state();
        step.committed = now;
      },
    });
  };
  return {
    state,
    steps: [
      ...range(10).map((i) => () => createEffect(() => void (seen[i] = sums[i].get()))),
      all(() => fill(0, 20)),
      all(() => nest(8)),
      all(() => {
        fill(5, 40);
        transaction(() => fill(0, 60));
      }),
      () => log.push([...seen]),
    ],
  };
}

/** Asynchronous transactions: touched signals, inner ones, conflicts, merges, aborts. */
function stagings(api, log) {
  const { signal, createEffect, transaction } = api;
  const merge = (base, theirs, mine) => theirs + mine - base;
  const signals = range(12).map((i) => signal(i, { merge }));
  const state = () => signals.map((s) => s.peek());
  let sum = 0;
  /* What has been committed in the end depends on what was tried again; never is it a part of it. */
  const whole = (step) =>
    Object.assign(step, {
      verify: (before) => {
        const moved = new Set(state().map((value, i) => value - before[i]));
        if (moved.size !== 1)
          throw new Error(`a part of a transaction was committed: ${[...moved]}`);
      },
    });
  const spread = (by) =>
    whole(() =>
      transaction(
        async (tx) => {
          for (const s of signals) tx.set(s, tx.get(s) + by);
          await null;
          await transaction(async (inner) => {
            for (const s of signals.slice(3, 9)) inner.set(s, inner.get(s));
          });
        },
        { onConflict: "overwrite" },
      ),
    );
  const overlap = whole(async () => {
    const add = (turns) => async (tx) => {
      for (const s of signals) tx.set(s, tx.get(s) + 1);
      for (let i = 0; i < turns; i++) await null;
    };
    const outcomes = await Promise.allSettled([
      transaction(add(6)),
      transaction(add(2), { onConflict: "retry" }),
    ]);
    const failed = outcomes.find(({ status }) => status === "rejected");
    if (failed) throw failed.reason;
  });
  const abort = whole(async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const running = transaction(
      async (tx) => {
        for (const s of signals) tx.set(s, -1);
        controller.abort(reason);
        await null;
      },
      { signal: controller.signal },
    );
    await running.catch((error) => {
      if (error !== reason) throw error;
    });
  });
  return {
    state,
    isRepeatable: false,
    steps: [
      () => createEffect(() => void (sum = signals.reduce((all, { get }) => all + get(), 0))),
      spread(10),
      abort,
      overlap,
      spread(5),
      () => log.push(sum === state().reduce((a, b) => a + b, 0)),
    ],
  };
}

/** Cells of every kind, that start, settle, stream, are superseded, cancelled and disposed. */
function cells(api, log) {
  const {
    signal,
    createEffect,
    createResource,
    createStreamResource,
    fromPromise,
    asyncComputed,
    batch,
  } = api;
  const id = signal(1);
  const seen = new Map();
  const all = [];
  const add = (make) => () => {
    const cell = make();
    all.push(cell);
  };
  /* What a cell could not do for want of memory is its error, which its user sees, and tries again. */
  const told = new Set();
  const mend = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    for (const [, meta] of all) {
      if (meta.status() !== "error") continue;
      const error = meta.error();
      if (told.has(error)) await meta.reload();
      else told.add(error);
      if (meta.status() === "error") throw error;
    }
  };
  const watch = (i) => () =>
    void createEffect(() => {
      const [value, meta] = all[i];
      seen.set(i, [value(), meta.status()]);
    });
  return {
    state: () => all.length,
    steps: [
      ...range(5).map((i) => add(() => createResource(id.get, async (n) => n * (i + 1)))),
      ...range(3).map((i) =>
        add(() =>
          createStreamResource(
            id.get,
            (n, ctx) => {
              ctx.emit(n);
              ctx.emit(i);
              ctx.done();
            },
            { initialValue: 0, reduce: (sum = 0, chunk) => sum + chunk },
          ),
        ),
      ),
      add(() => asyncComputed(async ({ get }) => get(id.get) + 1)),
      add(() => {
        const cell = fromPromise(async () => 7);
        return [cell.value, cell];
      }),
      ...range(10).map(watch),
      mend,
      flushing(api, () => batch(() => id.set(2))),
      mend,
      flushing(api, () => batch(() => id.set(3))),
      mend,
      () => all[1][1].reload(),
      mend,
      flushing(api, () => all[2][1].cancel()),
      flushing(api, () => api.flushSync()),
      () => log.push([...seen].map(([i, [value]]) => [i, value]).sort()),
      ...range(9).map((i) => () => all[i][1].dispose()),
    ],
  };
}

/** Effects of many priorities; background work in slices. */
function priorities(api, log) {
  const { signal, createEffect, batch, configureScheduler, flushSync } = api;
  const source = signal(0);
  const ran = [];
  const kinds = ["immediate", "user-blocking", "normal", "background", 7, -3];
  return {
    state: () => source.peek(),
    steps: [
      () => configureScheduler({ budgetMs: 5 }),
      ...range(18).map((i) => () => {
        createEffect(() => void (ran[i] = source.get()), { priority: kinds[i % kinds.length] });
      }),
      flushing(api, () => batch(() => source.set(1))),
      flushing(api, () => flushSync({ upTo: "normal" })),
      flushing(api, () => batch(() => source.set(2))),
      () => log.push([...ran]),
      () => configureScheduler({ budgetMs: Number.POSITIVE_INFINITY }),
    ],
  };
}

/** A document is captured and restored: signals, and cells that take over where others stood. */
function snapshots(api, log) {
  const {
    signal,
    createEffect,
    createResource,
    createSnapshotScope,
    captureSnapshot,
    restoreSnapshot,
  } = api;
  const make = () => {
    const signals = range(8).map((i) => signal(i));
    const cells = range(4).map(() => createResource(signals[0].get, async (n) => n + 1));
    const scope = createSnapshotScope({ graphId: "g", now: () => 1 });
    signals.forEach((s, i) => void scope.signal(`s${i}`, s));
    cells.forEach((cell, i) => void scope.resource(`r${i}`, cell, { restore: "seed" }));
    return { signals, cells, scope };
  };
  const from = make();
  const to = make();
  const seen = [];
  let document;
  return {
    state: () => to.signals.map((s) => s.peek()),
    steps: [
      flushing(api, () => api.batch(() => from.signals.forEach((s, i) => s.set(i + 50)))),
      () => {
        document = captureSnapshot(from.scope);
      },
      ...range(4).map(
        (i) => () => createEffect(() => void (seen[i] = [to.signals[i].get(), to.cells[i][0]()])),
      ),
      () => void restoreSnapshot(to.scope, document),
      () => log.push(seen.map(([a]) => a)),
    ],
  };
}

/** Scopes inside of scopes, and what they own. */
function scopes(api, log) {
  const { signal, createEffect, createScope, onCleanup, batch } = api;
  const source = signal(0);
  let ended = 0;
  let runs = 0;
  let open = [];
  return {
    state: () => source.peek(),
    steps: [
      ...range(4).map(() => () => {
        const scope = createScope();
        try {
          scope.run(() => {
            for (let i = 0; i < 4; i++)
              createEffect(() => {
                source.get();
                runs++;
                createEffect(() => {
                  source.get();
                  onCleanup(() => ended++);
                });
              });
          });
        } catch (error) {
          scope.dispose();
          throw error;
        }
        open.push(scope);
      }),
      flushing(api, () => batch(() => source.set(1))),
      () => {
        while (open.length > 0) open.pop().dispose();
        open = [];
      },
      flushing(api, () => batch(() => source.set(2))),
      () => log.push([runs > 0, ended > 0, api.kernel.stats().effects >= 0]),
    ],
  };
}

export const scenarios = {
  effects,
  wide,
  transactions,
  stagings,
  cells,
  priorities,
  snapshots,
  scopes,
};
