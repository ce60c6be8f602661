/**
 * The N rows of the adversarial table, each in a process of its own: what is at the boundary of the engine.
 * On the addon they are about the addon itself, as Node loads it; on WebAssembly about what stands there.
 * N10 is in test/faults, N22 in test/fuzz.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { addonEnvironment, buildAddon } from "../../scripts/test-addon.mjs";

const PROGRAM = fileURLToPath(new URL("./boundary/run.mjs", import.meta.url));

const ROWS: readonly (readonly [id: string, title: string])[] = [
  ["N01", "every call with every kind of value in every argument"],
  ["N02", "forged and stale handles, and slots that were used again"],
  ["N04", "a storm of workers, terminated inside computeds, effects, flushes, settles, snapshots"],
  ["N05", "two workers hammer their own kernels"],
  ["N06", "loaded twice: past the cache, in both formats, in workers"],
  ["N07", "what belongs to one kernel, passed to another"],
  ["N08", "finalizers after the kernel is gone"],
  ["N09", "stack nearly exhausted at the boundary"],
  ["N12", "counters near their end: generations, versions, times"],
  ["N13", "a worker terminated while the engine calls JavaScript"],
  ["N14", "called from exit handlers, finalizers and late microtasks"],
  ["N15", "globals replaced after load, and frozen intrinsics"],
  ["N16", "values, functions and errors of another realm"],
  ["N17", "three million effects in one flush"],
  ["N18", "garbage collections of every kind, all the time"],
  ["N19", "addon missing, unreadable, of another version"],
  ["N20", "100,000 computeds dropped while their source lives"],
  ["N21", "random calls with random numbers"],
];

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

function run(id: string, env: Record<string, string> = {}): Promise<End> {
  const child = spawn(process.execPath, ["--expose-gc", PROGRAM, id], {
    timeout: 240_000,
    env: { ...process.env, ...env },
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  return new Promise((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, out, err })),
  );
}

const done = (id: string): End => ({ code: 0, signal: null, out: `${id} done\n`, err: "" });

describe("adversarial N rows", { timeout: 240_000 }, () => {
  it.each(ROWS)("%s %s", async (id) => {
    expect(await run(id)).toEqual(done(id));
  });

  it("N11 sizes at their limits: refused, and not wrapped around", async () => {
    expect(await run("N11")).toEqual(done("N11"));
  });

  it("N11 all slots in use: a typed error at the call, on an addon that has few", async () => {
    expect(await run("N11", addonEnvironment(buildAddon("limit")))).toEqual(done("N11"));
  });
});
