import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Live, untilReady } from "./events.js";
import { makeProject, numbered, writeFiles } from "./fixture.js";
import { rowsIn } from "./html.js";
import { killAll, type Running, start } from "./program.js";

const LIMIT = 60_000;

afterAll(killAll);

describe("the live connection", () => {
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

  test("shows what is installed, replaced and removed elsewhere", { timeout: LIMIT }, async () => {
    const live = await Live.open(server, "?filter=newcomer");
    await live.until(() => live.html("list").includes("No package matches"));

    const manifest = join(project.root, "node_modules/newcomer/package.json");
    const version = (version: string) => JSON.stringify({ name: "newcomer", version });
    await writeFiles(project.root, { "node_modules/newcomer/package.json": version("1.0.0") });
    await live.until(() => rowsIn(live.html("list"))[0] === "newcomer 1.0.0");
    await live.until(() => live.html("tiles").includes("<strong>6</strong>"));

    await writeFile(manifest, version("1.1.0"));
    await live.until(() => rowsIn(live.html("list"))[0] === "newcomer 1.1.0");

    await rm(join(project.root, "node_modules/newcomer"), { recursive: true });
    await live.until(() => live.html("list").includes("No package matches"));
    live.close();
  });

  test("each connection has its own view of the shared data", { timeout: LIMIT }, async () => {
    const one = await Live.open(server);
    const two = await Live.open(server, "?package=node_modules/shared");
    await one.until(() => one.html("detail").includes("Overview"));
    await two.until(() => two.html("detail").includes("2.0.0"));
    expect((await one.go("package=node_modules/alpha")).status).toBe(204);
    await one.until(() => one.html("detail").includes("The first, with &lt;b&gt;markup"));
    expect(two.html("detail")).toContain("2.0.0");
    expect(two.messages.filter(({ data }) => data.html?.includes("The first"))).toEqual([]);
    one.close();
    two.close();
  });

  test("streams a README in chunks, and clears it for the next package", {
    timeout: LIMIT,
  }, async () => {
    const live = await Live.open(server);
    await live.until(() => live.regions.size > 0);
    await live.go("package=node_modules/alpha");
    await live.until(() => live.html("readme").includes("Paragraph 1499"));
    const chunks = live.messages.filter(
      ({ event, data }) => event === "append" && data.region === "readme",
    );
    expect(chunks.length).toBeGreaterThan(3);
    const sections = [...live.html("readme").matchAll(/<h4>Section (\d+)<\/h4>/g)];
    expect(sections.map(([, n]) => Number(n))).toEqual(Array.from({ length: 1500 }, (_, n) => n));
    expect(await server.get("/?package=node_modules/alpha")).toContain(live.html("readme"));

    await live.go("package=node_modules/shared");
    await live.until(() => live.html("readme").includes("no README"));
    expect(live.html("readme")).not.toContain("Section");
    live.close();
  });

  test("a search is superseded by the next, and only the newest is shown", {
    timeout: LIMIT,
  }, async () => {
    for (let n = 0; n < 300; n++) await writeFiles(project.root, numbered(n));
    const live = await Live.open(server);
    await live.until(() => live.html("tiles").includes("<strong>305</strong>"));

    const superseded = () => Number(/data-superseded="(\d+)"/.exec(live.html("results"))?.[1] ?? 0);
    let round = 0;
    do {
      // As fast as one types: the earlier ones find the word in every file, the last in one.
      await Promise.all(["co", "com", "comm", "common"].map((text) => live.go(`search=${text}`)));
      await live.go(`search=rare${++round}word`);
      await live.until(() => live.html("results").includes(`<mark>rare${round}word</mark>`));
    } while (superseded() === 0);

    expect(live.html("results")).toContain('data-status="success"');
    expect(live.html("results").match(/<mark>/g)).toHaveLength(1);
    expect(live.html("results")).toContain("1 match in");
    live.close();
  });

  test("an address of a connection that is gone is refused", { timeout: LIMIT }, async () => {
    const live = await Live.open(server);
    live.close();
    const status = async () => (await live.go("filter=x")).status;
    await expect.poll(status, { timeout: LIMIT }).toBe(404);
  });
});
