// @ts-check
import { createSnapshotPlugin } from "@signal-kernel/vue";
import { createSSRApp } from "vue";
import { createGraph, stateOfPage } from "../browser/graph.js";
import App from "./App.vue";
import { GRAPH } from "./graph.js";

const graph = await createGraph();
const { snapshot, catalogue, session, connection, start, goLive } = graph;

function onShown() {
  start();
  goLive();
}

createSSRApp(App, { connection, onShown })
  .use(
    createSnapshotPlugin({
      scope: snapshot,
      document: stateOfPage(graph),
      restore: { resume: true },
    }),
  )
  .provide(GRAPH, { catalogue, session })
  .mount("#app");
