// Runs random asynchronous programs against a model, and tells every few seconds how far it is.
//
//   npm run simulate                                   a minute, from seed 7
//   npm run simulate -- --seconds 600 --seed 100000    that long, from another seed
//   npm run simulate -- --engine wasm                  on the WebAssembly engine
//   npm run simulate -- --replay <file>                the program of a file, as a failure prints it
//
// What is found is printed as a short script. The programs are those of test/simulation.

import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const ENGINES = ["native", "wasm"];

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "7" },
    engine: { type: "string", default: "native" },
    replay: { type: "string" },
  },
});

function fail(message) {
  console.error(`simulate: ${message}`);
  process.exit(1);
}

for (const name of ["seconds", "seed"])
  if (!Number.isSafeInteger(Number(values[name])) || Number(values[name]) < 1)
    fail(`--${name} must be a positive integer`);
if (!ENGINES.includes(values.engine)) fail(`--engine is one of ${ENGINES.join(", ")}`);

const env =
  values.replay === undefined
    ? { SK_SIMULATION_SECONDS: values.seconds, SK_SIMULATION_SEED: values.seed }
    : { SK_SIMULATION_REPLAY: values.replay };
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const child = spawn(
  process.execPath,
  [vitest, "run", "--project", values.engine, "test/simulation/simulation.test.ts"],
  { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
);

const lines = [];
for (const stream of [child.stdout, child.stderr])
  createInterface({ input: stream }).on("line", (line) => {
    lines.push(line);
    const told = /simulate: (.*)/.exec(line);
    if (told) console.log(`simulate: ${told[1]}`);
  });
child.on("error", (error) => fail(error.message));
child.on("close", (code) => {
  if (code !== 0) fail(`${values.engine}: something was found\n${lines.slice(-150).join("\n")}`);
  if (values.replay !== undefined) console.log("simulate: everything holds");
});
