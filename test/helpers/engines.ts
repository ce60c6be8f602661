/**
 * Runs a behaviour suite on every engine: the reference model, and the library. A statement that holds
 * on one and not on the other is a fault of the one or of the statement.
 */
import * as native from "@signal-kernel/core";
import { describe } from "vitest";
import { createModel } from "../model/model.js";
import type { CoreApi } from "./api.js";

export type { CoreApi };

const ENGINES: readonly (readonly [name: string, create: () => CoreApi])[] = [
  ["model", createModel],
  ["native", () => native],
];

export function forEachEngine(title: string, suite: (api: CoreApi) => void): void {
  for (const [name, create] of ENGINES) describe(`${title} [${name}]`, () => suite(create()));
}
