// @ts-check
import { renderToString } from "react-dom/server";
import { App } from "./App.jsx";

/**
 * @param {import("../graph/catalogue.js").Catalogue} catalogue
 * @param {import("../graph/session.js").Session} session
 */
export const render = (catalogue, session) =>
  renderToString(<App catalogue={catalogue} session={session} />);
