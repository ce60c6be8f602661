// Builds the addon for tests, beside the one that is published and never instead of it.
//
//   node scripts/test-addon.mjs faults     memory can be refused, every call is checked, blocks are tiny
//   node scripts/test-addon.mjs limit      4,096 slots at most
//   node scripts/test-addon.mjs sanitize   address, leak and undefined-behaviour sanitizers
//   node scripts/test-addon.mjs thread     the thread sanitizer
//
// It is put to build/addon-<variant>/signal_kernel.node. A program uses it when Node runs it with
// `--require scripts/use-addon.cjs` and SK_TEST_ADDON names the file.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { newest } from "./build.mjs";
import { root, run, sources } from "./c.mjs";

const INSTRUMENTED = ["-O1", "-g", "-fno-omit-frame-pointer"];

/** Flags by variant, and the compilers: those of the C compiler come last. */
const VARIANTS = {
  faults: ["-O1", "-g", "-DSK_FAULTS", "-DSK_STRESS", "-DSK_CHECK"],
  limit: ["-O1", "-g", "-DSK_CHECK", "-DSK_MAX_SLOTS=4096"],
  sanitize: [...INSTRUMENTED, "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"],
  thread: [...INSTRUMENTED, "-fsanitize=thread"],
};

const NAPI = ["addon", "graph", "support", "task", "transaction"].map(
  (name) => `native/napi/${name}.cc`,
);

/** Headers of the Node that runs this. */
function headers() {
  const folder = join(dirname(dirname(process.execPath)), "include", "node");
  if (existsSync(join(folder, "node_api.h"))) return folder;
  throw new Error(`The headers of Node are not in ${folder}`);
}

/** Builds a variant unless it is younger than its sources. Returns the path of the addon. */
export function buildAddon(variant) {
  const flags = VARIANTS[variant];
  if (flags === undefined)
    throw new Error(`No variant ${variant}; there are ${Object.keys(VARIANTS).join(", ")}`);
  const folder = join(root, "build", `addon-${variant}`);
  const addon = join(folder, "signal_kernel.node");
  const inputs = [
    "native/include",
    "native/kernel",
    "native/napi",
    "native/test",
    "scripts/test-addon.mjs",
  ];
  const age = Math.max(...inputs.map((path) => newest(join(root, path))));
  if (existsSync(addon) && statSync(addon).mtimeMs > age) return addon;
  mkdirSync(folder, { recursive: true });
  console.log(`Building the addon, ${variant} ...`);
  const napi = createRequire(join(root, "package.json"))("node-addon-api").include_dir;
  const includes = ["native/include", "native/napi", headers(), napi].map((path) => `-I${path}`);
  const common = [...flags, ...includes, "-fPIC", "-Wall", "-Wextra"];
  const objects = [];
  for (const file of sources("kernel")) {
    objects.push(join(folder, `${objects.length}.o`));
    run("cc", [...common, "-std=c11", "-c", file, "-o", objects.at(-1)]);
  }
  const files = variant === "faults" ? [...NAPI, "native/test/napi_faults.cc"] : NAPI;
  const defines = [
    "-DNAPI_VERSION=9",
    "-DNODE_ADDON_API_DISABLE_DEPRECATED",
    "-DNAPI_DISABLE_CPP_EXCEPTIONS",
  ];
  for (const file of files) {
    objects.push(join(folder, `${objects.length}.o`));
    run("c++", [
      ...common,
      ...defines,
      "-std=c++17",
      "-fno-exceptions",
      "-c",
      file,
      "-o",
      objects.at(-1),
    ]);
  }
  run("c++", [...flags, "-shared", ...objects, "-o", addon]);
  return addon;
}

/** The library of a sanitizer of this compiler, which must be loaded before Node itself. */
export function sanitizerLibrary(name) {
  return execFileSync("c++", [`-print-file-name=lib${name}.so`], { encoding: "utf8" }).trim();
}

/** What a program needs in its environment to use an addon. */
export function addonEnvironment(addon) {
  const preload = join(root, "scripts", "use-addon.cjs");
  const options = process.env.NODE_OPTIONS ?? "";
  return {
    SK_TEST_ADDON: addon,
    SIGNAL_KERNEL_ENGINE: "native",
    NODE_OPTIONS: `${options} --require ${JSON.stringify(preload)}`.trim(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const addon = buildAddon(process.argv[2]);
  const code = "console.log(require(process.argv[1]).abi)";
  const env = process.argv[2] === "sanitize" ? { LD_PRELOAD: sanitizerLibrary("asan") } : {};
  if (process.argv[2] === "thread") env.LD_PRELOAD = sanitizerLibrary("tsan");
  const { status, stderr } = spawnSync(process.execPath, ["-e", code, addon], {
    encoding: "utf8",
    env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0", ...env },
  });
  if (status !== 0) throw new Error(`${addon} does not load: ${stderr}`);
  console.log(addon);
}
