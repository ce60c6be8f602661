// @ts-check
// The parent: one fresh process for each round, set and library, one at a time, the libraries in
// turn (A B C, B C A, ...), so that whatever the machine does meanwhile hits all of them alike.

import { fork } from "node:child_process";
import { versionOf } from "./machine.js";

/** Seconds for which a process may say nothing before it is given up. */
const SILENCE = { full: 180, quick: 30, check: 120 };

/** @typedef {import("./types.js").Job} Job */
/** @typedef {import("./types.js").Sample} Sample */
/** @typedef {import("./types.js").Results["cells"]} Cells */

/** @type {import("node:child_process").ChildProcess | null} */
let running = null;

/** Ends the process under way, if any: the parent was interrupted. */
export function interrupt() {
  running?.kill("SIGKILL");
}

/**
 * @param {import("./options.js").Plan} plan
 * @param {Job} job
 * @param {(sample: Sample) => void} onSample
 * @returns {Promise<{ death?: string, limit?: string }>} Why the process did not end well, if it did not.
 */
function runJob({ suite, flags, scale }, job, onSample) {
  const seconds = SILENCE[scale.mode];
  return new Promise((resolve) => {
    const contender = suite.libraries.find((one) => one.name === job.library);
    const child = fork(new URL("./worker.js", import.meta.url), {
      execArgv: ["--expose-gc", ...flags, ...(suite.execArgv ?? [])],
      // Several peers check this and are slower without.
      env: { ...process.env, NODE_ENV: "production", ...contender?.env },
      stdio: ["ignore", 2, 2, "ipc"],
    });
    running = child;
    let silent = false;
    const giveUp = () => {
      silent = true;
      child.kill("SIGKILL");
    };
    let timer = setTimeout(giveUp, seconds * 1000);
    child.on("message", (message) => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, seconds * 1000);
      onSample(/** @type {Sample} */ (message));
    });
    child.on("error", () => {});
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      running = null;
      if (silent) resolve({ limit: `takes longer than ${seconds} s` });
      else if (code === 0) resolve({});
      else resolve({ death: `the process ended with ${signal ?? `code ${code}`}` });
    });
    child.send(job);
  });
}

/**
 * The shapes that share a process, by name: those of a set. Where nothing is timed they need not be kept
 * apart.
 *
 * @param {import("./options.js").Plan} plan
 */
function setsOf({ shapes, scale }) {
  /** @type {Map<string, import("./types.js").Shape<any, any>[]>} */
  const sets = new Map();
  for (const shape of shapes) {
    const name = scale.mode === "check" ? "all" : shape.set;
    sets.set(name, [...(sets.get(name) ?? []), shape]);
  }
  return [...sets];
}

/** How many processes a suite starts at most. @param {import("./options.js").Plan} plan */
export const countJobs = (plan) => plan.rounds * setsOf(plan).length * plan.libraries.length;

/** @param {import("./options.js").Plan} plan @returns {Cells} */
function emptyCells({ suite, shapes, libraries }) {
  /** @type {Cells} */
  const cells = {};
  for (const shape of shapes) {
    cells[shape.name] = {};
    for (const library of libraries) {
      const lacks = suite.lacks?.(library, shape);
      const cell = { rounds: [], runs: [] };
      cells[shape.name][library] = lacks === undefined ? cell : { ...cell, lacks };
    }
  }
  return cells;
}

/**
 * @param {import("./options.js").Plan} plan
 * @param {import("./progress.js").Progress} progress
 * @returns {Promise<import("./types.js").Results>}
 */
export async function measureAll(plan, progress) {
  const { name, suite, scale, effort, rounds, shapes, libraries } = plan;
  const began = performance.now();
  /** @type {Record<string, unknown>} */
  const expected = {};
  for (const shape of shapes) {
    if (shape.expect === undefined) continue;
    progress.note(`working out what ${shape.name} must give`);
    expected[shape.name] = shape.expect(scale);
  }
  const cells = emptyCells(plan);
  progress.unit = suite.unit;
  for (let round = 0; round < rounds; round++) {
    for (const [set, members] of setsOf(plan)) {
      for (let turn = 0; turn < libraries.length; turn++) {
        const library = libraries[(turn + round) % libraries.length];
        progress.job(`${name}, round ${round + 1} of ${rounds}: ${set}, ${library}`);
        const names = members
          .filter((one) => isOpen(cells[one.name][library]))
          .map((one) => one.name);
        if (names.length === 0) continue;
        const job = { suite: name, library, shapes: names, scale, effort, expected };
        await runSet(plan, job, cells, progress);
      }
    }
  }
  const { title, unit, digits, subjects, against } = suite;
  const version = (/** @type {string} */ library) =>
    versionOf(suite.libraries.find((one) => one.name === library)?.package ?? null);
  return {
    suite: name,
    title,
    unit,
    digits,
    subjects,
    against,
    scale,
    flags: plan.flags,
    effort,
    rounds,
    versions: Object.fromEntries(libraries.map((library) => [library, version(library)])),
    libraries,
    shapes: shapes.map(({ name, row }) => ({
      name,
      row,
      of: suite.shapes.filter((one) => one.row === row).length,
    })),
    cells,
    seconds: Math.round((performance.now() - began) / 1000),
  };
}

/** What failed once is not tried again: its figure could not be shown anyway. @param {import("./types.js").Cell} cell */
const isOpen = ({ lacks, limit, error }) =>
  lacks === undefined && limit === undefined && error === undefined;

/**
 * @param {import("./options.js").Plan} plan
 * @param {Job} job
 * @param {Cells} cells
 * @param {import("./progress.js").Progress} progress
 */
async function runSet(plan, job, cells, progress) {
  const missing = new Set(job.shapes);
  /** @param {string} shape @param {string} error */
  const fail = (shape, error) => {
    missing.delete(shape);
    cells[shape][job.library].error = error;
    progress.failure(`${job.library}, ${shape}: ${error}`);
  };
  const { death, limit } = await runJob(plan, job, (sample) => {
    if (sample.limit !== undefined) {
      missing.delete(sample.shape);
      cells[sample.shape][job.library].limit = sample.limit;
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
  // A process that died was busy with the first shape not heard of; those behind it get another one.
  const [busy, ...rest] = missing;
  if (busy === undefined) return;
  if (limit === undefined || plan.suite.subjects.includes(job.library))
    fail(busy, death ?? limit ?? "the process ended early");
  else cells[busy][job.library].limit = limit;
  if (rest.length > 0) await runSet(plan, { ...job, shapes: rest }, cells, progress);
}
