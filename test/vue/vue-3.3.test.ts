// @vitest-environment happy-dom
import { vi } from "vitest";
import { describeCells } from "./suite-cells.js";
import { describeServer } from "./suite-server.js";
import { describeSnapshots } from "./suite-snapshot.js";
import { describeValues } from "./suite-values.js";

/* A workspace of its own has this Vue: two versions of it cannot be installed side by side. */
const load = await vi.hoisted(async () => {
  const { createRequire } = await import("node:module");
  const require = createRequire(`${import.meta.dirname}/vue-3.3/package.json`);
  return (name: string) => () => ({ default: require(name), ...require(name) });
});
vi.mock("vue", load("vue"));
vi.mock("vue/server-renderer", load("vue/server-renderer"));

describeValues("3.3");
describeCells("3.3");
describeServer("3.3");
describeSnapshots("3.3");
