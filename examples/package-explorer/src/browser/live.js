// @ts-check
import { onCleanup, signal } from "@signal-kernel/core";
import { decodeJsonSnapshot, restoreSnapshot } from "@signal-kernel/snapshot";
import { formatMark } from "../graph/mark.js";

/**
 * @import { SnapshotScope } from "@signal-kernel/snapshot"
 * @import { Catalogue } from "../graph/catalogue.js"
 * @typedef {"connecting" | "open" | "lost"} Connection
 */

const SHORTEST_RETRY = 500;
const LONGEST_RETRY = 8000;

/**
 * Follows what the server finds out. Each message is a snapshot of the cells that have changed, with
 * their versions, and is restored like the first one: in one transaction, and only what is newer than
 * what is here. The mark of the last message says what has been seen, so that a connection that was lost
 * goes on where it ended; whatever has been selected, typed and found on this page stays.
 *
 * @param {SnapshotScope} snapshot
 * @param {Catalogue} catalogue
 * @returns {{ connection(): Connection, goLive(): void }} `goLive` is called once the page shows the state
 *   that it was rendered with: until then nothing changes
 */
export function followServer(snapshot, { cells }) {
  const connection = signal(/** @type {Connection} */ ("connecting"), { name: "connection" });
  /** @type {EventSource | undefined} */
  let stream;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let retry = SHORTEST_RETRY;
  let mark = "";
  // The one whose state the page has.
  const server = document.querySelector("meta[name=server]")?.getAttribute("content") ?? "";

  const connect = () => {
    stream = new EventSource(`/events?${new URLSearchParams({ after: mark })}`);
    stream.addEventListener("hello", ({ lastEventId }) => {
      mark = lastEventId;
      retry = SHORTEST_RETRY;
      connection.set("open");
    });
    stream.addEventListener("state", ({ data, lastEventId }) => {
      const state = decodeJsonSnapshot(data);
      // Another server, started since, counts its versions anew: what it says is true all the same.
      const isSame = state.graph.instanceId === server;
      restoreSnapshot(snapshot, state, { freshness: isSame ? "newer" : "any" });
      mark = lastEventId;
    });
    stream.addEventListener("error", () => {
      connection.set("lost");
      // A browser reconnects by itself, unless it was answered with an error.
      if (stream?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, retry);
      retry = Math.min(2 * retry, LONGEST_RETRY);
    });
  };

  onCleanup(() => {
    clearTimeout(timer);
    stream?.close();
  });
  return {
    connection: connection.get,
    goLive() {
      if (stream !== undefined) return;
      mark = formatMark(server, cells);
      connect();
    },
  };
}
