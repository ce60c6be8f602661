// @ts-check
import { createEffect, onCleanup, untracked } from "@signal-kernel/core";
import { count, formatBytes, formatNumber } from "../format.js";
import { own } from "../reactive/own.js";
import { paced } from "../reactive/paced.js";

/**
 * @import { WriteStream } from "node:tty"
 * @import { Catalogue } from "../graph/catalogue.js"
 * @import { Phase, Status } from "../graph/source.js"
 */

const BAR = 28;
const CLEAR_LINE = "\r\u001b[2K";
const LABELS = { scanning: "Reading", measuring: "Measuring", ready: "Ready" };

/**
 * Shows on stderr how far the source is: a bar on a terminal, a line for each step elsewhere.
 *
 * @param {string} root
 * @param {Catalogue} catalogue
 * @param {WriteStream} out
 * @returns {() => void} stops it
 */
export function showProgress(root, catalogue, out) {
  const show = () => (out.isTTY ? drawBar(catalogue, out) : writeLines(root, catalogue, out));
  const [, stop] = own(show, "progress");
  return stop;
}

/**
 * @param {Catalogue} catalogue
 * @param {WriteStream} out
 */
function drawBar({ status, totals }, out) {
  let finished = false;
  /** @param {Status} state */
  const draw = ({ phase, done, of }) => {
    finished = phase === "ready";
    out.write(CLEAR_LINE + (finished ? `${summary(totals())}\n` : barOf(phase, done, of)));
  };
  paced(status, draw, { pause: 50, name: "progress bar" });
  onCleanup(() => {
    if (finished) return;
    // The last state may have come while the bar was resting.
    if (status().phase === "ready") draw(status());
    else out.write(CLEAR_LINE);
  });
}

/** @type {(phase: Phase, done: number, of: number) => string} */
function barOf(phase, done, of) {
  const full = of > 0 ? Math.floor((BAR * done) / of) : 0;
  const bar = "█".repeat(full) + "░".repeat(BAR - full);
  return `${LABELS[phase].padEnd(9)} ${bar} ${formatNumber(done)}/${formatNumber(of)}`;
}

/**
 * @param {string} root
 * @param {Catalogue} catalogue
 * @param {WriteStream} out
 */
function writeLines(root, { phase, totals }, out) {
  createEffect(
    () => {
      if (phase() === "scanning") out.write(`Reading ${root}\n`);
      if (phase() === "ready") out.write(`${summary(untracked(totals))}\n`);
    },
    { name: "progress lines" },
  );
}

/** @param {ReturnType<Catalogue["totals"]>} totals */
const summary = ({ packages, bytes }) =>
  `${LABELS.ready}: ${count(packages, "package")}, ${formatBytes(bytes)}`;
