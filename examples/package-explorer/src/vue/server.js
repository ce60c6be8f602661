// @ts-check
import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
import App from "./App.vue";
import { GRAPH } from "./graph.js";

/**
 * @param {import("../graph/catalogue.js").Catalogue} catalogue
 * @param {import("../graph/session.js").Session} session
 */
export const render = (catalogue, session) =>
  renderToString(createSSRApp(App).provide(GRAPH, { catalogue, session }));
