// Compiles the kernel with its C unit tests and runs them; then what the fuzzers once found.
//
//   node scripts/test-c.mjs [plain] [stress] [limit] [sanitize] [stress-sanitize] [limit-sanitize]
//                           [corpus] [corpus-sanitize] [valgrind]
//
//   plain      optimised, every invariant checked after each call
//   stress     tiny first capacities, so that every block moves again and again
//   limit      4,096 slots at most: what happens when they are used up
//   sanitize   address, undefined behaviour and leaks
//   corpus     every file of native/fuzz/corpus, without a fuzzer
//   valgrind   memcheck: words that were never written, and leaks; some minutes
//
// CC chooses the compiler (default cc).

import { C_TARGETS, compile, corpus, FUZZ_SIZES, KERNEL, run, SANITIZERS, sources } from "./c.mjs";

const compiler = process.env.CC ?? "cc";
const CHECKED = "-DSK_CHECK";
const LIMIT = "-DSK_MAX_SLOTS=4096";
const ENV = { ASAN_OPTIONS: "detect_leaks=1", UBSAN_OPTIONS: "print_stacktrace=1" };

const modes = {
  plain: ["-O2", CHECKED],
  stress: ["-O2", CHECKED, "-DSK_STRESS"],
  limit: ["-O2", CHECKED, LIMIT],
  sanitize: [...SANITIZERS, CHECKED],
  "stress-sanitize": [...SANITIZERS, CHECKED, "-DSK_STRESS"],
  "limit-sanitize": [...SANITIZERS, CHECKED, LIMIT],
  corpus: ["-O2", ...FUZZ_SIZES],
  "corpus-sanitize": [...SANITIZERS, ...FUZZ_SIZES],
  valgrind: ["-O1", "-DSK_VALGRIND"],
};

const MEMCHECK = ["-q", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=all"];

function test(mode, flags) {
  const files = [...KERNEL, ...sources("test")];
  const program = compile(compiler, "test-c", mode, flags, files);
  /* The other tests want more slots than that. */
  const names = mode.startsWith("limit") ? ["limit"] : [];
  if (mode === "valgrind") run("valgrind", [...MEMCHECK, program]);
  else run(program, names, ENV);
}

function replay(mode, flags) {
  const files = [...KERNEL, ...sources("test", "main.c"), ...sources("fuzz", "libfuzzer.c")];
  const program = compile(compiler, "test-c", mode, flags, files);
  for (const target of C_TARGETS) run(program, [target, ...corpus(target)], ENV);
}

const wanted = process.argv.slice(2);
for (const mode of wanted.length > 0 ? wanted : ["plain"]) {
  const flags = modes[mode];
  if (flags === undefined) throw new Error(`No mode ${mode}; there are ${Object.keys(modes)}`);
  console.log(`C tests, ${mode}: compiling with ${compiler}`);
  if (mode.startsWith("corpus")) replay(mode, flags);
  else test(mode, flags);
}
