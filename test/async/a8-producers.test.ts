/** A8: producers that return what they produce, async iterables and ReadableStreams. */
import { createStreamResource, setClock } from "@signal-kernel/async-runtime";
import { describe, expect, test } from "vitest";
import { fakeClock } from "./clock.js";
import { deferred, quiet, uncaughtDuring } from "./support.js";

const text = { initialValue: "", reduce: (current = "", chunk: string) => current + chunk };

describe("A8: iterables", () => {
  test("an async generator is read to its end", async () => {
    const [value, meta] = createStreamResource(
      () => ["a", "b"],
      async function* (chunks) {
        yield* chunks;
      },
      text,
    );
    await quiet();
    expect([meta.status(), value(), meta.stableValue()]).toEqual(["success", "ab", "ab"]);
  });

  test("a ReadableStream, and a promise of one", async () => {
    const readable = () =>
      new ReadableStream<string>({
        start(controller) {
          for (const chunk of ["a", "b"]) controller.enqueue(chunk);
          controller.close();
        },
      });
    for (const streamer of [readable, async () => readable()]) {
      const [value, meta] = createStreamResource(() => 1, streamer, text);
      await quiet();
      expect([meta.status(), value()]).toEqual(["success", "ab"]);
    }
  });

  test("the next chunk is asked for when the one before was taken", async () => {
    const steps: string[] = [];
    const gate = deferred<void>();
    const [value] = createStreamResource(
      () => 1,
      async function* () {
        steps.push("first");
        yield "a";
        steps.push(`second after ${value()}`);
        await gate.promise;
        yield "b";
      },
      text,
    );
    await quiet();
    expect([steps, value()]).toEqual([["first", "second after a"], "a"]);
    gate.resolve();
    await quiet();
    expect(value()).toBe("ab");
  });

  test("it is closed when the run is cancelled", async () => {
    const closed: unknown[] = [];
    const [, ofGenerator] = createStreamResource(
      () => 1,
      async function* (_input, context) {
        try {
          for (;;) {
            yield "a";
            await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
          }
        } finally {
          closed.push("generator");
        }
      },
      text,
    );
    const [, ofReadable] = createStreamResource(
      () => 1,
      () => new ReadableStream<string>({ cancel: (reason) => void closed.push(reason) }),
      text,
    );
    await quiet();
    ofGenerator.cancel();
    ofReadable.cancel("enough");
    await quiet();
    expect(closed.sort()).toEqual(["enough", "generator"]);
  });

  test("no more than one chunk is asked for ahead", async () => {
    let pulled = 0;
    const gate = deferred<void>();
    const [, meta] = createStreamResource(
      () => 1,
      () =>
        new ReadableStream<string>(
          {
            async pull(controller) {
              if (++pulled === 3) await gate.promise;
              controller.enqueue("a");
            },
          },
          { highWaterMark: 0 },
        ),
      text,
    );
    await quiet();
    expect(pulled).toBe(3);
    meta.cancel();
    gate.resolve();
    await quiet();
    expect(pulled).toBe(3);
  });

  test("it is closed when its attempt fails, and what it gives later is not taken", async () => {
    const closed: number[] = [];
    let attempt = 0;
    const clock = fakeClock();
    try {
      const [value, meta] = createStreamResource(
        () => 1,
        () => {
          const n = ++attempt;
          return {
            [Symbol.asyncIterator]: () => ({
              chunks: n === 1 ? ["a"] : ["b"],
              next() {
                const [chunk] = this.chunks.splice(0);
                if (chunk !== undefined) return Promise.resolve({ done: false, value: chunk });
                return n === 1 ? new Promise(() => {}) : Promise.resolve({ done: true });
              },
              return() {
                closed.push(n);
                return Promise.resolve({ done: true });
              },
            }),
          } as unknown as AsyncIterable<string>;
        },
        { ...text, timeoutMs: 10, retry: { count: 1, delayMs: 5 } },
      );
      await clock.pass(10);
      expect([value(), meta.status(), closed]).toEqual(["a", "streaming", [1]]);
      await clock.pass(5);
      expect([value(), meta.status(), closed]).toEqual(["b", "success", [1]]);
    } finally {
      setClock(null);
    }
  });

  test("one that throws, or breaks the protocol, is the run's error", async () => {
    const broken = (next: unknown) => () =>
      ({ [Symbol.asyncIterator]: () => ({ next }) }) as unknown as AsyncIterable<string>;
    const errors = await uncaughtDuring(async () => {
      for (const streamer of [
        async function* () {
          yield "a";
          throw new Error("thrown");
        },
        broken(() => {
          throw new Error("thrown");
        }),
        broken(() => Promise.resolve(undefined)),
        broken(undefined),
      ]) {
        const [, meta] = createStreamResource(() => 1, streamer, text);
        await quiet();
        expect([meta.status(), meta.error()]).toEqual(["error", expect.any(Error)]);
      }
    });
    expect(errors).toEqual([]);
  });
});
