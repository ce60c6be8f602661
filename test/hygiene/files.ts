import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** What git would commit: tracked files and new ones that it does not ignore. */
export function files(pattern: RegExp): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const found = stdout.split("\0").filter((path) => pattern.test(path));
  return found.filter((path) => {
    try {
      read(path);
      return true;
    } catch {
      return false; /* Removed, and not yet committed. */
    }
  });
}

/** Runs a tool and returns what it printed; throws with its words when it fails. */
export function tool(command: string, args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${command}: ${error?.message ?? stderr}`);
  return stdout;
}
