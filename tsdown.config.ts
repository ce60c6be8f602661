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
  /* The types have the documentation; in the code it would be read at each start. */
  outputOptions: { comments: { jsdoc: false, legal: false, annotation: true } },
  define: { __SK_VERSION__: JSON.stringify(version) },
};

/** Another file of lib/engine takes the place of one. */
const instead = (of: string, file: string) => ({
  name: `${file} instead of ${of}`,
  resolveId: (id: string) => (id === of ? join(import.meta.dirname, "lib/engine", file) : null),
});

/* In a browser there is no addon to be found; in Node the module is seldom needed. */
const forBrowsers = instead("./load.js", "load-browser.ts");
const forNode = instead("./bytes.js", "wasm/bytes-node.ts");

/* The engine has state: one CommonJS file that both formats import, so that there is one of it. */
export default defineConfig([
  {
    ...common,
    entry: { engine: "lib/engine/index.ts" },
    format: "cjs",
    plugins: [forNode],
    deps: { neverBundle: ["../wasm-module.cjs"] },
    outExtensions: () => ({ js: ".cjs", dts: ".d.cts" }),
    clean: false,
  },
  {
    ...common,
    entry: { "wasm-module": "lib/engine/wasm/module.ts" },
    format: "cjs",
    dts: false,
    sourcemap: false,
    outExtensions: () => ({ js: ".cjs" }),
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
    /* One file, not one for each set of packages that share something: each file costs a start-up time.
     * Not so the types, whose names end in .d.ts here. */
    outputOptions: {
      ...common.outputOptions,
      codeSplitting: { groups: [{ name: "core", test: /[\\/]lib[\\/]core[\\/][\w-]+\.ts$/ }] },
    },
    deps: { neverBundle: ["#engine"] },
    outExtensions: ({ format }) =>
      format === "es" ? { js: ".mjs", dts: ".d.mts" } : { js: ".cjs", dts: ".d.cts" },
    clean: false,
  },
]);
