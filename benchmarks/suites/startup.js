// @ts-check
// What importing a library adds to the start of a process: the time until its last line, less the same of
// a process that imports nothing, started right after it; and less what either has waited for a processor.

import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ENGINES, NATIVE, REFERENCE, SUBJECTS, WASM } from "../adapters/index.js";
import { median } from "../harness/measure.js";
import { verify } from "../shapes/verify.js";

const here = dirname(fileURLToPath(import.meta.url));
const NOTHING = "nothing";

/** @type {Record<string, { package: string | null, env?: Record<string, string>, core: string, async?: string }>} */
const programs = {
  [NOTHING]: { package: null, core: "" },
  ...Object.fromEntries(
    [NATIVE, WASM].map((name) => [
      name,
      {
        package: "@signal-kernel/core",
        env: ENGINES[/** @type {keyof typeof ENGINES} */ (name)],
        core: "@signal-kernel/core",
        async: "@signal-kernel/async-runtime",
      },
    ]),
  ),
  [REFERENCE]: { package: REFERENCE, core: REFERENCE },
  preact: { package: "@preact/signals-core", core: "@preact/signals-core" },
  vue: { package: "@vue/reactivity", core: "@vue/reactivity" },
  "query-core": { package: "@tanstack/query-core", core: "", async: "@tanstack/query-core" },
  rxjs: { package: "rxjs", core: "", async: "rxjs" },
};

/** How each format imports. @type {Record<string, (id: string) => string>} */
const FORMATS = {
  module: (id) => `import ${JSON.stringify(id)};`,
  commonjs: (id) => `require(${JSON.stringify(id)});`,
};

/*
 * Not performance.now(): Node makes `performance` when it is first asked for, and that takes as long as a
 * small library. What the process has waited is asked for right after, as in harness/stopwatch.js.
 */
const TELL = `
  const now = process.uptime() * 1e3;
  const { existsSync, readFileSync, writeSync } = process.getBuiltinModule("node:fs");
  const statistics = "/proc/self/task/" + process.pid + "/schedstat";
  const waited = existsSync(statistics) ? Number(readFileSync(statistics, "utf8").split(" ")[1]) / 1e6 : 0;
  writeSync(1, String(now - waited));`;

/**
 * Milliseconds from the start of a process to its last line.
 *
 * @param {string} format
 * @param {string} name
 * @param {string} module
 */
function start(format, name, module) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`--input-type=${format}`, "--eval", `${module && FORMATS[format](module)}\n${TELL}`],
    { cwd: here, env: { ...process.env, ...programs[name].env }, encoding: "utf8" },
  );
  verify(status, 0, `the process that imports ${module}: ${stderr}`);
  return Number(stdout);
}

/** @typedef {{ format: string, module: string }} Import */

/**
 * @param {string} format
 * @param {"core" | "async"} field
 * @param {string} row
 * @returns {import("../harness/types.js").Shape<any, any>}
 */
const shape = (format, field, row) => ({
  name: `${format}-${field}`,
  set: "import",
  row,
  build: (/** @type {string} */ name) => ({ format, module: programs[name][field] ?? "" }),
});

/** @type {import("../harness/types.js").Suite} */
export default {
  title: "Start-up: what an import adds to the start of a process",
  unit: "ms added",
  digits: 1,
  shapes: [
    shape("module", "core", "import the synchronous graph"),
    shape("commonjs", "core", "require the synchronous graph"),
    shape("module", "async", "import asynchronous cells"),
  ],
  libraries: Object.entries(programs).map(([name, { package: from }]) => ({ name, package: from })),
  quickLibraries: [NOTHING, ...SUBJECTS, REFERENCE],
  rounds: { full: 5, quick: 1 },
  subjects: SUBJECTS,
  against: [],
  load: async (name) => name,
  lacks(name, one) {
    const field = one.name.endsWith("-core") ? "core" : "async";
    return name === NOTHING || programs[name][field] ? undefined : "has nothing of the kind";
  },
  async measure(name, one, scale, expected) {
    const { format, module } = /** @type {Import} */ (one.build(name, scale, expected));
    const times = { full: 10, quick: 2, check: 1 }[scale.mode];
    const added = [];
    for (let i = 0; i < times; i++)
      added.push(start(format, name, module) - start(format, NOTHING, ""));
    return added;
  },
  pick: median,
};
