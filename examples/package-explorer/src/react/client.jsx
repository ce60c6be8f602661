// @ts-check
import { SnapshotProvider } from "@signal-kernel/react";
import { hydrateRoot } from "react-dom/client";
import { createGraph, stateOfPage } from "../browser/graph.js";
import { App } from "./App.jsx";

const graph = await createGraph();
const { snapshot, catalogue, session, connection, goLive } = graph;

hydrateRoot(
  /** @type {HTMLElement} */ (document.getElementById("app")),
  <SnapshotProvider scope={snapshot} document={stateOfPage(graph)} restore={{ resume: true }}>
    <App catalogue={catalogue} session={session} connection={connection} onShown={goLive} />
  </SnapshotProvider>,
);
