// Runs at `npm install`: builds the addon where none that fits is there.
//
//   --force   builds anew
//
// Without a compiler it says so once and ends well: the library then runs on its WebAssembly engine.
// npm_config_build_from_source=true builds in any case, and makes a failed build an error.

import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(join(root, "package.json"));
const required =
  process.argv.includes("--force") || process.env.npm_config_build_from_source === "true";

const built = join(root, "build", "Release", "signal_kernel.node");
const prebuilt = join(
  root,
  "prebuilds",
  `${process.platform}-${process.arch}`,
  "signal_kernel.node",
);
const log = join(root, "build", "install.log");

/** The number that the sources here have; a binary with another one belongs to another version. */
const abi = /^#define SK_ABI (\d+)u$/m.exec(
  readFileSync(join(root, "native", "include", "signal_kernel.h"), "utf8"),
)?.[1];

/** Whether a binary loads in this Node. Tried in a child: a broken one must not end the install. */
function loads(path) {
  if (!existsSync(path)) return false;
  const code = `process.stdout.write(String(require(${JSON.stringify(path)}).abi))`;
  const result = spawnSync(process.execPath, ["-e", code], { encoding: "utf8" });
  return result.status === 0 && result.stdout === abi;
}

/** Whether the build is at least as young as every source. What npm unpacks is from 1985. */
function isCurrent(path) {
  const time = statSync(path).mtimeMs;
  const folders = ["include", "kernel", "napi"].map((name) => join(root, "native", name));
  const sources = folders.flatMap((path) => readdirSync(path).map((name) => join(path, name)));
  return [join(root, "binding.gyp"), ...sources].every((name) => statSync(name).mtimeMs <= time);
}

/** Ours in a checkout, the one that npm brings, or one that is installed. */
function findNodeGyp() {
  try {
    return require.resolve("node-gyp/bin/node-gyp.js");
  } catch {
    const candidates = [
      process.env.npm_config_node_gyp,
      ...(process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "node-gyp")),
      join(
        dirname(process.execPath),
        "../lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js",
      ),
    ];
    return candidates.find((path) => path && existsSync(path));
  }
}

/** The headers that came with this Node, so that none have to be downloaded. */
function localHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, "include", "node", "node_api.h")) ? [`--nodedir=${prefix}`] : [];
}

/** Resolves to the lines that it printed, with its exit code. A line of progress for each file. */
function rebuild(gyp) {
  const total = readFileSync(join(root, "binding.gyp"), "utf8").match(/"native\/\w+\/\w+\.cc?"/g);
  /* What is left of a build for another machine or compiler must go; else only what changed is
     compiled, and the addon stays in place for those who use it meanwhile. */
  const fresh = required || (existsSync(built) && !loads(built));
  const steps = fresh ? ["rebuild"] : ["configure", "build"];
  const args = [gyp, ...steps, "--jobs=max", ...localHeaders()];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const lines = [];
  let done = 0;
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      /* What make prints, or what MSBuild prints. */
      const file = /^\s*(?:(?:CC|CXX)\(target\) .*\/(\w+\/\w+)\.o|(\w+\.cc?))$/.exec(line);
      if (file) console.log(`signal-kernel: [${++done}/${total.length}] ${file[1] ?? file[2]}`);
    });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 1, lines: [...lines, String(error)] }));
    child.on("close", (code) => resolve({ code, lines }));
  });
}

/** Resolves to undefined, or to the reason why there is no addon now. */
async function build() {
  const gyp = findNodeGyp();
  if (gyp === undefined) return "node-gyp was not found";
  console.log("signal-kernel: building the native addon ...");
  const { code, lines } = await rebuild(gyp);
  if (code === 0 && loads(built)) {
    /* Younger than its sources, also where make found nothing to do. */
    utimesSync(built, new Date(), new Date());
    return undefined;
  }
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, `${lines.join("\n")}\n`);
  if (required) console.error(lines.slice(-25).join("\n"));
  if (code === 0) return "it was built but does not load";
  const cause = lines.find((line) => /\berror\b|not found|No such file|\*\*\*/i.test(line));
  return `${(cause ?? "node-gyp failed").trim()}; all of it is in ${log}`;
}

if (!required && ((loads(built) && isCurrent(built)) || loads(prebuilt))) {
  console.log("signal-kernel: the native addon is there.");
} else {
  const reason = await build();
  if (reason === undefined) {
    console.log("signal-kernel: the native addon is built.");
  } else {
    console.error(
      `signal-kernel: the native addon could not be built (${reason}). The WebAssembly engine ` +
        "takes its place. For the addon install a C and a C++ compiler, make and python3, then " +
        "run `npm rebuild @signal-kernel/native`.",
    );
    process.exitCode = required ? 1 : 0;
  }
}
