// Builds dist from lib.
//
//   node scripts/build.mjs              always
//   node scripts/build.mjs --if-stale   only when a source is newer than dist
//
// The new files are made beside dist and take its place in one step: a program that runs from dist
// meanwhile, or a build that fails, must not find half of it.

import { spawnSync } from "node:child_process";
import {
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "dist");

/** A file of every build, whose time is the time at which its sources were read. */
const STAMP = "index.mjs";

/** The youngest of a folder's files and folders; a folder's own time tells of removed files. */
export function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

export function isStale() {
  const stamp = join(target, STAMP);
  if (!existsSync(stamp)) return true;
  const sources = ["lib", "package.json", "tsconfig.json", "tsdown.config.ts"];
  return sources.some((name) => newest(join(root, name)) >= statSync(stamp).mtimeMs);
}

/** Another build may do the same at the same time: whoever is last wins. */
function replace(next) {
  const old = join(root, `.dist-old-${process.pid}`);
  for (let attempt = 1; ; attempt++) {
    if (existsSync(target)) {
      try {
        renameSync(target, old);
      } catch (error) {
        if (error.code !== "ENOENT") throw error;
      }
    }
    try {
      renameSync(next, target);
      break;
    } catch (error) {
      if (attempt === 10 || !["ENOTEMPTY", "EEXIST", "EPERM"].includes(error.code)) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

/**
 * The engine for ES modules: the same instance as for CommonJS. Node gets it by `require`: imported
 * directly, the file would be searched for its names by Node's lexer at every start, which takes longer
 * than to run it. Bundlers get an import, which they can follow.
 */
function writeEngineModules(folder) {
  const engine = createRequire(join(folder, "package.json"))(join(folder, "engine.cjs"));
  const names = `export const { ${Object.keys(engine).sort().join(", ")} } = loaded;\n`;
  const forNode = [
    'import { createRequire } from "node:module";',
    'const loaded = createRequire(import.meta.url)("./engine.cjs");',
  ];
  writeFileSync(join(folder, "engine.mjs"), [...forNode, names].join("\n"));
  const forBundlers = 'import loaded from "./engine.cjs";';
  writeFileSync(join(folder, "engine.bundler.mjs"), [forBundlers, names].join("\n"));
}

/** Throws when the build fails; dist is then as it was. */
export function build() {
  const started = new Date();
  const next = `.dist-new-${process.pid}`;
  const manifest = createRequire(import.meta.url).resolve("tsdown/package.json");
  const tsdown = join(dirname(manifest), "dist", "run.mjs");
  try {
    const args = [tsdown, "--log-level", "error", "--out-dir", next];
    const result = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    if (result.status !== 0)
      throw new Error(`The build of dist failed:\n${result.stdout}${result.stderr}`);
    writeEngineModules(join(root, next));
    utimesSync(join(root, next, STAMP), started, started);
    replace(join(root, next));
  } finally {
    rmSync(join(root, next), { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--if-stale") && !isStale()) {
    console.log("signal-kernel: dist is there.");
  } else {
    console.log("signal-kernel: building dist ...");
    try {
      build();
      console.log("signal-kernel: dist is built.");
    } catch (error) {
      console.error(error.message);
      process.exitCode = 1;
    }
  }
}
