/**
 * Moments: the state as it was, read again without a trace (T1: a rollback leaves none).
 */
import {
  batch,
  computed,
  createEffect,
  flushSync,
  type Signal,
  signal,
  transaction,
} from "@signal-kernel/core";
import { afterEach, expect, it } from "vitest";
import { checkEngine, Moment, type SignalNode, sourceOf } from "#engine";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
  flushSync();
  expect(checkEngine()).toBe(undefined);
});

function momentOf(...signals: Signal<never>[]): Moment {
  return new Moment(
    signals.map(({ get }) => sourceOf(get) as SignalNode),
    [],
  );
}

/** a, b -> sum -> an effect that writes down what it sees */
function graph() {
  const a = signal(1);
  const b = signal(10);
  let runs = 0;
  const sum = computed(() => {
    runs++;
    return a.get() + b.get();
  });
  const seen: number[] = [];
  ends.push(createEffect(() => void seen.push(sum.get())));
  const moment = momentOf(a as never, b as never);
  return { a, b, sum, seen, moment, runs: () => runs };
}

it("is read as it was, computeds included, and nobody notices", () => {
  const { a, b, sum, seen, moment, runs } = graph();
  a.set(2);
  flushSync();
  expect(moment.read(() => [a.get(), b.get(), sum.get()])).toEqual([1, 10, 11]);
  flushSync();
  expect([a.get(), sum.get(), seen]).toEqual([2, 12, [11, 12]]);
  const before = runs();
  expect([sum.get(), sum.peek(), runs()]).toEqual([12, 12, before]);
  b.set(20);
  flushSync();
  expect(seen).toEqual([11, 12, 22]);
});

it("is what is there now as long as that has not changed: nothing runs for it", () => {
  const { sum, moment, runs } = graph();
  signal(1).set(2);
  expect([moment.read(sum.get), runs()]).toEqual([11, 1]);
});

it("is read with writes pending, which stay, and run their effects when they would have", async () => {
  const { a, sum, seen, moment } = graph();
  a.set(2);
  expect(moment.read(sum.get)).toBe(11);
  expect(seen).toEqual([11]);
  await Promise.resolve();
  expect(seen).toEqual([11, 12]);
  batch(() => {
    a.set(3);
    expect(moment.read(sum.get)).toBe(11);
    a.set(2);
  });
  await Promise.resolve();
  expect([seen, sum.get()]).toEqual([[11, 12], 12]);
});

it("is read inside an effect, a computed and transactions", () => {
  const { a, sum, moment } = graph();
  a.set(2);
  flushSync();
  const read = () => moment.read(sum.get);
  let runs = 0;
  const looks: number[] = [];
  ends.push(createEffect(() => void [looks.push(read()), runs++]));
  expect(computed(read).get()).toBe(11);
  transaction(() => {
    a.set(5);
    expect([read(), sum.get()]).toEqual([11, 15]);
  });
  expect(() =>
    transaction(() => {
      a.set(6);
      read();
      throw new Error("back");
    }),
  ).toThrow("back");
  expect([looks, runs, sum.get()]).toEqual([[11], 1, 15]);
});

it("is no conflict for an asynchronous transaction that is open", async () => {
  const { a, sum, seen, moment } = graph();
  a.set(2);
  flushSync();
  await transaction(
    async () => {
      a.set(a.get() + 1);
      await undefined;
      expect(moment.read(sum.get)).toBe(11);
      expect(sum.get()).toBe(13);
    },
    { isolation: "serializable" },
  );
  expect([a.get(), seen]).toEqual([3, [11, 12, 13]]);
});

it("is left when what reads it throws", () => {
  const { a, sum, moment } = graph();
  a.set(2);
  flushSync();
  const fail = () => {
    throw new Error(`saw ${sum.get()}`);
  };
  expect(() => moment.read(fail)).toThrow("saw 11");
  expect([a.get(), sum.get()]).toEqual([2, 12]);
});
