// @ts-check
// How many instructions the kernel executes in fixed scenarios, counted by callgrind: unlike times they
// are the same in each run, as long as the compiler is. Only the kernel's own code counts, not that of the
// program that calls it, and not the C library, whose copies depend on the processor.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");

/** Those that node-gyp compiles a release with, as far as they matter, and lines to tell files by. */
const FLAGS = ["-std=c11", "-O3", "-gdwarf-4", "-fno-omit-frame-pointer", "-fPIC", "-DNDEBUG"];

/** Something that is needed and not there. */
export class Missing extends Error {}

/** @param {string} command @param {string[]} args @param {string} [cwd] */
function run(command, args, cwd = root) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error !== undefined && "code" in error && error.code === "ENOENT")
    throw new Missing(`${command} is not installed`);
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
  return stdout;
}

/**
 * What the counts depend on: the compiler with its major version, and the processor's architecture.
 *
 * @param {string} compiler
 */
export function describeCompiler(compiler) {
  const macros = run(compiler, ["-dM", "-E", "-x", "c", "/dev/null"]);
  const [, clang] = /__clang_major__ (\d+)/.exec(macros) ?? [];
  const [, gcc] = /__GNUC__ (\d+)/.exec(macros) ?? [];
  const name = clang === undefined ? `gcc ${gcc}` : `clang ${clang}`;
  return `${name}, ${process.arch}`;
}

/** @param {string} folder @param {RegExp} pattern */
const filesIn = (folder, pattern) =>
  readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(folder, name));

/**
 * Reads one profile of callgrind: its name, and the instructions that code of the kernel has executed.
 *
 * @param {string} profile Written with names and positions not compressed.
 * @returns {{ name: string, count: number }}
 */
export function readProfile(profile) {
  const [, name] = /^desc: Trigger: Client Request: (.+)$/m.exec(profile) ?? [];
  if (name === undefined) throw new Error("a profile without a name");
  let file = "";
  let count = 0;
  let isCall = false;
  for (const line of profile.split("\n")) {
    const [, path] = /^f[lie]=(.*)$/.exec(line) ?? [];
    if (path !== undefined) {
      file = path;
    } else if (line.startsWith("calls=")) {
      // What follows is what the call has cost, which the callee has by itself.
      isCall = true;
    } else if (/^[+\-*\d]/.test(line)) {
      if (!isCall && file.includes("native/kernel/")) count += Number(line.split(" ")[1]);
      isCall = false;
    }
  }
  return { name, count };
}

/**
 * Compiles the scenarios with the kernel and counts.
 *
 * @param {string} compiler
 * @returns {Record<string, number>} Instructions by scenario.
 * @throws {Missing} Without a compiler, valgrind or its header.
 */
export function countInstructions(compiler) {
  const folder = mkdtempSync(join(tmpdir(), "signal-kernel-guard-"));
  try {
    const program = join(folder, "scenarios");
    const sources = [...filesIn(join(root, "native", "kernel"), /\.c$/), ...filesIn(here, /\.c$/)];
    run("valgrind", ["--version"]);
    run(compiler, [...FLAGS, "-Inative/include", ...sources, "-o", program]);
    run(
      "valgrind",
      [
        "--tool=callgrind",
        "--quiet",
        "--instr-atstart=no",
        "--compress-strings=no",
        "--compress-pos=no",
        "--callgrind-out-file=profile",
        program,
      ],
      folder,
    );
    const profiles = filesIn(folder, /^profile\.\d+$/).map((path) =>
      readProfile(readFileSync(path, "utf8")),
    );
    return Object.fromEntries(profiles.map(({ name, count }) => [name, count]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
