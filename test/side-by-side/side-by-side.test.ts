/**
 * The addon and the WebAssembly engine do the same random steps: same results, same errors, same words
 * after each of them. SK_SIDE_BY_SIDE_SEED repeats one sequence.
 */
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import * as L from "../../lib/engine/layout.js";
import { createWasmEngine } from "../../lib/engine/wasm/kernel.js";
import { WASM_MODULE } from "../../lib/engine/wasm/module.js";
import type { Addon } from "../../types/addon.js";
import { Random } from "../simulation/random.js";
import { Driver } from "./driver.js";

const GIVEN = process.env.SK_SIDE_BY_SIDE_SEED;
const SEED = Number(GIVEN ?? Date.now() % 2 ** 31);
const STEPS = 20_000;

/** Not through the library, which has a kernel of its own in each of its instances. */
const native = createRequire(import.meta.url)("../../build/Release/signal_kernel.node") as Addon;
const wasm = createWasmEngine(
  new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(WASM_MODULE, "hex"))),
);

const ODD = [
  undefined,
  null,
  "1",
  true,
  {},
  -1,
  0.5,
  Number.NaN,
  2 ** 53,
  2 ** 32,
  2 ** 53 - 1,
  99,
];

/** How many arguments the calls take that may be given anything at all. */
const ARGUMENTS = {
  reserve: 2,
  view: 1,
  stagingOpen: 2,
  stagingTouch: 4,
  stagingCheck: 2,
  stagingCommit: 2,
  stagingDiscard: 1,
  taskCreate: 1,
  taskStart: 1,
  taskEmit: 2,
  taskSettle: 3,
  taskCancel: 1,
  taskInspect: 1,
  taskDispose: 1,
} as const;

type Step = (driver: Driver, random: Random) => void;

/** Handles that were handed out, the newest last; both engines hand out the same. */
function createSteps(): readonly Step[] {
  const tasks: number[] = [];
  const stagings: number[] = [];
  let clock = 1;
  const some = (list: readonly number[], random: Random) => random.pick(list.slice(-12));
  const sources = (driver: Driver, random: Random, before: number) => {
    const all = [...driver.signals, ...driver.computeds.filter((id) => id < before)];
    const count = Math.min(all.length, random.below(6));
    return [...new Set(Array.from({ length: count }, () => random.pick(all)))];
  };
  const keep = (list: number[], handle: unknown) => {
    if (typeof handle === "number" && !list.includes(handle)) list.push(handle);
  };
  return [
    (d) => d.signal(),
    (d) => d.computed(),
    (d, r) => d.effect(r.below(3)),
    (d, r) => {
      if (d.effects.length === 0) return;
      d.link(r.pick(d.effects), sources(d, r, Number.POSITIVE_INFINITY));
    },
    (d, r) => {
      if (d.computeds.length === 0) return;
      const reader = r.pick(d.computeds);
      d.link(reader, sources(d, r, reader));
    },
    (d, r) => {
      if (d.effects.length > 40 || (d.effects.length > 0 && r.once(6)))
        d.dispose(r.pick(d.effects));
    },
    (d, r) => {
      if (d.effects.length > 0) d.wake(r.pick(d.effects));
    },
    (d, r) => {
      for (let i = r.below(400); i >= 0 && d.signals.length > 0; i--) d.write(r.pick(d.signals));
    },
    (d) => d.call("sync"),
    (d) => d.call("mark"),
    (d, r) => d.flush(r.below(50)),
    (d, r) => d.call("reserve", L.SK_BLOCK_FRESH, r.below(3000)),
    (d, r) => keep(tasks, d.call("taskCreate", r.below(2))),
    (d, r) => d.call("taskStart", some([0, ...tasks], r)),
    (d, r) => d.call("taskEmit", some([0, ...tasks], r), r.below(4)),
    (d, r) => d.call("taskSettle", some([0, ...tasks], r), r.below(4), r.below(7)),
    (d, r) => d.call("taskCancel", some([0, ...tasks], r)),
    (d, r) => d.call("taskInspect", some([0, ...tasks], r)),
    (d, r) => {
      if (r.once(3)) d.call("taskDispose", some([0, ...tasks], r));
    },
    (d, r) =>
      keep(stagings, d.call("stagingOpen", r.once(2) ? 0 : some([0, ...stagings], r), ++clock)),
    (d, r) => {
      const id = d.signals.length > 0 ? r.pick(d.signals) : 0;
      d.call("stagingTouch", some([0, ...stagings], r), id, 1 + r.below(3), ++clock);
    },
    (d, r) => d.call("stagingCheck", some([0, ...stagings], r), 1 + r.below(3)),
    (d, r) => d.call("stagingCommit", some([0, ...stagings], r), ++clock),
    (d, r) => d.call("stagingDiscard", some([0, ...stagings], r)),
    (d, r) => d.call(r.pick(["txnBegin", "txnCommit", "txnRollback"] as const)),
    (d, r) => {
      const name = r.pick(Object.keys(ARGUMENTS) as (keyof typeof ARGUMENTS)[]);
      const given = Array.from({ length: ARGUMENTS[name] }, () => r.pick(ODD));
      d.call(name, ...given);
    },
    (d) => d.call("stats"),
    (d) => d.call("check"),
  ];
}

describe(`The engines side by side (seed ${SEED})`, () => {
  it("do the same in every step", () => {
    const drivers = [new Driver(native), new Driver(wasm)] as const;
    const randoms = [new Random(SEED), new Random(SEED)] as const;
    const steps = [createSteps(), createSteps()] as const;
    for (let step = 0; step < STEPS; step++) {
      for (const at of [0, 1] as const) randoms[at].pick(steps[at])(drivers[at], randoms[at]);
      const [a, b] = drivers;
      if (a.log.at(-1) !== b.log.at(-1) || a.log.length !== b.log.length || step % 20 === 0) {
        expect(b.log.splice(0), `step ${step}`).toEqual(a.log.splice(0));
        expect(b.state(), `step ${step}`).toBe(a.state());
      }
    }
    expect([wasm.check(), native.check()]).toEqual([undefined, undefined]);
    expect({ ...wasm.stats(), bytes: 0 }).toEqual({ ...native.stats(), bytes: 0 });
    expect(native.stats().links).toBeGreaterThan(1000);
  });
});
