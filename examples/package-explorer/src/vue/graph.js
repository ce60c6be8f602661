// @ts-check
import { inject } from "vue";

/**
 * @import { InjectionKey } from "vue"
 * @import { Catalogue } from "../graph/catalogue.js"
 * @import { Session } from "../graph/session.js"
 * @typedef {{ catalogue: Catalogue, session: Session }} Graph
 */

/** @type {InjectionKey<Graph>} one of the request on the server, one of the page in the browser */
export const GRAPH = Symbol("graph");

/** @returns {Graph} the graph that the components show */
export function useGraph() {
  const graph = inject(GRAPH);
  if (graph === undefined) throw new Error("There is no graph above this component.");
  return graph;
}
