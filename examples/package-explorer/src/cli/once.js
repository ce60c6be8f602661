// @ts-check
import { createExplorer } from "../graph/explorer.js";
import { until } from "../reactive/until.js";
import { buildReport } from "../report/report.js";
import { formatReport } from "../report/text.js";
import { showProgress } from "./progress.js";

/**
 * Runs the same graph without a server, until it has nothing more to find out.
 *
 * @param {string} root
 * @param {import("./options.js").Options} options
 */
export async function runOnce(root, { json, jobs }) {
  const explorer = createExplorer({ root, jobs, live: false });
  const stopProgress = showProgress(explorer, process.stderr);
  await until(explorer.idle);
  stopProgress();
  const report = buildReport(explorer);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
  explorer.dispose();
}
