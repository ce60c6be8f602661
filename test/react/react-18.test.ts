// @vitest-environment happy-dom
import { vi } from "vitest";
import { describeCells } from "./suite-cells.js";
import { describeSnapshots } from "./suite-snapshot.js";
import { describeValues } from "./suite-values.js";

/* A workspace of its own has this React: two versions of react-dom cannot be installed side by side. */
const load = await vi.hoisted(async () => {
  const { createRequire } = await import("node:module");
  const require = createRequire(`${import.meta.dirname}/react-18/package.json`);
  return (name: string) => () => ({ default: require(name), ...require(name) });
});
vi.mock("react", load("react"));
vi.mock("react-dom", load("react-dom"));
vi.mock("react-dom/client", load("react-dom/client"));
vi.mock("react-dom/server", load("react-dom/server"));

describeValues("18");
describeCells("18");
describeSnapshots("18");
