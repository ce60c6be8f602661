// @ts-check
// Every shape of the synchronous graph, in the order of the tables' rows.

import { cellxShapes } from "./cellx.js";
import { create } from "./create.js";
import { dynamic } from "./dynamic.js";
import { kairo } from "./kairo.js";
import { updates } from "./update.js";

/** @type {import("../harness/types.js").Shape[]} */
export const shapes = [...create, ...updates, ...kairo, ...cellxShapes, ...dynamic];
