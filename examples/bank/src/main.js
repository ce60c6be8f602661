#!/usr/bin/env node
// @ts-check
import { day } from "./day.js";
import { HELP, parse, UsageError } from "./options.js";

async function main() {
  const options = parse(process.argv.slice(2));
  if (options.help) return void process.stdout.write(HELP);

  const started = performance.now();
  const result = await day(options, ({ id, what, detail }) => {
    if (options.quiet) return;
    const ms = `${Math.round(performance.now() - started)}`.padStart(5);
    process.stdout.write(`${ms} ms  #${`${id}`.padEnd(5)} ${what.padEnd(21)} ${detail}\n`);
  });

  const { balances, outcomes, faults } = result;
  const list = (/** @type {Record<string, number>} */ counts) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");
  process.stdout.write(
    `${[
      "",
      `Accounts   ${list(balances)}`,
      `Transfers  ${list(outcomes)}; run again after a conflict: ${result.conflicts}`,
      `Turnover   ${result.turnover}`,
      `Report     ${result.report}`,
      `Auditor    looked at ${result.audits} states, found ${faults.length} faults`,
      ...faults.map((fault) => `           ${fault}`),
    ].join("\n")}\n`,
  );
  if (faults.length > 0) process.exitCode = 1;
}

main().catch((error) => {
  process.stderr.write(
    `${error instanceof UsageError ? `${error.message}\n\n${HELP}` : error.stack}\n`,
  );
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
