// @ts-check
import { createContext, useContext } from "react";

/**
 * @import { Catalogue } from "../graph/catalogue.js"
 * @import { Session } from "../graph/session.js"
 * @typedef {{ catalogue: Catalogue, session: Session }} Graph
 */

/** The graph that the components show: one of the request on the server, one of the page in the browser. */
export const GraphContext = createContext(/** @type {Graph | undefined} */ (undefined));

/** @returns {Graph} */
export function useGraph() {
  const graph = useContext(GraphContext);
  if (graph === undefined) throw new Error("There is no graph around this component.");
  return graph;
}
