/** S13: what nobody observes is garbage, also when it is written first in batches that the library may plan. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { batch, createEffect, signal } from "@signal-kernel/core";
import { expect, it } from "vitest";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

it.each([
  ["one effect", 1],
  ["more effects than a plan may have", 5_000],
])("signals that come and go before a write that wakes %s", async (_, effects) => {
  const observed = signal(0);
  for (let i = 0; i < effects; i++) createEffect(() => void observed.get());
  const values: WeakRef<object>[] = [];
  for (let i = 1; i <= 200; i++) {
    batch(() => {
      const row = signal<object | null>(null);
      const value = { i };
      row.set(value);
      values.push(new WeakRef(value));
      observed.set(i);
    });
  }
  for (let i = 0; i < 20 && values.some((value) => value.deref()); i++) {
    await new Promise((turn) => setTimeout(turn, 5));
    gc();
  }
  expect(values.filter((value) => value.deref() !== undefined).length).toBeLessThan(5);
});
