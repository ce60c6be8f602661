import { renderFailed, tooLate } from "./errors.js";
import { type NodeResponse, pipe, requireStream } from "./node.js";
import type { Request } from "./request.js";

/** What of a response is known before its body. */
export class Head {
  status = 200;
  /** Whether the first part of the page is known. */
  isSent = false;
  /** Made when somebody asks for them: they cost more than a small page. */
  #headers: Headers | undefined;

  get headers(): Headers {
    this.#headers ??= new Headers({ "content-type": "text/html; charset=utf-8" });
    return this.#headers;
  }
}

/** The statuses of responses that must not have a body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A page that is ready to be sent. It is consumed once: by `pipe`, `response`, `stream`, `text` or an
 * iteration. Its parts are made when they are asked for, none ahead.
 */
export class Page implements AsyncIterable<string> {
  readonly #head: Head;
  readonly #request: Request;
  readonly #first: string;
  readonly #parts: AsyncGenerator<string, void, void>;
  #isTaken = false;

  /** Made by `renderWithState`. */
  constructor(
    request: Request,
    head: Head,
    first: string,
    parts: AsyncGenerator<string, void, void>,
  ) {
    this.#head = head;
    this.#request = request;
    this.#first = first;
    this.#parts = parts;
  }

  /** Status of the response. */
  get status(): number {
    return this.#head.status;
  }

  /** Headers of the response, with the content type. */
  get headers(): Headers {
    return this.#head.headers;
  }

  /**
   * The whole page, when all of it is there.
   *
   * @throws RenderError when it was aborted, or has failed on the way.
   * @example
   * await writeFile("index.html", await page.text());
   */
  async text(): Promise<string> {
    let text = "";
    for await (const part of this) text += part;
    return text;
  }

  /**
   * The page as a stream of bytes. A part is made when it is read; to cancel the stream aborts the
   * request.
   *
   * @throws RenderError when the page is taken.
   */
  stream(): ReadableStream<Uint8Array> {
    const parts = this[Symbol.asyncIterator]();
    const encoder = new TextEncoder();
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const { done, value } = await parts.next();
          if (done === true) controller.close();
          else controller.enqueue(encoder.encode(value));
        },
        cancel: (reason) => this.abort(reason),
      },
      { highWaterMark: 0 },
    );
  }

  /**
   * The page as a Web `Response`, with its status and headers. Where the status is one that has no body, such
   * as 304, the page is not sent.
   *
   * @throws RenderError when the page is taken.
   * @example
   * app.get("/", async ({ req }) => (await renderWithState(home, { signal: req.raw.signal })).response());
   */
  response(): Response {
    const { status, headers } = this;
    if (!BODILESS.has(status)) return new Response(this.stream(), { status, headers });
    this.#take();
    this.#request.end();
    return new Response(null, { status, headers });
  }

  /**
   * Sends the page to a response of Node, or any other writable stream: status and headers unless they
   * are sent, then each part when the stream has room for it. When the stream is closed before the end,
   * the request is aborted. What goes wrong on the way is given to `onError`, and the stream destroyed:
   * the client must not take half a page for a whole one.
   *
   * @returns Whether all of it was sent; it never rejects for what a client does.
   * @throws RenderError when the page is taken; TypeError (`ERR_SK_INVALID_ARG`) when it is no stream of Node.
   * @example
   * createServer(async (request, response) => {
   *   const page = await renderWithState(home, { signal: closeSignal(response) });
   *   await page.pipe(response);
   * });
   */
  async pipe(response: NodeResponse): Promise<boolean> {
    requireStream(response);
    const parts = this[Symbol.asyncIterator]();
    try {
      return await pipe(this, parts, response);
    } catch (error) {
      this.#request.report(error);
      response.destroy();
      return false;
    }
  }

  /** Ends the request: what is in flight is aborted. A page that nobody consumes has to be aborted. */
  abort(reason?: unknown): void {
    this.#request.abort(reason);
  }

  /**
   * The parts of the page. To stop the iteration ends the request.
   *
   * @throws RenderError when the page is taken.
   */
  [Symbol.asyncIterator](): AsyncIterator<string, void, void> {
    this.#take();
    const parts = this.#consume();
    return {
      next: () => parts.next(),
      return: async () => {
        const result = await parts.return();
        /* A generator that has not begun does not know how to end. */
        this.#request.end();
        return result;
      },
    };
  }

  #take(): void {
    if (this.#isTaken) throw tooLate("The page is taken already: it can be sent once.");
    this.#isTaken = true;
  }

  async *#consume(): AsyncGenerator<string, void, void> {
    const request = this.#request;
    try {
      request.check();
      yield this.#first;
      for (;;) {
        request.check();
        const { done, value } = await this.#parts.next();
        if (done === true) return;
        yield value;
      }
    } catch (error) {
      throw renderFailed(error);
    } finally {
      request.end();
    }
  }
}
