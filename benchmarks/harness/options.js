// @ts-check
// The command line: which suites, which of their shapes and libraries, how thoroughly.

import { parseArgs } from "node:util";
import { FORMS } from "../adapters/wrap.js";

/** @typedef {import("./types.js").Suite} Suite */

/**
 * What is to be measured of one suite.
 *
 * @typedef {object} Plan
 * @property {string} name
 * @property {Suite} suite
 * @property {import("./types.js").Scale} scale
 * @property {string[]} flags Of Node, for its processes.
 * @property {import("./types.js").Effort} effort
 * @property {number} rounds
 * @property {string[]} libraries
 * @property {import("./types.js").Shape<any, any>[]} shapes
 */

/**
 * @typedef {object} Options
 * @property {Plan[]} plans
 * @property {string | undefined} json
 * @property {string | undefined} markdown
 * @property {string | undefined} charts
 */

/** What is wrong with the command line; the message is all that the user needs. */
export class UsageError extends Error {}

const defaults = {
  full: { rounds: 5, warmupMs: 300, repetitions: 5, limitMs: 10_000 },
  quick: { rounds: 2, warmupMs: 30, repetitions: 2, limitMs: 1_000 },
  check: { rounds: 1, warmupMs: 0, repetitions: 1, limitMs: 0 },
};

/** @param {"rounds" | "repetitions"} name */
const both = (name) => `full ${defaults.full[name]}, quick ${defaults.quick[name]}`;

/** @param {[string, Suite][]} suites */
export function usage(suites) {
  const about = suites.map(([name, suite]) => {
    const rows = new Map();
    for (const shape of suite.shapes)
      rows.set(shape.set, [...(rows.get(shape.set) ?? []), shape.name]);
    const sets = [...rows].map(([set, names]) => `    ${set.padEnd(11)}${names.join(" ")}`);
    const names = suite.libraries.map((one) => one.name).join(", ");
    return `  ${name}: ${suite.title}\n    of ${names}\n${sets.join("\n")}`;
  });
  return `Usage: npm run bench -- [suites] [options]

  --quick            all suites in two minutes: smaller runs, and fewer libraries
  --check            no times: every shape once, small, is the answer right?
  --only a,b         these shapes, sets or rows
  --libs a,b         these libraries
  --handles FORM     how adapters wrap handles: closures, as the public benchmark does, or field
  --one-thread       the collector has no threads of its own: for a machine that is busy
  --rounds N         processes for each library and set (${both("rounds")})
  --repetitions N    timed runs in each process (${both("repetitions")})
  --json FILE        every figure; benchmarks/report.js makes the following of it, too
  --markdown FILE    the report, which also goes to standard output
  --charts FOLDER    charts as SVG
  --help

Suites, their sets and shapes:

${about.join("\n\n")}
`;
}

/** @param {string | undefined} text @param {string} name */
function count(text, name) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--${name} takes a whole number from 1, not "${text}"`);
  return value;
}

/** @param {string | undefined} text */
const list = (text) =>
  text
    ?.split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

/**
 * Refuses a name that none of the suites knows.
 *
 * @param {string[] | undefined} wanted
 * @param {Iterable<string>} known
 * @param {string} what
 */
function refuseUnknown(wanted, known, what) {
  const all = new Set(known);
  for (const name of wanted ?? [])
    if (!all.has(name)) throw new UsageError(`no ${what} "${name}"; --help lists them`);
}

/** @param {string[]} argv */
function parse(argv) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        quick: { type: "boolean", default: false },
        check: { type: "boolean", default: false },
        only: { type: "string" },
        libs: { type: "string" },
        handles: { type: "string" },
        "one-thread": { type: "boolean", default: false },
        rounds: { type: "string" },
        repetitions: { type: "string" },
        json: { type: "string" },
        markdown: { type: "string" },
        charts: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}

/**
 * @param {string[]} argv
 * @param {[string, Suite][]} suites All there are.
 * @returns {Options | null} Null when help is asked for.
 */
export function readOptions(argv, suites) {
  const { values, positionals } = parse(argv);
  if (values.help) return null;
  /** @type {import("./types.js").Scale["mode"]} */
  const mode = values.check ? "check" : values.quick ? "quick" : "full";
  const only = list(values.only);
  const libs = list(values.libs);
  const rounds = count(values.rounds, "rounds");
  const repetitions = count(values.repetitions, "repetitions");
  refuseUnknown(
    positionals,
    suites.map(([name]) => name),
    "suite",
  );
  const chosen = suites.filter(([name]) => positionals.length === 0 || positionals.includes(name));
  refuseUnknown(
    libs,
    chosen.flatMap(([, suite]) => suite.libraries.map((one) => one.name)),
    "library",
  );
  refuseUnknown(
    only,
    chosen.flatMap(([, suite]) => suite.shapes.flatMap((one) => [one.name, one.set, one.row])),
    "shape, set or row",
  );
  const form = FORMS.find((one) => one === values.handles);
  if (values.handles !== undefined && form === undefined)
    throw new UsageError(`no form of handles "${values.handles}"; there are ${FORMS.join(", ")}`);
  const plans = chosen.map(([name, suite]) => {
    const { limitMs, warmupMs } = defaults[mode];
    const all = suite.libraries.map((one) => one.name);
    const wanted = libs ?? (mode === "quick" ? suite.quickLibraries : all);
    return {
      name,
      suite,
      scale: { mode, handles: form ?? suite.handles ?? "field" },
      flags: values["one-thread"] ? ["--single-threaded-gc"] : [],
      effort: { warmupMs, limitMs, repetitions: repetitions ?? defaults[mode].repetitions },
      rounds: rounds ?? (mode === "check" ? 1 : suite.rounds?.[mode]) ?? defaults[mode].rounds,
      libraries: all.filter((one) => wanted.includes(one)),
      shapes: suite.shapes.filter(
        (one) => only === undefined || [one.name, one.set, one.row].some((n) => only.includes(n)),
      ),
    };
  });
  const { json, markdown, charts } = values;
  return {
    plans: plans.filter((plan) => plan.shapes.length > 0 && plan.libraries.length > 0),
    json,
    markdown,
    charts,
  };
}
