// Refuses memory to the WebAssembly engine: each request for it in turn, as test/faults does through the
// addon, and its growth.
//
//   node scripts/test-wasm-faults.mjs [scenario ...]
//
// The modules are for tests, and need clang and wasm-ld. In the first every call is checked, every block is
// tiny, and the nth request can be refused; the memory of the other cannot grow.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build as buildDist, isStale } from "./build.mjs";
import { compile } from "./build-wasm.mjs";
import { root } from "./c.mjs";

const FAULTS = [
  "-DSK_STRESS",
  "-DSK_CHECK",
  /* Found before the usual assertions, which are nothing: these trap. */
  "-Inative/test/wasm",
  "-Inative/wasm",
  "-Wl,--wrap=sk_heap_resize",
];

/** Builds a module for tests, and returns its path. */
function build(name, flags, files) {
  const folder = join(root, "build", "wasm-tests");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.wasm`);
  writeFileSync(path, compile(flags, files));
  return path;
}

function run(module, program, ...args) {
  const env = { ...process.env, SIGNAL_KERNEL_ENGINE: "wasm", SK_TEST_WASM: module };
  const path = join(root, "test", "faults", program);
  const { status, stdout } = spawnSync(process.execPath, [path, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env,
  });
  const name = [program, ...args].join(" ");
  console.log(`${name}: ${status === 0 ? stdout.trim() : `ended with ${status}`}`);
  if (status !== 0) process.exitCode = 1;
}

if (isStale()) buildDist();
const faults = build("faults", FAULTS, ["native/test/wasm/faults.c"]);
const { scenarios } = await import("../test/faults/scenarios.mjs");
const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(scenarios)) run(faults, "run.mjs", name);
run(faults, "open.mjs");
run(build("full", ["-Wl,--max-memory=327680"], []), "full.mjs");
