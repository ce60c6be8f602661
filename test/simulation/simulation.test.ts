/**
 * A1, A2, A10, A12 and A14 under random interleavings. SK_SIMULATION_RUNS sets how many worlds are simulated,
 * SK_SIMULATION_SEED repeats one of
 * them; both together soak, as in `SK_SIMULATION_SEED=$RANDOM SK_SIMULATION_RUNS=200000`.
 */
import { engine } from "@signal-kernel/native";
import { describe, expect, test } from "vitest";
import { checkEngine } from "#engine";
import { disturb } from "./chaos.js";
import { regulate } from "./policies.js";
import { Random } from "./random.js";
import { Simulation } from "./simulation.js";

const GIVEN = process.env.SK_SIMULATION_SEED;
/* Fixed, so that a run says something about the change and not about luck. */
const FIRST = Number(GIVEN ?? 7);
const RUNS = Number(process.env.SK_SIMULATION_RUNS ?? (GIVEN === undefined ? 3000 : 1));
const SEEDS = Array.from({ length: RUNS }, (_, index) => FIRST + index);

function fail(seed: number, steps: readonly string[], difference: string): never {
  throw new Error(
    `SK_SIMULATION_SEED=${seed}, step ${steps.length}: ${difference}\n${steps.join("\n")}`,
  );
}

describe(`Asynchronous interleavings (${SEEDS.length} worlds from seed ${FIRST})`, () => {
  test("every cell does what the model does, after each step", async () => {
    const before = engine().counters;
    let compared = 0;
    for (const seed of SEEDS) {
      const random = new Random(seed);
      const world = new Simulation(random);
      const length = 20 + random.below(60);
      for (let step = 0; step < length; step++) {
        if (world.step()) {
          await null;
          world.elapse();
        }
        for (const [index, subject] of world.subjects.entries()) {
          const difference = subject.difference();
          if (difference !== undefined) fail(seed, world.steps, `cell ${index}: ${difference}`);
          compared++;
        }
      }
      const difference = (await world.end()) ?? checkEngine();
      if (difference !== undefined) fail(seed, world.steps, difference);
    }
    expect(compared).toBeGreaterThan(SEEDS.length * 100);
    const { tasks, nodes, edges } = engine().counters;
    expect([tasks, nodes, edges]).toEqual([before.tasks, before.nodes, before.edges]);
  }, 300_000);

  test("callbacks, effects and producers that call back at random break no invariant", async () => {
    for (const seed of SEEDS.slice(0, Math.ceil(SEEDS.length / 3))) {
      const { difference, steps } = await disturb(new Random(seed));
      if (difference !== undefined) fail(seed, steps, difference);
    }
    expect(checkEngine()).toBe(undefined);
  }, 300_000);

  test("policies and groups: one end for each run, versions grow, nothing is mixed", async () => {
    const before = engine().counters;
    for (const seed of SEEDS.slice(0, Math.ceil(SEEDS.length / 3))) {
      const { difference, steps } = await regulate(new Random(seed));
      if (difference !== undefined) fail(seed, steps, difference);
    }
    expect(checkEngine()).toBe(undefined);
    const { tasks, nodes, edges } = engine().counters;
    expect([tasks, nodes, edges]).toEqual([before.tasks, before.nodes, before.edges]);
  }, 300_000);
});
