// @ts-check
import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
import App from "./App.vue";
import { GRAPH } from "./graph.js";

/**
 * @param {import("../graph/catalogue.js").Catalogue} catalogue
 * @param {import("../graph/session.js").Session} session
 */
export async function render(catalogue, session) {
  const app = createSSRApp(App).provide(GRAPH, { catalogue, session });
  return `<div id="app">${await renderToString(app)}</div>`;
}
