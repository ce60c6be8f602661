// @ts-check
import { SnapshotProvider } from "@signal-kernel/react";
import { renderToString } from "react-dom/server";
import { App } from "./App.jsx";

/**
 * @import { Shown } from "../web/pages.js"
 * @param {Shown} shown
 */
export const render = ({ catalogue, session, context: { snapshot } }) =>
  renderToString(
    <SnapshotProvider scope={snapshot}>
      <App catalogue={catalogue} session={session} />
    </SnapshotProvider>,
  );
