// @ts-check

import { asyncSignal, fromPromise } from "@signal-kernel/async-runtime";
import { computed, onCleanup } from "@signal-kernel/core";
import { missingEntryFiles } from "../disk/entry-files.js";
import { measure } from "../disk/usage.js";
import { messageOf } from "../format.js";
import { sameFields, sameList } from "../graph/equality.js";
import { judge, sameVerdict } from "./integrity.js";
import { resolveDeclared } from "./resolve.js";

/**
 * @import { Locks } from "../disk/lockfile.js"
 * @import { Pool } from "../disk/pool.js"
 * @import { PackageRecord, Scan } from "../disk/scan.js"
 * @import { Package, Size } from "../graph/source.js"
 *
 * @typedef {ReturnType<typeof createCell>} PackageCell
 * @typedef {{ pool: Pool, scan: () => Scan, locks: () => Locks }} Services
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
function createCell(record, { pool, scan, locks }) {
  const { id, dir, label, version, description, licence, homepage, installed } = record;

  const usage = fromPromise(({ signal }) => measure(dir, { pool, signal }));
  const [missing, missingMeta] = asyncSignal(({ signal }) =>
    missingEntryFiles(record, { pool, signal }),
  );

  // Every scan makes these run again; as long as the answer is the same, nothing behind them does.
  const edges = computed(() => resolveDeclared(record, scan()), {
    equals: sameList(sameFields),
    name: `dependencies of ${id}`,
  });
  const facts = computed(
    /** @returns {Package} */
    () => ({
      ...{ id, label, version, description, licence, homepage, installed },
      problem: record.problem ?? "",
      edges: edges.get(),
    }),
    { name: `facts of ${id}` },
  );
  const size = computed(
    /** @returns {Size | undefined} undefined until its files have been counted */
    () => {
      const failure = usage.error() ?? missingMeta.error();
      const known = usage.value();
      if (known === undefined && failure === undefined) return undefined;
      const { bytes = 0, files = 0 } = known ?? {};
      return { id, bytes, files, failure: failure === undefined ? "" : messageOf(failure) };
    },
    {
      equals: (a, b) => a === b || (a !== undefined && b !== undefined && sameFields(a, b)),
      name: `size of ${id}`,
    },
  );
  const verdict = computed(() => judge(record, locks(), missing()), {
    equals: sameVerdict,
    name: `integrity of ${id}`,
  });

  return {
    record,
    facts: facts.get,
    size: size.get,
    verdict: verdict.get,
    settled: () => usage.status() !== "pending" && missingMeta.status() !== "pending",
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
