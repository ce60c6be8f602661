// @ts-check

import { asyncSignal, fromPromise } from "@signal-kernel/async-runtime";
import { computed, onCleanup } from "@signal-kernel/core";
import { missingEntryFiles } from "../disk/entry-files.js";
import { measure } from "../disk/usage.js";
import { sameList } from "./equality.js";
import { judge, sameVerdict } from "./integrity.js";
import { resolveDeclared, sameEdge } from "./resolve.js";

/**
 * @import { Locks } from "../disk/lockfile.js"
 * @import { Pool } from "../disk/pool.js"
 * @import { PackageRecord, Scan } from "../disk/scan.js"
 * @import { World } from "./explorer.js"
 *
 * @typedef {ReturnType<typeof createCell>} PackageCell
 * @typedef {{ pool: Pool, world: () => World, locks: () => Locks }} Services
 */

/**
 * Keeps one cell for each package. A package that a new scan finds unchanged keeps its cell, with
 * all that was measured; one that was replaced gets a new one.
 *
 * @param {Services} services
 */
export function createCells(services) {
  /** @type {Map<string, PackageCell>} */
  let current = new Map();
  // Cells are made between two runs of effects, so no effect owns them: they are disposed by hand.
  onCleanup(() => {
    for (const cell of current.values()) cell.dispose();
  });

  return {
    /**
     * @param {Scan} scan
     * @param {string[]} touched folders in which something changed since the last one
     */
    reconcile(scan, touched) {
      const changed = new Set(touched);
      const next = new Map(
        Array.from(scan.records, ([id, record]) => {
          const known = current.get(id);
          if (known?.record.stamp !== record.stamp) return [id, createCell(record, services)];
          if (changed.has(record.dir)) known.remeasure();
          return [id, known];
        }),
      );
      for (const [id, cell] of current) if (next.get(id) !== cell) cell.dispose();
      current = next;
      return next;
    },
  };
}

/**
 * What is known and what is found out about one package.
 *
 * @param {PackageRecord} record
 * @param {Services} services
 */
function createCell(record, { pool, world, locks }) {
  const { id, dir } = record;

  const usage = fromPromise(({ signal }) => measure(dir, { pool, signal }));
  const [missing, missingMeta] = asyncSignal(({ signal }) =>
    missingEntryFiles(record, { pool, signal }),
  );

  // Every scan makes these run again; as long as the answer is the same, nothing behind them does.
  const dependencies = computed(() => resolveDeclared(record, world()), {
    equals: sameList(sameEdge),
    name: `dependencies of ${id}`,
  });
  const verdict = computed(() => judge(record, locks(), missing()), {
    equals: sameVerdict,
    name: `integrity of ${id}`,
  });

  return {
    id,
    record,
    usage,
    dependencies: dependencies.get,
    verdict: verdict.get,
    /** The size of its own files, undefined until they have been counted. */
    bytes: () => usage.value()?.bytes,
    settled: () => usage.status() !== "pending" && missingMeta.status() !== "pending",
    /** What went wrong while its files were looked at. */
    failure: () => usage.error() ?? missingMeta.error(),
    remeasure() {
      usage.reload();
      missingMeta.reload();
    },
    dispose() {
      usage.dispose();
      missingMeta.dispose();
    },
  };
}
