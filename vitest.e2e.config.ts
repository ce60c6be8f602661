import { defineConfig } from "vitest/config";

/** The package-explorer in Chromium, as it is built: `npm run test:browser` runs it. */
export default defineConfig({
  test: {
    include: ["test/e2e/**/*.e2e.ts"],
    globalSetup: "./scripts/build-before-tests.mjs",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each file has a browser of its own; more than one at a time would only take longer.
    fileParallelism: false,
  },
});
