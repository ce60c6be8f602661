#!/usr/bin/env node
// @ts-check
// Bytes kept by one signal, computed, effect and idle async cell. `--help` tells the rest.

import { main } from "./harness/main.js";

await main("memory", "benchmarks/memory.js");
