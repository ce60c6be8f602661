// @ts-check
import { BASIS } from "../graph/basis.js";
import { html } from "./html.js";

/**
 * @import { Verdict } from "../graph/source.js"
 */

const WORDS = {
  verified: "verified",
  mismatch: "does not match",
  unlisted: "not in the lock file",
  unchecked: "no lock file to compare with",
};

/** @param {Verdict} verdict */
export function integrityBlock({ state, checks }) {
  return html`<section class="block"><h3>Integrity <span class="verdict ${state}">${WORDS[state]}</span></h3>
<ul class="checks">${checks.map(
    ({ what, ok, detail }) =>
      html`<li class="${ok ? "ok" : "bad"}"><span>${what}</span> <small>${detail}</small></li>`,
  )}</ul>
<details class="basis"><summary>What is checked</summary><p>${BASIS}</p></details></section>`;
}
