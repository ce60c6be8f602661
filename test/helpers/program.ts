/** Programs that tests start: processes of their own, with the Node that runs the tests. */
import { type SpawnOptions, spawn } from "node:child_process";

/** How a program ended, and what it has said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Where a program runs, how long it may take in milliseconds, and what it reads. */
interface Settings extends Pick<SpawnOptions, "cwd" | "timeout"> {
  readonly input?: string;
}

/**
 * Runs a program to its end; one that hangs is killed after `timeout`, and then its signal tells.
 *
 * @param args What Node is called with.
 */
export function runToEnd(args: readonly string[], settings: Settings = {}): Promise<Ended> {
  const { input = "", ...options } = settings;
  const child = spawn(process.execPath, args, { ...options, stdio: "pipe" });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  /* One that does not read may be over before it is written to. */
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, out, err }));
  });
}
