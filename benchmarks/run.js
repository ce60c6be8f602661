#!/usr/bin/env node
// @ts-check
// npm run bench: all suites, or those that are named. `--help` tells the rest.

import { main } from "./harness/main.js";

await main(process.argv.slice(2));
