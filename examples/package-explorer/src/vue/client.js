// @ts-check
import { createSSRApp } from "vue";
import { startGraph } from "../browser/graph.js";
import App from "./App.vue";
import { GRAPH } from "./graph.js";

const { catalogue, session, connection, goLive } = await startGraph();
createSSRApp(App, { connection, onShown: goLive })
  .provide(GRAPH, { catalogue, session })
  .mount("#app");
