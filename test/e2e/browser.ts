/**
 * Chromium for tests, and what they ask of every page: nothing on the console, and nothing asked for that
 * came with the page.
 */
import { accessSync, constants, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** The browser that is installed, `chromium`, or what CHROMIUM names. */
function executable(): string {
  const wanted = process.env.CHROMIUM ?? "chromium";
  for (const folder of ["", ...(process.env.PATH ?? "").split(delimiter)]) {
    const path = folder === "" ? wanted : join(folder, wanted);
    try {
      accessSync(path, constants.X_OK);
      if (path.includes("/")) return path;
    } catch {
      /* Not there. */
    }
  }
  throw new Error(`There is no ${wanted}: install Chromium, or name it by CHROMIUM.`);
}

export function launch(): Promise<Browser> {
  // Without a user of its own, as in a container, it has no sandbox.
  const args = process.getuid?.() === 0 ? ["--no-sandbox", "--disable-dev-shm-usage"] : [];
  return chromium.launch({ executablePath: executable(), args });
}

/** A page, and what it has said and asked for since. */
export interface Watched {
  readonly page: Page;
  /** Warnings and errors on the console, and what was thrown. */
  readonly complaints: string[];
  /** Paths and queries of what was asked of the JSON API. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Keeps what of the server's page is taken out again: hydration that fits takes nothing. */
const WATCH_REMOVALS = `
  window.removed = [];
  const nameOf = (target) => target.closest?.("[class]")?.getAttribute("class") ?? target.nodeName;
  new MutationObserver((records) => {
    for (const { removedNodes, target } of records)
      for (const node of removedNodes)
        window.removed.push(nameOf(target) + " lost " + node.nodeName + ": " + node.textContent.slice(0, 60));
  }).observe(document, { childList: true, subtree: true });
`;

export async function open(
  browser: Browser,
  url: string | URL | null,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on("console", (message) => {
    const type = message.type();
    if (type === "warning" || type === "error") complaints.push(`${type}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.stack}`));
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith("/api/")) asked.push(pathname + search);
  });
  if (options.javaScriptEnabled !== false) await page.addInitScript(WATCH_REMOVALS);
  const watched = { page, complaints, asked, close: () => context.close() };
  if (url !== null) await page.goto(String(url));
  return watched;
}

/** Waits until the page is hydrated and the live channel is open. */
export async function untilLive({ page }: Watched): Promise<void> {
  await page.waitForSelector("html.live:not(.offline)");
  await page.waitForFunction("performance.getEntriesByType('resource').length > 0");
}

/** What the page has taken out of what the server had sent. */
export const removedFrom = ({ page }: Watched): Promise<string[]> =>
  page.evaluate("window.removed");

const PICTURES = join(import.meta.dirname, "..", "..", "coverage", "screenshots");

/** Keeps a picture of the page, to be looked at. */
export async function keepPicture({ page }: Watched, name: string): Promise<Buffer> {
  mkdirSync(PICTURES, { recursive: true });
  return page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** Whether the last state that came with the page has a cell that was still at work on the server. */
export async function isUnfinished(page: Page, id: string): Promise<boolean> {
  const states: string[] = await page.evaluate(
    "Array.from(document.querySelectorAll('script[type=\"application/json\"]'), (script) => script.textContent)",
  );
  const nodes = states.flatMap((text) => JSON.parse(text).nodes);
  const { status } = nodes.findLast((node) => node.id === id);
  return status === "pending" || status === "streaming";
}
