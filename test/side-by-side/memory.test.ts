import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** Builds until memory is refused, lets go of everything, and goes on. */
const PROGRAM = `
  import { createEffect, engine, flushSync, signal } from "@signal-kernel/native";
  const disposers = [];
  let refused;
  for (let width = 1000; refused === undefined; width *= 2) {
    try {
      const all = Array.from({ length: width }, (_, i) => signal(i));
      disposers.push(createEffect(() => { for (const s of all) s.get(); }));
      flushSync();
    } catch (error) {
      refused = error;
    }
  }
  for (const dispose of disposers) dispose();
  const { kind, counters } = engine();
  const source = signal(1);
  const seen = [];
  createEffect(() => { seen.push(source.get()); });
  source.set(2);
  flushSync();
  console.log(kind, refused.name, refused.code, disposers.length > 2, counters.edges, seen.join());
`;

test("a WebAssembly memory that may not grow is an error with a code, and what is let go makes room", () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--wasm-max-mem-pages=160", "--input-type=module", "--eval", PROGRAM],
    {
      cwd: join(root, "packages", "core"),
      encoding: "utf8",
      env: { ...process.env, SIGNAL_KERNEL_ENGINE: "wasm" },
    },
  );
  expect(stderr).toBe("");
  expect(stdout).toBe("wasm OutOfMemoryError ERR_SK_OUT_OF_MEMORY true 0 1,2\n");
});
