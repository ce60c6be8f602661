// Runs every formatter and linter; ends non-zero when one of them has something to say.
//
//   node scripts/lint.mjs                 checks everything
//   node scripts/lint.mjs --only <name>   checks one thing: biome, types, layout, ...
//   node scripts/lint.mjs --format        rewrites the C and C++ files instead

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = join(root, "node_modules", ".bin");
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };

function files(folder, pattern) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}

function run(command, args) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  return result.status === 0;
}

const native = files("native", /\.(c|h|cc)$/);
/* The rest of native/wasm is for one compiler target only. */
const kernel = [...files("native/kernel", /\.c$/), "native/wasm/heap.c"];
const projects = [".", "benchmarks", "examples/package-explorer", "examples/ssr"].filter((folder) =>
  existsSync(join(root, folder, "tsconfig.json")),
);

const checks = {
  biome: () => run("biome", ["check", "--error-on-warnings", "."]),
  types: () => projects.map((folder) => run("tsc", ["--noEmit", "-p", folder])).every(Boolean),
  layout: () => run(process.execPath, ["scripts/layout.mjs", "--check"]),
  wasm: () => run(process.execPath, ["scripts/build-wasm.mjs", "--check"]),
  "clang-format": () => run("clang-format", ["--dry-run", "-Werror", ...native]),
  "clang-tidy": () =>
    run("clang-tidy", ["--quiet", ...kernel, "--", "-std=c11", "-Inative/include"]),
};

const args = process.argv.slice(2);
if (args[0] === "--format") {
  process.exitCode = run("clang-format", ["-i", ...native]) ? 0 : 1;
} else {
  const wanted = args[0] === "--only" ? args.slice(1) : Object.keys(checks);
  const failed = wanted.filter((name) => {
    const started = performance.now();
    console.log(`lint: ${name} ...`);
    const fine = checks[name]();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`lint: ${name} ${fine ? "is clean" : "FAILED"} (${seconds} s)`);
    return !fine;
  });
  if (failed.length > 0) console.error(`lint: failed: ${failed.join(", ")}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
