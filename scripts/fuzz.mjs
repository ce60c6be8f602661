// Runs the fuzzers, and tells every few seconds how far they are.
//
//   npm run fuzz                                  a minute, shared by all targets
//   npm run fuzz -- --seconds 3600                that long
//   npm run fuzz -- --target words                one target; may be given more than once
//   npm run fuzz -- --seed 7                      another start; what is found depends on luck
//   npm run fuzz -- --replay <file> --target words    runs one input that was found
//   npm run fuzz -- --minimize                    the committed corpora become what the newest covers
//
// Targets in C (native/fuzz/fuzz.h) need clang with libFuzzer: graph, stagings, tasks, words, damage. What
// they find, and what they have learned, is in .fuzz. Targets in JavaScript (test/fuzz) run on
// what is built: api and snapshot on the addon, api-wasm on the WebAssembly engine.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { C_TARGETS, compile, FUZZ_SIZES, KERNEL, root, run, SANITIZERS, sources } from "./c.mjs";

/** By target: the test file and the project of vitest that runs it. */
const JS_TARGETS = {
  api: ["test/fuzz/api.test.ts", "native"],
  "api-wasm": ["test/fuzz/api.test.ts", "wasm"],
  snapshot: ["test/fuzz/snapshot.test.ts", "native"],
};

/** Inputs longer than that are seldom worth their time; the committed ones are short. */
const MAX_LENGTH = 1024;
const COMMITTED_LENGTH = 256;
const PROGRESS_MS = 5000;

/** Not in build: what has been learned outlives a build of the addon. */
const LEARNED = join(root, ".fuzz");

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    target: { type: "string", multiple: true },
    seed: { type: "string", default: "1" },
    replay: { type: "string" },
    minimize: { type: "boolean", default: false },
  },
});

function fail(message) {
  console.error(`fuzz: ${message}`);
  process.exit(1);
}

/** An option that counts something. */
function count(name) {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < 1) fail(`--${name} must be a positive integer`);
  return number;
}

const targets = values.target ?? [...C_TARGETS, ...Object.keys(JS_TARGETS)];
for (const target of targets)
  if (!C_TARGETS.includes(target) && !(target in JS_TARGETS))
    fail(`no target ${target}; there are ${[...C_TARGETS, ...Object.keys(JS_TARGETS)].join(", ")}`);
const seconds = Math.max(1, Math.floor(count("seconds") / targets.length));

let fuzzer = "";

/** The program that has all targets in C; compiled when the first of them is asked for. */
function build() {
  if (fuzzer !== "") return fuzzer;
  console.log("fuzz: compiling the targets in C");
  const flags = [...SANITIZERS, ...FUZZ_SIZES, "-fsanitize=fuzzer"];
  const files = [...KERNEL, ...sources("test", "main.c"), ...sources("fuzz", "replay.c")];
  fuzzer = compile(process.env.FUZZ_CC ?? "clang", "fuzz", "targets", flags, files);
  return fuzzer;
}

const committed = (target) => join(root, "native", "fuzz", "corpus", target);
const learned = (target) => join(LEARNED, "corpus", target);

/** Runs a program; `onLine` gets what it prints. Resolves to its exit code. */
function follow(command, args, env, onLine) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", onLine);
  return new Promise((resolve) => {
    child.on("error", (error) => fail(`${command}: ${error.message}`));
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** What libFuzzer says of its state, in a line of ours. */
function progress(line) {
  const state = /^#(\d+)\s+\S+\s+cov: (\d+) ft: \d+ corp: (\d+)\/(\S+)/.exec(line);
  return (
    state &&
    `${Number(state[1]).toLocaleString("en")} inputs, ${state[2]} places, ${state[3]} kept (${state[4]})`
  );
}

async function fuzzC(target) {
  const program = build();
  const artifacts = join(LEARNED, `found-${target}-`);
  mkdirSync(learned(target), { recursive: true });
  mkdirSync(committed(target), { recursive: true });
  const args = [
    learned(target),
    committed(target),
    `-max_total_time=${seconds}`,
    `-max_len=${MAX_LENGTH}`,
    `-seed=${count("seed")}`,
    `-artifact_prefix=${artifacts}`,
    "-timeout=30",
    "-reload=0",
  ];
  const last = [];
  let state = "";
  let told = performance.now();
  const code = await follow(program, args, { FUZZ_TARGET: target }, (line) => {
    const now = progress(line);
    if (now) state = now;
    else if (last.push(line) > 60) last.shift();
    if (performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    console.log(`fuzz: ${target}: ${state}`);
  });
  if (code !== 0) fail(`${target} found something:\n${last.join("\n")}`);
  console.log(`fuzz: ${target}: ${state}; nothing found in ${seconds} s`);
}

async function fuzzJs(target) {
  const [file, project] = JS_TARGETS[target];
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const env = { SK_FUZZ_SECONDS: String(seconds), SK_FUZZ_SEED: String(count("seed")) };
  const all = [];
  const code = await follow(
    process.execPath,
    [vitest, "run", "--project", project, file],
    env,
    (line) => {
      all.push(line);
      const told = /fuzz: (.*)/.exec(line);
      if (told) console.log(`fuzz: ${target}: ${told[1]}`);
    },
  );
  const told = all.find((line) => line.includes("SK_FUZZ_ONLY")) ?? "";
  if (code !== 0) fail(`${target} found something: ${told}\n${all.slice(-60).join("\n")}`);
}

/** Keeps of what was learned and committed the fewest short inputs that cover what all of them cover. */
function minimize(target) {
  const program = build();
  const fresh = join(LEARNED, `minimal-${target}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const from = [learned(target), committed(target)].filter(existsSync);
  const options = ["-set_cover_merge=1", "-use_counters=0", `-max_len=${COMMITTED_LENGTH}`];
  run(program, [...options, "-verbosity=0", fresh, ...from], { FUZZ_TARGET: target });
  rmSync(committed(target), { recursive: true, force: true });
  renameSync(fresh, committed(target));
  console.log(`fuzz: ${target}: ${readdirSync(committed(target)).length} inputs are committed`);
}

for (const target of targets) {
  const isC = C_TARGETS.includes(target);
  if (values.minimize) {
    if (isC) minimize(target);
  } else if (values.replay !== undefined) {
    if (!isC || targets.length > 1) fail("--replay wants one --target in C");
    run(build(), [values.replay], { FUZZ_TARGET: target });
  } else {
    await (isC ? fuzzC(target) : fuzzJs(target));
  }
}
