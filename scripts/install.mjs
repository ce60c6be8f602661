// Runs at `npm install`: builds the addon where none that fits is there.
//
//   --force   builds anew
//
// Without a compiler it says so once and ends well: the library then says at load what is missing.
// npm_config_build_from_source=true makes a failed build an error.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(join(root, "package.json"));
const force = process.argv.includes("--force");
const required = process.env.npm_config_build_from_source === "true";

/** Whether a binary loads in this Node. Tried in a child: a broken one must not end the install. */
function loads(path) {
  if (!existsSync(path)) return false;
  const code = `require(${JSON.stringify(path)})`;
  return spawnSync(process.execPath, ["-e", code], { stdio: "ignore" }).status === 0;
}

function resolveNodeGyp() {
  try {
    return require.resolve("node-gyp/bin/node-gyp.js");
  } catch {
    /* The one that npm brings. */
    const execpath = process.env.npm_config_node_gyp;
    return execpath && existsSync(execpath) ? execpath : undefined;
  }
}

/** The headers that came with this Node, so that none have to be downloaded. */
function localHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, "include", "node", "node_api.h")) ? [`--nodedir=${prefix}`] : [];
}

function build() {
  const gyp = resolveNodeGyp();
  if (gyp === undefined) return false;
  console.log("signal-kernel: building the native addon (about half a minute) ...");
  const args = [gyp, "rebuild", "--jobs=max", ...localHeaders()];
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (result.status === 0) return true;
  console.error(`${result.stdout ?? ""}${result.stderr ?? ""}`.split("\n").slice(-25).join("\n"));
  return false;
}

const prebuilt = join(
  root,
  "prebuilds",
  `${process.platform}-${process.arch}`,
  "signal_kernel.node",
);
const built = join(root, "build", "Release", "signal_kernel.node");
const fits = () => loads(built) || loads(prebuilt);

if (!force && !required && fits()) {
  console.log("signal-kernel: the native addon is there.");
} else if (build() && loads(built)) {
  console.log("signal-kernel: the native addon is built.");
} else {
  console.error(
    "signal-kernel: the native addon could not be built. Install a C compiler, make and python3, then run `npm rebuild @signal-kernel/native`.",
  );
  process.exitCode = required || force ? 1 : 0;
}
