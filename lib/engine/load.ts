/**
 * Finds and loads the native addon of this installation.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Addon } from "../../types/addon.js";
import { AbiMismatchError, EngineLoadError } from "./errors.js";
import { SK_ABI, SK_BLOCK_SHARED_COUNT, SK_H_WORDS } from "./layout.js";

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

function load(): { addon: Addon; path: string } {
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

/** Stands in for an addon that did not load: it has no words, and every call throws `error`. */
function missing(error: unknown): Addon {
  const empty = () => new ArrayBuffer(SK_H_WORDS * Int32Array.BYTES_PER_ELEMENT);
  const calls: Partial<Addon> = {
    buffers: () => Array.from({ length: SK_BLOCK_SHARED_COUNT }, empty),
    onError: () => {},
  };
  const refuse = () => {
    throw error;
  };
  return new Proxy(calls, { get: (_, key) => calls[key as keyof Addon] ?? refuse }) as Addon;
}

/** The addon, or what stands in for it and why. */
export interface Loaded {
  readonly addon: Addon;
  readonly path: string;
  /**
   * EngineLoadError when there is no addon, or when the one that is there does not load;
   * AbiMismatchError when it belongs to another version.
   */
  readonly error: unknown;
}

/**
 * Loads the addon. It does not throw: the engine is a CommonJS module also for ES modules, and what
 * such a one throws while it loads nobody can catch on Node 20. The packages throw it instead.
 */
export function loadAddon(): Loaded {
  try {
    return { ...load(), error: undefined };
  } catch (error) {
    return { addon: missing(error), path: "", error };
  }
}
