// @ts-check
// The command line, the same for every suite.

import { parseArgs } from "node:util";
import { FORMS } from "../adapters/wrap.js";

/**
 * @typedef {object} Options
 * @property {import("./types.js").Scale} scale
 * @property {import("./types.js").Effort} effort
 * @property {number} rounds
 * @property {string[]} libraries
 * @property {import("./types.js").Shape<any, any>[]} shapes
 * @property {string | undefined} json
 * @property {string | undefined} markdown
 */

/** What is wrong with the command line; the message is all that the user needs. */
export class UsageError extends Error {}

const defaults = {
  full: { rounds: 5, warmupMs: 300, repetitions: 5 },
  quick: { rounds: 3, warmupMs: 60, repetitions: 3 },
  check: { rounds: 1, warmupMs: 0, repetitions: 1 },
};

/** @param {"rounds" | "repetitions"} name */
const both = (name) => `full ${defaults.full[name]}, quick ${defaults.quick[name]}`;

/** @param {import("./types.js").Suite} suite @param {string} command */
export function usage(suite, command) {
  const rows = new Map();
  for (const shape of suite.shapes) {
    rows.set(shape.set, [...(rows.get(shape.set) ?? []), shape.name]);
  }
  return `${suite.title}. Usage: node ${command} [options]

  --quick            smaller runs, and only ${suite.quickLibraries.join(", ")}
  --check            no times: every shape once, small, is the answer right?
  --only a,b         these shapes, sets or rows
  --libs a,b         these libraries: ${suite.libraries.map((one) => one.name).join(", ")}
  --handles FORM     how adapters wrap handles: closures, as the public benchmark does, or field
  --rounds N         processes for each library and set (${both("rounds")})
  --repetitions N    timed runs in each process (${both("repetitions")})
  --json FILE        every figure
  --markdown FILE    the report, which also goes to standard output
  --help

Sets and shapes:
${[...rows].map(([set, names]) => `  ${set.padEnd(9)}${names.join(" ")}`).join("\n")}
`;
}

/** @param {string | undefined} text @param {number} otherwise @param {string} name */
function count(text, otherwise, name) {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new UsageError(`--${name} takes a whole number from 1, not "${text}"`);
  }
  return value;
}

/** @param {string} text */
const list = (text) =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

/**
 * @param {string[]} argv
 * @param {import("./types.js").Suite} suite
 * @returns {Options | null} Null when help is asked for.
 */
export function readOptions(argv, suite) {
  let values;
  try {
    ({ values } = parseArgs({
      args: argv,
      options: {
        quick: { type: "boolean", default: false },
        check: { type: "boolean", default: false },
        only: { type: "string" },
        libs: { type: "string" },
        handles: { type: "string", default: suite.handles ?? "field" },
        rounds: { type: "string" },
        repetitions: { type: "string" },
        json: { type: "string" },
        markdown: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
  if (values.help) return null;
  const mode = values.check ? "check" : values.quick ? "quick" : "full";
  const all = suite.libraries.map((one) => one.name);
  const libraries = values.libs ? list(values.libs) : mode === "quick" ? suite.quickLibraries : all;
  for (const name of libraries) {
    if (!all.includes(name))
      throw new UsageError(`no library "${name}"; there are ${all.join(", ")}`);
  }
  const wanted = values.only ? list(values.only) : null;
  for (const name of wanted ?? []) {
    if (!suite.shapes.some((one) => [one.name, one.set, one.row].includes(name))) {
      throw new UsageError(`no shape, set or row "${name}"; --help lists them`);
    }
  }
  const handles = FORMS.find((form) => form === values.handles);
  if (handles === undefined)
    throw new UsageError(`no form of handles "${values.handles}"; there are ${FORMS.join(", ")}`);
  return {
    scale: { mode, handles },
    effort: {
      warmupMs: defaults[mode].warmupMs,
      repetitions: count(values.repetitions, defaults[mode].repetitions, "repetitions"),
    },
    rounds: count(values.rounds, defaults[mode].rounds, "rounds"),
    libraries: all.filter((name) => libraries.includes(name)),
    shapes: suite.shapes.filter(
      (one) =>
        wanted === null || [one.name, one.set, one.row].some((name) => wanted.includes(name)),
    ),
    json: values.json,
    markdown: values.markdown,
  };
}
