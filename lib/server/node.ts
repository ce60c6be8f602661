/**
 * Pages and the streams of Node. Nothing of Node is imported: this runs wherever its streams do.
 */
import { invalidArgument } from "#engine";
import type { Page } from "./page.js";

/** The part of a `ServerResponse`, or of another writable stream, that is used. */
export interface NodeResponse {
  write(text: string): boolean;
  end(callback: () => void): unknown;
  destroy(error?: Error): unknown;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
  readonly destroyed?: boolean;
  readonly writableFinished?: boolean;
  statusCode?: number;
  readonly headersSent?: boolean;
  hasHeader?(name: string): boolean;
  setHeader?(name: string, value: string | readonly string[]): unknown;
  /** Of compressing middleware: what it has must not wait for more. */
  flush?(): void;
}

/** Status and headers; what the program has set on the response itself stays. */
function sendHead({ status, headers }: Page, response: NodeResponse): void {
  if (response.setHeader === undefined || response.headersSent === true) return;
  if (status !== 200) response.statusCode = status;
  for (const [name, value] of headers)
    if (name !== "set-cookie" && response.hasHeader?.(name) !== true)
      response.setHeader(name, value);
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
}

/** @throws TypeError (`ERR_SK_INVALID_ARG`) unless it is a writable stream of Node. */
export function requireStream(response: NodeResponse): void {
  for (const name of ["write", "end", "destroy", "on", "off"] as const)
    if (typeof response?.[name] !== "function")
      throw invalidArgument(
        "response",
        "a response, or another writable stream, of Node",
        response,
      );
}

/** Sends a page; whether all of it was sent. Throws what the page throws, unless its client is gone. */
export async function pipe(
  page: Page,
  parts: AsyncIterator<string, void, void>,
  response: NodeResponse,
): Promise<boolean> {
  let isClosed = response.destroyed === true;
  let drained = () => {};
  let ended = (_isSent: boolean) => {};
  const close = () => {
    isClosed = true;
    page.abort(closeReason());
    drained();
    ended(response.writableFinished === true);
  };
  const drain = () => drained();
  /* The stream is closed after an error, too. */
  const events = { close, error: () => {}, drain };
  for (const [event, listener] of Object.entries(events)) response.on(event, listener);
  try {
    if (isClosed) close();
    else sendHead(page, response);
    for (;;) {
      const { done, value } = await parts.next();
      if (isClosed) return false;
      if (done === true) break;
      const hasRoom = response.write(value);
      response.flush?.();
      if (!hasRoom && !isClosed)
        await new Promise<void>((resolve) => {
          drained = resolve;
        });
      if (isClosed) return false;
    }
    return await new Promise<boolean>((resolve) => {
      ended = resolve;
      response.end(() => resolve(true));
    });
  } catch (error) {
    if (isClosed) return false;
    throw error;
  } finally {
    for (const [event, listener] of Object.entries(events)) response.off(event, listener);
  }
}

function closeReason(): Error {
  return new DOMException("The client has closed the connection.", "AbortError");
}

/**
 * A signal that is aborted when a response is closed before it has ended: its client is gone.
 *
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when it is no response of Node.
 * @example
 * const page = await renderWithState(home, { signal: closeSignal(response) });
 */
export function closeSignal(
  response: Pick<NodeResponse, "on" | "destroyed" | "writableFinished">,
): AbortSignal {
  if (typeof response !== "object" || response === null || typeof response.on !== "function")
    throw invalidArgument("response", "a response of Node", response);
  const controller = new AbortController();
  const close = () => {
    if (response.writableFinished !== true) controller.abort(closeReason());
  };
  if (response.destroyed === true) close();
  else response.on("close", close);
  return controller.signal;
}
