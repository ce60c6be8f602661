/** A9: a cell whose creation throws is disposed: nobody holds it, and it must not go on by itself. */
import { asyncComputed, createResource, createStreamResource } from "@signal-kernel/async-runtime";
import { batch, createEffect, signal } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { expect, test } from "vitest";

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
const counts = () => {
  const { effects, tasks } = engine().counters;
  return { effects, tasks };
};

for (const name of ["asyncComputed", "createResource"])
  test(`${name}: another effect fails in the flush that its first run causes`, async () => {
    const source = signal(0);
    const failure = new Error("another effect");
    const stop = createEffect(() => {
      if (source.get() > 0) throw failure;
    });
    const before = counts();
    let runs = 0;
    const aborted: unknown[] = [];
    const events: string[] = [];
    const run = (context: { signal: AbortSignal }) => {
      runs++;
      context.signal.addEventListener("abort", () => aborted.push(context.signal.reason));
      batch(() => source.set(1));
      return new Promise<never>((_, reject) => setTimeout(() => reject(new Error("late")), 1));
    };
    const options = {
      retry: { count: 3, delayMs: 1 },
      onEvent: ({ type }: { type: string }) => events.push(type),
    };
    const create =
      name === "asyncComputed"
        ? () => asyncComputed(run, options)
        : () =>
            createResource(
              () => 1,
              (_, context) => run(context),
              options,
            );
    expect(create).toThrow(failure);
    expect(counts()).toEqual(before);
    expect(aborted).toEqual(["dispose"]);
    await turn();
    expect(runs).toBe(1);
    expect(events).toEqual(["start", "cancel"]);
    stop();
  });

test("createStreamResource: its producer starts later, so creation does not throw", async () => {
  const source = signal(0);
  const failure = new Error("another effect");
  const stop = createEffect(() => {
    if (source.get() > 0) throw failure;
  });
  const [, meta] = createStreamResource(
    () => 1,
    (_, context) => {
      batch(() => source.set(1));
      context.done();
    },
  );
  await turn();
  expect(meta.status()).toBe("error");
  expect(meta.error()).toBe(failure);
  meta.dispose();
  stop();
});
