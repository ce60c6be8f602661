// Prints how many lines and branches of native/kernel the C tests and the corpora of the fuzzers reach,
// by file and in all; ends non-zero when it is less than what is promised.
//
//   npm run coverage:c                 the table
//   npm run coverage:c -- --missing    and what is not reached, line by line
//
// Needs clang and llvm-cov. The tests run in all three sizes: plain, stress and limit. An assertion is not
// counted as a branch: there is no way to make it fail.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { C_TARGETS, compile, corpus, FUZZ_SIZES, KERNEL, root, run, sources } from "./c.mjs";
import { printTable, requireAtLeast } from "./coverage-table.mjs";

const LEAST = { lines: 95, branches: 90 };
const COVERAGE = ["-O0", "-DNDEBUG", "-fprofile-instr-generate", "-fcoverage-mapping"];
const folder = join(root, "build", "coverage-c");
const missing = process.argv.includes("--missing");

/** Programs, and what they are run with: a list of arguments each. */
const programs = [
  { name: "plain", flags: [], tests: [[]] },
  { name: "stress", flags: ["-DSK_STRESS"], tests: [[]] },
  { name: "limit", flags: ["-DSK_MAX_SLOTS=4096"], tests: [["limit"]] },
  {
    name: "replay",
    flags: FUZZ_SIZES,
    tests: C_TARGETS.map((target) => [target, ...corpus(target)]),
  },
];

const profiles = [];
const binaries = programs.map(({ name, flags, tests }) => {
  const files =
    name === "replay"
      ? [...KERNEL, ...sources("test", "main.c"), ...sources("fuzz", "libfuzzer.c")]
      : [...KERNEL, ...sources("test")];
  console.log(`coverage: ${name}`);
  const program = compile("clang", "coverage-c", name, [...COVERAGE, ...flags], files);
  for (const args of tests) {
    const profile = join(folder, `${profiles.length}.profraw`);
    profiles.push(profile);
    execFileSync(program, args, {
      cwd: root,
      stdio: "ignore",
      env: { ...process.env, LLVM_PROFILE_FILE: profile },
    });
  }
  return program;
});

const merged = join(folder, "all.profdata");
run("llvm-profdata", ["merge", "-sparse", ...profiles, "-o", merged]);
const objects = binaries.flatMap((path, i) => (i === 0 ? [path] : ["-object", path]));
const kernel = join(root, "native", "kernel");
const common = [...objects, `-instr-profile=${merged}`];
const output = execFileSync("llvm-cov", ["export", "-summary-only", ...common, kernel], {
  encoding: "utf8",
  maxBuffer: 1 << 28,
});
const { files, totals } = JSON.parse(output).data[0];

const reached = ({ lines, branches }) => ({
  lines: { covered: lines.covered, total: lines.count },
  branches: { covered: branches.covered, total: branches.count },
});
printTable(Object.keys(LEAST), [
  ...files.map(({ filename, summary }) => [filename.slice(kernel.length + 1), reached(summary)]),
  ["native/kernel", reached(totals)],
]);
if (missing) {
  const show = [
    "show",
    ...common,
    kernel,
    "--show-branches=count",
    "--show-line-counts-or-regions",
  ];
  const text = execFileSync("llvm-cov", show, { encoding: "utf8", maxBuffer: 1 << 28 });
  console.log(
    text
      .split("\n")
      .filter((line) => /\|\s+0\||: 0[,\]]/.test(line))
      .join("\n"),
  );
}
requireAtLeast(LEAST, reached(totals));
