import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const lib = (path: string) => fileURLToPath(new URL(`./lib/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      "#engine": lib("engine/index.ts"),
      "@signal-kernel/core": lib("core/index.ts"),
      "@signal-kernel/async-runtime": lib("async-runtime/index.ts"),
      "@signal-kernel/snapshot": lib("snapshot/index.ts"),
      "@signal-kernel/native": lib("index.ts"),
    },
  },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "./scripts/build-before-tests.mjs",
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { inline: ["reactive-framework-test-suite"] } },
  },
});
