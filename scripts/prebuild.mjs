// Makes the prebuilt addon of this platform, to be packed with the package.
//
//   node scripts/prebuild.mjs [folder]      default: prebuilds
//
// The addon is built anew, stripped of its symbols and tried: it lands in <folder>/<platform>-<arch>/,
// which is where the loader looks. N-API makes one binary do for every version of Node.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const platform = `${process.platform}-${process.arch}`;

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
}

const target = join(resolve(process.argv[2] ?? join(root, "prebuilds")), platform);
const file = join(target, "signal_kernel.node");
const built = join(root, "build", "Release", "signal_kernel.node");

run(process.execPath, [join("scripts", "install.mjs"), "--force"]);
mkdirSync(target, { recursive: true });
copyFileSync(built, file);
/* Windows keeps symbols in a file of their own. */
if (process.platform === "darwin") run("strip", ["-x", file]);
else if (process.platform !== "win32") run("strip", ["--strip-unneeded", file]);
run(process.execPath, ["--eval", `require(${JSON.stringify(file)})`]);
console.log(`prebuild: ${file}, ${statSync(file).size} bytes (built: ${statSync(built).size})`);
