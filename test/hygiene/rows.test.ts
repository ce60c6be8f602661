/**
 * Every row of the adversarial table has a test that is named after it, on every engine. The names are those
 * that the test runner itself collects: a row whose test was renamed, skipped or lost is missing here.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** How many rows each part of the table has. */
const PARTS = { C: 49, A: 27, S: 12, P: 5, N: 22 };

/** Where the tests are; in other folders such names are those of statements of the contract. */
const FOLDERS = ["test/adversarial", "test/faults", "test/fuzz"];

/** Rows about memory that is refused to the addon, which only a build of it can do. */
const ONLY_NATIVE = ["N10"];

const rows = Object.entries(PARTS).flatMap(([part, count]) =>
  Array.from({ length: count }, (_, at) => `${part}${String(at + 1).padStart(2, "0")}`),
);

/** The rows that the names of the tests of a project begin with. */
function collected(project: string): string[] {
  const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vitest, "list", "--json", "--project", project, ...FOLDERS],
    { cwd: root, encoding: "utf8", env: { ...process.env, SK_IS_BUILT: "1" }, maxBuffer: 2 ** 26 },
  );
  if (status !== 0) throw new Error(stderr);
  const tests = JSON.parse(stdout.slice(stdout.indexOf("["))) as { readonly name: string }[];
  const found = tests.flatMap(({ name }) =>
    name.split(" > ").flatMap((part) => /^([CASPN]\d\d)\b/.exec(part)?.[1] ?? []),
  );
  return [...new Set(found)].sort();
}

test.each(["native", "wasm"])(
  "%s: each of the 115 rows has its test",
  (project) => {
    expect(rows).toHaveLength(115);
    const expected = project === "native" ? rows : rows.filter((row) => !ONLY_NATIVE.includes(row));
    expect(collected(project)).toEqual(expected.sort());
  },
  120_000,
);
