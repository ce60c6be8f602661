/**
 * N03: the process ends in the midst of every step at which code of the program runs; the code is the one that
 * it ended with, and there is no signal. The same in workers, whose environment ends as suddenly.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { ofProcesses, steps } from "./process/steps.mjs";

const PROGRAM = new URL("./process/exit.mjs", import.meta.url);

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly err: string;
}

function run(step: string, code: number): Promise<End> {
  const args = [fileURLToPath(PROGRAM), step, String(code)];
  const child = spawn(process.execPath, args, { timeout: 60_000 });
  let err = "";
  child.stderr.on("data", (data) => (err += data));
  return new Promise((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, err })),
  );
}

describe("N03 process.exit()", { timeout: 120_000 }, () => {
  const all = [...Object.keys(steps), "a running worker"];

  /** Two at a time: most of what a child does is to start. */
  const pairs = all.flatMap((step, at) => (at % 2 === 0 ? [[step, all[at + 1] ?? step]] : []));

  it.each(pairs)("N03 in %s; in %s", async (...pair) => {
    const codes = pair.map((step) => 20 + all.indexOf(step));
    const ends = await Promise.all(pair.map((step, at) => run(step, codes[at] as number)));
    expect(ends).toEqual(codes.map((code) => ({ code, signal: null, err: "" })));
  });

  it("N03 of a worker, at each of these steps", async () => {
    const inWorkers = all.filter((step) => !ofProcesses.includes(step));
    for (const [at, step] of inWorkers.entries()) {
      const worker = new Worker(PROGRAM, { workerData: [step, at] });
      const code = await new Promise((resolve, reject) => {
        worker.on("error", reject);
        worker.on("exit", resolve);
      });
      expect([step, code]).toEqual([step, at]);
    }
  });
});
