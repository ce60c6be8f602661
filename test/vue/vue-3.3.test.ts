// @vitest-environment happy-dom
import { vi } from "vitest";
import { describeComposables } from "./suite.js";
import { describeSnapshots } from "./suite-snapshot.js";

/* A workspace of its own has this Vue: two versions of it cannot be installed side by side. */
const load = await vi.hoisted(async () => {
  const { createRequire } = await import("node:module");
  const require = createRequire(`${import.meta.dirname}/vue-3.3/package.json`);
  return (name: string) => () => ({ default: require(name), ...require(name) });
});
vi.mock("vue", load("vue"));
vi.mock("vue/server-renderer", load("vue/server-renderer"));

describeComposables("3.3");
describeSnapshots("3.3");
