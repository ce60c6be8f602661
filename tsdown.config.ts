import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "tsdown";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const common = {
  outDir: "dist",
  platform: "node" as const,
  target: "node20",
  dts: true,
  sourcemap: true,
  /* The types name Symbol.dispose, which a program's own settings may not know. */
  banner: { dts: '/// <reference lib="esnext.disposable" />' },
  /* Words of the kernel are addressed by constants: they belong into the code. */
  inputOptions: { optimization: { inlineConst: { mode: "all" as const } } },
  define: { __SK_VERSION__: JSON.stringify(version) },
};

/** In a browser there is no addon to be found. */
const forBrowsers = {
  name: "load-browser",
  resolveId: (id: string) =>
    id === "./load.js" ? join(import.meta.dirname, "lib/engine/load-browser.ts") : null,
};

/* The engine has state: one CommonJS file that both formats import, so that there is one of it. */
export default defineConfig([
  {
    ...common,
    entry: { engine: "lib/engine/index.ts" },
    format: "cjs",
    outExtensions: () => ({ js: ".cjs", dts: ".d.cts" }),
    clean: false,
  },
  {
    ...common,
    entry: { "engine.browser": "lib/engine/index.ts" },
    format: "esm",
    platform: "browser",
    target: "es2022",
    dts: false,
    plugins: [forBrowsers],
    outExtensions: () => ({ js: ".mjs" }),
    clean: false,
  },
  {
    ...common,
    entry: {
      index: "lib/index.ts",
      core: "lib/core/index.ts",
      "async-runtime": "lib/async-runtime/index.ts",
      react: "lib/react/index.ts",
      vue: "lib/vue/index.ts",
      snapshot: "lib/snapshot/index.ts",
      server: "lib/server/index.ts",
      inspect: "lib/inspect/index.ts",
    },
    format: ["esm", "cjs"],
    deps: { neverBundle: ["#engine"] },
    outExtensions: ({ format }) =>
      format === "es" ? { js: ".mjs", dts: ".d.mts" } : { js: ".cjs", dts: ".d.cts" },
    clean: false,
  },
]);
