// Compiles the kernel with its C unit tests and runs them.
//
//   node scripts/test-c.mjs [plain] [stress] [limit] [sanitize] [stress-sanitize] [limit-sanitize]
//
//   plain      optimised, every invariant checked after each call
//   stress     tiny first capacities, so that every block moves again and again
//   limit      4,096 slots at most: what happens when they are used up
//   sanitize   address, undefined behaviour and leaks
//
// CC chooses the compiler (default cc).

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const compiler = process.env.CC ?? "cc";
const common = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-DSK_CHECK"];
const sanitizers = [
  "-O1",
  "-fno-omit-frame-pointer",
  "-fsanitize=address,undefined",
  "-fno-sanitize-recover=undefined",
];
const modes = {
  plain: ["-O2"],
  stress: ["-O2", "-DSK_STRESS"],
  limit: ["-O2", "-DSK_MAX_SLOTS=4096"],
  sanitize: sanitizers,
  "stress-sanitize": [...sanitizers, "-DSK_STRESS"],
  "limit-sanitize": [...sanitizers, "-DSK_MAX_SLOTS=4096"],
};

function sources(folder) {
  const path = join(root, "native", folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(".c"))
    .map((name) => join(path, name));
}

function run(command, args, env = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  if (result.status === 0) return;
  console.error(`${command} ended with ${result.signal ?? result.status}`);
  process.exit(1);
}

const wanted = process.argv.slice(2);
for (const mode of wanted.length > 0 ? wanted : ["plain"]) {
  const flags = modes[mode];
  if (flags === undefined) throw new Error(`No mode ${mode}; there are ${Object.keys(modes)}`);
  const folder = join(root, "build", "test-c");
  const program = join(folder, mode);
  mkdirSync(folder, { recursive: true });
  console.log(`C tests, ${mode}: compiling with ${compiler}`);
  const includes = ["-Inative/include", "-Inative/kernel", "-Inative/wasm"];
  run(compiler, [
    ...common,
    ...flags,
    ...includes,
    ...sources("kernel"),
    "native/wasm/heap.c",
    ...sources("test"),
    "-o",
    program,
  ]);
  /* The other tests want more slots than that. */
  run(program, mode.startsWith("limit") ? ["limit"] : [], {
    ASAN_OPTIONS: "detect_leaks=1",
    UBSAN_OPTIONS: "print_stacktrace=1",
  });
}
