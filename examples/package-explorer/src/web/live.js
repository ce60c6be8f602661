// @ts-check
import { createScope, onScopeDispose, signal } from "@signal-kernel/core";
import { captureSnapshot, createSnapshotScope, encodeJsonSnapshot } from "@signal-kernel/snapshot";
import { formatMark, parseMark } from "../graph/mark.js";
import { describeCatalogue, GRAPH, PARTS } from "../graph/snapshot.js";
import { paced } from "../reactive/paced.js";

/**
 * @import { ServerResponse } from "node:http"
 * @import { Scope } from "@signal-kernel/core"
 * @import { SnapshotDocument } from "@signal-kernel/snapshot"
 * @import { Catalogue } from "../graph/catalogue.js"
 */

/** How often a client is told, in milliseconds: as often as is seen as motion. */
const FRAME = 60;
/** How long a browser waits before it comes back, in milliseconds. */
const RETRY = 500;

/**
 * The live channel: whoever listens is told what has changed in the catalogue since the state that he
 * has. What is sent are snapshots of the cells that changed, with their versions; the id of each event is
 * the mark of what has been told so far. What belongs to one visitor is in his browser, so that nothing
 * of it has to be kept here while he is away.
 *
 * @param {Catalogue} catalogue
 * @param {string} server its id, in marks and documents
 */
export function createLiveChannel(catalogue, server) {
  const snapshot = createSnapshotScope({ ...GRAPH, instanceId: server });
  describeCatalogue(snapshot, catalogue);
  /** @type {Set<Scope>} */
  const connections = new Set();

  /** @type {{ mark: string, document: SnapshotDocument } | undefined} the same for all who listen */
  let latest;
  /** @param {string} mark */
  const capture = (mark) => {
    if (latest?.mark !== mark) latest = { mark, document: captureSnapshot(snapshot) };
    return latest.document;
  };
  const mark = () => formatMark(server, catalogue.cells);

  /**
   * @param {ServerResponse} response
   * @param {string} after the mark of the state that the client has, or anything else for none
   */
  function listen(response, after) {
    let seen = parseMark(after, server).versions;
    // False while the socket is full. The effect reads it first: a client that does not keep up costs
    // nothing, and gets the newest state, not every one in between, when it does again.
    const ready = signal(true, { name: "socket ready" });
    response.on("drain", () => ready.set(true));

    response.write(`retry: ${RETRY}\nid: ${formatSeen(server, seen)}\nevent: hello\ndata:\n\n`);
    paced(
      mark,
      (mark) => {
        const { versions } = parseMark(mark, server);
        const document = capture(mark);
        const nodes = document.nodes.filter(({ id }) => isNewer(id, versions, seen));
        if (nodes.length === 0) return;
        seen = versions;
        const data = encodeJsonSnapshot({ ...document, nodes });
        ready.set(response.write(`id: ${mark}\nevent: state\ndata: ${data}\n\n`));
      },
      { pause: FRAME, name: "live state", ready: ready.get },
    );
  }

  return {
    /**
     * @param {ServerResponse} response
     * @param {string} after
     */
    open(response, after) {
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      const scope = createScope({
        name: "live connection",
        detached: true,
        onError(error) {
          console.error(`A connection ends: ${error}`);
          scope.dispose();
        },
      });
      connections.add(scope);
      response.on("close", scope.dispose);
      try {
        scope.run(() => {
          onScopeDispose(() => {
            connections.delete(scope);
            response.end();
          });
          listen(response, after);
        });
      } catch (error) {
        scope.dispose();
        throw error;
      }
    },

    close() {
      for (const scope of [...connections]) scope.dispose();
    },
  };
}

/** @type {(server: string, versions: number[]) => string} */
const formatSeen = (server, versions) => [server, ...versions].join(".");

/**
 * @param {string} id
 * @param {number[]} versions
 * @param {number[]} seen
 */
function isNewer(id, versions, seen) {
  const at = PARTS.indexOf(/** @type {(typeof PARTS)[number]} */ (id));
  return (versions[at] ?? 0) > (seen[at] ?? 0);
}
