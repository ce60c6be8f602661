/**
 * Chooses and loads the engine of this installation: the addon where there is one, else WebAssembly.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, toNamespacedPath } from "node:path";
import { fileURLToPath } from "node:url";
import type { Addon } from "../../types/addon.js";
import { AbiMismatchError, EngineLoadError } from "./errors.js";
import { SK_ABI } from "./layout.js";
import { type Loaded, loadedBy } from "./loaded.js";
import { loadWasm } from "./wasm/load.js";

const PACKAGE = "@signal-kernel/native";
const REBUILD = "`npm rebuild @signal-kernel/native`";
const PLATFORM = `${process.platform}-${process.arch}, Node ${process.versions.node}`;

/** This file's folder, as ES module (tests run the sources) or as CommonJS (dist/engine.cjs). */
function here(): string {
  return typeof __dirname === "string" ? __dirname : dirname(fileURLToPath(import.meta.url));
}

/**
 * The root of the package: the nearest folder upwards whose package.json has its name. Undefined where
 * a bundler has put this file into another package.
 */
function packageRoot(): string | undefined {
  for (let folder = here(); ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === PACKAGE)
      return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Where an addon may be, the most specific first. */
function candidates(): string[] {
  const root = packageRoot();
  if (root === undefined) return [];
  return [
    join(root, "build", "Release", "signal_kernel.node"),
    join(root, "prebuilds", `${process.platform}-${process.arch}`, "signal_kernel.node"),
  ];
}

/** Throws EngineLoadError when the file is no addon for this Node. */
function loadAddon(path: string): Loaded {
  const loaded = { exports: {} as Addon };
  try {
    /* As require() does it, for which an ES module would have to load node:module, which takes longer. */
    process.dlopen(loaded, toNamespacedPath(path));
  } catch (cause) {
    throw new EngineLoadError(`The addon ${path} does not load on ${PLATFORM}. Run ${REBUILD}.`, {
      cause,
    });
  }
  const addon = loaded.exports;
  if (addon.abi !== SK_ABI) throw new AbiMismatchError(path, addon.abi, SK_ABI);
  /* An object of ours: V8 looks up what an addon exports by name at each call. */
  return { addon: { ...addon }, kind: "native", path, error: undefined, start: null };
}

/** A binary that is there and does not load is a fault that somebody has to know of. */
function fallBack(error: EngineLoadError): Loaded {
  const loaded = loadWasm();
  const { cause } = error;
  process.emitWarning(`${error.message} The WebAssembly engine is used instead.`, {
    code: "SK_WASM_FALLBACK",
    detail: cause instanceof Error ? cause.message : String(cause),
  });
  return loaded;
}

function choose(): Loaded {
  const wanted = process.env.SIGNAL_KERNEL_ENGINE || undefined;
  if (wanted === "wasm") return loadWasm();
  if (wanted !== undefined && wanted !== "native")
    throw new EngineLoadError(`SIGNAL_KERNEL_ENGINE must be "native" or "wasm", got "${wanted}".`);
  const paths = candidates();
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    if (wanted === undefined) return loadWasm();
    throw new EngineLoadError(
      `No addon of ${PACKAGE} for ${PLATFORM}; looked for ${paths.join(" and ") || "its package"}. ` +
        `Run ${REBUILD} with a C compiler installed.`,
    );
  }
  try {
    return loadAddon(path);
  } catch (error) {
    if (wanted === undefined && error instanceof EngineLoadError) return fallBack(error);
    throw error;
  }
}

/**
 * Loads the addon, or the WebAssembly engine where there is none. SIGNAL_KERNEL_ENGINE, which is
 * "native" or "wasm", decides where it is set.
 */
export function loadEngine(): Loaded {
  return loadedBy(choose);
}
