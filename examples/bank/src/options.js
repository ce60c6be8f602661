// @ts-check
import { parseArgs } from "node:util";

export const HELP = `Usage: bank [options]

  --transfers N   how many transfers run (default 60)
  --accounts N    how many accounts there are, from 2 to 26 (default 6)
  --seed N        another seed makes another day (default 1)
  --quiet         only the summary
  --help          this
`;

/** What was typed cannot be done. */
export class UsageError extends Error {}

/** @param {string} name @param {string} text @param {number} least @param {number} most */
function integer(name, text, least, most) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new UsageError(`--${name} must be an integer from ${least} to ${most}, not "${text}"`);
  return value;
}

/** @param {string[]} args */
export function parse(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        transfers: { type: "string", default: "60" },
        accounts: { type: "string", default: "6" },
        seed: { type: "string", default: "1" },
        quiet: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    return {
      transfers: integer("transfers", values.transfers, 1, 100_000),
      accounts: integer("accounts", values.accounts, 2, 26),
      seed: integer("seed", values.seed, 0, 2 ** 31),
      quiet: values.quiet,
      help: values.help,
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}
