// Runs every formatter and linter; ends non-zero when one of them has something to say.
//
//   node scripts/lint.mjs            checks
//   node scripts/lint.mjs --format   rewrites the C and C++ files instead

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function files(folder, pattern) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}

function step(title, command, args) {
  console.log(`lint: ${title}`);
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  return result.status === 0;
}

const native = files("native", /\.(c|h|cc)$/);
if (process.argv.includes("--format")) {
  process.exit(step("clang-format", "clang-format", ["-i", ...native]) ? 0 : 1);
}

const kernel = files("native/kernel", /\.c$/);
const results = [
  step("biome", "npx", ["biome", "check", "--error-on-warnings", "."]),
  step("types", "npx", ["tsc", "--noEmit"]),
  step("layout", process.execPath, ["scripts/layout.mjs", "--check"]),
  step("clang-format", "clang-format", ["--dry-run", "-Werror", ...native]),
  step("clang-tidy", "clang-tidy", ["--quiet", ...kernel, "--", "-std=c11", "-Inative/include"]),
];
process.exit(results.every(Boolean) ? 0 : 1);
