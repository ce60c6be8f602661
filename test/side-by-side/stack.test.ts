/**
 * A program that has filled the stack gets a RangeError from whatever it calls next, and may go on
 * afterwards. So a call into an engine must not end half way: it has not begun, or it was done.
 */
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { SK_BLOCK_HEADER, SK_H_JOURNAL_LEN } from "../../lib/engine/layout.js";
import { createWasmEngine } from "../../lib/engine/wasm/kernel.js";
import { WASM_MODULE } from "../../lib/engine/wasm/module.js";
import type { Addon } from "../../types/addon.js";
import { Random } from "../simulation/random.js";
import { Driver } from "./driver.js";

const native = createRequire(import.meta.url)("../../build/Release/signal_kernel.node") as Addon;
const wasm = createWasmEngine(
  new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(WASM_MODULE, "hex"))),
);

interface Dive {
  readonly overflows: number;
  readonly other: unknown[];
}

/**
 * Fills the stack with frames of varying size, and on the way back calls `act` until it does not
 * overflow. `padding` moves the place where the stack ends by less than a frame.
 */
function dive(padding: number, act: () => void): Dive {
  const result = { overflows: 0, other: [] as unknown[] };
  let done = false;
  const pad = new Array<number>(padding).fill(1);
  const down = (...given: number[]): number => {
    try {
      return down(...given) + 1;
    } catch {
      if (done) return 0;
      try {
        act();
        done = true;
      } catch (error) {
        if (error instanceof RangeError) result.overflows++;
        else result.other.push(error);
        throw error;
      }
      return 0;
    }
  };
  down(...pad);
  return result;
}

describe.each([
  ["native", native],
  ["wasm", wasm],
])("A full stack [%s]", (_name, engine) => {
  it("lets a call be done as a whole, or not begin", () => {
    const random = new Random(1);
    const driver = new Driver(engine);
    for (let i = 0; i < 200; i++) driver.signal();
    for (let i = 0; i < 50; i++) driver.effect(i % 3);
    driver.flush(50);
    let overflows = 0;
    for (let round = 0; round < 300; round++) {
      for (const effect of driver.effects)
        driver.link(effect, [
          ...new Set([random.pick(driver.signals), random.pick(driver.signals)]),
        ]);
      while (driver.signals.length < 100) driver.signal();
      for (let i = 0; i < 20; i++) driver.write(random.pick(driver.signals));
      const header = engine.view(SK_BLOCK_HEADER);
      const before = header[SK_H_JOURNAL_LEN];
      const lengths = new Set<number | undefined>();
      const found = dive(round % 37, () => {
        lengths.add(header[SK_H_JOURNAL_LEN]);
        engine.flush();
      });
      overflows += found.overflows;
      expect(found.other).toEqual([]);
      /* Until it was done, nothing had happened. */
      expect([...lengths]).toEqual([before]);
      expect(header[SK_H_JOURNAL_LEN]).toBe(0);
      driver.flush(50);
      expect(engine.check()).toBeUndefined();
    }
    expect(overflows).toBeGreaterThan(300);
  });
});
