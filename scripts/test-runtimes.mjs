// Runs the suites on other versions of Node, and without a just-in-time compiler.
//
//   node scripts/test-runtimes.mjs [22] [24] [26] [jitless]        all of them by default
//
// The binaries of Node come from the npm registry, into a temporary folder. The addon is the one that
// was built by the Node that runs this: N-API promises that it loads in all of them. Without the
// compiler there is no WebAssembly, so what runs then is the hostile programs, on the addon.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const SUITES = ["core", "async", "conformance", "engines", "lifecycle"].map(
  (name) => `test/${name}`,
);
/* What is random has run at full length on the Node that develops this. */
const SHORT = { SK_PROPERTY_RUNS: "1000", SK_FAULT_FLUSHES: "500" };
/* WebAssembly is the same code everywhere: the newest V8 stands for those between it and the oldest. */
const BOTH = new Set(["26"]);
const ALL = ["22", "24", "26", "jitless"];

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.status === 0) return;
  console.error(
    `runtimes: ${command} ${args.join(" ")} ended with ${result.signal ?? result.status}`,
  );
  process.exit(1);
}

/** The binary of a version of Node, installed into `folder`. */
function install(major, folder) {
  const name = `node-${process.platform}-${process.arch}`;
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", ["install", "--prefix", folder, ...quiet, `${name}@${major}`], {
    shell: process.platform === "win32",
  });
  return join(folder, "node_modules", name, "bin", "node");
}

function onNode(major) {
  const folder = mkdtempSync(join(tmpdir(), `signal-kernel-node-${major}-`));
  try {
    const node = install(major, folder);
    const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
    const engines = BOTH.has(major) ? ["native", "wasm"] : ["native"];
    console.log(`runtimes: Node ${stdout.trim()}, ${engines.join(" and ")}`);
    /* Child processes of the tests are of the same version, and find it first. */
    const PATH = `${dirname(node)}:${process.env.PATH}`;
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const projects = engines.flatMap((engine) => ["--project", engine]);
    run(node, [vitest, "run", ...projects, ...SUITES], { env: { ...process.env, ...SHORT, PATH } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rows that need no timing: deep recursion and millions of nodes are slow without a compiler. */
const SLOW = new Set(["C32", "C33", "C34", "C35", "C36", "C37", "C38", "C49"]);

function withoutCompiler() {
  const env = { ...process.env, SIGNAL_KERNEL_ENGINE: "native" };
  const programs = join(root, "test", "adversarial");
  const rows = readdirSync(join(programs, "async")).filter((name) => /^A\d+\.mjs$/.test(name));
  const core = Array.from({ length: 49 }, (_, i) => `C${String(i + 1).padStart(2, "0")}`);
  const wanted = [
    ...rows.map((name) => [join(programs, "async", name)]),
    ...core.filter((row) => !SLOW.has(row)).map((row) => [join(programs, "core", "run.mjs"), row]),
  ];
  console.log(`runtimes: without a just-in-time compiler, ${wanted.length} programs`);
  for (const [program, ...args] of wanted) {
    const flags = ["--jitless", "--expose-gc"];
    const result = spawnSync(process.execPath, [...flags, program, ...args], {
      env,
      encoding: "utf8",
      timeout: 120_000,
    });
    if (result.status === 0 && result.stdout !== "") continue;
    console.error(`runtimes: ${basename(program)} ${args} ended with ${result.status}`);
    console.error(result.stdout + result.stderr);
    process.exit(1);
  }
}

const asked = process.argv.slice(2);
for (const which of asked.length > 0 ? asked : ALL) {
  if (!ALL.includes(which)) throw new Error(`No runtime ${which}; there are ${ALL.join(", ")}`);
  if (which === "jitless") withoutCompiler();
  else onNode(which);
}
