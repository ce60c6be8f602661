#!/usr/bin/env node
// @ts-check
// npm run bench: the synchronous graph. `--help` tells the rest.

import { main } from "./harness/main.js";

await main("graph", "benchmarks/run.js");
