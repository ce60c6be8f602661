/**
 * What a program that installed the packages sees: both module formats, one engine, the published
 * entry points.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** Runs an ES module from the folder of a facade, where the packages resolve as for a user. */
function run(source: string): string {
  return execFileSync(process.execPath, ["--input-type=module", "-e", source], {
    cwd: join(root, "packages", "async-runtime"),
    encoding: "utf8",
  }).trim();
}

describe("packages", () => {
  test("ES modules and CommonJS share one engine and one graph", () => {
    const output = run(`
      import { createRequire } from "node:module";
      import { signal } from "@signal-kernel/core";
      import { engine } from "@signal-kernel/native";
      const require = createRequire(process.cwd() + "/x.js");
      const common = require("@signal-kernel/core");
      const count = signal(1);
      const seen = [];
      common.createEffect(() => { seen.push(count.get()); });
      common.batch(() => count.set(2));
      const { counters } = require("@signal-kernel/native").engine();
      console.log(JSON.stringify([seen, counters.nodes, engine().counters.nodes]));
    `);
    expect(JSON.parse(output)).toEqual([[1, 2], 2, 2]);
  });

  test("a snapshot of one format reaches the cells of the other", () => {
    const output = run(`
      import { createRequire } from "node:module";
      import * as esm from "@signal-kernel/snapshot";
      const require = createRequire(process.cwd() + "/x.js");
      const cjs = require("@signal-kernel/snapshot");
      const { fromPromise } = require("@signal-kernel/async-runtime");
      const cell = fromPromise({ run: async () => 1 });
      const scope = esm.createSnapshotScope().resource("cell", [cell.value, cell], { restore: "seed" });
      const node = { id: "cell", kind: "resource", restore: "seed", status: "success", value: 7, version: 3 };
      const document = { ...cjs.captureSnapshot(cjs.createSnapshotScope()), nodes: [node] };
      esm.restoreSnapshot(scope, document);
      console.log(JSON.stringify([cell.value(), cell.version(), esm.SnapshotError === cjs.SnapshotError]));
    `);
    expect(JSON.parse(output)).toEqual([7, 3, true]);
  });

  test("a page of one format shows the cells and templates of the other", () => {
    const output = run(`
      import { createRequire } from "node:module";
      import { html, renderWithState } from "@signal-kernel/native/server";
      const require = createRequire(process.cwd() + "/x.js");
      const cjs = require("@signal-kernel/native/server");
      const { fromPromise } = require("@signal-kernel/async-runtime");
      const inner = await cjs.renderWithState(({ slot, snapshot }) => {
        const cell = fromPromise(async () => "<1>");
        snapshot.resource("cell", [cell.value, cell], { restore: "seed" });
        return html\`<p>\${slot(cell, { success: (text) => cjs.html\`<b>\${text}</b>\` })}</p>\`;
      });
      console.log((await inner.text()).replace(/<script.*script>/, "|"));
    `);
    expect(output).toBe("<p><b>&lt;1&gt;</b></p>|");
  });

  test("errors of one format are instances of the other's classes", () => {
    const output = run(`
      import { createRequire } from "node:module";
      import { CycleError } from "@signal-kernel/core";
      const { computed } = createRequire(process.cwd() + "/x.js")("@signal-kernel/core");
      const self = computed(() => self.get(), { name: "self" });
      try { self.get(); } catch (error) {
        console.log(error instanceof CycleError, error.code, error.message.includes("self -> self"));
      }
    `);
    expect(output).toBe("true ERR_SK_CYCLE true");
  });

  test.each(["core", "async-runtime", "snapshot", "react", "vue"])(
    "the facade of %s exports what its code exports",
    (name) => {
      const output = run(`
      import * as facade from "@signal-kernel/${name}";
      import * as native from "@signal-kernel/native/${name}";
      console.log(JSON.stringify([Object.keys(facade).sort(), Object.keys(native).sort()]));
    `);
      const [facade, native] = JSON.parse(output) as string[][];
      expect(facade).toEqual(native);
      expect(facade?.length).toBeGreaterThan(5);
    },
  );

  test("no file is imported for nothing, of which bundlers would warn", () => {
    const dist = join(root, "dist");
    const files = readdirSync(dist).filter((name) => name.endsWith(".mjs"));
    expect(files.length).toBeGreaterThan(10);
    const bare = files.filter((name) => /^import "/m.test(readFileSync(join(dist, name), "utf8")));
    expect(bare).toEqual([]);
  });

  test("every file that package.json names exists after a build", () => {
    const { exports, imports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const paths = [
      ...JSON.stringify([exports, imports]).matchAll(/"(\.\/[^"]+\.(?:[mc]?js|ts|[mc]ts|json))"/g),
    ];
    expect(paths.length).toBeGreaterThan(10);
    for (const [, path] of paths)
      expect(readFileSync(join(root, path as string)).length).toBeGreaterThan(0);
  });
});
