/**
 * The examples of the published packages' documentation, word for word, as programs of their own. They
 * name some things without importing them, and fetch from "/": a prelude provides both.
 */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runToEnd } from "../helpers/program.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const NAMES = {
  "@signal-kernel/core": ["signal", "createEffect"],
  "@signal-kernel/async-runtime": [
    "asyncSignal",
    "createResource",
    "createStreamResource",
    "fromPromise",
  ],
};

let server: Server;
const requests: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name: path === "/api/user" ? "Ada" : `User ${path.slice(10)}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Imports what the example does not import itself, and lets it fetch from the local server. */
function prelude(example: string): string {
  const imports = Object.entries(NAMES).map(([from, names]) => {
    const missing = names.filter((name) => !new RegExp(`import .*\\b${name}\\b`).test(example));
    return `import { ${missing.join(", ")} } from "${from}";`;
  });
  const { port } = server.address() as AddressInfo;
  return `${imports.join("\n")}
const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const nativeFetch = globalThis.fetch;
globalThis.fetch = (path) => nativeFetch(new URL(path, "http://127.0.0.1:${port}"));
`;
}

/** Runs an example to its natural end. */
async function run(name: string): Promise<{ code: number | null; out: string[]; err: string }> {
  const example = readFileSync(new URL(`examples/${name}.txt`, import.meta.url), "utf8");
  const { code, out, err } = await runToEnd(["--input-type=module", "-"], {
    cwd: root,
    input: prelude(example) + example,
  });
  return { code, out: out.trim().split("\n"), err };
}

describe("The examples of the documentation", () => {
  test("createResource: a change of the source fetches again, and only the newest shows", async () => {
    requests.length = 0;
    expect(await run("create-resource")).toEqual({
      code: 0,
      err: "",
      out: ["User: undefined", "Status: pending", "User: { name: 'User 2' }", "Status: success"],
    });
    expect(requests.sort()).toEqual(["/api/user/1", "/api/user/2"]);
  });

  test("createStreamResource: partial text first, then the stable value", async () => {
    const shown = (text: string, stable: string, status: string) => [
      `Text: ${text}`,
      `Stable: ${stable}`,
      `Status: ${status}`,
    ];
    const whole = "Signals track dependencies.";
    expect(await run("create-stream-resource")).toEqual({
      code: 0,
      err: "",
      out: [
        ...shown("", "", "pending"),
        ...shown("Signals ", "", "streaming"),
        ...shown("Signals track ", "", "streaming"),
        ...shown(whole, whole, "success"),
      ],
    });
  });

  test("fromPromise: status and value", async () => {
    expect(await run("from-promise")).toEqual({
      code: 0,
      err: "",
      out: ["Status: pending", "Value: undefined", "Status: success", "Value: { name: 'Ada' }"],
    });
  });

  test("asyncSignal: value and meta", async () => {
    expect(await run("async-signal")).toEqual({
      code: 0,
      err: "",
      out: ["User: undefined", "Loading: true", "User: { name: 'Ada' }", "Loading: false"],
    });
  });
});
