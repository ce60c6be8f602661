/**
 * Finds and loads the native addon of this installation.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Addon } from "./addon.js";
import { AbiMismatchError, EngineLoadError } from "./errors.js";
import { SK_ABI } from "./layout.js";

const PACKAGE = "@signal-kernel/native";

/** This file's folder, as ES module (tests run the sources) or as CommonJS (dist/engine.cjs). */
function here(): string {
  return typeof __dirname === "string" ? __dirname : dirname(fileURLToPath(import.meta.url));
}

/** The root of the package: the nearest folder upwards whose package.json has its name. */
function packageRoot(): string {
  for (let folder = here(); ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === PACKAGE)
      return folder;
    if (dirname(folder) === folder)
      throw new EngineLoadError(`The package ${PACKAGE} was not found above ${here()}.`);
  }
}

/** Where an addon may be, the most specific first. */
function candidates(root: string): string[] {
  return [
    join(root, "build", "Release", "signal_kernel.node"),
    join(root, "prebuilds", `${process.platform}-${process.arch}`, "signal_kernel.node"),
  ];
}

/**
 * Loads the addon.
 *
 * @throws EngineLoadError when there is none, or when the one that is there does not load.
 * @throws AbiMismatchError when it belongs to another version.
 */
export function loadAddon(): { addon: Addon; path: string } {
  const root = packageRoot();
  const paths = candidates(root);
  const path = paths.find((candidate) => existsSync(candidate));
  const platform = `${process.platform}-${process.arch}, Node ${process.versions.node}`;
  if (path === undefined)
    throw new EngineLoadError(
      `No addon of ${PACKAGE} for ${platform}; looked for ${paths.join(" and ")}. ` +
        "Run `npm rebuild @signal-kernel/native` with a C compiler installed.",
    );
  let addon: Addon;
  try {
    addon = createRequire(join(root, "package.json"))(path) as Addon;
  } catch (cause) {
    throw new EngineLoadError(
      `The addon ${path} does not load on ${platform}. Run \`npm rebuild @signal-kernel/native\`.`,
      { cause },
    );
  }
  if (addon.abi !== SK_ABI) throw new AbiMismatchError(path, addon.abi, SK_ABI);
  return { addon, path };
}
