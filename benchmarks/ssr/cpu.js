// @ts-check
// What a request costs beside its work: one page with cells whose promises are settled at once, against
// the same page by hand.

import { createResource } from "@signal-kernel/async-runtime";
import { html, renderWithState } from "@signal-kernel/native/server";

/** @param {number} i @param {number} request */
const fetchOne = async (i, request) => ({ id: i, name: `thing ${i}`, request });

/** @param {number} cells @param {number} request */
async function withState(cells, request) {
  const page = await renderWithState(({ snapshot, slot }) => {
    const parts = [];
    for (let i = 0; i < cells; i++) {
      const cell = createResource(
        () => i,
        (input) => fetchOne(input, request),
      );
      snapshot.resource(`cell.${i}`, cell, { restore: "seed" });
      parts.push(slot(cell, { success: ({ name }) => html`<li>${name}</li>` }));
    }
    return html`<!doctype html><body><ul>${parts}</ul></body></html>`;
  });
  return page.text();
}

/** @param {number} cells @param {number} request */
async function byHand(cells, request) {
  const things = await Promise.all(Array.from({ length: cells }, (_, i) => fetchOne(i, request)));
  const items = things.map(({ name }) => `<li>${name}</li>`).join("");
  const state = JSON.stringify(things).replaceAll("<", "\\u003c");
  return `<!doctype html><body><ul>${items}</ul><script type="application/json">${state}</script></body></html>`;
}

/** @param {number[]} times */
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1] ?? 0;

/**
 * Microseconds of a page, the median of rounds in which both take turns.
 *
 * @param {number} cells
 * @returns {Promise<{ withState: number, byHand: number }>}
 */
export async function measure(cells) {
  const contenders = { withState, byHand };
  /** @type {Record<keyof typeof contenders, number[]>} */
  const times = { withState: [], byHand: [] };
  for (let round = -5; round < 21; round++) {
    for (const name of /** @type {(keyof typeof contenders)[]} */ (Object.keys(contenders))) {
      const started = process.cpuUsage();
      for (let i = 0; i < 200; i++) await contenders[name](cells, i);
      const { user, system } = process.cpuUsage(started);
      if (round >= 0) times[name].push((user + system) / 200);
    }
  }
  return { withState: median(times.withState), byHand: median(times.byHand) };
}
