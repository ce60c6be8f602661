/**
 * T4 to T7 under random histories of overlapping transactions. SK_HISTORY_RUNS sets how many,
 * SK_HISTORY_SEED repeats one of
 * them; both together soak, as in `SK_HISTORY_SEED=$RANDOM SK_HISTORY_RUNS=200000`.
 */
import { configureTransactions } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { afterAll, describe, expect, test } from "vitest";
import { checkEngine } from "#engine";
import { uncaughtDuring } from "../async/support.js";
import { History } from "./histories.js";
import { Random } from "./random.js";

const GIVEN = process.env.SK_HISTORY_SEED;
/* Fixed, so that a run says something about the change and not about luck. */
const FIRST = Number(GIVEN ?? 7);
const RUNS = Number(process.env.SK_HISTORY_RUNS ?? (GIVEN === undefined ? 15_000 : 1));
const SEEDS = Array.from({ length: RUNS }, (_, index) => FIRST + index);

async function run(seed: number): Promise<void> {
  const random = new Random(seed);
  const hasContext = !random.once(5);
  configureTransactions({ asyncContext: hasContext });
  const history = new History(random, hasContext);
  const length = 5 + random.below(40);
  let difference: string | undefined;
  for (let step = 0; step < length && difference === undefined; step++)
    difference = (await history.step()) ?? checkEngine();
  difference ??= (await history.end()) ?? checkEngine();
  if (difference !== undefined)
    throw new Error(`SK_HISTORY_SEED=${seed}: ${difference}\n${history.steps.join("\n")}`);
}

describe(`Histories of transactions (${SEEDS.length} from seed ${FIRST})`, () => {
  afterAll(() => configureTransactions({ asyncContext: true }));

  test("commits are atomic, isolated and in a serial order; aborts leave no trace", async () => {
    const before = engine().counters;
    const uncaught = await uncaughtDuring(async () => {
      for (const seed of SEEDS) await run(seed);
    });
    expect(uncaught).toEqual([]);
    const { transactions, nodes, edges, effects } = engine().counters;
    expect([transactions, nodes, edges, effects]).toEqual([
      before.transactions,
      before.nodes,
      before.edges,
      before.effects,
    ]);
  }, 3_600_000);
});
