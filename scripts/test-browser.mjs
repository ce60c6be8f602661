// Runs the behaviour suites in Chromium, on the build for browsers: in a page whose policy allows
// WebAssembly, and in one whose policy does not, where the error is looked at.
//
//   node scripts/test-browser.mjs [browser]
//
// The page posts what it found; the browser is `chromium`, or what CHROMIUM or the argument names.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";
import { build, isStale } from "./build.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const browser = process.argv[2] ?? process.env.CHROMIUM ?? "chromium";

/** Suites that need a process or an asynchronous context, or look into the sources of the engine. */
const OF_NODE = [
  "test/async/lifecycle.test.ts",
  "test/core/p1-jobs.test.ts",
  "test/core/t4-history-costs.test.ts",
];

/**
 * How the names of tests begin that want what a page does not have. Those that fail because there is no
 * asynchronous context, with the error of the library that says so, are counted by themselves.
 */
const LEFT_OUT = [
  /* A context that follows an await; their errors come later than the library's own. */
  "S11 scopes and what is asynchronous > ",
  "S11 scopes > one that has ended refuses work, by name",
  "T3 mutate, compute, commit > an optimistic value whose commit is aborted",
  "T6 aborted transactions leave no trace > aborted while it works",
  "T6 transactions inside of transactions end with them > code that goes on after",
  /* Fake timers, and warnings of a process. */
  "A5: events > have type, token and ts, and an error or a reason",
  "T4 a plain write beside a transaction without a context > ",
  /* Turns of the event loop one by one, in the order in which they were asked for, whoever asked. */
  "P1 slices > ",
  "P2 the order of runs > ",
];

function suites() {
  return ["core", "core/property", "async", "conformance", "simulation"]
    .flatMap((folder) =>
      readdirSync(join(root, "test", folder))
        .filter((name) => name.endsWith(".test.ts"))
        .map((name) => `test/${folder}/${name}`),
    )
    .filter((path) => !OF_NODE.includes(path))
    .sort();
}

/** One suite, with an engine of its own: it says at the end what it has found. */
const programOf = (path) => `
  import { engine, init } from "@signal-kernel/native";
  import { surround } from "./test/browser/surroundings.ts";
  import { runTests } from "./test/browser/shim.ts";

  try {
    await init();
    surround();
    await import("./${path}");
    const results = await runTests(${JSON.stringify(LEFT_OUT)});
    parent.postMessage({ kind: engine().kind, ...results });
  } catch (error) {
    parent.postMessage({ error: error.code + " " + error.message });
  }
`;

/** Runs the suites one after the other, each in a frame, and posts what they have found. */
const framesOf = (count) => `
  const results = [];
  for (let i = 0; i < ${count}; i++) {
    const frame = document.createElement("iframe");
    const result = new Promise((resolve) => {
      onmessage = ({ data }) => resolve(data);
    });
    frame.src = "/suite?" + i;
    document.body.append(frame);
    results.push(await result);
    frame.remove();
  }
  await fetch("/results", { method: "POST", body: JSON.stringify(results) });
`;

/** Fewer random programs than Node runs: here it is the engine that is looked at. */
const SETTINGS = {
  SIGNAL_KERNEL_ENGINE: "wasm",
  SK_PROPERTY_RUNS: "1000",
  SK_SIMULATION_RUNS: "300",
  SK_FAULT_FLUSHES: "1000",
};

/** The packages as they are published, from dist; vitest by its stand-in. */
const published = {
  name: "published",
  setup({ onResolve }) {
    const dist = (name) => ({ path: join(root, "dist", name) });
    onResolve({ filter: /^#engine$/ }, () => dist("engine.browser.mjs"));
    onResolve({ filter: /^@signal-kernel\/core$/ }, () => dist("core.mjs"));
    onResolve({ filter: /^@signal-kernel\/async-runtime$/ }, () => dist("async-runtime.mjs"));
    onResolve({ filter: /^@signal-kernel\/native$/ }, () => dist("index.mjs"));
    onResolve({ filter: /^vitest$/ }, () => ({ path: join(root, "test/browser/shim.ts") }));
  },
};

async function scriptOf(path) {
  const { outputFiles } = await bundle({
    stdin: { contents: programOf(path), resolveDir: root, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    tsconfigRaw: "{}",
    define: {
      "process.env": JSON.stringify(SETTINGS),
    },
    plugins: [published],
  });
  return outputFiles[0].text;
}

/** Serves the scripts, and frames for the first `count`, with a policy; `finish` gets what is posted. */
function serve(scripts, count, policy, finish) {
  return createServer((request, response) => {
    if (request.method === "POST") {
      let text = "";
      request.on("data", (chunk) => {
        text += chunk;
      });
      request.on("end", () => {
        response.end();
        finish(JSON.parse(text));
      });
      return;
    }
    const [, kind, which] = /^\/(\w*)\??(\d*)/.exec(request.url);
    const name = kind === "suite" ? `/script?${which}` : "/frames";
    const page = `<!doctype html><meta charset="utf-8"><body><script type="module" src="${name}"></script>`;
    const code = kind === "frames" ? framesOf(count) : scripts[which];
    const isPage = kind === "" || kind === "suite";
    response.setHeader("Content-Type", isPage ? "text/html" : "text/javascript");
    response.setHeader("Content-Security-Policy", policy);
    response.end(isPage ? page : code);
  });
}

function start(address, profile) {
  const flags = ["--headless", "--disable-gpu", "--no-first-run", `--user-data-dir=${profile}`];
  /* Without a user of its own, as in a container, it has no sandbox. */
  if (process.getuid?.() === 0) flags.push("--no-sandbox", "--disable-dev-shm-usage");
  return spawn(browser, [...flags, address], { stdio: "ignore" });
}

/** Runs the first `count` scripts in a page with a policy, and resolves to what they have found. */
async function run(scripts, policy, count = scripts.length) {
  const profile = mkdtempSync(join(tmpdir(), "signal-kernel-browser-"));
  let finish;
  const posted = new Promise((resolve) => {
    finish = resolve;
  });
  const server = serve(scripts, count, policy, finish);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const child = start(`http://127.0.0.1:${server.address().port}/`, profile);
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve([{ error: `${browser}: ${error.message}` }]));
    child.on("close", (status) => resolve([{ error: `${browser} ended with ${status}` }]));
  });
  const late = new Promise((resolve) => {
    setTimeout(resolve, 300_000, [{ error: "the page said nothing for five minutes" }]).unref();
  });
  try {
    return await Promise.race([posted, ended, late]);
  } finally {
    child.kill();
    await ended;
    server.closeAllConnections();
    server.close();
    removeProfile(profile);
  }
}

/** Processes of the browser may still write while they end; what is left then is the system's to clear away. */
function removeProfile(profile) {
  try {
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  } catch (error) {
    console.warn(`The browser's profile is left in ${profile} (${error.code}).`);
  }
}

if (isStale()) build();
const paths = suites();
const scripts = await Promise.all(paths.map(scriptOf));

let passed = 0;
let failed = 0;
let withoutContext = 0;
const allowed = await run(scripts, "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'");
for (const [i, result] of allowed.entries()) {
  const faults = result.error ? [result.error] : result.failed;
  for (const fault of faults) console.error(`${paths[i]}: ${fault}`);
  if (!result.error && result.kind !== "wasm") throw new Error(`${paths[i]} ran on ${result.kind}`);
  passed += result.passed ?? 0;
  failed += faults.length;
  withoutContext += result.withoutContext ?? 0;
}
console.log(
  `In a page: ${paths.length} suites on WebAssembly, ${passed} passed, ${failed} failed, ` +
    `${withoutContext} want an asynchronous context`,
);
if (passed < 1000 || failed > 0) process.exitCode = 1;

/* What a module throws while it loads only the page itself can report. */
const reporting = `
  const report = (text) => parent.postMessage({ error: text });
  await import("/script?1").catch((error) => report(error.code + " " + error.message));
`;
const [forbidden] = await run([reporting, scripts[0]], "default-src 'self'", 1);
console.log(`In a page that forbids WebAssembly: ${forbidden.error}`);
if (!/^ERR_SK_LOAD .*'wasm-unsafe-eval'/.test(forbidden.error ?? "")) process.exitCode = 1;
