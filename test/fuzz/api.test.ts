/**
 * The public functions under hostile use: values that throw when they are touched, callbacks that call
 * back. After each step the kernel is sound, what was thrown is expected, and a signal, a computed and an
 * effect that have nothing to do with it work as ever. SK_FUZZ_ONLY=<seed> repeats one program.
 */
import { computed, createEffect, flushSync, signal } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { describe, expect, test } from "vitest";
import { checkEngine } from "#engine";
import { Random } from "../simulation/random.js";
import { ONLY, seeds, TIMEOUT_MS } from "./budget.js";
import { describeStrange, forgetThrown, isExpected } from "./values.js";
import { World } from "./world.js";

const PROGRAMS = 300;

/** Errors that nobody could be told of, as the process gets them. */
function listen(): { readonly reported: unknown[]; stop(): void } {
  const reported: unknown[] = [];
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => process.listeners(event as "uncaughtException"));
  const take = (error: unknown) => void reported.push(error);
  for (const event of events) process.removeAllListeners(event).on(event, take);
  const stop = () => {
    events.forEach((event, i) => {
      process.removeAllListeners(event);
      for (const listener of before[i] ?? []) process.on(event as "uncaughtException", listener);
    });
  };
  return { reported, stop };
}

/** A graph that nothing hostile knows of. Returns what is wrong with it after one more write. */
function bystander(): { check(): string | undefined; end(): void } {
  const source = signal(0);
  const twice = computed(() => source.get() * 2);
  let seen = -1;
  const end = createEffect(() => {
    seen = twice.get();
  });
  const check = () => {
    source.set((n) => n + 1);
    try {
      flushSync();
    } catch (error) {
      if (!isExpected(error)) return `the flush threw ${String(error)}`;
    }
    if (seen !== source.peek() * 2) return `an effect saw ${seen}, not ${source.peek() * 2}`;
    return checkEngine();
  };
  return { check, end };
}

async function play(seed: number): Promise<string | undefined> {
  const random = new Random(seed);
  const world = new World(random);
  const watch = bystander();
  const { effects } = engine().counters;
  const { reported, stop } = listen();
  const look = (): string | undefined => {
    const strange = [...world.strange, ...reported.splice(0).filter((error) => !isExpected(error))];
    if (strange.length > 0) return `not expected: ${describeStrange(strange[0])}`;
    return watch.check();
  };
  let fault: string | undefined;
  try {
    for (let i = 10 + random.below(50); i > 0 && fault === undefined; i--) {
      world.step();
      if (random.once(3)) await null;
      fault = look();
    }
    await world.close();
    fault ??= look();
    const left = engine().counters.effects - effects;
    if (left !== 0) fault ??= `${left} effects are left`;
  } finally {
    watch.end();
    flushSync();
    stop();
    forgetThrown();
  }
  return fault === undefined
    ? undefined
    : `SK_FUZZ_ONLY=${seed}: ${fault}\n${world.steps.join("\n")}`;
}

describe("hostile programs", () => {
  test("the library throws what is expected, and goes on", { timeout: TIMEOUT_MS }, async () => {
    const before = engine().counters;
    for (const seed of ONLY === null ? seeds(PROGRAMS) : [ONLY]) {
      const fault = await play(seed);
      if (fault !== undefined) expect.fail(fault);
    }
    const { effects } = engine().counters;
    expect(checkEngine()).toBe(undefined);
    expect(effects).toBe(before.effects);
    expect(({} as { polluted?: unknown }).polluted).toBe(undefined);
  });
});
