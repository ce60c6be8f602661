import { expect, test } from "vitest";
import { diagnosticsOf } from "../helpers/diagnostics.js";

test("the types of pages are those that programs rely on", () => {
  expect(diagnosticsOf(new URL("server.types.ts", import.meta.url).href)).toEqual([]);
});
