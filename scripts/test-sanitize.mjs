// Runs the suites on an addon that watches its own memory and threads, and under a garbage collector that
// runs all the time.
//
//   npm run test:sanitize                      all of it; some minutes
//   npm run test:sanitize -- address           the suites on an addon with the address, leak and
//                                              undefined-behaviour sanitizers
//   npm run test:sanitize -- thread            workers that come and go, under the thread sanitizer
//   npm run test:sanitize -- gc                the suites while garbage is collected all the time
//   npm run test:sanitize -- address test/core only these suites
//
// Node itself is not instrumented: what a sanitizer says counts when the addon is part of it.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./c.mjs";
import { addonEnvironment, buildAddon, sanitizerLibrary } from "./test-addon.mjs";

/** Left out: what measures memory or time, and what tests the building and not the running. */
const SUITES = [
  "core",
  "async",
  "conformance",
  "engines",
  "adversarial",
  "lifecycle",
  "snapshot",
  "simulation",
  "fuzz",
];
const LEFT_OUT = ["test/lifecycle/memory.test.ts", "test/core/t4-costs.test.ts"];
const GC_SUITES = ["core", "async", "conformance", "lifecycle"];
/* What is random has run at full length without all this. */
const SHORT = {
  SK_PROPERTY_RUNS: "500",
  SK_SIMULATION_RUNS: "200",
  SK_FAULT_FLUSHES: "300",
  SK_STORM_WORKERS: "60",
};
/** By how much the collector is driven: the name says what the flags do. */
const GC_FLAGS = {
  "small collections all the time": "--stress-scavenge=40 --max-semi-space-size=1",
  "every collection is a full one that moves everything":
    "--gc-global --stress-compaction --stress-scavenge=80 --max-semi-space-size=1",
  "marking is always under way": "--stress-incremental-marking --max-semi-space-size=1",
};

/** What the thread sanitizer watches: workers that come and go, and two that are hard at work. */
const THREADS = [
  ["test/lifecycle/programs/workers.mjs"],
  ["test/adversarial/boundary/run.mjs", "N05"],
];

const logs = join(root, "build", "sanitizer-reports");
const suites = (names) => names.map((name) => `test/${name}`);

function run(args, env) {
  const result = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...SHORT, ...env },
  });
  return result.status === 0;
}

function vitest(paths, env) {
  const program = join(root, "node_modules", "vitest", "vitest.mjs");
  const out = LEFT_OUT.map((path) => `--exclude=${path}`);
  return run(
    [program, "run", "--project", "native", "--testTimeout=300000", ...out, ...paths],
    env,
  );
}

const OURS = /signal_kernel\.node|native\/(kernel|napi)\//;

/**
 * Whether a report is about the addon: it is named, and of a leak, it is what asked for the memory. What V8
 * had while the addon called it is not given back when a program ends by process.exit().
 */
function isOurs(report) {
  if (!/^(Direct|Indirect) leak/.test(report)) return OURS.test(report);
  const frames = report.match(/^ +#\d+ .*$/gm) ?? [];
  return OURS.test(
    frames.find((frame) => !/asan_(malloc|new_delete)|operator new/.test(frame)) ?? "",
  );
}

function reports() {
  if (!existsSync(logs)) return [];
  const texts = readdirSync(logs).map((name) => readFileSync(join(logs, name), "utf8"));
  return texts
    .flatMap((text) => text.split(/\n(?=WARNING: |={10,}|Direct leak|Indirect leak)/))
    .filter(isOurs);
}

function fresh() {
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
}

function finish(name, passed) {
  const found = reports();
  for (const report of found.slice(0, 5)) console.error(report);
  if (passed && found.length === 0) return console.log(`sanitize: ${name}: nothing found`);
  console.error(`sanitize: ${name}: ${found.length} reports${passed ? "" : ", and tests failed"}`);
  process.exitCode = 1;
}

const kinds = {
  address(paths) {
    fresh();
    const env = {
      ...addonEnvironment(buildAddon("sanitize")),
      LD_PRELOAD: sanitizerLibrary("asan"),
      ASAN_OPTIONS: `detect_leaks=1:exitcode=99:log_path=${join(logs, "asan")}`,
      LSAN_OPTIONS: "exitcode=0",
      UBSAN_OPTIONS: "print_stacktrace=1",
    };
    finish("address", vitest(paths.length > 0 ? paths : suites(SUITES), env));
  },
  thread() {
    fresh();
    const env = {
      ...addonEnvironment(buildAddon("thread")),
      LD_PRELOAD: sanitizerLibrary("tsan"),
      TSAN_OPTIONS: `exitcode=0:log_path=${join(logs, "tsan")}`,
    };
    finish(
      "thread",
      THREADS.every((args) => run(["--expose-gc", ...args], env)),
    );
  },
  gc(paths) {
    fresh();
    for (const [name, flags] of Object.entries(GC_FLAGS)) {
      console.log(`sanitize: ${name}: ${flags}`);
      const env = { SIGNAL_KERNEL_ENGINE: "native", SK_V8_FLAGS: flags };
      finish(name, vitest(paths.length > 0 ? paths : suites(GC_SUITES), env));
    }
  },
};

const asked = process.argv.slice(2);
const names = asked.filter((name) => name in kinds);
const paths = asked.filter((name) => !(name in kinds));
for (const name of names.length > 0 ? names : Object.keys(kinds)) kinds[name](paths);
