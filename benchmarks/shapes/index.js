// @ts-check
// Every shape of the synchronous graph, in the order of the tables' rows.

import { cellxShapes } from "./cellx.js";
import { create } from "./create.js";
import { dynamic } from "./dynamic.js";
import { kairo } from "./kairo.js";
import { lifecycle } from "./lifecycle.js";
import { sheet } from "./sheet.js";
import { table } from "./table.js";
import { unobservedShapes } from "./unobserved.js";
import { updates } from "./update.js";
import { wideShapes } from "./wide.js";

/** @type {import("../harness/types.js").Shape[]} */
export const shapes = [
  ...create,
  ...updates,
  ...kairo,
  ...cellxShapes,
  ...dynamic,
  ...wideShapes,
  sheet,
  table,
  ...lifecycle,
  ...unobservedShapes,
];
