/**
 * The P rows of the adversarial table, each in a process of its own: ends of processes, workers, copies and
 * stacks.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("./process/run.mjs", import.meta.url));

const ROWS: readonly (readonly [id: string, title: string])[] = [
  ["P01", "exit with pending effects and promises"],
  ["P02", "the library used in process.on('exit')"],
  ["P03", "20 workers, each its own graph, half terminated"],
  ["P04", "the module evaluated twice, side by side"],
  ["P05", "stack nearly exhausted when the library is called"],
];

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

function run(id: string): Promise<End> {
  const child = spawn(process.execPath, ["--expose-gc", PROGRAM, id], { timeout: 120_000 });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  return new Promise((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, out, err })),
  );
}

describe("adversarial P rows", { timeout: 120_000 }, () => {
  it.each(ROWS)("%s %s", async (id) => {
    expect(await run(id)).toEqual({ code: 0, signal: null, out: `${id} done\n`, err: "" });
  });
});
