#!/usr/bin/env node
// @ts-check
import { runOnce } from "./cli/once.js";
import { HELP, parseOptions } from "./cli/options.js";
import { runServer } from "./cli/serve.js";
import { ExplorerError } from "./disk/errors.js";
import { locate } from "./disk/locate.js";

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
  } else {
    const root = await locate(options.path);
    await (options.once ? runOnce(root, options) : runServer(root, options));
  }
} catch (error) {
  if (!(error instanceof ExplorerError)) throw error;
  console.error(`package-explorer: ${error.message}`);
  process.exitCode = 1;
}
