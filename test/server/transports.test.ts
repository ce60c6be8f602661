/** How a page reaches its client: responses and streams of Node, Web streams, and what they do in between. */
import { once } from "node:events";
import { createServer, request as httpRequest, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { PassThrough, Writable } from "node:stream";
import { fromPromise } from "@signal-kernel/async-runtime";
import { onScopeDispose } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import {
  closeSignal,
  html,
  type NodeResponse,
  type Page,
  rawHtml,
  renderWithState,
} from "@signal-kernel/native/server";
import { afterEach, describe, expect, test } from "vitest";
import { cell, gate, turns, withoutScripts } from "./support.js";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Two parts: a shell, and a slot that a gate opens. */
function inTwo(promise: Promise<string>, options: object = {}) {
  return renderWithState(
    (context) => {
      context.setStatus(203);
      context.headers.set("x-a", "1");
      context.headers.append("set-cookie", "a=1");
      context.headers.append("set-cookie", "b=2");
      const late = cell(context, "late", promise);
      return html`<p>shell</p><p>${context.slot(late, { pending: "...", success: (x) => x })}</p>`;
    },
    { mode: "out-of-order", ...options },
  );
}

describe("a response of node:http", () => {
  test("gets status, headers, and each part when it is there", async () => {
    const late = gate();
    let sent: boolean | undefined;
    const port = await serve(async (_request, response) => {
      const page = await inTwo(late.promise, { signal: closeSignal(response) });
      sent = await page.pipe(response);
    });
    const request = httpRequest({ port, host: "127.0.0.1" }).end();
    const [response] = await once(request, "response");
    expect(response.statusCode).toBe(203);
    expect(response.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "x-a": "1",
      "set-cookie": ["a=1", "b=2"],
    });
    let body = "";
    response.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    await expect.poll(() => body).toContain("shell");
    expect(body).not.toContain("later");
    late.open("later");
    await once(response, "end");
    expect(body).toContain(">later</template>");
    await expect.poll(() => sent).toBe(true);
  });

  test("keeps what the program has set on it", async () => {
    const port = await serve(async (_request, response) => {
      response.statusCode = 418;
      response.setHeader("content-type", "text/html; charset=iso-8859-1");
      await (await renderWithState(() => "<p>")).pipe(response);
    });
    const response = await fetch(`http://127.0.0.1:${port}`);
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      418,
      "text/html; charset=iso-8859-1",
      "<p>",
    ]);
  });

  test.each(["settled", "in-order", "out-of-order"] as const)(
    "a client that goes away ends its request: %s",
    async (mode) => {
      const before = engine().counters;
      const aborts: unknown[] = [];
      let disposed = 0;
      const outcome = gate<unknown>();
      const port = await serve(async (_request, response) => {
        const rendering = renderWithState(
          ({ slot }) => {
            onScopeDispose(() => disposed++);
            const never = fromPromise(({ signal }) => {
              signal.addEventListener("abort", () => aborts.push(signal.reason));
              return new Promise<string>(() => {});
            });
            return html`<p>${slot(never, { success: String })}</p>`;
          },
          { mode, signal: closeSignal(response) },
        );
        rendering.then((page) => page.pipe(response)).then(outcome.open, outcome.open);
      });
      const socket = connect(port, "127.0.0.1");
      socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      if (mode === "settled") await turns(20);
      else await once(socket, "data");
      socket.destroy();
      const result = await outcome.promise;
      if (mode === "settled") expect(result).toMatchObject({ code: "ERR_SK_RENDER_ABORTED" });
      else expect(result).toBe(false);
      expect([disposed, aborts]).toEqual([1, ["dispose"]]);
      const { nodes, tasks } = engine().counters;
      expect([nodes, tasks]).toEqual([before.nodes, before.tasks]);
    },
  );

  test("a page that fails on the way is cut off, and its error told", async () => {
    const errors: unknown[] = [];
    const port = await serve(async (_request, response) => {
      const page = await renderWithState(
        () =>
          (async function* () {
            yield "<p>begin";
            await turns();
            throw new URIError("broken");
          })(),
        { mode: "in-order", onError: (error) => errors.push(error) },
      );
      expect(await page.pipe(response)).toBe(false);
    });
    const response = await fetch(`http://127.0.0.1:${port}`);
    await expect(response.text()).rejects.toThrow();
    expect(errors).toMatchObject([{ code: "ERR_SK_RENDER", cause: new URIError("broken") }]);
  });
});

describe("other streams of Node", () => {
  /** Takes a part when it is told to. */
  class Slow extends Writable {
    taken: string[] = [];
    private done: (() => void) | null = null;
    override _write(chunk: Buffer, _encoding: string, done: () => void) {
      this.taken.push(chunk.toString());
      this.done = done;
    }
    take() {
      this.done?.();
      this.done = null;
    }
  }

  const many = (made: number[]) =>
    renderWithState(
      async function* () {
        for (let i = 0; i < 5; i++) {
          made.push(i);
          yield `<p>${i}</p>`;
        }
      } as unknown as () => AsyncIterable<string>,
      { mode: "in-order" },
    );

  test("are given a part when they have room for it, and none ahead", async () => {
    const made: number[] = [];
    const target = new Slow({ highWaterMark: 1 });
    const sent = (await many(made)).pipe(target);
    for (let i = 0; i < 5; i++) {
      await turns();
      expect(target.taken.length).toBe(i + 1);
      expect(made.length).toBeLessThanOrEqual(i + 2);
      target.take();
    }
    await turns();
    target.take();
    expect(await sent).toBe(true);
    expect(target.taken.join("")).toBe("<p>0</p><p>1</p><p>2</p><p>3</p><p>4</p>");
  });

  test("that are closed while they are full, or fail, end the request", async () => {
    for (const error of [undefined, new Error("EPIPE")]) {
      const target = new Slow({ highWaterMark: 1 });
      const sent = (await many([])).pipe(target);
      await turns();
      target.destroy(error);
      expect(await sent).toBe(false);
      expect(target.listenerCount("close")).toBe(0);
    }
  });

  test("that are closed already get nothing", async () => {
    const target = new PassThrough();
    target.destroy();
    expect(await (await many([])).pipe(target)).toBe(false);
    expect(closeSignal(target).aborted).toBe(true);
    expect(() => closeSignal(7 as never)).toThrow(TypeError);
  });

  test("what is none is refused at the call, and the page can still be sent", async () => {
    const page = await many([]);
    for (const wrong of [undefined, {}, { ...new PassThrough(), off: undefined }])
      await expect(page.pipe(wrong as never)).rejects.toMatchObject({
        name: "TypeError",
        code: "ERR_SK_INVALID_ARG",
      });
    expect(await page.text()).toContain("<p>4</p>");
  });

  test("that compress are told that a part must not wait", async () => {
    const target = new PassThrough();
    let flushes = 0;
    const response = Object.assign(target, { flush: () => flushes++ }) as unknown as NodeResponse;
    target.resume();
    expect(await (await many([])).pipe(response)).toBe(true);
    expect(flushes).toBeGreaterThanOrEqual(5);
  });
});

describe("Web streams", () => {
  test("a response has status, headers and body", async () => {
    const response = (await inTwo(Promise.resolve("later"))).response();
    expect([response.status, response.headers.get("x-a")]).toEqual([203, "1"]);
    expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(withoutScripts(await response.text())).toBe("<p>shell</p><p>later</p>");
  });

  test("a response that must not have a body has none, and its request ends", async () => {
    for (const status of [204, 205, 304]) {
      let isDisposed = false;
      const page = await renderWithState(
        ({ scope, slot, setStatus }) => {
          setStatus(status);
          scope.run(() => onScopeDispose(() => (isDisposed = true)));
          const never = fromPromise(() => new Promise<string>(() => {}));
          return html`<p>${slot(never, { success: String })}</p>`;
        },
        { mode: "in-order" },
      );
      const response = page.response();
      expect([response.status, response.body, isDisposed]).toEqual([status, null, true]);
      expect(() => page.stream()).toThrow(expect.objectContaining({ code: "ERR_SK_RENDER_STATE" }));
    }
  });

  test("an iteration that is ended before it has begun ends the request", async () => {
    const page = await inTwo(new Promise(() => {}));
    const { effects } = engine().counters;
    await page[Symbol.asyncIterator]().return?.();
    expect(engine().counters.effects).toBeLessThan(effects);
  });

  test("pieces of a stream that has no iteration are read by its reader, which is cancelled", async () => {
    const reasons: unknown[] = [];
    const pieces = ["<p>", "a"];
    const source = () => {
      const left = [...pieces];
      return {
        getReader: () => ({
          read: async () => ({ done: left.length === 0, value: left.shift() }),
          cancel: async (...args: unknown[]) => void reasons.push(args.length),
        }),
      } as unknown as ReadableStream<string>;
    };
    expect(await (await renderWithState(source)).text()).toBe("<p>a");
    const page = await renderWithState(source, { mode: "in-order" });
    reasons.length = 0;
    page.abort();
    await turns();
    expect(reasons).toEqual([0]);
  });

  test("pieces that are neither text nor bytes are refused", async () => {
    const pieces = async function* () {
      yield 7 as never;
    };
    await expect(renderWithState(pieces)).rejects.toMatchObject({
      code: "ERR_SK_RENDER",
      cause: { code: "ERR_SK_INVALID_ARG" },
    });
  });

  test("parts are made when they are read, and none ahead", async () => {
    const made: string[] = [];
    const page: Page = await renderWithState(
      () =>
        (async function* () {
          for (const part of ["ä", "b", "c"]) {
            made.push(part);
            yield part;
          }
        })(),
      { mode: "in-order" },
    );
    const reader = page.stream().getReader();
    await turns();
    expect(made).toEqual(["ä"]);
    expect((await reader.read()).value).toEqual(new TextEncoder().encode("ä"));
    await reader.read();
    expect(made).toEqual(["ä", "b"]);
    await reader.cancel();
    await turns();
    expect(made).toEqual(["ä", "b"]);
  });

  test("an error of the page is one of its stream", async () => {
    const page = await renderWithState(
      () =>
        (async function* () {
          yield "<p>";
          throw new URIError("broken");
        })(),
      { mode: "in-order" },
    );
    await expect(page.response().text()).rejects.toMatchObject({ code: "ERR_SK_RENDER" });
  });
});

test("a page that is whole needs nothing any more when it is there", async () => {
  let isDisposed = false;
  const page = await renderWithState(({ scope }) => {
    scope.run(() =>
      onScopeDispose(() => {
        isDisposed = true;
      }),
    );
    return rawHtml("<p>");
  });
  expect(isDisposed).toBe(true);
  expect(await page.text()).toBe("<p>");
});
