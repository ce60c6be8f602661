/**
 * What comes after the page: late results, news of the disk, connections that are lost.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { untilReady } from "../examples/events.js";
import { makeProject, numbered, writeFiles } from "../examples/fixture.js";
import { killAll, type Running, start, startProgram } from "../examples/program.js";
import { launch, open, untilLive } from "./browser.js";

const HELD_SERVER = join(import.meta.dirname, "programs", "held-server.mjs");
const PAGES = ["/", "/react", "/vue"];

let browser: Browser;
let project: Awaited<ReturnType<typeof makeProject>>;
beforeAll(async () => {
  project = await makeProject();
  for (let n = 0; n < 20; n++) await writeFiles(project.root, numbered(n));
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await project.remove();
  killAll();
});

describe("A10: what the server sends late", () => {
  let server: Running;
  beforeEach(async () => {
    server = await startProgram(HELD_SERVER, project.root);
    await untilReady(server);
    return async () => {
      await server.stop();
    };
  });
  const release = () => fetch(new URL("/api/search?text=release", server.url));

  test("is taken over, and not asked for, by a page that waits for it", async () => {
    const watched = await open(browser, null);
    const { page } = watched;
    await page.goto(String(new URL("/?search=rare1word", server.url)), { waitUntil: "commit" });
    // The list can be used while the rest of the page is still on its way.
    await page.waitForSelector("html.live", { state: "attached" });
    await page.fill("#filter", "alpha");
    await page.waitForSelector(".count:text-is('1 package')");
    expect(await page.locator(".results").count()).toBe(0);
    await release();
    await page.waitForSelector("mark:text-is('rare1word')");
    await untilLive(watched);
    expect(await page.getAttribute(".results", "data-status")).toBe("success");
    expect(watched.asked).toEqual([]);
    expect(watched.complaints).toEqual([]);
    await watched.close();
  });

  test("is refused where a newer run has begun here: its version is older", async () => {
    const watched = await open(browser, null);
    const { page } = watched;
    await page.goto(String(new URL("/?search=rare1word", server.url)), { waitUntil: "commit" });
    await page.waitForSelector("html.live", { state: "attached" });
    await Promise.all([
      page.waitForResponse("**/api/search?text=rare9word*"),
      page.fill("#search", "rare9word"),
    ]);
    await release();
    await page.waitForLoadState("load");
    await page.waitForSelector("mark:text-is('rare9word')");
    await page.waitForTimeout(300);
    // It has arrived: it is part of the page, with the version of the first run.
    const late: string = await page.evaluate(
      "document.querySelector('script[data-sk-state]').textContent",
    );
    const [node] = JSON.parse(late).nodes.filter(({ id }: { id: string }) => id === "search");
    expect(node).toMatchObject({ status: "success", version: 1 });
    expect(node.value.matches[0].hit).toBe("rare1word");
    // And it is nowhere to be seen.
    expect(await page.locator("mark").allTextContents()).toEqual(["rare9word"]);
    expect(await page.inputValue("#search")).toBe("rare9word");
    expect(watched.asked).toEqual(["/api/search?text=rare9word&place=readmes"]);
    expect(watched.complaints).toEqual([]);
    await watched.close();
  });

  test.each(PAGES)("is refused on the live channel of %s, too", async (path) => {
    const source = await server.get(path);
    const state = JSON.parse(/id="signal-kernel-snapshot">([^<]*)</.exec(source)?.[1] ?? "");
    const packages = state.nodes.find(({ id }: { id: string }) => id === "packages");
    const { list } = packages.value;
    const { instanceId } = state.graph;
    const send = (version: number, length: number) => {
      const value = { list: list.slice(0, length), problems: [] };
      const data = JSON.stringify({ ...state, nodes: [{ ...packages, version, value }] });
      return `id: ${instanceId}.${version}.1.1.1\nevent: state\ndata: ${data}\n\n`;
    };
    const watched = await open(browser, null);
    const { page } = watched;
    let isAnswered = false;
    await page.route("**/events?*", async (route) => {
      if (isAnswered) return;
      isAnswered = true;
      const body = `retry: 60000\n\n${send(7, 3)}${send(6, 2)}`;
      await route.fulfill({ headers: { "content-type": "text/event-stream" }, body });
    });
    await page.goto(String(new URL(path, server.url)));
    await page.waitForSelector(".count:text-is('3 packages')");
    await page.waitForTimeout(300);
    expect(await page.textContent(".count")).toBe("3 packages");
    await watched.close();
  });
});

describe.each(PAGES)("%s", (path) => {
  test("shows what is installed and removed elsewhere, and searches again", async () => {
    const server = await start("--port", "0", project.root);
    await untilReady(server);
    const watched = await open(
      browser,
      new URL(`${path}?filter=numbered&search=rare77`, server.url),
    );
    const { page } = watched;
    await untilLive(watched);
    await page.waitForSelector(".count:text-is('20 packages')");
    await writeFiles(project.root, numbered(77));
    await page.waitForSelector(".count:text-is('21 packages')");
    await page.waitForSelector("mark:text-is('rare77')");
    await rm(join(project.root, "node_modules/numbered-077"), { recursive: true });
    await page.waitForSelector(".count:text-is('20 packages')");
    await page.waitForSelector("mark", { state: "detached" });
    expect(watched.complaints).toEqual([]);
    await watched.close();
    await server.stop();
  });

  test("keeps its state while the server is away, and catches up when it is back", async () => {
    const first = await start("--port", "0", project.root);
    await untilReady(first);
    const watched = await open(browser, new URL(`${path}?package=node_modules/alpha`, first.url));
    const { page } = watched;
    await untilLive(watched);
    await page.fill("#search", "rare3word");
    await page.waitForSelector("mark:text-is('rare3word')");
    await page.evaluate("window.unchanged = true");

    await first.stop();
    await page.waitForSelector("html.offline", { state: "attached" });
    // The graph is here: what it knows can be looked at without a server.
    await page.fill("#filter", "numbered");
    await page.waitForSelector(".count:text-is('20 packages')");
    await writeFiles(project.root, numbered(88));

    const second = await start("--port", String(first.port), project.root);
    expect(second.port).toBe(first.port);
    await page.waitForSelector("html.live:not(.offline)", { state: "attached" });
    await page.waitForSelector(".count:text-is('21 packages')");
    expect(await page.inputValue("#filter")).toBe("numbered");
    expect(await page.locator("mark").allTextContents()).toEqual(["rare3word"]);
    expect(await page.textContent("h2 >> text=alpha")).toContain("alpha");
    expect(await page.evaluate("window.unchanged")).toBe(true);

    // And from then on it follows the second as it did the first.
    await rm(join(project.root, "node_modules/numbered-088"), { recursive: true });
    await page.waitForSelector(".count:text-is('20 packages')");
    await watched.close();
    await second.stop();
  });

  test("asks for what its page came without", async () => {
    const server = await start("--port", "0", project.root);
    await untilReady(server);
    const watched = await open(browser, null);
    const { page } = watched;
    await page.route(`${server.url.origin}${path}`, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(
        /<script type="application\/json".*?<\/script>/gs,
        "",
      );
      await route.fulfill({ response, body });
    });
    await page.goto(String(new URL(path, server.url)));
    await page.waitForSelector("html.live", { state: "attached" });
    await page.fill("#filter", "numbered");
    await page.waitForSelector(".count:text-is('20 packages')");
    expect(watched.asked.map((asked) => asked.replace(/\?.*/, "")).sort()).toEqual(
      ["/api/packages", "/api/sizes", "/api/status", "/api/verdicts"].sort(),
    );
    expect(watched.complaints[0]).toContain("The state of the page could not be used");
    await watched.close();
    await server.stop();
  });
});
