/**
 * The S rows of the adversarial table, each in a process of its own: exit code, signal, the class of the
 * error that was raised, and a kernel that works afterwards.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("./snapshot/run.mjs", import.meta.url));

const ROWS: readonly (readonly [id: string, title: string, raised: string])[] = [
  ["S01", "__proto__, constructor, toString as node ids", "none"],
  ["S02", "__proto__ key inside a value pollutes nothing", "none"],
  ["S03", "malformed documents", "SnapshotError"],
  ["S04", "100k-deep document", "SnapshotError"],
  ["S05", "cyclic value", "SnapshotError"],
  ["S06", "hostile values: throwing getter, toJSON, Proxy, sparse array", "SnapshotError"],
  ["S07", "</script>, <!--, U+2028 in a value", "none"],
  ["S08", "restore is all-or-nothing when a decoder throws", "URIError"],
  ["S09", "restored function-looking values are not called", "none"],
  ["S10", "restore runs effects once", "none"],
  ["S11", "20 MB document", "SnapshotError"],
  ["S12", "round trip of -0, 1e308, lone surrogates, empty keys", "none"],
];

describe("adversarial S rows", () => {
  it.each(ROWS)("%s %s", (id, _title, raised) => {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, id], {
      encoding: "utf8",
      timeout: 60_000,
    });
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({ id, raised });
  });
});
