// Checks the models of the version and commit protocols (native/model) exhaustively, with Spin.
//
//   npm run model                     all of it; needs spin and a C compiler
//   npm run model -- tasks            one of tasks, transactions, isolation
//
// Each model is checked as it is, and must hold; then with one part of the protocol left out after another,
// and each time an error must be found: so that we know that the model would tell.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const work = join(root, "build", "model");
const compiler = process.env.CC ?? "cc";

/** What is checked: always with `defines`; left out in turn is `without`. */
const CHECKS = [
  {
    model: "tasks",
    without: ["NO_VERSION", "NO_FLIGHT", "NO_CANCEL", "HALF", "SEED_LOWERS"],
  },
  { model: "tasks", claim: "stuck", without: ["DEAF"] },
  {
    model: "transactions",
    without: ["NO_CHECK", "NO_PUBLISH", "NO_ROLLBACK", "STALE_RECORD", "HALF", "ZOMBIE"],
  },
  { model: "transactions", defines: ["NESTED"], without: ["NO_CHECK", "NO_STAMP"] },
  { model: "isolation", without: ["SNAPSHOT"] },
];

const LIMITS = ["-m100000", "-w24"];
const MEMORY_MB = 3000;

function fail(message) {
  console.error(`model: ${message}`);
  process.exit(1);
}

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: work,
    encoding: "utf8",
  });
  if (error) fail(`${command} cannot be run: ${error.message}`);
  return { status, text: `${stdout}${stderr}` };
}

function must(command, args) {
  const { status, text } = run(command, args);
  if (status !== 0) fail(`${command} ${args.join(" ")}\n${text}`);
}

/** Compiles a model, and visits all of its states. */
function explore(model, claim, defines) {
  must("spin", ["-a", ...defines.map((name) => `-D${name}`), `${model}.pml`]);
  const kind = claim === undefined ? ["-DNOCLAIM", "-DSAFETY"] : [];
  must(compiler, ["-O1", "-w", ...kind, `-DMEMLIM=${MEMORY_MB}`, "-o", "pan", "pan.c"]);
  const { text } = run(join(work, "pan"), [
    ...LIMITS,
    ...(claim === undefined ? [] : ["-a", "-N", claim]),
  ]);
  const errors = Number(/errors: (\d+)/.exec(text)?.[1]);
  const states = Number(/(\S+) states, stored/.exec(text)?.[1]);
  const isWhole = !/max search depth too small|Search not completed|out of memory/.test(text);
  if (Number.isNaN(errors)) fail(`${model}: the verifier said\n${text}`);
  return { errors, states, isWhole, text };
}

const asked = process.argv.slice(2);
const known = [...new Set(CHECKS.map(({ model }) => model))];
for (const name of asked)
  if (!known.includes(name)) fail(`no model ${name}; there are ${known.join(", ")}`);

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const sources = join(root, "native", "model");
for (const name of readdirSync(sources)) cpSync(join(sources, name), join(work, name));

const began = performance.now();
let total = 0;
let broken = 0;
for (const { model, claim, defines = [], without } of CHECKS) {
  if (asked.length > 0 && !asked.includes(model)) continue;
  const name = [model, ...defines, ...(claim === undefined ? [] : [claim])].join(" ");
  const { errors, states, isWhole, text } = explore(model, claim, defines);
  if (errors > 0) {
    const trail = readdirSync(work).find((file) => file.endsWith(".trail"));
    const how = trail === undefined ? "" : run("spin", ["-t", "-p", "-g", `${model}.pml`]).text;
    fail(`${name} does not hold\n${text}\n${how.split("\n").slice(-120).join("\n")}`);
  }
  if (!isWhole) fail(`${name}: not all states were visited\n${text}`);
  total += states;
  console.log(`model: ${name}: holds in ${states.toLocaleString("en")} states`);
  for (const part of without) {
    if (explore(model, claim, [...defines, part]).errors === 0)
      fail(`${name} holds without what ${part} leaves out: it does not test that`);
    broken++;
    console.log(`model: ${name}: ${part} is found`);
  }
}
if (existsSync(work)) rmSync(work, { recursive: true, force: true });
const seconds = Math.round((performance.now() - began) / 1000);
console.log(
  `model: ${total.toLocaleString("en")} states, ${broken} broken variants found, in ${seconds} s`,
);
