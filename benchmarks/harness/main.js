// @ts-check
// From the command line to the report.

import { loadAll } from "../suites/index.js";
import { describeMachine } from "./machine.js";
import { readOptions, UsageError, usage } from "./options.js";
import { write } from "./output.js";
import { Progress } from "./progress.js";
import { countJobs, interrupt, measureAll } from "./schedule.js";

/** @param {string[]} argv */
export async function main(argv) {
  const suites = await loadAll();
  let options;
  try {
    options = readOptions(argv, suites);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
    return;
  }
  if (options === null) {
    process.stdout.write(usage(suites));
    return;
  }
  process.on("SIGINT", () => {
    interrupt();
    process.exit(130);
  });
  const { plans } = options;
  const progress = new Progress(plans.reduce((sum, plan) => sum + countJobs(plan), 0));
  const results = [];
  for (const plan of plans) results.push(await measureAll(plan, progress));
  progress.end();
  const hasFailed = write({ format: 1, machine: describeMachine(), suites: results }, options);
  // Never because of a time: only a wrong answer, a crash or a library that does not load is a
  // failure.
  if (hasFailed) process.exitCode = 1;
}
