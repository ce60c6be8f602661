#!/usr/bin/env node
// @ts-check
// npm run bench:snapshot -w benchmarks: capturing and encoding a graph, against JSON.stringify of the
// same values, and against what devalue and seroval take for them.
//
//   --nodes N    signals in the graph (100,000)
//   --rounds N   rounds, of which the median counts (11)
//
// All contenders take turns in each round, in one process: what the machine does meanwhile meets all.

import { signal } from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  decodeJsonSnapshot,
  encodeJsonSnapshot,
  restoreSnapshot,
} from "@signal-kernel/snapshot";
import * as devalue from "devalue";
import * as seroval from "seroval";

/** @param {string} name @param {number} otherwise */
function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

const NODES = option("nodes", 100_000);
const ROUNDS = option("rounds", 11);

/** @type {Record<string, (i: number) => import("@signal-kernel/snapshot").JsonValue>} */
const SHAPES = {
  numbers: (i) => i * 1.5,
  texts: (i) => `value number ${i}`,
  records: (i) => ({ id: i, name: `user ${i}`, tags: ["a", "b"], position: { x: i, y: -i } }),
};

/** @param {number[]} times */
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];

/** @param {Record<string, () => unknown>} contenders */
function race(contenders) {
  const entries = Object.entries(contenders);
  const times = new Map(entries.map(([name]) => [name, /** @type {number[]} */ ([])]));
  for (let round = -2; round < ROUNDS; round++) {
    for (const [name, run] of entries) {
      /** @type {any} */ (globalThis).gc?.();
      const started = performance.now();
      run();
      const time = performance.now() - started;
      if (round >= 0) times.get(name)?.push(time);
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

for (const [shape, make] of Object.entries(SHAPES)) {
  const values = Array.from({ length: NODES }, (_, i) => make(i));
  const scope = createSnapshotScope({ now: () => 0 });
  values.forEach((value, i) => {
    scope.signal(`node.${i}`, signal(value));
  });
  const nodes = values.map((value, i) => ({ id: `node.${i}`, kind: "signal", value }));
  const text = encodeJsonSnapshot(captureSnapshot(scope));
  const document = decodeJsonSnapshot(text);
  const plain = JSON.stringify(values);
  const rich = devalue.stringify(values);
  const write = race({
    "JSON.stringify, values": () => JSON.stringify(values),
    "JSON.stringify, the document": () => JSON.stringify({ nodes }),
    "capture + encode": () => encodeJsonSnapshot(captureSnapshot(scope)),
    capture: () => captureSnapshot(scope),
    "devalue.stringify, values": () => devalue.stringify(values),
    "seroval.serialize, values": () => seroval.serialize(values),
  });
  const read = race({
    "JSON.parse, values": () => JSON.parse(plain),
    "decode + restore": () => restoreSnapshot(scope, decodeJsonSnapshot(text)),
    restore: () => restoreSnapshot(scope, document),
    "devalue.parse, values": () => devalue.parse(rich),
  });
  console.log(`\n${NODES} ${shape}, ${(text.length / 1e6).toFixed(1)} MB as a document`);
  for (const times of [write, read]) {
    const [base] = times.values();
    for (const [name, time] of times)
      console.log(
        `  ${name.padEnd(30)} ${time.toFixed(1).padStart(8)} ms  ${(time / base).toFixed(2).padStart(7)} x`,
      );
  }
}
