// @ts-check
import { parseArgs } from "node:util";
import { ExplorerError } from "../disk/errors.js";
import { messageOf } from "../format.js";

export const HELP = `Explore the packages that are installed under a node_modules folder.

  npm start                            serve the explorer and print its address
  npm start -- PATH                    explore another project, or a node_modules folder
  npm start -- --once [PATH]           print a report and exit
  npm start -- --once --json [PATH]    the same as JSON

Options
  --once        scan, print a report, exit
  --json        print the report as JSON (implies --once)
  --port N      port to serve on (4680; a free one is taken if it is in use, or with 0)
  --jobs N      how many files are read at a time (16)
  --help        print this
`;

/**
 * @typedef {{ path: string | undefined, once: boolean, json: boolean, help: boolean, port: number, jobs: number }} Options
 * @param {string[]} args
 * @returns {Options}
 */
export function parseOptions(args) {
  const { values, positionals } = parse(args);
  if (positionals.length > 1) throw new ExplorerError("give one path at most; see --help");
  return {
    path: positionals[0],
    once: values.once || values.json,
    json: values.json,
    help: values.help,
    port: wholeNumber("--port", values.port, 0, 65535),
    jobs: wholeNumber("--jobs", values.jobs, 1, 1024),
  };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        once: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        port: { type: "string", default: "4680" },
        jobs: { type: "string", default: "16" },
      },
    });
  } catch (error) {
    throw new ExplorerError(`${messageOf(error)}; see --help`);
  }
}

/**
 * @param {string} option
 * @param {string} text
 * @param {number} least
 * @param {number} most
 */
function wholeNumber(option, text, least, most) {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new ExplorerError(`${option} takes a number from ${least} to ${most}, not "${text}"`);
}
