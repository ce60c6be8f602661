import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../examples/package-explorer/src/main.js", import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

const running = new Set<ChildProcess>();

function launch(args: string[]): { child: ChildProcess; output: Ended; ended: Promise<Ended> } {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const output: Ended = { code: null, signal: null, stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const ended = once(child, "close").then(([code, signal]) => {
    running.delete(child);
    return Object.assign(output, { code, signal });
  });
  return { child, output, ended };
}

/** Runs the program to its end. */
export function run(...args: string[]): Promise<Ended> {
  return launch([MAIN, ...args]).ended;
}

export interface Running {
  url: URL;
  port: number;
  output: Ended;
  get(path: string): Promise<string>;
  post(path: string, body: string): Promise<Response>;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** Starts the program as a server and waits for the address that it prints. */
export function start(...args: string[]): Promise<Running> {
  return startProgram(MAIN, ...args);
}

/** The same of another program that prints its address. */
export async function startProgram(...args: string[]): Promise<Running> {
  const { child, output, ended } = launch(args);
  const address = new Promise<string>((resolve) => {
    child.stdout?.on("data", () => {
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(output.stdout);
      if (found) resolve(found[0]);
    });
  });
  const first = await Promise.race([address, ended]);
  if (typeof first !== "string") throw new Error(`it ended: ${JSON.stringify(first)}`);
  const url = new URL(first);
  return {
    url,
    port: Number(url.port),
    output,
    async get(path) {
      const response = await fetch(new URL(path, url));
      return response.text();
    },
    post: (path, body) => fetch(new URL(path, url), { method: "POST", body }),
    stop(signal = "SIGINT") {
      child.kill(signal);
      return ended;
    },
  };
}

/** For the end of a test file: nothing that a failed test left behind outlives it. */
export function killAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** A request that fetch would not send: with any path, exactly as written, and any headers. */
export async function rawRequest(
  port: number,
  options: { path: string; method?: string; headers?: Record<string, string> },
): Promise<{ status: number | undefined; body: string }> {
  const sent = request({ host: "127.0.0.1", port, ...options });
  sent.end();
  const [response] = await once(sent, "response");
  let body = "";
  for await (const chunk of response.setEncoding("utf8")) body += chunk;
  return { status: response.statusCode, body };
}
