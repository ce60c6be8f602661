#!/usr/bin/env node
// @ts-check
// How long background work in slices blocks the event loop, and delays what is urgent. `--help` tells
// the rest.

import { main } from "./harness/main.js";

await main("scheduler", "benchmarks/scheduler.js");
