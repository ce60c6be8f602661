import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Live, untilReady } from "./events.js";
import { makeProject, numbered, writeFiles } from "./fixture.js";
import { killAll, type Running, start } from "./program.js";

const LIMIT = 60_000;

afterAll(killAll);

describe("the live channel", () => {
  let project: Awaited<ReturnType<typeof makeProject>>;
  let server: Running;
  beforeAll(async () => {
    project = await makeProject();
    server = await start("--port", "0", project.root);
    await untilReady(server);
  }, LIMIT);
  afterAll(async () => {
    await server.stop();
    await project.remove();
  });

  const manifest = () => join(project.root, "node_modules/newcomer/package.json");
  const versioned = (version: string) => JSON.stringify({ name: "newcomer", version });

  test("tells what is installed, replaced and removed elsewhere", { timeout: LIMIT }, async () => {
    const live = await Live.open(server);
    await live.until(() => live.find("alpha") !== undefined);
    expect(live.find("newcomer")).toBeUndefined();

    await writeFiles(project.root, { "node_modules/newcomer/package.json": versioned("1.0.0") });
    await live.until(() => live.find("newcomer")?.version === "1.0.0");
    await writeFile(manifest(), versioned("1.1.0"));
    await live.until(() => live.find("newcomer")?.version === "1.1.0");
    await rm(join(project.root, "node_modules/newcomer"), { recursive: true });
    await live.until(() => live.find("newcomer") === undefined);
    live.close();
  });

  test("sends the parts that have changed, with versions that only grow", {
    timeout: LIMIT,
  }, async () => {
    const live = await Live.open(server);
    await live.until(() => live.cells.size === 4 && live.phase === "ready");
    const before = live.messages.length;
    const bytes = () =>
      live.cells.get("sizes")?.value.find((one: any) => one.id === "node_modules/alpha").bytes;
    const size = bytes();
    // What is added to a package's files changes its size, and nothing else.
    await writeFiles(project.root, { "node_modules/alpha/more.txt": "x".repeat(1234) });
    await live.until(() => bytes() === size + 1234);
    live.close();

    const later = live.messages.slice(before);
    for (const { nodes } of later) expect(nodes.map(({ id }) => id)).not.toContain("packages");
    const last = new Map<string, number>();
    for (const { nodes } of live.messages) {
      for (const { id, version } of nodes) {
        expect(version).toBeGreaterThan(last.get(id) ?? 0);
        last.set(id, version);
      }
    }
  });

  test("whoever comes back is told what he has missed, and no more", {
    timeout: LIMIT,
  }, async () => {
    const first = await Live.open(server);
    await first.until(() => first.cells.size === 4 && first.phase === "ready");
    first.close();

    const nothing = await Live.open(server, first.mark);
    expect(nothing.messages).toEqual([{ id: first.mark, event: "hello", nodes: [] }]);
    await writeFiles(project.root, { "node_modules/newcomer/package.json": versioned("3.0.0") });
    await nothing.until(() => nothing.find("newcomer") !== undefined && nothing.phase === "ready");
    nothing.close();

    const again = await Live.open(server, first.mark);
    await again.until(() => again.cells.size > 0);
    expect(again.find("newcomer")).toMatchObject({ version: "3.0.0" });
    again.close();

    // What another server has counted says nothing here.
    for (const mark of [`x${first.mark}`, "", "a.b.c", `${first.mark}.1`]) {
      const stranger = await Live.open(server, mark);
      await stranger.until(() => stranger.cells.size === 4);
      stranger.close();
    }
  });
});

describe("what a browser asks for", () => {
  let project: Awaited<ReturnType<typeof makeProject>>;
  let server: Running;
  beforeAll(async () => {
    project = await makeProject();
    for (let n = 0; n < 50; n++) await writeFiles(project.root, numbered(n));
    server = await start("--port", "0", project.root);
    await untilReady(server);
  }, LIMIT);
  afterAll(async () => {
    await server.stop();
    await project.remove();
  });

  const ask = (path: string) => fetch(new URL(path, server.url));

  test("a README in lines, the same as the page shows", async () => {
    const response = await ask("/api/readme?package=node_modules/alpha");
    const lines = (await response.text()).trim().split("\n");
    expect(lines.length).toBeGreaterThan(3);
    const blocks: string[] = lines.flatMap((line) => JSON.parse(line));
    const sections = blocks.join("").matchAll(/<h4>Section (\d+)<\/h4>/g);
    expect([...sections].map(([, n]) => Number(n))).toEqual(
      Array.from({ length: 1500 }, (_, n) => n),
    );
    expect(await server.get("/?package=node_modules/alpha")).toContain(blocks.join(""));
    expect(await (await ask("/api/readme?package=node_modules/shared")).text()).toBe("");
    expect((await ask("/api/readme?package=../../etc")).status).toBe(404);
  });

  test("a search, whose result is the page's", async () => {
    const found: any = await (await ask("/api/search?text=rare7word&place=readmes")).json();
    expect(found).toMatchObject({ matches: [{ hit: "rare7word", line: 3 }], complete: true });
    for (const query of ["", "text=x", `text=${"x".repeat(301)}`, "text=abc&place=elsewhere"]) {
      expect((await ask(`/api/search?${query}`)).status).toBe(400);
    }
  });

  test("the parts of the catalogue, should its page have come without", async () => {
    const packages: any = await (await ask("/api/packages")).json();
    expect(packages.list.map(({ label }: { label: string }) => label)).toContain("alpha");
    for (const name of ["sizes", "verdicts", "status"]) {
      expect((await ask(`/api/${name}`)).status).toBe(200);
    }
    for (const name of ["nothing", "__proto__", "constructor", ""]) {
      expect((await ask(`/api/${name}`)).status).toBe(404);
    }
  });

  test("nothing after the client is gone: a search that nobody waits for ends", {
    timeout: LIMIT,
  }, async () => {
    for (let n = 0; n < 20; n++) {
      const controller = new AbortController();
      const { signal } = controller;
      const path = "/api/search?text=word&place=sources";
      const asked = fetch(new URL(path, server.url), { signal }).catch((error) => error.name);
      setTimeout(() => controller.abort(), n % 5);
      await asked;
    }
    expect((await ask("/api/search?text=rare7word")).status).toBe(200);
    expect(server.output.stderr).not.toContain("Error");
  });
});
