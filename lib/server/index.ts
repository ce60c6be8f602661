/**
 * @signal-kernel/native/server: pages that are rendered with the state of their graph.
 *
 * @packageDocumentation
 */
import { requireAddon } from "#engine";

export { RenderError } from "./errors.js";
export { Html, type HtmlValue, html, rawHtml } from "./html.js";
export { closeSignal, type NodeResponse } from "./node.js";
export type { RenderMode, RenderOptions } from "./options.js";
export type { Page } from "./page.js";
export { type Render, type RenderContext, type Rendered, renderWithState } from "./render.js";
export type { Slot, SlotCell, SlotViews } from "./slot.js";

/* Here and not in the engine, so that `import()` can catch it. */
requireAddon();
