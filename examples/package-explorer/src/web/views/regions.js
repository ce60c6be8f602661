// @ts-check
import { detail } from "./detail.js";
import { facets, list } from "./list.js";
import { readme } from "./readme.js";
import { results } from "./results.js";
import { status, tiles } from "./top.js";

/**
 * @import { Session } from "../../graph/session.js"
 * @import { Explorer } from "../../graph/explorer.js"
 * @import { Safe } from "../html.js"
 * @typedef {(explorer: Explorer, session: Session) => Safe} View
 *
 * The parts of the page that change by themselves. Each is a function from the graph to HTML: to
 * serve a page it is called once, on a live connection an effect of its own calls it again whenever
 * something that it read has changed.
 *
 * @satisfies {Record<string, View>}
 */
export const REGIONS = { status, tiles, facets, list, results, detail, readme };
