/**
 * A picture keeps nothing: what was in it is collected like anything else (S13).
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { fromPromise } from "@signal-kernel/async-runtime";
import { computed, createEffect, createScope, flushSync, signal } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { inspect, observeCommits, toMermaid } from "@signal-kernel/native/inspect";
import { createSnapshotScope } from "@signal-kernel/snapshot";
import { expect, it } from "vitest";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** Handles that were in pictures and commits, and in a collection, and that nobody has any more. */
function leave(): WeakRef<object>[] {
  const commits = observeCommits();
  const handles = createSnapshotScope().collect(() => {
    const a = signal({ large: 1 }, { name: "a" });
    const b = computed(() => a.get(), { name: "b" });
    const cell = fromPromise(async () => b.get(), { name: "cell" });
    return [a, b, cell] as const;
  });
  const [a, b, cell] = handles;
  const scope = createScope(() => createEffect(() => void [b.get(), cell.status()]));
  a.set({ large: 2 });
  flushSync();
  expect(toMermaid(inspect([a, b, cell, scope], { values: true, commits }))).toContain("large");
  scope.dispose();
  cell.dispose();
  commits.stop();
  return handles.map((handle) => new WeakRef<object>(handle));
}

it("keeps no node, and no memory that grows with the looks", async () => {
  const left = leave();
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    gc();
  }
  expect(left.map((handle) => handle.deref())).toEqual([undefined, undefined, undefined]);
  inspect();
  const { bytes } = engine().counters;
  for (let i = 0; i < 100; i++) inspect();
  expect(engine().counters.bytes).toBe(bytes);
});
