// @ts-check
// The process that measures one library: it takes one job, sends one message a shape, and ends.

import { useForm } from "../adapters/wrap.js";
import { loadSuite } from "../suites/index.js";

/** @param {import("./types.js").Sample} sample */
const report = (sample) => process.send?.(sample);

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** @param {import("./types.js").Job} job */
async function work(job) {
  const suite = await loadSuite(job.suite);
  useForm(job.scale.handles);
  let lib;
  try {
    lib = await suite.load(job.library, job.set);
  } catch (error) {
    report({ error: `does not load: ${messageOf(error)}` });
    return;
  }
  for (const name of job.shapes) {
    const shape = suite.shapes.find((one) => one.name === name);
    if (shape === undefined) throw new Error(`no shape "${name}"`);
    try {
      const runs = await suite.measure(lib, shape, job.scale, job.expected[name], job.effort);
      report({ shape: name, value: suite.pick(runs), runs });
    } catch (error) {
      report({ shape: name, error: messageOf(error) });
    }
  }
}

process.once("message", async (job) => {
  await work(/** @type {import("./types.js").Job} */ (job));
  process.disconnect();
});
