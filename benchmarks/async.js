#!/usr/bin/env node
// @ts-check
// Async cells and streams against the same thing written by hand. `--help` tells the rest.

import { main } from "./harness/main.js";

await main("async", "benchmarks/async.js");
