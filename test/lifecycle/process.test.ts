/** What needs a process of its own: exits, collection, deep chains, worker threads. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Ended, runToEnd } from "../helpers/program.js";

function run(program: string, ...args: string[]): Promise<Ended> {
  const file = fileURLToPath(new URL(`./programs/${program}.mjs`, import.meta.url));
  return runToEnd(["--expose-gc", file, ...args], { timeout: 100_000 });
}

const DONE: Ended = { code: 0, signal: null, out: "done\n", err: "" };
const QUIET: Ended = { code: 0, signal: null, out: "", err: "" };

describe("A chain of a million computeds (S14)", { timeout: 120_000 }, () => {
  it.each(["observed at the end", "observed while built"])(
    "updates, disposes and is collected: %s",
    async (how) => {
      expect(await run("chain", how)).toEqual(DONE);
    },
  );
});

describe("Handles (S13)", () => {
  it("that nobody keeps and nobody observes are collected", async () => {
    expect(await run("collected")).toEqual(DONE);
  });
});

describe("What has ended (S13)", () => {
  it("is not kept by what owned it", async () => {
    expect(await run("ended")).toEqual(DONE);
  });
});

describe("Worker threads", { timeout: 120_000 }, () => {
  it("have each their own graph, two at once, and can be terminated at any moment", async () => {
    expect(await run("workers")).toEqual(DONE);
  });
});

describe("Several copies of the package in one process", () => {
  it("have each their own graph, and what would mix them is a typed error", async () => {
    expect(await run("copies")).toEqual(DONE);
  });
});

describe("Realms of vm contexts", () => {
  it("have each their own graph, and errors of their own", async () => {
    expect(await run("realm")).toEqual(DONE);
  });
});

describe("A process", () => {
  it("waits for nothing that has no end, and so ends by itself", async () => {
    expect(await run("idle")).toEqual(DONE);
  });

  it("ends when the background work that is due is done, slice by slice (P1)", async () => {
    expect(await run("background")).toEqual(DONE);
  });

  const stages = [
    "imported",
    "created",
    "evaluated",
    "subscribed",
    "in batch",
    "in transaction",
    "in effect",
    "in computed",
    "in cleanup",
    "pending flush",
    "pending transaction",
    "disposed",
    "exit handler",
  ];

  it.each(stages)("exits with 0 when it calls exit: %s", async (stage) => {
    expect(await run("stage", stage, "exit")).toEqual(QUIET);
  });

  it.each(stages)("exits with 0 by itself: %s", async (stage) => {
    expect(await run("stage", stage, "run out")).toEqual(QUIET);
  });
});
