import { invalidArgument, requireFunction } from "#engine";
import type { Scope } from "../core/scope.js";
import type { SnapshotScope } from "../snapshot/scope.js";
import { renderFailed, tooLate } from "./errors.js";
import { Html, isHtml } from "./html.js";
import { checkRenderOptions, type RenderOptions } from "./options.js";
import { Head, Page } from "./page.js";
import { Request } from "./request.js";
import { Slot, type SlotCell, type SlotViews } from "./slot.js";
import { PageState } from "./state.js";
import { Writer } from "./writer.js";

/** What a function that renders gets. Its methods work detached. */
export interface RenderContext {
  /** Owns what is created for the request. In Node all that `render` creates, after an await too. */
  readonly scope: Scope;
  /** Nodes that are registered here are sent with the page. */
  readonly snapshot: SnapshotScope;
  /** Aborted when the request is over, however it ended. */
  readonly signal: AbortSignal;
  /** As given, for scripts of your own. */
  readonly nonce: string | undefined;
  /** Headers of the response. They are sent with the first part of the page. */
  readonly headers: Headers;
  /**
   * Sets the status of the response, which is 200 otherwise.
   *
   * @throws RenderError (`ERR_SK_RENDER_STATE`) when the page is being sent already; TypeError
   *   (`ERR_SK_INVALID_ARG`) when it is no whole number from 200 to 599.
   */
  readonly setStatus: (status: number) => void;
  /**
   * A part of the page that shows a cell: what is there, when it is written; else what `pending` shows,
   * and the outcome when there is one.
   *
   * @param cell `[value, meta]` of a resource or stream, or the handle of `fromPromise`.
   * @param views `success`, `pending`, `error`.
   * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
   * @example
   * html`<main>${slot(user, { pending: html`<p>Wait ...</p>`, success: ({ name }) => name })}</main>`;
   */
  readonly slot: <T>(cell: SlotCell<T>, views: SlotViews<NoInfer<T>>) => Slot;
  /**
   * Waits until no cell of the request is pending, or the time is up.
   *
   * @returns Whether all have settled. Rejects with RenderError when the request is aborted.
   */
  readonly settled: () => Promise<boolean>;
}

/**
 * A page: HTML. As text it is taken as it is, as pieces of text or bytes from another renderer, too;
 * then its state is sent when they are over.
 */
export type Rendered =
  | Html
  | string
  | AsyncIterable<string | Uint8Array>
  | ReadableStream<string | Uint8Array>;

/** Renders a page. */
export type Render = (context: RenderContext) => Rendered | Promise<Rendered>;

function contextOf(request: Request, state: PageState, head: Head): RenderContext {
  return {
    scope: request.scope,
    snapshot: state.scope,
    get signal() {
      return request.signal;
    },
    nonce: request.options.nonce,
    get headers() {
      return head.headers;
    },
    setStatus: (status) => {
      if (!Number.isInteger(status) || status < 200 || status > 599)
        throw invalidArgument("status", "a whole number from 200 to 599", status);
      if (head.isSent) throw tooLate("The status was set when the page was being sent already.");
      head.status = status;
    },
    slot: (cell, views) => new Slot(cell, views),
    settled: () => request.settled(),
  };
}

/** What gives a page piece by piece; null when it does not come in pieces. */
function piecesOf(page: unknown): AsyncIterator<unknown> | null {
  if (typeof page !== "object" || page === null) return null;
  if (Symbol.asyncIterator in page) return (page as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  if (!("getReader" in page)) return null;
  const reader = (page as ReadableStream<unknown>).getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<unknown>>,
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

function write(page: unknown, writer: Writer): AsyncGenerator<string, void, void> {
  if (typeof page === "string") return writer.write(new Html([page]));
  if (isHtml(page)) return writer.write(page);
  const pieces = piecesOf(page);
  if (pieces === null)
    throw invalidArgument("page", "HTML, or pieces of it, returned by render", page);
  return writer.relay(pieces);
}

/**
 * Renders a page for a request, in a scope of its own, with the state that a client needs to go on where
 * the server was. The promise resolves when the first part of the page is known, which is all of it
 * unless `mode` says otherwise; until then nothing is sent, and an error is the caller's.
 *
 * The scope ends with the page, and so does all that is in flight: when it has been sent, when its
 * consumer stops, when `signal` is aborted, or by `abort()`. So use the page, or abort it.
 *
 * @param render Called once, in the scope, with `{ scope, snapshot, signal, nonce, headers, setStatus,
 *   slot, settled }`. It creates cells, registers with `snapshot` what the client is to have, and returns HTML.
 * @param options `mode`, `timeoutMs`, `signal`, `nonce`, `snapshot`, `capture`, `name`, `onError`.
 * @returns The page: `status`, `headers`; `pipe(response)`, `response()`, `stream()`, `text()`, or to be
 *   iterated; `abort()`.
 * @throws RenderError: `render` has thrown, or the request was aborted. TypeError (`ERR_SK_INVALID_ARG`)
 *   for bad arguments.
 * @example
 * const page = await renderWithState(
 *   ({ snapshot, slot }) => {
 *     const [user, meta] = createResource(() => id, loadUser);
 *     snapshot.resource("user", [user, meta], { restore: "seed" });
 *     return html`<!doctype html><title>Profile</title>
 *       <body><main>${slot([user, meta], { success: ({ name }) => html`<h1>${name}</h1>` })}</main></body>`;
 *   },
 *   { timeoutMs: 2_000, signal: closeSignal(response) },
 * );
 * await page.pipe(response);
 */
export async function renderWithState(render: Render, options: RenderOptions = {}): Promise<Page> {
  requireFunction("render", render);
  const request = new Request(checkRenderOptions(options));
  try {
    const head = new Head();
    const state = new PageState(request);
    const context = contextOf(request, state, head);
    const page = await request.race(async () => request.run(() => render(context)));
    const parts = write(page, new Writer(request, state));
    const { value: first } = await request.race(() => parts.next());
    head.isSent = true;
    if (request.options.mode === "settled") request.end();
    return new Page(request, head, first ?? "", parts);
  } catch (error) {
    request.end(error);
    throw renderFailed(error);
  }
}
