/** S11, S14, S15: owners nested deeper than the stack, transactions too, and a million subscribers. */
import {
  batch,
  createEffect,
  createScope,
  onCleanup,
  onScopeDispose,
  signal,
  transaction,
} from "@signal-kernel/core";
import { describe, expect, test } from "vitest";
import { checkEngine, engine } from "#engine";

const live = () => {
  const { nodes, edges, transactions } = engine().counters;
  return { nodes, edges, transactions };
};

describe("Sizes", () => {
  test("100,000 scopes inside each other end together, the innermost first (S11)", () => {
    const before = live();
    const source = signal(0);
    const root = createScope();
    const ended: number[] = [];
    let runs = 0;
    let at = root;
    for (let i = 0; i < 100_000; i++)
      at = at.run(() =>
        createScope(() => {
          createEffect(() => {
            source.get();
            runs++;
          });
          onScopeDispose(() => ended.push(i));
        }),
      );
    root.dispose();
    expect([at.disposed, ended.length, ended[0], ended.at(-1)]).toEqual([true, 100_000, 99_999, 0]);
    batch(() => source.set(1));
    expect(runs).toBe(100_000);
    expect(live()).toEqual(before);
  });

  test("what an effect owns ends in the same order, however it is mixed (S11)", () => {
    const log: string[] = [];
    const source = signal(0);
    const note = (text: string) => () => void log.push(text);
    const dispose = createEffect(() => {
      source.get();
      onCleanup(note("a"));
      createScope(() => {
        onScopeDispose(note("b"));
        createEffect(() => {
          onCleanup(note("c"));
          createEffect(() => note("d"));
        });
        createEffect(() => note("e"));
      });
      createEffect(() => note("f"));
      onCleanup(note("g"));
    });
    batch(() => source.set(1));
    expect(log.splice(0)).toEqual(["f", "e", "d", "c", "b", "g", "a"]);
    dispose();
    expect(log).toEqual(["f", "e", "d", "c", "b", "g", "a"]);
  });

  test("asynchronous transactions nest as deep as the program calls, and leave none open (T6)", async () => {
    const before = live();
    const target = signal(0);
    const nest = async (depth: number): Promise<void> =>
      transaction(async (tx) => {
        tx.set(target, depth);
        if (depth > 0) await nest(depth - 1);
      });
    await nest(100);
    expect(target.get()).toBe(0);
    expect(live().transactions).toBe(before.transactions);
    await transaction(async (tx) => tx.set(target, 7));
    expect(target.get()).toBe(7);
    expect(checkEngine()).toBe(undefined);
  });

  test("a million subscribers of one signal are all told, and let go (S15)", () => {
    const before = live();
    const source = signal(0);
    let told = 0;
    const all = Array.from({ length: 1_000_000 }, () => source.subscribe(() => void told++));
    batch(() => source.set(1));
    expect(told).toBe(1_000_000);
    for (const unsubscribe of all) unsubscribe();
    batch(() => source.set(2));
    expect(told).toBe(1_000_000);
    expect(live()).toEqual(before);
  });
});
