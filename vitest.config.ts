import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const lib = (path: string) => fileURLToPath(new URL(`./lib/${path}`, import.meta.url));

/** The suites about what programs can see: they hold on every engine. */
const BEHAVIOUR = [
  "adversarial",
  "async",
  "conformance",
  "core",
  "engines",
  "inspect",
  "lifecycle",
  "server",
  "snapshot",
].map((folder) => `test/${folder}/**/*.test.ts`);

/** Variables that whoever starts the tests may set otherwise. */
const unlessSet = (lengths: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(lengths).map(([name, value]) => [name, process.env[name] ?? value]),
  );

export default defineConfig({
  resolve: {
    alias: {
      "#engine": lib("engine/index.ts"),
      "@signal-kernel/core": lib("core/index.ts"),
      "@signal-kernel/async-runtime": lib("async-runtime/index.ts"),
      "@signal-kernel/react": lib("react/index.ts"),
      "@signal-kernel/vue": lib("vue/index.ts"),
      "@signal-kernel/snapshot": lib("snapshot/index.ts"),
      "@signal-kernel/native/server": lib("server/index.ts"),
      "@signal-kernel/native/inspect": lib("inspect/index.ts"),
      "@signal-kernel/native": lib("index.ts"),
    },
  },
  test: {
    globalSetup: "./scripts/build-before-tests.mjs",
    pool: "forks",
    maxWorkers: "100%",
    /* Flags of V8, of which NODE_OPTIONS takes few: for scripts/test-sanitize.mjs. */
    execArgv: process.env.SK_V8_FLAGS?.split(" ") ?? [],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { inline: ["reactive-framework-test-suite"] } },
    /* What of lib the tests reach in their own process: scripts/coverage.mjs reads it. */
    coverage: {
      enabled: process.env.SK_COVERAGE === "1",
      provider: "v8",
      include: ["lib/**/*.ts"],
      /* Both are generated, and have no code but constants. */
      exclude: ["lib/engine/layout.ts", "lib/engine/wasm/module.ts"],
      reporter: ["json", "json-summary"],
      reportsDirectory: "build/coverage-lib",
    },
    projects: [
      {
        extends: true,
        test: {
          name: "native",
          include: ["test/**/*.test.ts"],
          env: { SIGNAL_KERNEL_ENGINE: "native" },
        },
      },
      {
        extends: true,
        test: {
          name: "wasm",
          include: [...BEHAVIOUR, "test/{fuzz,reference,simulation}/**/*.test.ts"],
          /* What is random has run at full length on the other engine. */
          env: {
            SIGNAL_KERNEL_ENGINE: "wasm",
            ...unlessSet({
              SK_PROPERTY_RUNS: "4000",
              SK_SIMULATION_RUNS: "400",
              SK_FAULT_FLUSHES: "3000",
            }),
          },
        },
      },
      {
        /* As if each call into the kernel had made the memory grow, and with plans from the first flush on. */
        extends: true,
        test: {
          name: "wasm-moving",
          include: ["test/{core,async,conformance,inspect,simulation}/**/*.test.ts"],
          setupFiles: ["./test/helpers/moving-memory.ts", "./test/helpers/eager-plans.ts"],
          env: {
            SIGNAL_KERNEL_ENGINE: "wasm",
            ...unlessSet({
              SK_SIMULATION_RUNS: "300",
              SK_PROPERTY_RUNS: "1000",
              SK_FAULT_FLUSHES: "500",
            }),
          },
        },
      },
    ],
  },
});
