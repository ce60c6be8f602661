/**
 * Cells and the life of a process: what is dropped is collected, workers end at any moment, nothing
 * pending keeps a process alive. Each is a program against the built packages.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

function run(name: string) {
  const program = fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", program], {
    encoding: "utf8",
    timeout: 50_000,
  });
  return { status, signal, out: stdout.trim(), err: stderr };
}

test("dropped cells give their kernel slots back", () => {
  expect(run("dropped")).toEqual({ status: 0, signal: null, out: "done", err: "" });
});

test("workers have tasks of their own, and can be terminated at any moment", () => {
  expect(run("workers")).toEqual({ status: 0, signal: null, out: "done", err: "" });
});

test("pending cells do not keep a process alive", () => {
  const out = "cancelled cancelled";
  expect(run("exit")).toEqual({ status: 0, signal: null, out, err: "" });
});

test("what waits without end keeps no process alive, what ends does", () => {
  expect(run("timers")).toEqual({ status: 0, signal: null, out: "3", err: "" });
});

test("an AbortController is made when its signal is first read", () => {
  expect(run("lazy-signal")).toEqual({ status: 0, signal: null, out: "done", err: "" });
});
