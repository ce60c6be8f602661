// @ts-check
import { createCatalogue } from "../graph/catalogue.js";
import { own } from "../reactive/own.js";
import { until } from "../reactive/until.js";
import { buildReport } from "../report/report.js";
import { formatReport } from "../report/text.js";
import { createDiskSource } from "../source/disk.js";
import { showProgress } from "./progress.js";

/**
 * Runs the same graph without a server, until it has nothing more to find out.
 *
 * @param {string} root
 * @param {import("./options.js").Options} options
 */
export async function runOnce(root, { json, jobs }) {
  const source = createDiskSource({ root, jobs, live: false });
  const [catalogue, dispose] = own(() => createCatalogue(source, { eager: true }), "catalogue");
  const stopProgress = showProgress(root, catalogue, process.stderr);
  await until(catalogue.idle);
  stopProgress();
  const report = buildReport(catalogue);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
  dispose();
  source.dispose();
}
