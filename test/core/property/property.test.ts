/**
 * Random programs on the library and on the reference model, compared after every step: every value,
 * every run of an effect, every cleanup, every error, and their order.
 *
 * `SK_PROPERTY_RUNS` sets the number of programs, `SK_PROPERTY_SEED` their seed: the default is fixed,
 * so that a run says something about the change and not about luck; `SK_PROPERTY_SEED=$RANDOM` soaks.
 */
import * as native from "@signal-kernel/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkEngine, engine, planning } from "#engine";
import { createModel } from "../../model/model.js";
import { Machine } from "./machine.js";
import { type Program, program } from "./program.js";

const RUNS = Number(process.env.SK_PROPERTY_RUNS ?? 10_000);
const SEED = Number(process.env.SK_PROPERTY_SEED ?? 7);

function compare({ signals, steps }: Program): void {
  /* What the model allowed, in order: the library must do the same. */
  const allowed: boolean[] = [];
  const model: Machine = new Machine(createModel(), (place) => {
    const unobserved = !model.observed().has(place);
    allowed.push(unobserved);
    return unobserved;
  });
  const real = new Machine(native, () => allowed.shift() === true);
  const both = [model, real];
  const agree = (what: string): void => {
    expect(real.log, what).toEqual(model.log);
    expect(checkEngine(), what).toBeUndefined();
    for (const machine of both) machine.log.length = 0;
  };
  for (const { value, equals } of signals)
    for (const machine of both) machine.addSignal(value, equals);
  steps.forEach(({ step, flush, look }, i) => {
    /* Whether a rolled back transaction flushes what was due before it is left open. */
    if (step.do === "transaction") for (const machine of both) machine.flush();
    for (const machine of both) {
      machine.run(step);
      if (flush || step.do === "effect") machine.flush();
      if (look) machine.log.push(...machine.values());
    }
    agree(`step ${i}: ${step.do}`);
  });
  for (const machine of both) machine.flush();
  agree("last flush");
  for (const machine of both) machine.end();
  agree("end");
}

/** After how many flushes without a change of the graph the library makes plans: it may not matter. */
describe.each([
  ["as a program has them", planning.leastPatience, SEED],
  ["from the first flush on", 0, SEED + 1],
])("Random programs, with plans %s", (_, patience, seed) => {
  const usual = { ...planning };

  beforeAll(() => {
    planning.leastPatience = patience;
    planning.patience = patience;
  });

  afterAll(() => {
    planning.leastPatience = usual.leastPatience;
    planning.patience = usual.patience;
  });

  it(`${RUNS} of them do on the library what they do on the model (seed ${seed})`, {
    timeout: 0,
  }, () => {
    console.log(`Property test: ${RUNS} programs, seed ${seed}`);
    const before = engine().counters;
    fc.assert(fc.property(program, compare), { numRuns: RUNS, seed });
    native.flushSync();
    const after = engine().counters;
    expect([after.nodes, after.edges]).toEqual([before.nodes, before.edges]);
  });
});
