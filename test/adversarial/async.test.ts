/**
 * The hostile cases of asynchronous cells, each in a process of its own against the built packages:
 * the process neither crashes nor hangs, the outcome is the stated one, nothing reaches the process
 * that should not, and afterwards the library works.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runToEnd } from "../helpers/program.js";

const folder = fileURLToPath(new URL("async/", import.meta.url));
const programs = readdirSync(folder)
  .filter((name) => /^A\d+\.mjs$/.test(name))
  .sort();

/** The first line of a program says what it is about. */
const titleOf = (name: string) =>
  readFileSync(folder + name, "utf8")
    .split("\n", 1)[0]
    ?.replace("// ", "") ?? "";

describe("Hostile producers, callbacks and streams", () => {
  test("every row has its program", () => {
    const rows = Array.from({ length: 27 }, (_, at) => `A${String(at + 1).padStart(2, "0")}.mjs`);
    expect(programs).toEqual(rows);
  });

  test.each(programs.map((name) => [name.slice(0, 3), titleOf(name), name]))(
    "%s: %s",
    async (_row, _title, name) => {
      expect(await runToEnd([folder + name], { timeout: 30_000 })).toEqual({
        code: 0,
        signal: null,
        out: "done\n",
        err: "",
      });
    },
  );
});
