// @ts-check
import { SnapshotProvider } from "@signal-kernel/react";
import { hydrateRoot } from "react-dom/client";
import { createGraph, stateOfPage } from "../browser/graph.js";
import { App } from "./App.jsx";

const graph = await createGraph();
const { snapshot, catalogue, session, connection, start, goLive } = graph;

function onShown() {
  start();
  goLive();
}

hydrateRoot(
  /** @type {HTMLElement} */ (document.getElementById("app")),
  <SnapshotProvider scope={snapshot} document={stateOfPage(graph)} restore={{ resume: true }}>
    <App catalogue={catalogue} session={session} connection={connection} onShown={onShown} />
  </SnapshotProvider>,
);
