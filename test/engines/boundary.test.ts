/** The boundary: whatever is passed over it, the engines agree on what they refuse, and nothing breaks. */
import { computed, createEffect, flushSync, signal } from "@signal-kernel/core";
import { afterEach, expect, test } from "vitest";
import { checkEngine, kernel, SignalKernelError } from "#engine";

afterEach(() => {
  expect(checkEngine()).toBeUndefined();
  const source = signal(1);
  const seen: number[] = [];
  const end = createEffect(() => void seen.push(computed(() => source.get()).get()));
  source.set(2);
  flushSync();
  end();
  expect(seen).toEqual([1, 2]);
});

const NONE = 2 ** 40;
const calls: Record<string, (value: never) => unknown> = {
  "reserve, block": (value) => kernel.reserve(value, 1),
  "reserve, words": (value) => kernel.reserve(2, value),
  "view, block": (value) => kernel.view(value),
  "stagingOpen, parent": (value) => kernel.stagingOpen(value, 1),
  "stagingOpen, clock": (value) => kernel.stagingOpen(0, value),
  "stagingTouch, staging": (value) => kernel.stagingTouch(value, 1, 1, 1),
  "stagingTouch, id": (value) => kernel.stagingTouch(NONE, value, 1, 1),
  "stagingTouch, how": (value) => kernel.stagingTouch(NONE, 1, value, 1),
  "stagingTouch, clock": (value) => kernel.stagingTouch(NONE, 1, 1, value),
  "stagingCheck, staging": (value) => kernel.stagingCheck(value, 1),
  "stagingCheck, how": (value) => kernel.stagingCheck(NONE, value),
  "stagingCommit, staging": (value) => kernel.stagingCommit(value, 1),
  "stagingCommit, clock": (value) => kernel.stagingCommit(NONE, value),
  "stagingDiscard, staging": (value) => kernel.stagingDiscard(value),
  "taskCreate, kind": (value) => kernel.taskCreate(value),
  "taskStart, task": (value) => kernel.taskStart(value),
  "taskEmit, task": (value) => kernel.taskEmit(value, 1),
  "taskEmit, version": (value) => kernel.taskEmit(NONE, value),
  "taskSettle, task": (value) => kernel.taskSettle(value, 1, 1),
  "taskSettle, version": (value) => kernel.taskSettle(NONE, value, 1),
  "taskSettle, outcome": (value) => kernel.taskSettle(NONE, 1, value),
  "taskCancel, task": (value) => kernel.taskCancel(value),
  "taskInspect, task": (value) => kernel.taskInspect(value),
  "taskSeed, task": (value) => kernel.taskSeed(value, 1, 1),
  "taskSeed, version": (value) => kernel.taskSeed(NONE, value, 1),
  "taskSeed, state": (value) => kernel.taskSeed(NONE, 1, value),
  "taskDispose, task": (value) => kernel.taskDispose(value),
};

test.each(Object.entries(calls))("what is no integer is refused by name: %s", (name, call) => {
  const argument = name.split(", ")[1];
  const invalid = (kind: string) =>
    expect.objectContaining({
      name: kind,
      code: "ERR_SK_INVALID_ARG",
      message: `The argument "${argument}" must be an integer from 0 to 2^53 - 1`,
    });
  for (const value of [undefined, null, "1", {}, 1n, true])
    expect(() => call(value as never)).toThrow(invalid("TypeError"));
  for (const value of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
    expect(() => call(value as never)).toThrow(invalid("RangeError"));
});

test("what names nothing is an error of the kernel, and changes nothing", () => {
  const before = kernel.stats();
  const refused: Record<string, (() => unknown)[]> = {
    ERR_SK_INVALID_ARG: [
      () => kernel.reserve(99, 1),
      () => kernel.reserve(0, 1),
      () => kernel.view(99),
      () => kernel.stagingTouch(NONE, 2 ** 32, 1, 1),
      () => kernel.stagingTouch(NONE, 1, 2 ** 32, 1),
      () => kernel.stagingCheck(NONE, 2 ** 32),
      () => kernel.taskCreate(99),
      () => kernel.taskSettle(NONE, 1, 99),
      () => kernel.taskSeed(NONE, 1, 99),
    ],
    ERR_SK_DISPOSED: [
      () => kernel.stagingOpen(NONE, 1),
      () => kernel.stagingTouch(NONE, 1, 1, 1),
      () => kernel.stagingCheck(NONE, 1),
      () => kernel.stagingCommit(NONE, 1),
      () => kernel.taskStart(NONE),
      () => kernel.taskInspect(NONE),
    ],
    ERR_SK_STATE: [() => kernel.txnCommit(), () => kernel.txnRollback()],
  };
  for (const [code, list] of Object.entries(refused))
    for (const call of list) {
      expect(call, String(call)).toThrow(expect.objectContaining({ code }));
      expect(call, String(call)).toThrow(SignalKernelError);
    }
  const { crossings: _before, ...counters } = before;
  const { crossings: _after, ...after } = kernel.stats();
  expect(after).toEqual(counters);
});

test("more than there can be is a limit, and changes nothing", () => {
  for (const [block, words] of [
    [2, 2 ** 32 - 1],
    [2, 2 ** 32],
    [5, 2 ** 32 - 1],
  ] as const)
    expect(() => kernel.reserve(block, words)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ERR_SK_(LIMIT|OUT_OF_MEMORY)$/) }),
    );
});

test("what makes errors must be a function", () => {
  expect(() => kernel.onError(1 as never)).toThrow(
    expect.objectContaining({ name: "TypeError", code: "ERR_SK_INVALID_ARG" }),
  );
});
