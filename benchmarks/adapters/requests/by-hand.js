// @ts-check

import { RESOURCES } from "../../shapes/requests.js";

/** @type {import("../../shapes/requests.js").Handler} */
export async function handle(load) {
  const values = await Promise.all(Array.from({ length: RESOURCES }, (_, i) => load(i)));
  return JSON.stringify(values);
}
