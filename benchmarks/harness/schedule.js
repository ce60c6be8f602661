// @ts-check
// The parent: one fresh process for each round, set and library, one at a time, the libraries in
// turn (A B C, B C A, ...), so that whatever the machine does meanwhile hits all of them alike.

import { fork } from "node:child_process";
import { describeMachine, versionOf } from "./machine.js";

/** A process that says nothing for this long is given up. */
const SILENCE_MS = 180_000;

/** @typedef {import("./types.js").Job} Job */
/** @typedef {import("./types.js").Sample} Sample */

/** @type {import("node:child_process").ChildProcess | null} */
let running = null;

/** Ends the process under way, if any: the parent was interrupted. */
export function interrupt() {
  running?.kill("SIGKILL");
}

/**
 * @param {Job} job
 * @param {(sample: Sample) => void} onSample
 * @returns {Promise<string | null>} Why the process did not end well, if it did not.
 */
function runJob(job, onSample) {
  return new Promise((resolve) => {
    const child = fork(new URL("./worker.js", import.meta.url), {
      execArgv: ["--expose-gc"],
      // Several peers check this and are slower without.
      env: { ...process.env, NODE_ENV: "production" },
      stdio: ["ignore", 2, 2, "ipc"],
    });
    running = child;
    let silent = false;
    const giveUp = () => {
      silent = true;
      child.kill("SIGKILL");
    };
    let timer = setTimeout(giveUp, SILENCE_MS);
    child.on("message", (message) => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MS);
      onSample(/** @type {Sample} */ (message));
    });
    child.on("error", () => {});
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      running = null;
      if (silent) resolve(`no figure within ${SILENCE_MS / 1000} s`);
      else resolve(code === 0 ? null : `the process ended with ${signal ?? `code ${code}`}`);
    });
    child.send(job);
  });
}

/**
 * @param {string} suiteName
 * @param {import("./types.js").Suite} suite
 * @param {import("./options.js").Options} options
 * @param {import("./progress.js").Progress} progress
 * @returns {Promise<import("./types.js").Results>}
 */
export async function measureAll(suiteName, suite, options, progress) {
  const { scale, effort, rounds, shapes } = options;
  const began = performance.now();
  /** @type {Record<string, unknown>} */
  const expected = {};
  for (const shape of shapes) {
    if (shape.expect === undefined) continue;
    progress.note(`working out what ${shape.name} must give`);
    expected[shape.name] = shape.expect(scale);
  }
  /** @type {import("./types.js").Results["cells"]} */
  const cells = {};
  for (const shape of shapes) {
    cells[shape.name] = {};
    for (const library of options.libraries) {
      if (suite.applies(library, shape.set)) cells[shape.name][library] = { rounds: [], runs: [] };
    }
  }
  const sets = [...new Set(shapes.map((shape) => shape.set))];
  progress.start(rounds * sets.length * options.libraries.length);
  for (let round = 0; round < rounds; round++) {
    for (const set of sets) {
      for (let turn = 0; turn < options.libraries.length; turn++) {
        const library = options.libraries[(turn + round) % options.libraries.length];
        // What failed once is not tried again: its figure could not be shown anyway.
        const names = shapes
          .filter((one) => one.set === set && cells[one.name][library]?.error === undefined)
          .filter((one) => suite.applies(library, one.set))
          .map((one) => one.name);
        progress.job(round + 1, rounds, set, library);
        if (names.length === 0) continue;
        const job = { suite: suiteName, library, set, shapes: names, scale, effort, expected };
        await runSet(job, cells, progress);
      }
    }
  }
  progress.end();
  return {
    suite: suiteName,
    scale,
    effort,
    rounds,
    machine: describeMachine(),
    versions: Object.fromEntries(
      suite.libraries
        .filter((one) => options.libraries.includes(one.name))
        .map((one) => [one.name, versionOf(one.package)]),
    ),
    libraries: options.libraries,
    shapes: shapes.map((shape) => shape.name),
    cells,
    seconds: Math.round((performance.now() - began) / 1000),
  };
}

/**
 * @param {Job} job
 * @param {import("./types.js").Results["cells"]} cells
 * @param {import("./progress.js").Progress} progress
 */
async function runSet(job, cells, progress) {
  const missing = new Set(job.shapes);
  /** @param {string} shape @param {string} error */
  const fail = (shape, error) => {
    missing.delete(shape);
    cells[shape][job.library].error = error;
    progress.failure(`${job.library}, ${shape}: ${error}`);
  };
  const death = await runJob(job, (sample) => {
    if (sample.shape === undefined) {
      progress.failure(`${job.library} ${sample.error}`);
      for (const shape of missing) cells[shape][job.library].error = sample.error;
      missing.clear();
    } else if (sample.error !== undefined || sample.value === undefined) {
      fail(sample.shape, String(sample.error));
    } else {
      missing.delete(sample.shape);
      const cell = cells[sample.shape][job.library];
      cell.rounds.push(sample.value);
      cell.runs.push(sample.runs ?? []);
      progress.shape(sample.shape, sample.value);
    }
  });
  // A process that died was busy with the first shape not heard of; those behind it are lost with
  // it.
  for (const shape of [...missing]) fail(shape, death ?? "the process ended early");
}
