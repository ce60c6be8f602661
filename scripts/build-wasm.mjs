// Builds the WebAssembly module of the kernel and puts it, as text, into lib/engine/wasm/module.ts.
//
//   node scripts/build-wasm.mjs           builds it with clang and wasm-ld, and writes the file
//   node scripts/build-wasm.mjs --check   fails when the file was made of other sources or flags
//   node scripts/build-wasm.mjs --twice   fails when two builds differ; compares with the file, too
//
// The file is committed, so that nobody needs clang to install or to build the package. What is
// compared are the sources and not the bytes: each version of the compiler makes others.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "lib", "engine", "wasm", "module.ts");

/** Folders whose C files and headers the module is made of; all paths are relative to the root. */
const FOLDERS = ["native/include", "native/kernel", "native/wasm", "native/wasm/libc"];

const FLAGS = [
  "--target=wasm32",
  "-std=c11",
  "-O2",
  "-ffreestanding",
  "-nostdlib",
  "-DNDEBUG",
  "-fvisibility=hidden",
  /* Instructions that Node 20 and every browser since 2021 know. */
  "-mbulk-memory",
  "-mnontrapping-fptoint",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-Inative/include",
  "-isystem",
  "native/wasm/libc",
  "-Wl,--no-entry",
  "-Wl,--strip-all",
  "-Wl,-O2",
  /* The stack of C lies in front: one that overflows traps instead of writing over the heap. */
  "-Wl,--stack-first",
  "-Wl,-z,stack-size=65536",
  /* What a kernel has from the start, so that it opens without growing the memory. */
  "-Wl,--initial-memory=262144",
  /* A page less than four gigabytes: the end of the memory has an address, too. */
  "-Wl,--max-memory=4294901760",
];

function sources() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => /\.[ch]$/.test(name))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
}

/** What the module is made of, as one number; `read` gives the text of a path. */
export function hashOfSources(read = (path) => readFileSync(join(root, path), "utf8")) {
  const hash = createHash("sha256").update(FLAGS.join("\n"));
  for (const path of sources()) hash.update(`\n${path}\n`).update(read(path).replaceAll("\r", ""));
  return hash.digest("hex");
}

/** Whether the committed file was made of these sources. */
export function isCurrent(text = readFileSync(target, "utf8"), hash = hashOfSources()) {
  return text.includes(`WASM_SOURCES = "${hash}"`);
}

/**
 * The bytes of the module; for tests with flags after the usual ones, and more files. Throws with the
 * compiler's words when it cannot be built.
 */
export function compile(flags = [], more = []) {
  const folder = mkdtempSync(join(tmpdir(), "signal-kernel-wasm-"));
  const output = join(folder, "kernel.wasm");
  try {
    const files = [...sources().filter((path) => path.endsWith(".c")), ...more];
    const clang = process.env.WASM_CC ?? "clang";
    const result = spawnSync(clang, [...FLAGS, ...flags, ...files, "-o", output], {
      cwd: root,
      encoding: "utf8",
    });
    if (result.status !== 0)
      throw new Error(
        `${clang} could not build the WebAssembly module: ${result.error?.message ?? result.stderr}` +
          "\nclang and wasm-ld are needed (packages clang and lld).",
      );
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function textOf(bytes) {
  return [
    "/**",
    " * The kernel as a WebAssembly module. Generated from native/wasm, native/kernel and the header by",
    " * `npm run build:wasm`; not to be edited.",
    " */",
    "/** A hash of the sources and flags that it was made of. */",
    `export const WASM_SOURCES = "${hashOfSources()}";`,
    "",
    "/** Its bytes, in hexadecimal: gzip and brotli find in it what is repeated, in base 64 they do not. */",
    `export const WASM_MODULE = "${bytes.toString("hex")}";`,
    "",
  ].join("\n");
}

function buildTwice() {
  const [bytes, again] = [compile(), compile()];
  const isSame = readFileSync(target, "utf8") === textOf(bytes);
  console.log(`signal-kernel.wasm: ${bytes.length} bytes, ${gzipSync(bytes).length} gzipped`);
  console.log(`The committed module ${isSame ? "is the same" : "is of another compiler"}.`);
  if (bytes.equals(again)) return;
  console.error("Two builds of the same sources are not the same.");
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--twice")) {
    buildTwice();
  } else if (!process.argv.includes("--check")) {
    const bytes = compile();
    writeFileSync(target, textOf(bytes));
    console.log(`signal-kernel.wasm: ${bytes.length} bytes, ${gzipSync(bytes).length} gzipped`);
  } else if (!isCurrent()) {
    console.error("lib/engine/wasm/module.ts is stale: run `npm run build:wasm`.");
    process.exitCode = 1;
  }
}
