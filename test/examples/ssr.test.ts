/** The shop of examples/ssr as a program, on each of its servers. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { documentsOf, withoutScripts } from "../server/support.js";

const MAIN = fileURLToPath(new URL("../../examples/ssr/src/main.js", import.meta.url));
const TOKEN = "token-of-a-visitor";

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});

async function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, SHOP_TOKEN: TOKEN },
  });
  running.add(child);
  let out = "";
  let err = "";
  child.stderr.on("data", (text) => {
    err += text;
  });
  const closed = once(child, "close");
  const open = new Promise<string>((resolve) => {
    child.stdout.on("data", (text) => {
      out += text;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(out);
      if (found) resolve(found[0]);
    });
  });
  const url = await Promise.race([open, closed.then(() => "")]);
  if (url === "") throw new Error(`The shop did not open: ${err}`);
  return {
    url,
    /** Ends it: its exit code, and what it has complained of. */
    async stop() {
      child.kill("SIGINT");
      const [code] = (await closed) as [number];
      return [code, err];
    },
  };
}

describe.each(["node", "fastify", "hono"])("the shop on %s", (server) => {
  test("sends the page, then the reviews; its state, and no secret", async () => {
    const shop = await start("--server", server, "--slow", "150");
    const response = await fetch(`${shop.url}/product/3?mode=out-of-order`);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const nonce = /'nonce-([^']+)'/.exec(response.headers.get("content-security-policy") ?? "");
    const parts: string[] = [];
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? [])
      parts.push(part);
    const page = parts.join("");
    expect(parts.length).toBeGreaterThan(1);
    expect(parts[0]).toContain("Reviews are coming");
    expect(parts[0]).not.toContain("Ada, 5");
    expect(page).toContain("<h1>Bread &quot;board&quot; &lt;large&gt; 3</h1>");
    expect(page).toContain("<li>Ada, 5: Number 3 is all I wanted.</li>");
    const scripts = page.match(/<script(?! type="module")[^>]*>/g) as string[];
    for (const script of scripts) expect(script).toContain(` nonce="${nonce?.[1]}"`);
    const nodes = documentsOf(page).flatMap(({ nodes }) => nodes);
    expect(nodes.filter((node) => "status" in node && node.status === "success")).toMatchObject([
      { id: "product", version: 1 },
      { id: "reviews", version: 1 },
    ]);
    expect(page).not.toContain(TOKEN);
    expect(await shop.stop()).toEqual([0, ""]);
  });

  test("reads the same without scripts in the other modes; answers what a client asks", async () => {
    const shop = await start("--server", server, "--slow", "20");
    const pages = await Promise.all(
      ["in-order", "settled"].map(async (mode) => {
        const response = await fetch(`${shop.url}/product/4?mode=${mode}`);
        return withoutScripts(await response.text());
      }),
    );
    expect(pages[0]).toBe(pages[1]);
    expect(pages[0]).toContain("Tony, 4: Number 4");
    expect((await fetch(`${shop.url}/product/5000`)).status).toBe(404);
    expect((await fetch(`${shop.url}/api/other`)).status).toBe(404);
    const product = await fetch(`${shop.url}/api/product/4`);
    expect(await product.json()).toEqual({ id: 4, name: "Clock 4", price: 14 });
    const client = await (await fetch(`${shop.url}/client.js`)).text();
    expect(client).toContain("signal-kernel-snapshot");
    expect(client).not.toMatch(/(?:from|import|require\()\s*["']node:/);
    expect(await shop.stop()).toEqual([0, ""]);
  });

  test("goes on when clients go away", async () => {
    const shop = await start("--server", server, "--slow", "1500");
    const port = Number(new URL(shop.url).port);
    for (let i = 0; i < 20; i++) {
      const socket = connect(port, "127.0.0.1");
      const mode = ["settled", "in-order", "out-of-order"][i % 3];
      socket.write(`GET /product/${i + 1}?mode=${mode} HTTP/1.1\r\nhost: shop\r\n\r\n`);
      await new Promise((resolve) => setTimeout(resolve, i));
      socket.destroy();
    }
    const response = await fetch(`${shop.url}/product/1?mode=in-order`);
    expect(await response.text()).toContain("Number 1 is all I wanted");
    expect(await shop.stop()).toEqual([0, ""]);
  });
});

test("says how it is started", async () => {
  const child = spawn(process.execPath, [MAIN, "--server", "other"]);
  const [code] = (await once(child, "close")) as [number];
  expect(code).toBe(2);
});
