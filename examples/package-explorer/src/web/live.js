// @ts-check
import { randomUUID } from "node:crypto";
import { createEffect, createScope, onScopeDispose, signal } from "@signal-kernel/core";
import { createSession } from "../graph/session.js";
import { paced } from "../reactive/paced.js";
import { until } from "../reactive/until.js";
import { titleOf } from "./views/page.js";
import { REGIONS } from "./views/regions.js";

/**
 * @import { ServerResponse } from "node:http"
 * @import { Scope } from "@signal-kernel/core"
 * @import { Explorer } from "../graph/explorer.js"
 * @import { Session } from "../graph/session.js"
 * @import { Address } from "./address.js"
 */

/** How often a region may be sent, in milliseconds: as often as is seen as motion. */
const FRAME = 60;
/** How long the first state waits for what is on its way, as the page did before it was sent. */
const PATIENCE = 1500;

/**
 * The live connections. Each has a sub-graph of its own: the session's signals, and one effect for
 * each region of the page, which sends the region whenever it has changed. All of it belongs to one
 * scope, and goes when the client does - or when something in it throws: the client then connects anew.
 *
 * @param {Explorer} explorer
 */
export function createLiveConnections(explorer) {
  /** @type {Map<string, { session: Session, scope: Scope }>} */
  const connections = new Map();

  return {
    /**
     * @param {ServerResponse} response
     * @param {Address} address
     */
    open(response, address) {
      const id = randomUUID();
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      const scope = createScope({
        name: `connection ${id}`,
        detached: true,
        onError(error) {
          console.error(`A connection ends: ${error}`);
          scope.dispose();
        },
      });
      response.on("close", scope.dispose);
      try {
        scope.run(() => {
          onScopeDispose(() => {
            connections.delete(id);
            response.end();
          });
          const session = createSession(explorer, address);
          connections.set(id, { session, scope });
          connect(explorer, session, response, id);
        });
      } catch (error) {
        scope.dispose();
        throw error;
      }
    },

    /**
     * @param {string} id
     * @param {Address} address
     * @returns {boolean} false when there is no such connection (any more)
     */
    go(id, address) {
      const connection = connections.get(id);
      connection?.session.go(address);
      return connection !== undefined;
    },

    close() {
      for (const { scope } of [...connections.values()]) scope.dispose();
    },
  };
}

/**
 * @param {Explorer} explorer
 * @param {Session} session
 * @param {ServerResponse} response
 * @param {string} id
 */
function connect(explorer, session, response, id) {
  // False while the socket is full. Every effect below reads it first: a client that does not keep
  // up costs nothing, and gets the newest state, not every one in between, when it does again.
  const ready = signal(false, { name: "socket ready" });
  response.on("drain", () => ready.set(true));

  /** @type {(event: string, data: object) => void} */
  const send = (event, data) => {
    ready.set(response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
  };

  response.write(`event: hello\ndata: ${JSON.stringify({ session: id })}\n\n`);
  // The page shows this state already: half of it again would be a step back.
  until(session.settled, { timeout: PATIENCE }).then(() => ready.set(true));
  paced(
    () => titleOf(session),
    (title) => send("title", { title }),
    { pause: FRAME, name: "title", ready: ready.get },
  );
  const { readme: _grows, ...whole } = REGIONS;
  for (const [region, view] of Object.entries(whole)) {
    paced(
      () => view(explorer, session).html,
      (html) => send("patch", { region, html }),
      { pause: FRAME, name: `region ${region}`, ready: ready.get },
    );
  }
  sendReadme(explorer, session, send, ready.get);
}

/**
 * The README's region grows: what has been sent stays, and the new blocks follow, each chunk as
 * soon as it is rendered.
 *
 * @param {Explorer} explorer
 * @param {Session} session
 * @param {(event: string, data: object) => void} send
 * @param {() => boolean} ready
 */
function sendReadme(explorer, session, send, ready) {
  const region = "readme";
  let sent = "";
  createEffect(
    () => {
      if (!ready()) return;
      const { html } = REGIONS.readme(explorer, session);
      if (html === sent) return;
      const grown = sent !== "" && html.startsWith(sent);
      if (grown) send("append", { region, html: html.slice(sent.length) });
      else send("patch", { region, html });
      sent = html;
    },
    { name: "region readme" },
  );
}
