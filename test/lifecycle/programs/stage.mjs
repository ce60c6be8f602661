/** Ends the process at one stage of the life of a graph: the exit code is 0, whatever is under way. */
import { batch, computed, createEffect, flushSync, signal, transaction } from "@signal-kernel/core";

const [, , stage, how] = process.argv;
const end = () => (how === "exit" ? process.exit(0) : undefined);
const a = signal(0, { name: "a" });
const c = computed(() => {
  if (stage === "in computed" && a.get() === 1) end();
  return a.get();
});

const stages = {
  imported: end,
  created: () => {
    computed(() => a.get());
    end();
  },
  evaluated: () => {
    c.get();
    end();
  },
  subscribed: () => {
    createEffect(() => void c.get());
    a.subscribe(() => {});
    end();
  },
  "in batch": () =>
    batch(() => {
      createEffect(() => void c.get());
      a.set(1);
      end();
    }),
  "in transaction": () =>
    transaction(() => {
      createEffect(() => void c.get());
      a.set(1);
      end();
    }),
  "in effect": () => {
    createEffect(() => {
      if (c.get() === 1) end();
    });
    a.set(1);
    flushSync();
  },
  "in computed": () => {
    createEffect(() => void c.get());
    a.set(1);
    flushSync();
  },
  "in cleanup": () => {
    createEffect(() => {
      c.get();
      return end;
    })();
  },
  "pending flush": () => {
    createEffect(() => void c.get());
    a.set(1);
    end();
  },
  "pending transaction": () => {
    void transaction(async () => {
      a.set(1);
      await new Promise(() => {});
    });
    end();
  },
  disposed: () => {
    const dispose = createEffect(() => void c.get());
    dispose();
    c.dispose();
    end();
  },
  "exit handler": () => {
    const seen = [];
    createEffect(() => void seen.push(c.get()));
    process.on("exit", () => {
      a.set(5);
      flushSync();
      if (seen.at(-1) !== 5) process.exitCode = 9;
    });
    end();
  },
};

stages[stage]();
