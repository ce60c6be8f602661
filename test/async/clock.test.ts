import { type Clock, fromPromise, setClock } from "@signal-kernel/async-runtime";
import { afterEach, describe, expect, test } from "vitest";
import { FakeClock, fakeClock } from "./clock.js";
import { quiet } from "./support.js";

afterEach(() => setClock(null));

describe("The clock", () => {
  test("gives events and updatedAt their time", async () => {
    const clock = fakeClock();
    const times: number[] = [];
    const cell = fromPromise(async () => 1, { onEvent: ({ ts }) => times.push(ts) });
    clock.time = 2000;
    await quiet();
    expect([times, cell.state().updatedAt]).toEqual([[1000, 2000], 2000]);
  });

  test("is the system's again after null", async () => {
    fakeClock();
    setClock(null);
    const cell = fromPromise(async () => 1);
    await quiet();
    expect(cell.state().updatedAt).toBeGreaterThan(1_600_000_000_000);
  });

  test("a timer that runs stays with the clock that it was started on", async () => {
    const first = fakeClock();
    const cell = fromPromise(() => new Promise(() => {}), { timeoutMs: 10 });
    const second = new FakeClock();
    setClock(second);
    expect([first.waiting, second.waiting]).toEqual([[10], []]);
    cell.cancel();
    expect(first.waiting).toEqual([]);
  });

  test.each([[1], [{}], [{ now: () => 1 }], ["now"]])("%j is no clock", (clock) => {
    expect(() => setClock(clock as unknown as Clock)).toThrow(
      expect.objectContaining({ name: "TypeError", code: "ERR_SK_INVALID_ARG" }),
    );
  });
});
