/** The short form of `npm run bench:ssr -w benchmarks`: what many requests leave behind, which is nothing. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const BENCH = fileURLToPath(new URL("../../benchmarks/ssr.js", import.meta.url));

test("1,000 requests, a third of them aborted: no fault, nothing left, no memory grown", () => {
  const args = ["--requests", "1000", "--concurrency", "32", "--aborts", "0.33", "--load-only"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [BENCH, ...args], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^ {2}no fault$/m);
  expect(Number(/(\d+) aborted by their clients/.exec(stdout)?.[1])).toBeGreaterThan(100);
  expect(stdout.match(/kernel 0 nodes, 0 edges, 0 tasks, \d+ bytes, in flight 0/g)).toHaveLength(2);
  expect(status).toBe(0);
});
