// @ts-check
// Requests in all modes, some of which are aborted at a random moment, and what came of them.

import { Agent, request } from "node:http";
import { seededRandom } from "../shapes/random.js";

/**
 * @typedef {{ requests: number, concurrency: number, aborts: number, seed: number }} Load
 * @typedef {{ latencies: number[], aborted: number, faults: string[], ms: number }} Outcome
 * @typedef {{ page: string, status: number | undefined, isAborted: boolean, error: string }} Answer
 */

const MODES = ["settled", "in-order", "out-of-order"];
/** What the server must not tell. */
export const SECRET = "secret-of-the-shop";
/** The latest moment at which a client goes away. */
const LATEST_ABORT_MS = 25;

/**
 * What is wrong with a page that has arrived; undefined: nothing.
 *
 * @param {Answer} answer
 * @param {number} id
 */
function faultOf({ page, status, error }, id) {
  if (error !== "") return error;
  if (status !== 200) return `has status ${status}`;
  if (!page.endsWith("</html>\n")) return "is not whole";
  if (page.includes(SECRET)) return "has the secret";
  const ids = [...page.matchAll(/Number (\d+) is/g)].map(([, found]) => Number(found));
  if (ids.length === 0 || ids.some((found) => found !== id)) return "is not of its request";
  return undefined;
}

/**
 * @param {import("node:http").RequestOptions} options
 * @param {number | undefined} abortAfter milliseconds
 * @returns {Promise<Answer>}
 */
function ask(options, abortAfter) {
  return new Promise((resolve) => {
    /** @type {Answer} */
    const answer = { page: "", status: undefined, isAborted: false, error: "" };
    const sent = request({ host: "127.0.0.1", ...options }, (response) => {
      answer.status = response.statusCode;
      response.setEncoding("utf8");
      response.on("data", (text) => {
        answer.page += text;
      });
      response.on("error", () => {});
      response.on("close", () => resolve(answer));
    });
    sent.on("error", ({ message }) => {
      answer.error = message;
      if (answer.status === undefined) resolve(answer);
    });
    sent.end();
    if (abortAfter === undefined) return;
    const timer = setTimeout(() => {
      answer.isAborted = true;
      sent.destroy();
    }, abortAfter);
    sent.on("close", () => clearTimeout(timer));
  });
}

/**
 * @param {number} port
 * @param {Load} load
 * @returns {Promise<Outcome>}
 */
export async function run(port, { requests, concurrency, aborts, seed }) {
  const random = seededRandom(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  /** @type {Outcome} */
  const outcome = { latencies: [], aborted: 0, faults: [], ms: 0 };
  let next = 0;
  const worker = async () => {
    while (next < requests) {
      const id = 1 + Math.floor(random() * 1000);
      const path = `/product/${id}?mode=${MODES[next++ % MODES.length]}`;
      const abortAfter = random() < aborts ? random() * LATEST_ABORT_MS : undefined;
      const started = performance.now();
      const answer = await ask({ port, path, agent }, abortAfter);
      if (answer.isAborted) outcome.aborted++;
      else {
        outcome.latencies.push(performance.now() - started);
        const fault = faultOf(answer, id);
        if (fault !== undefined) outcome.faults.push(`${path} ${fault}`);
      }
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  outcome.ms = performance.now() - started;
  agent.destroy();
  return outcome;
}
