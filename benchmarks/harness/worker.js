// @ts-check
// The process that measures one library: it takes one job, sends one message a shape, and ends.

import { useForm } from "../adapters/wrap.js";
import { loadSuite } from "../suites/index.js";

/** @param {import("./types.js").Sample} sample */
const report = (sample) => process.send?.(sample);

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** What a library cannot do by its construction, other than giving a wrong answer. @param {unknown} error */
function limitOf(error) {
  if (error instanceof RangeError && error.message.startsWith("Maximum call stack"))
    return "overflows the stack";
  return undefined;
}

/**
 * @param {import("./types.js").Suite} suite
 * @param {import("./types.js").Shape<any, any>} shape
 * @param {import("./types.js").Job} job
 * @param {Map<unknown, unknown>} kept
 */
async function measure(suite, shape, job, kept) {
  let lib;
  try {
    lib = await suite.load(job.library, shape.set);
  } catch (error) {
    report({ shape: shape.name, error: `does not load: ${messageOf(error)}` });
    return;
  }
  try {
    if (suite.keep !== undefined && !kept.has(lib)) kept.set(lib, await suite.keep(lib));
    const runs = await suite.measure(lib, shape, job.scale, job.expected[shape.name], job.effort);
    report({ shape: shape.name, value: suite.pick(runs), runs });
  } catch (error) {
    const limit = limitOf(error);
    if (limit === undefined || suite.subjects.includes(job.library))
      report({ shape: shape.name, error: messageOf(error) });
    else report({ shape: shape.name, limit });
  }
}

/** @param {import("./types.js").Job} job */
async function work(job) {
  const suite = await loadSuite(job.suite);
  useForm(job.scale.handles);
  /** One for each library that is loaded. @type {Map<unknown, unknown>} */
  const kept = new Map();
  for (const name of job.shapes) {
    const shape = suite.shapes.find((one) => one.name === name);
    if (shape === undefined) throw new Error(`no shape "${name}"`);
    await measure(suite, shape, job, kept);
  }
}

process.once("message", async (job) => {
  await work(/** @type {import("./types.js").Job} */ (job));
  process.disconnect();
});
