// @ts-check
// What importing a library adds to the start of a process: from the start of the process
// (performance.timeOrigin) to its last line, less the same of a process that imports nothing; and less what
// either has waited for a processor.

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

/** Milliseconds from the start of a process to its last line. @param {string} name @param {string} module */
function start(name, module) {
  const clock = JSON.stringify(new URL("../harness/stopwatch.js", import.meta.url).href);
  const code = `${module && `import ${JSON.stringify(module)};`}
    const now = performance.now();
    const { waited } = await import(${clock});
    process.stdout.write(String(now - waited()));`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", code],
    { cwd: here, env: { ...process.env, ...programs[name].env }, encoding: "utf8" },
  );
  verify(status, 0, `the process that imports ${module}: ${stderr}`);
  return Number(stdout);
}

/** @param {"core" | "async"} field @param {string} row @returns {import("../harness/types.js").Shape<any, any>} */
const shape = (field, row) => ({
  name: `import-${field}`,
  set: "import",
  row,
  build: (/** @type {string} */ name) => programs[name][field] ?? "",
});

/** @type {import("../harness/types.js").Suite} */
export default {
  title: "Start-up: what an import adds to the start of a process",
  unit: "ms added",
  digits: 1,
  shapes: [shape("core", "synchronous graph"), shape("async", "asynchronous cells")],
  libraries: Object.entries(programs).map(([name, { package: from }]) => ({ name, package: from })),
  quickLibraries: [NOTHING, ...SUBJECTS, REFERENCE],
  rounds: { full: 5, quick: 1 },
  subjects: SUBJECTS,
  against: [],
  load: async (name) => name,
  lacks(name, one) {
    const field = one.name === "import-core" ? "core" : "async";
    return name === NOTHING || programs[name][field] ? undefined : "has nothing of the kind";
  },
  async measure(name, one, scale, expected) {
    const module = one.build(name, scale, expected);
    const times = { full: 10, quick: 3, check: 1 }[scale.mode];
    const added = [];
    for (let i = 0; i < times; i++) added.push(start(name, module) - start(NOTHING, ""));
    return added;
  },
  pick: median,
};
