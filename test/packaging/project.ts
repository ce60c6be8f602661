import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Packed {
  name: string;
  path: string;
  files: string[];
}

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A folder outside of the workspace, so that nothing is found in it by accident. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "signal-kernel-test-"));
}

export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * The environment without what `npm test` and vitest put in: npm would install into the workspace
 * (local_prefix), and what the user of npm asked of it (a registry, a cache) stays.
 */
function cleanEnv(extra: Record<string, string>): Record<string, string | undefined> {
  const ours =
    /^(npm_(package|lifecycle|execpath|node_execpath|command)|INIT_CWD|NODE_OPTIONS|VITEST|SIGNAL_KERNEL)/;
  const leaks =
    /^npm_config_(local_prefix|node_gyp|ignore_scripts|build_from_source|workspaces?)$/i;
  const kept = Object.entries(process.env).filter(([key]) => !ours.test(key) && !leaks.test(key));
  return { ...Object.fromEntries(kept), ...extra };
}

/** Runs a command to its end; it is killed after two minutes. */
export function run(
  cwd: string,
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Result {
  const options = { cwd, encoding: "utf8", timeout: 120_000, env: cleanEnv(env) } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (error) throw error;
  return { code: status, stdout, stderr };
}

export function node(cwd: string, ...args: string[]): Result {
  return run(cwd, process.execPath, args);
}

export function packAll(folder: string): Packed[] {
  const program = [
    'import { packAll } from "./scripts/pack.mjs";',
    `console.log(JSON.stringify(packAll(${JSON.stringify(folder)})));`,
  ].join("\n");
  const { code, stdout, stderr } = node(ROOT, "--input-type=module", "--eval", program);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** An empty project with the packages installed, and the output of that. */
export function install(
  packages: readonly Packed[],
  args: string[] = [],
  env: Record<string, string> = {},
): { folder: string; installed: string; result: Result } {
  const folder = temporaryFolder();
  write(folder, { "package.json": JSON.stringify({ name: "consumer", private: true }) });
  const tarballs = packages.map(({ path }) => path);
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--foreground-scripts"];
  const result = run(folder, "npm", ["install", ...flags, ...args, ...tarballs], env);
  return { folder, installed: join(folder, "node_modules", "@signal-kernel", "native"), result };
}

/** Writes files by their name in the folder. */
export function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

export const NO_COMPILER = { CC: "/bin/false", CXX: "/bin/false" };
