// Prepares a release: one version for the root package and all facades, packed into a folder.
//
//   node scripts/release.mjs 1.2.3 [folder]              writes the version, packs into release/
//   node scripts/release.mjs 1.2.3 [folder] --dry-run    packs copies, changes nothing in the tree
//
// What it prints last are the commands that publish, the root first: the facades depend on exactly that
// version. It publishes nothing itself.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [version, folder = "release"] = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const isDry = process.argv.includes("--dry-run");

if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version ?? "")) {
  console.error("Usage: node scripts/release.mjs <version> [folder] [--dry-run]");
  process.exit(2);
}

/** The manifests of the root package and of the facades below `base`. */
function manifests(base) {
  const facades = readdirSync(join(base, "packages")).map((name) => join(base, "packages", name));
  return [base, ...facades].map((path) => join(path, "package.json"));
}

function setVersion(base) {
  for (const path of manifests(base)) {
    const manifest = JSON.parse(readFileSync(path, "utf8"));
    manifest.version = version;
    writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
    console.log(`release: ${manifest.name} ${version}`);
  }
}

/** A copy of what is packed, so that a dry run touches nothing. */
function copyOfTree() {
  const copy = mkdtempSync(join(tmpdir(), "signal-kernel-release-"));
  const left = new Set(["node_modules", ".git", "build", "release", basename(folder)]);
  cpSync(root, copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
  return copy;
}

const base = isDry ? copyOfTree() : root;
try {
  setVersion(base);
  const { packAll } = await import(pathToFileURL(join(base, "scripts", "pack.mjs")).href);
  const packed = packAll(resolve(folder));
  const shipsAddon = packed[0].files.some((file) => file.startsWith("prebuilds/"));
  if (!shipsAddon) console.log("release: no prebuilt addon in the package; it builds at install");
  console.log("release: to publish, in this order:");
  for (const { path } of packed) console.log(`  npm publish ${path} --access public`);
} finally {
  if (isDry) rmSync(base, { recursive: true, force: true });
}
