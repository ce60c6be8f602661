// What the scripts that compile C share: where the sources are, and how to run a tool.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Flags of every build of the tests. */
export const COMMON = [
  "-std=c11",
  "-Wall",
  "-Wextra",
  "-Wpedantic",
  "-Werror",
  "-g",
  ...["include", "kernel", "test", "wasm"].map((folder) => `-Inative/${folder}`),
];

export const SANITIZERS = [
  "-O1",
  "-fno-omit-frame-pointer",
  "-fsanitize=address,undefined",
  "-fno-sanitize-recover=undefined",
];

/** Tiny capacities, so that everything moves; more slots than a program of the fuzzers needs. */
export const FUZZ_SIZES = ["-DSK_STRESS", "-DSK_MAX_SLOTS=16384"];

/** The C files of a folder of native, but those that are named. */
export function sources(folder, ...without) {
  return readdirSync(join(root, "native", folder))
    .filter((name) => name.endsWith(".c") && !without.includes(name))
    .map((name) => `native/${folder}/${name}`);
}

export const KERNEL = [...sources("kernel"), "native/wasm/heap.c"];

/** The targets of the fuzzers, in the order in which native/fuzz/fuzz.h explains them. */
export const C_TARGETS = ["graph", "stagings", "tasks", "words", "damage"];

/** The files of a committed corpus. */
export function corpus(target) {
  const folder = join("native", "fuzz", "corpus", target);
  return readdirSync(join(root, folder)).map((name) => join(folder, name));
}

/** Runs a tool in the root; ends this program with 1 when it fails. */
export function run(command, args, env = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  if (result.status === 0) return;
  console.error(`${command} ended with ${result.error?.message ?? result.signal ?? result.status}`);
  process.exit(1);
}

/** Compiles a program into build/<folder>/<name>, and returns its path. */
export function compile(compiler, folder, name, flags, files) {
  const path = join("build", folder, name);
  mkdirSync(join(root, "build", folder), { recursive: true });
  run(compiler, [...COMMON, ...flags, ...files, "-o", path]);
  return join(root, path);
}
