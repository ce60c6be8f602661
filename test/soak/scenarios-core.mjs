/** Scenarios of the core: graphs that come and go, transactions, failures, handles that are dropped. */
import assert from "node:assert/strict";
import {
  batch,
  computed,
  configureScheduler,
  createEffect,
  createScope,
  flushSync,
  onCleanup,
  signal,
  transaction,
} from "@signal-kernel/core";
import { inspect, toDot, toMermaid } from "@signal-kernel/native/inspect";

const range = (count) => Array.from({ length: count }, (_, i) => i);
const pass = () => new Promise((resolve) => setImmediate(resolve));

/** What `fn` throws, which is expected. */
function thrownBy(fn) {
  try {
    fn();
  } catch (error) {
    return error;
  }
  return undefined;
}

export const core = {
  /** Sources that live, graphs on them that are made, observed, changed in shape and disposed. */
  effects() {
    const sources = range(50).map((i) => signal(i));
    return {
      async round(random) {
        const pick = signal(0);
        const sums = range(40).map((i) =>
          computed(() => sources[(i + pick.get()) % 50].get() + sources[(i * 7) % 50].get()),
        );
        const disposers = sums.map((sum, i) =>
          createEffect(
            () => {
              sum.get();
              createEffect(() => void sums[(i + 1) % 40].get());
              onCleanup(() => {});
            },
            { priority: random(5) - 2 },
          ),
        );
        const unsubscribe = sources[0].subscribe(() => {});
        for (let i = 0; i < 5; i++) batch(() => [pick.set(i), sources[random(50)].set(random(99))]);
        sources[random(50)].set(-1);
        await null;
        unsubscribe();
        for (const dispose of disposers) dispose();
        flushSync();
      },
    };
  },

  /** Nested scopes that end by hand, by a signal, by an error, and from inside. */
  scopes() {
    const source = signal(0);
    return {
      async round(random) {
        const controller = new AbortController();
        const outer = createScope({ onError: () => {} });
        const all = range(10).map((i) =>
          outer.run(() =>
            createScope(
              () => {
                createEffect(() => void source.get());
                createScope(() => createEffect(() => void source.get()));
                onCleanup(() => {});
              },
              { signal: i % 2 ? controller.signal : undefined, name: `scope ${i}` },
            ),
          ),
        );
        thrownBy(() =>
          createScope(() => {
            createEffect(() => void source.get());
            throw new Error("while it is made");
          }),
        );
        batch(() => source.set((n) => n + 1));
        all[random(10)].dispose();
        controller.abort();
        await outer.run(async () => {
          await null;
          createEffect(() => void source.get());
        });
        createEffect(() => outer.dispose())();
      },
    };
  },

  /** Synchronous transactions: nested, taken back, with computeds and effects that look inside. */
  transactions() {
    const signals = range(30).map((i) => signal(i));
    const sum = computed(() => signals.reduce((all, s) => all + s.get(), 0));
    createEffect(() => void sum.get());
    return {
      round(random) {
        const expected = sum.get();
        const fails = (depth) =>
          transaction(() => {
            signals[random(30)].set(random(1000));
            computed(() => sum.get() + 1).get();
            if (depth > 0) thrownBy(() => fails(depth - 1));
            createEffect(() => void sum.get())();
            throw new Error("taken back");
          });
        thrownBy(() => fails(4));
        assert.equal(sum.get(), expected);
        transaction(() => {
          thrownBy(() => fails(2));
          transaction(() => signals[random(30)].set(random(1000)));
        });
      },
    };
  },

  /** What goes wrong: computeds, effects, cleanups and comparators that throw, cycles, loops, full stacks. */
  failures() {
    const source = signal(0);
    const failing = computed(() => {
      /* An effect that is created by a computed that then fails: nobody owns it but the scope. */
      createEffect(() => void source.get())();
      if (source.get() % 2) throw new Error("odd");
      return source.get();
    });
    const sink = (n) => (n === 0 ? 0 : sink(n - 1) + 1);
    return {
      round(_random, number) {
        const scope = createScope({ onError: () => {} });
        source.set(1);
        scope.run(() => {
          createEffect(() => void thrownBy(failing.get));
          const cycle = computed(() => cycle.get() + source.get());
          createEffect(() => void thrownBy(cycle.get));
          thrownBy(() =>
            createEffect(() => {
              source.get();
              createEffect(() => void source.get());
              throw new Error("first run");
            }),
          );
          createEffect(() => {
            onCleanup(() => {
              throw new Error("cleanup");
            });
            if (source.get() % 3 === 0) throw new Error("effect");
          });
          createEffect(() => {
            if (source.get() % 4 === 0) source.set((n) => n + 4);
          });
          if (number % 20 === 0) {
            const deep = computed(() => sink(source.get() % 2 ? 1e6 : 1));
            createEffect(() => void thrownBy(deep.get));
          }
        });
        for (let i = 0; i < 4; i++) thrownBy(() => batch(() => source.set((n) => n + 1)));
        thrownBy(scope.dispose);
        thrownBy(flushSync);
        source.set(1);
        thrownBy(flushSync);
      },
    };
  },

  /** Handles that nobody disposes, and nobody keeps. */
  dropped() {
    const source = signal(0);
    return {
      round() {
        for (let i = 0; i < 300; i++) {
          const c = computed(() => source.get() + i);
          const d = computed(() => c.get() * 2, { name: "dropped" });
          d.get();
          signal({ big: [i, i, i] }, { name: "dropped" }).set({});
        }
        const c = computed(() => source.get());
        createEffect(() => void c.get())();
        batch(() => source.set((n) => n + 1));
      },
    };
  },

  /** Background work in slices, some of it disposed before its turn. */
  slices() {
    configureScheduler({ budgetMs: 1 });
    const source = signal(0);
    return {
      async round(random) {
        let left = 60;
        const disposers = range(60).map(() =>
          createEffect(
            () => {
              if (source.get() > 0) left--;
            },
            { priority: "background" },
          ),
        );
        source.set((n) => n + 1);
        await pass();
        for (let i = 0; i < 10; i++) disposers[random(60)]();
        for (let i = 0; i < 5 && left > 0; i++) await pass();
        for (const dispose of disposers) dispose();
        source.set(0);
        flushSync();
      },
    };
  },

  /** Pictures of graphs that are gone afterwards. */
  pictures() {
    const source = signal(0, { name: "source" });
    return {
      round() {
        const scope = createScope({ name: "pictured" });
        scope.run(() => {
          const double = computed(() => source.get() * 2, { name: "double" });
          createEffect(() => void double.get(), { name: "reader" });
        });
        const graph = inspect(null, { values: true });
        assert.match(toDot(graph), /reader/);
        assert.match(toMermaid(graph), /reader/);
        scope.dispose();
      },
    };
  },
};
