// @ts-check
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SOURCES = join(ROOT, "src");
/** In development React and Vue say what does not fit at hydration: NODE_ENV=development asks for it. */
const MODE = process.env.NODE_ENV === "development" ? "development" : "production";
const TARGET = join(ROOT, "dist", MODE);
/** Written last, at the time at which the sources were read. */
const STAMP = "built";

/** Where the built files are. */
export const BUILT = TARGET;

/**
 * Builds the pages for the browser, and those parts of them for the server that Node cannot read as they
 * are (JSX, Vue's templates), unless that has been done since the sources have last changed. What is new
 * takes its place in one step: a server that starts meanwhile finds the old files or the new ones.
 *
 * @param {(line: string) => void} tell
 */
export async function buildIfStale(tell) {
  // React and Vue look at it when they are loaded: on both sides they have to be the same.
  process.env.NODE_ENV = MODE;
  if (!isStale()) return;
  tell("Building the pages (once; they are kept until their sources change) ...");
  const started = performance.now();
  const time = new Date();
  const next = join(ROOT, `.dist-${process.pid}`);
  try {
    await build(next);
    writeFileSync(join(next, STAMP), "");
    utimesSync(join(next, STAMP), time, time);
    replace(next);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
  tell(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

function isStale() {
  const stamp = join(TARGET, STAMP);
  if (!existsSync(stamp)) return true;
  // The engine and the packages are part of the bundle.
  const library = createRequire(import.meta.url).resolve("@signal-kernel/native/package.json");
  const sources = [SOURCES, join(library, "..", "dist")].filter((path) => existsSync(path));
  return sources.some((path) => newest(path) >= statSync(stamp).mtimeMs);
}

/** @type {(path: string) => number} */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** @param {string} out */
async function build(out) {
  const { build } = await import("vite");
  const { default: vue } = await import("@vitejs/plugin-vue");
  /** @type {import("vite").InlineConfig} */
  const common = {
    root: SOURCES,
    mode: MODE,
    configFile: false,
    logLevel: "error",
    plugins: [vue()],
    define: { __VUE_OPTIONS_API__: "false", "process.env.NODE_ENV": JSON.stringify(MODE) },
  };
  const input = (/** @type {string} */ side) => ({
    react: join(SOURCES, `react/${side}.jsx`),
    vue: join(SOURCES, `vue/${side}.js`),
  });
  await build({
    ...common,
    build: {
      outDir: join(out, "client"),
      manifest: "manifest.json",
      target: "es2022",
      rollupOptions: {
        input: {
          ...input("client"),
          plain: join(SOURCES, "plain/client.js"),
          live: join(SOURCES, "live/client.js"),
        },
      },
    },
  });
  await build({
    ...common,
    // The server has all of it installed, and one engine for all.
    ssr: { external: true },
    build: {
      ssr: true,
      outDir: join(out, "server"),
      target: "node20",
      rollupOptions: { input: input("server") },
    },
  });
}

/** @param {string} next */
function replace(next) {
  const old = join(ROOT, `.dist-old-${process.pid}`);
  mkdirSync(join(TARGET, ".."), { recursive: true });
  // Another process may do the same at the same time: whoever is last wins.
  for (let attempt = 1; ; attempt++) {
    if (existsSync(TARGET)) moveAway(old);
    try {
      renameSync(next, TARGET);
      return;
    } catch (error) {
      if (attempt === 10) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

/** @param {string} old */
function moveAway(old) {
  try {
    renameSync(TARGET, old);
  } catch {
    // Somebody else has just moved it.
  }
}
