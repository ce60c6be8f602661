// Packs the root package and the facades into a folder, as they would be published.
//
//   node scripts/pack.mjs <folder>
//
// In the workspace the facades depend on the root by path. npm does not rewrite that, and in a
// published package it would point nowhere: here it becomes the exact version.

import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** Scripts stay off: dist is built by then, and packing builds nothing. */
function pack(folder, destination) {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", destination];
  const result = spawnSync("npm", args, {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (result.status !== 0) throw new Error(`npm pack in ${folder} failed:\n${result.stderr}`);
  const [{ name, filename, files }] = JSON.parse(result.stdout);
  return { name, path: join(destination, filename), files: files.map((file) => file.path) };
}

function packFacade(folder, version, destination) {
  const manifest = manifestOf(folder);
  if (manifest.version !== version)
    throw new Error(`${manifest.name} is ${manifest.version}, the root package is ${version}`);
  for (const [name, range] of Object.entries(manifest.dependencies))
    if (range.startsWith("file:")) manifest.dependencies[name] = version;
  /* It refuses what is done right here. */
  delete manifest.scripts;
  const copy = mkdtempSync(join(tmpdir(), "signal-kernel-pack-"));
  try {
    cpSync(folder, copy, { recursive: true, filter: (path) => !path.includes("node_modules") });
    writeFileSync(join(copy, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    return pack(copy, destination);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Returns name, path of the tarball and packed files of each package, the root first. */
export function packAll(folder) {
  const destination = resolve(folder);
  mkdirSync(destination, { recursive: true });
  const { version } = manifestOf(root);
  const facades = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name));
  return [
    pack(root, destination),
    ...facades.map((path) => packFacade(path, version, destination)),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === undefined) throw new Error("Usage: node scripts/pack.mjs <folder>");
  for (const { name, path } of packAll(process.argv[2])) console.log(`${name}  ${path}`);
}
