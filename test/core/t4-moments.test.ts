/** T4: each transaction sees the state as of its own beginning, however much is committed meanwhile. */
import { computed, signal, type TransactionHandle, transaction } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { describe, expect, it } from "vitest";
import { checkEngine } from "#engine";
import { deferred } from "../async/support.js";

describe("T4 many moments at once", () => {
  /** Reads when it is told to, until it is told to end. */
  function reader(read: (tx: TransactionHandle) => unknown) {
    const end = deferred<void>();
    const asked: (() => void)[] = [];
    const done = transaction(async (tx) => {
      let isOver = false;
      void end.promise.then(() => {
        isOver = true;
        asked.splice(0).forEach((wake) => wake());
      });
      const seen: unknown[] = [];
      while (!isOver) {
        seen.push(read(tx));
        await new Promise<void>((wake) => asked.push(wake));
      }
      return seen;
    });
    return {
      look: () => asked.splice(0).forEach((wake) => wake()),
      end: () => {
        end.resolve();
        return done;
      },
    };
  }

  it("a signal that is written hundreds of times is to each as it was, in whatever order they end", async () => {
    const a = signal(0);
    const b = signal(0);
    const sum = computed(() => a.get() + b.get());
    const read = ({ get }: TransactionHandle) => [get(a), get(b), get(sum)];
    const readers: { at: number; reader: ReturnType<typeof reader> }[] = [];
    const step = async (at: number) => {
      a.set(at);
      if (at % 3 === 0) b.set(-at);
      await null;
      for (const { reader } of readers) reader.look();
      await null;
    };
    const end = async (which: number) => {
      const [gone] = readers.splice(which, 1);
      if (gone === undefined) return;
      const b = -Math.floor(gone.at / 3) * 3;
      const states = new Set((await gone.reader.end()).map((state) => JSON.stringify(state)));
      /* Minus zero is 0 here. */
      expect([...states]).toEqual([JSON.stringify([gone.at, b + 0, gone.at + b])]);
    };
    for (let at = 1; at <= 300; at++) {
      await step(at);
      if (at % 20 === 1) readers.push({ at, reader: reader(read) });
      /* The oldest, the newest, one in between: what only they could ask for is dropped. */
      if (at % 50 === 0)
        await end([0, readers.length - 1, readers.length >> 1][(at / 50) % 3] ?? 0);
    }
    while (readers.length > 0) await end(readers.length % 2 === 0 ? 0 : readers.length - 1);
    expect([a.get(), b.get()]).toEqual([300, -300]);
    expect(engine().counters.transactions).toBe(0);
    expect(checkEngine()).toBeUndefined();
  });
});
