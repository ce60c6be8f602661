// @ts-check
import { createSnapshotPlugin } from "@signal-kernel/vue";
import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
import App from "./App.vue";
import { GRAPH } from "./graph.js";

/**
 * @import { Shown } from "../web/pages.js"
 * @param {Shown} shown
 */
export const render = ({ catalogue, session, context: { snapshot } }) =>
  renderToString(
    createSSRApp(App)
      .use(createSnapshotPlugin({ scope: snapshot }))
      .provide(GRAPH, { catalogue, session }),
  );
