// @ts-check
// From the command line to the report; run.js, async.js and memory.js are this with the name of a
// suite.

import { writeFileSync } from "node:fs";
import { loadSuite } from "../suites/index.js";
import { readOptions, UsageError, usage } from "./options.js";
import { Progress } from "./progress.js";
import { report, summarize } from "./report.js";
import { interrupt, measureAll } from "./schedule.js";

/** @param {string} name The suite. @param {string} command The script, as the user typed it. */
export async function main(name, command) {
  const suite = await loadSuite(name);
  let options;
  try {
    options = readOptions(process.argv.slice(2), suite);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
    return;
  }
  if (options === null) {
    process.stdout.write(usage(suite, command));
    return;
  }
  process.on("SIGINT", () => {
    interrupt();
    process.exit(130);
  });
  const results = await measureAll(name, suite, options, new Progress(suite.unit));
  const summary = summarize(suite, results);
  const text = report(suite, results, summary);
  process.stdout.write(text);
  if (options.markdown) writeFileSync(options.markdown, text);
  if (options.json)
    writeFileSync(options.json, `${JSON.stringify({ ...results, summary }, null, 2)}\n`);
  // Never because of a time: only a wrong answer, a crash or a library that does not load is a
  // failure.
  if (summary.failures.length > 0) process.exitCode = 1;
}
