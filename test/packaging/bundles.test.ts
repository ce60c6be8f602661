/** Bundles of the installed packages: webpack for a browser, and all bundlers for a server. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import webpack, { type Configuration } from "webpack";
import { install, packAll, remove, run, temporaryFolder, write } from "./project.js";

const tarballs = temporaryFolder();
let folder: string;

const PROGRAM = `
  import { computed, createEffect, flushSync, signal } from "@signal-kernel/core";
  import { fromPromise } from "@signal-kernel/async-runtime";
  import { engine } from "@signal-kernel/native";
  const count = signal(1);
  const double = computed(() => count.get() * 2);
  const seen = [];
  createEffect(() => { seen.push(double.get()); });
  count.set(2);
  flushSync();
  const cell = fromPromise(async () => "value");
  cell.reload().then(() => console.log(JSON.stringify([seen, cell.value(), engine().kind])));
`;

beforeAll(() => {
  ({ folder } = install(packAll(tarballs), ["--ignore-scripts"]));
  write(folder, { "main.mjs": PROGRAM });
});
afterAll(() => {
  remove(folder);
  remove(tarballs);
});

function runWebpack(options: Configuration): Promise<void> {
  const compiler = webpack({
    mode: "production",
    context: folder,
    entry: "./main.mjs",
    ...options,
  });
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      const faults =
        error ?? (stats?.hasErrors() ? new Error(stats.toString("errors-only")) : null);
      compiler.close(() => (faults ? reject(faults) : resolve()));
    });
  });
}

describe("bundled by webpack for a browser", () => {
  it("imports nothing of Node and runs where there is nothing of it", async () => {
    await runWebpack({ target: "web", output: { path: folder, filename: "web.js" } });
    const { stdout } = run(folder, "cat", ["web.js"]);
    expect(stdout).not.toMatch(/require\(["']node:/);
    const lines: string[] = [];
    const { performance, queueMicrotask, setTimeout, clearTimeout } = globalThis;
    const shown = { log: (line: string) => lines.push(line) };
    const page = { performance, queueMicrotask, setTimeout, clearTimeout, console: shown };
    runInContext(stdout, createContext({ ...page, AbortController, AbortSignal }));
    await expect.poll(() => lines).toEqual(['[[2,4],"value","wasm"]']);
  });
});

/* The addon stays behind, so that a bundle for a server runs on WebAssembly; left out of the bundle, the
 * package is loaded as installed. */
const SERVERS: Record<string, (to: string) => Promise<unknown>> = {
  esbuild: (to) =>
    esbuild({
      entryPoints: [join(folder, "main.mjs")],
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile: join(folder, to),
      logLevel: "error",
    }),
  webpack: (to) => runWebpack({ target: "node20", output: { path: folder, filename: to } }),
  vite: (to) =>
    vite({
      root: folder,
      configFile: false,
      logLevel: "error",
      ssr: { noExternal: true },
      build: {
        ssr: join(folder, "main.mjs"),
        outDir: folder,
        emptyOutDir: false,
        rollupOptions: { output: { entryFileNames: to, format: "cjs" } },
      },
    }),
};

describe.each(Object.keys(SERVERS))("bundled by %s for a server", (name) => {
  it("runs on the WebAssembly engine, without a word on stderr", async () => {
    const to = `server-${name}.cjs`;
    await SERVERS[name]?.(to);
    expect(existsSync(join(folder, to))).toBe(true);
    expect(run(folder, process.execPath, [to])).toEqual({
      code: 0,
      stdout: '[[2,4],"value","wasm"]\n',
      stderr: "",
    });
  });
});
