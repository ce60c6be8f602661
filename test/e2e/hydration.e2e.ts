/**
 * H2, in a browser: the pages are rendered by the native engine and go on with the WebAssembly one.
 */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { untilReady } from "../examples/events.js";
import { makeProject, numbered, writeFiles } from "../examples/fixture.js";
import { killAll, type Running, start } from "../examples/program.js";
import { isUnfinished, keepPicture, launch, open, removedFrom, untilLive } from "./browser.js";

const VIEW = "?package=node_modules/alpha&search=rare7word";
const PAGES = ["/", "/react", "/vue"];

let browser: Browser;
let project: Awaited<ReturnType<typeof makeProject>>;
let server: Running;
const url = (path: string) => new URL(path, server.url);

beforeAll(async () => {
  // In development React and Vue say what does not fit; in production they put up with it.
  process.env.NODE_ENV = "development";
  project = await makeProject();
  for (let n = 0; n < 60; n++) await writeFiles(project.root, numbered(n));
  [browser, server] = await Promise.all([launch(), start("--port", "0", project.root)]);
  await untilReady(server);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await project.remove();
  killAll();
});

describe.each([...PAGES, "/live"])("%s", (path) => {
  test("has the data in its source", async () => {
    const source = await server.get(path + VIEW);
    expect(source).toContain("numbered-007");
    const states = [...source.matchAll(/<script type="application\/json"[^>]*>([^<]*)</g)];
    const nodes = states.flatMap(([, text = ""]) => JSON.parse(text).nodes);
    const last = (id: string) => nodes.findLast((node: { id: string }) => node.id === id);
    expect(last("packages").value.list).toHaveLength(67);
    expect(last("search")).toMatchObject({ status: "success", version: 1 });
    expect(last("readme")).toMatchObject({ status: "success" });
    expect(last("address.package").value).toBe("node_modules/alpha");
  });

  test("is hydrated: asks for nothing, changes nothing, says nothing", async () => {
    const watched = await open(browser, url(path + VIEW));
    await untilLive(watched);
    await watched.page.waitForTimeout(300);
    expect(watched.complaints).toEqual([]);
    // What the server did not get to in time, on a machine that is busy, is asked for once.
    const isPending = (id: string) => isUnfinished(watched.page, id);
    const expected = [
      ...((await isPending("search")) ? ["/api/search?text=rare7word&place=readmes"] : []),
      ...((await isPending("readme")) ? ["/api/readme?package=node_modules%2Falpha"] : []),
    ];
    expect(watched.asked.toSorted()).toEqual(expected.toSorted());
    // Vue writes what is in a v-html again; the drawing of /live is of that page's own graph.
    const own: Record<string, RegExp> = { "/vue": /^readme /, "/live": /^(picture|commits) / };
    const removed = await removedFrom(watched);
    expect(removed.filter((line) => !own[path]?.test(line))).toEqual([]);
    await watched.close();
  });
});

describe.each(PAGES)("%s in use", (path) => {
  test("the next search is asked for, the one of the server was not", async () => {
    const watched = await open(browser, url(path + VIEW));
    const { page, asked } = watched;
    await untilLive(watched);
    await page.fill("#search", "rare9word");
    await page.waitForSelector("mark:text-is('rare9word')");
    expect(asked).toEqual(["/api/search?text=rare9word&place=readmes"]);
    expect(new URL(page.url()).searchParams.get("search")).toBe("rare9word");
    expect(watched.complaints).toEqual([]);
    await watched.close();
  });

  test("typing fast shows the newest result only, whatever comes when", async () => {
    const watched = await open(browser, url(path));
    const { page, asked } = watched;
    await untilLive(watched);
    const aborted: string[] = [];
    page.on("requestfailed", (request) => aborted.push(request.url()));
    // All are answered, and late, when the last one is: those before it come after it.
    let answerAll = () => {};
    const isLast = new Promise<void>((resolve) => {
      answerAll = resolve;
    });
    await page.route("**/api/search?*", async (route) => {
      if (route.request().url().includes("rare5word")) answerAll();
      else await isLast.then(() => new Promise((resolve) => setTimeout(resolve, 200)));
      await route.continue().catch(() => {});
    });
    await page.evaluate(`
      window.seen = [];
      new MutationObserver(() => {
        for (const mark of document.querySelectorAll("mark")) window.seen.push(mark.textContent);
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    `);
    await page.locator("#search").pressSequentially("rare5word", { delay: 15 });
    await page.waitForSelector("mark:text-is('rare5word')");
    await page.waitForTimeout(500);
    const seen: string[] = await page.evaluate("[...new Set(window.seen)]");
    expect(seen).toEqual(["rare5word"]);
    expect(asked.length).toBeGreaterThan(2);
    expect(aborted).toHaveLength(asked.length - 1);
    expect(await page.getAttribute(".results", "data-superseded")).toBe(String(asked.length - 1));
    expect(watched.complaints).toEqual([]);
    await watched.close();
  });

  test("links, the list, the drawing, back and forward", async () => {
    const watched = await open(browser, url(path));
    const { page } = watched;
    await untilLive(watched);
    await page.fill("#filter", "alpha");
    await page.waitForSelector(".count:text-is('1 package')");
    await page.click(".row");
    await page.waitForSelector("h2:has-text('alpha')");
    await page.waitForSelector(".readme >> text=Paragraph 1499");
    expect(await page.title()).toBe("alpha · Package explorer");
    await page.click(".box.needed");
    await page.waitForSelector("h2:has-text('shared')");
    await page.waitForSelector(".readme >> text=no README");
    await page.goBack();
    await page.waitForSelector("h2:has-text('alpha')");
    await page.waitForSelector(".readme >> text=Paragraph 1499");
    expect(await page.inputValue("#filter")).toBe("alpha");
    await page.goForward();
    await page.waitForSelector("h2:has-text('shared')");
    expect(watched.complaints).toEqual([]);
    await watched.close();
  });
});

describe("without JavaScript", () => {
  test.each(PAGES)("%s reads well, and its links and forms work", async (path) => {
    const watched = await open(browser, url(path + VIEW), { javaScriptEnabled: false });
    const { page } = watched;
    expect(await page.locator(".row").count()).toBe(67);
    expect(await page.locator("h2", { hasText: "alpha" }).isVisible()).toBe(true);
    expect(await page.locator("mark").textContent()).toBe("rare7word");
    expect(await page.locator(".readme").textContent()).toContain("Paragraph 1499");
    expect(await page.locator(".picture .box").count()).toBeGreaterThan(2);
    await page.click(".box.needed");
    expect(await page.locator("h2", { hasText: "shared" }).isVisible()).toBe(true);
    await page.fill("#filter", "numbered-01");
    await page.click(".toolbar button");
    expect(await page.locator(".row").count()).toBe(10);
    // What was chosen elsewhere is not forgotten.
    expect(await page.locator("h2", { hasText: "shared" }).isVisible()).toBe(true);
    expect(await page.inputValue("#search")).toBe("rare7word");
    await watched.close();
  });

  test("/live draws the graph of the request", async () => {
    const watched = await open(browser, url("/live"), { javaScriptEnabled: false });
    const boxes = await watched.page.locator(".node").allTextContents();
    expect(boxes.join()).toContain("shows rows");
    expect(await watched.page.locator(".node.signal").count()).toBeGreaterThan(5);
    await watched.close();
  });
});

describe("/live", () => {
  test("lights up what the last commit has touched, and nothing else", async () => {
    const watched = await open(browser, url("/live"));
    const { page } = watched;
    await untilLive(watched);
    await page.fill("#filter", "alpha");
    await page.waitForSelector(".node.touched text:text-is('shows rows')");
    const touched = await page.locator(".node.touched title").allTextContents();
    const names = touched.map((text) => text.replace(/^\w+ (.*):.*$/, "$1")).sort();
    expect(names).toEqual([
      "address",
      "address bar",
      "field filter",
      "filter",
      "region switcher",
      "rows",
      "shows rows",
    ]);
    expect(await page.locator("[data-commits] li").first().textContent()).toContain(
      "filter written",
    );
    expect(await page.locator("[data-view=rows]").textContent()).toBe("1 row");

    // A selection adds what follows from it: the drawing follows the graph.
    await page.selectOption("#package", { label: "alpha" });
    await page.waitForSelector("[data-view=selected]:text-is('alpha')");
    await page.waitForSelector("[data-view=readme]:has-text('success')");
    expect(watched.complaints).toEqual([]);
    await watched.close();
  });
});

describe("pictures", () => {
  const SIZES = { desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } };

  test.each([...PAGES, "/live"])(
    "of %s: light and dark, on a desktop and a phone",
    async (path) => {
      const watched = await open(browser, url(`${path}?package=node_modules/alpha`));
      const { page } = watched;
      await untilLive(watched);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        for (const [size, viewport] of Object.entries(SIZES)) {
          await page.setViewportSize(viewport);
          const name = `${path.slice(1) || "plain"}-${size}-${colorScheme}`;
          expect((await keepPicture(watched, name)).length).toBeGreaterThan(10_000);
          // Nothing sticks out sideways.
          const [inner, whole]: [number, number] = await page.evaluate(
            "[innerWidth, document.documentElement.scrollWidth]",
          );
          expect(whole).toBeLessThanOrEqual(inner);
        }
      }
      await watched.close();
    },
  );
});
