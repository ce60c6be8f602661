import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { untilReady } from "./events.js";
import { makeProject } from "./fixture.js";
import { rowsIn, usersIn } from "./html.js";
import { killAll, type Running, rawRequest, start } from "./program.js";

const LIMIT = 60_000;
/** What a page may load, and what it may hold as data. */
const OUR_SCRIPT =
  /^<script( src="\/built\/[\w-]+\.js" type="module"( async)?| type="application\/json"( id="signal-kernel-snapshot"| data-sk-state=""))>$/;

afterAll(killAll);

describe("the page", () => {
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

  test("works by links and forms alone", async () => {
    const all = await server.get("/");
    expect(all).toContain("Package explorer");
    expect(rowsIn(all)).toEqual([
      "@scope/beta 2.1.0",
      "alpha 1.0.0",
      "broken",
      "fixture 1.0.0",
      "own 0.1.0",
      "shared 1.0.0",
      "shared 2.0.0",
    ]);
    expect(rowsIn(await server.get("/?filter=SHARED+2"))).toEqual(["shared 2.0.0"]);
    expect(rowsIn(await server.get("/?show=duplicates"))).toEqual(["shared 1.0.0", "shared 2.0.0"]);
    expect(rowsIn(await server.get("/?show=direct"))).toEqual([
      "@scope/beta 2.1.0",
      "alpha 1.0.0",
      "broken",
      "shared 2.0.0",
    ]);
    expect(rowsIn(await server.get("/?licence=ISC"))).toHaveLength(2);
    expect(rowsIn(await server.get("/?sort=size"))[0]).toBe("alpha 1.0.0");
    expect(rowsIn(await server.get("/?sort=users"))[0]).toBe("shared 2.0.0");
    expect(rowsIn(await server.get("/?show=nonsense&sort=nonsense"))).toHaveLength(7);
  });

  test.each(["/react", "/vue"])("%s shows the same", async (path) => {
    const rows = rowsIn(await server.get("/"));
    expect(rowsIn(await server.get(path))).toEqual(rows);
    const alpha = await server.get(`${path}?package=node_modules/alpha&search=SO+DOES`);
    expect(alpha).toContain("<mark>so does</mark>");
    expect(alpha).toContain("<h4>Section 1499</h4>");
    expect(alpha).toMatch(/<svg[^>]*>.*package=node_modules%2Falpha%2Fnode_modules%2Fshared/s);
    for (const script of alpha.match(/<script[^>]*>/g) ?? []) expect(script).toMatch(OUR_SCRIPT);
  });

  test("resolves dependencies as Node does, both ways", async () => {
    const alpha = await server.get("/?package=node_modules/alpha");
    // alpha has its own copy of shared; everybody else gets the one above.
    expect(alpha).toMatch(
      /Needs.*package=node_modules%2Falpha%2Fnode_modules%2Fshared".*→ 1\.0\.0/s,
    );
    const nested = await server.get("/?package=node_modules/alpha/node_modules/shared");
    expect(usersIn(nested)).toEqual(["alpha"]);
    const shared = await server.get("/?package=node_modules/shared");
    expect(usersIn(shared).sort()).toEqual(["@scope/beta", "fixture", "own"]);
    expect(shared).toContain("Installed in several versions");
    expect(shared).toContain("does not match");
  });

  test("searches and renders without a live connection", async () => {
    const readmes = await server.get("/?search=SO+DOES");
    expect(readmes).toContain("<mark>so does</mark>");
    expect(await server.get("/?search=needle")).toContain("0 matches");
    const sources = await server.get("/?search=needle&place=sources");
    expect(sources).toContain("lib/index.js:1");
    expect(sources).toContain("<mark>needle</mark>");
  });

  test("lets no markup of a package through", async () => {
    const page = await server.get("/?package=node_modules/@scope/beta");
    expect(page).toContain("Plain text survives &amp; so does <strong>bold</strong>");
    expect(page).toContain("inside a tag");
    // The only scripts are the page's own, and data.
    for (const script of page.match(/<script[^>]*>/g) ?? []) expect(script).toMatch(OUR_SCRIPT);
    expect(page).not.toMatch(/<(img|iframe|style|object|embed|svg onload)/i);
    expect(page).not.toMatch(/<[^>]*\s(on\w+|style)=/i);
    expect(page).not.toMatch(/(href|src)="?\s*javascript:/i);

    expect(await server.get("/")).not.toContain("<b>markup</b>");
    const query = await server.get('/?filter="><script>alert(1)</script>&package="><img src=x>');
    for (const script of query.match(/<script[^>]*>/g) ?? []) expect(script).toMatch(OUR_SCRIPT);
    expect(query).not.toContain("<img");
  });

  test("is guarded: policy, host, origin, methods, paths", async () => {
    const { headers } = await fetch(server.url);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    // The kernel is WebAssembly: that is all that is allowed beside the files of this server.
    expect(headers.get("content-security-policy")).toContain(
      "script-src 'self' 'wasm-unsafe-eval';",
    );
    expect(headers.get("content-security-policy")?.match(/unsafe/g)).toHaveLength(1);
    expect(headers.get("x-content-type-options")).toBe("nosniff");

    const { port } = server;
    const host = `127.0.0.1:${port}`;
    const status = async (path: string, headers: Record<string, string>, method = "GET") =>
      (await rawRequest(port, { path, headers, method })).status;
    expect(await status("/", { host: "evil.example" })).toBe(403);
    expect(await status("/", { host: `evil.example:${port}` })).toBe(403);
    expect(await status("/", { host, origin: "http://evil.example" })).toBe(403);
    expect(await status("/", { host: `localhost:${port}` })).toBe(200);
    expect(await status("/", { host }, "DELETE")).toBe(405);
    expect(await status("/", { host }, "HEAD")).toBe(200);
    expect(await status("/", { host }, "POST")).toBe(405);
    expect(await status("/events", { host }, "HEAD")).toBe(200);
    for (const path of [
      "/assets/../server.js",
      "/assets/..%2fserver.js",
      "/assets/%2e%2e/server.js",
      "//etc/passwd",
      "/built/../server/react.js",
      "/built/manifest.json",
      "/node_modules/alpha/lib/index.js",
    ]) {
      expect(await status(path, { host })).toBe(404);
    }
    const outside = await server.get("/?package=../../../../etc");
    expect(outside).toContain("There is no package at");
  });
});
