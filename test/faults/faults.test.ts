/**
 * N10: every request for memory, of the addon's kernel, is refused once; and once with all that follow it.
 * run.mjs says what must hold then. The addon is one for tests: scripts/test-addon.mjs.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { addonEnvironment, buildAddon } from "../../scripts/test-addon.mjs";

const program = new URL("run.mjs", import.meta.url).pathname;
const SCENARIOS = [
  "effects",
  "wide",
  "transactions",
  "stagings",
  "cells",
  "priorities",
  "snapshots",
  "scopes",
];

describe("N10: memory that is refused, through the addon", () => {
  let addon: string;

  beforeAll(() => {
    addon = buildAddon("faults");
  }, 300_000);

  for (const scenario of SCENARIOS)
    test(`${scenario}: each call that fails says so, changes nothing, and succeeds when it is made again`, async () => {
      const env = { ...process.env, ...addonEnvironment(addon) };
      const { stdout } = await promisify(execFile)(process.execPath, [program, scenario], { env });
      expect(JSON.parse(stdout).refused).toBeGreaterThan(16);
    }, 300_000);

  test("the addon that is published refuses nothing", async () => {
    const { kernel } = await import("#engine");
    expect(kernel).not.toHaveProperty("refuse");
  });
});
