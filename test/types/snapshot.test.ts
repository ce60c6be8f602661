import { expect, test } from "vitest";
import { diagnosticsOf } from "../helpers/diagnostics.js";

test("the types of snapshots are those that programs rely on", () => {
  expect(diagnosticsOf(new URL("snapshot.types.ts", import.meta.url).href)).toEqual([]);
});
