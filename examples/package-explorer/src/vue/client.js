// @ts-check
import { createSnapshotPlugin } from "@signal-kernel/vue";
import { createSSRApp } from "vue";
import { createGraph, stateOfPage } from "../browser/graph.js";
import App from "./App.vue";
import { GRAPH } from "./graph.js";

const graph = await createGraph();
const { snapshot, catalogue, session, connection, goLive } = graph;

createSSRApp(App, { connection, onShown: goLive })
  .use(
    createSnapshotPlugin({
      scope: snapshot,
      document: stateOfPage(graph),
      restore: { resume: true },
    }),
  )
  .provide(GRAPH, { catalogue, session })
  .mount("#app");
