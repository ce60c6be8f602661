// @ts-check

import { setImmediate as turn } from "node:timers/promises";
import { createStreamResource } from "@signal-kernel/async-runtime";
import { computed } from "@signal-kernel/core";
import { findReadme, readReadme } from "../disk/readme.js";
import { renderBlocks } from "../markdown/render.js";

/**
 * @import { PackageCell } from "./cells.js"
 * @import { Safe } from "../web/html.js"
 */

/** How much is rendered before other work gets its turn. */
const CHUNK = 8 * 1024;

/**
 * The README of the selected package, streamed: each chunk is a few finished blocks of HTML, seen
 * as soon as they are rendered. Selecting another package ends the stream and clears what it left.
 *
 * @param {() => PackageCell | undefined} selected
 */
export function createReadme(selected) {
  const dir = computed(() => selected()?.record.dir, { name: "selected folder" });

  const [blocks, meta] = createStreamResource(
    dir.get,
    /**
     * @param {string | undefined} dir
     * @param {import("@signal-kernel/async-runtime").StreamContext<Safe[], readonly Safe[]>} ctx
     */
    async (dir, ctx) => {
      const path = dir && (await findReadme(dir));
      if (!path) return ctx.done([]);
      const { text, cut } = await readReadme(path);

      /** @type {Safe[]} */
      let chunk = [];
      let size = 0;
      for (const block of renderBlocks(text, { cut })) {
        chunk.push(block);
        size += block.html.length;
        if (size < CHUNK) continue;
        ctx.emit(chunk);
        [chunk, size] = [[], 0];
        await turn();
        if (ctx.isCancelled()) return;
      }
      ctx.emit(chunk);
      ctx.done();
    },
    {
      initialValue: /** @type {readonly Safe[]} */ ([]),
      reduce: (sofar = [], chunk) => [...sofar, ...chunk],
      onCancel: "clear",
      onError: "keep-partial",
    },
  );

  return {
    blocks: () => blocks() ?? [],
    status: meta.status,
    error: meta.error,
    isOver: () => meta.status() !== "pending" && meta.status() !== "streaming",
  };
}
