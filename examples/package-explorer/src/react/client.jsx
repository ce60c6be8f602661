// @ts-check
import { hydrateRoot } from "react-dom/client";
import { startGraph } from "../browser/graph.js";
import { App } from "./App.jsx";

const { catalogue, session, connection, goLive } = await startGraph();
const root = /** @type {HTMLElement} */ (document.getElementById("app"));
hydrateRoot(
  root,
  <App catalogue={catalogue} session={session} connection={connection} onShown={goLive} />,
);
