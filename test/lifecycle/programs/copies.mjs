/** Two copies of the package in one process: each has its graph, and handles do not mix unnoticed. */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "signal-kernel-copies-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

function copy(name) {
  const to = join(folder, name);
  for (const part of ["package.json", "dist", join("build", "Release", "signal_kernel.node")])
    if (existsSync(join(root, part)))
      cpSync(join(root, part), join(to, part), { recursive: true, dereference: true });
  const require = createRequire(join(to, "package.json"));
  const load = (path) => require(join(to, "dist", path));
  return { ...load("core.cjs"), ...load("async-runtime.cjs"), ...load("index.cjs") };
}

const a = copy("a");
const b = copy("b");
const foreign = { name: "ForeignSignalError", code: "ERR_SK_FOREIGN_SIGNAL" };

/* Each has a graph of its own. */
const ours = a.signal(1);
const theirs = b.signal(1, { name: "theirs" });
const seen = [];
a.createEffect(() => void seen.push(["a", ours.get()]));
b.createEffect(() => void seen.push(["b", theirs.get()]));
a.batch(() => ours.set(2));
b.batch(() => theirs.set(3));
assert.deepEqual(seen, [
  ["a", 1],
  ["b", 1],
  ["a", 2],
  ["b", 3],
]);
assert.equal(a.engine().counters.effects, 1);
assert.equal(b.engine().counters.effects, 1);

/* What one would have to track of the other is refused; what is not tracked is no matter. */
assert.throws(() => a.createEffect(() => theirs.get()), foreign);
assert.throws(() => a.computed(() => theirs.get()).get(), foreign);
const derived = b.computed(() => theirs.get() * 2);
assert.throws(() => a.createEffect(() => derived.get()), foreign);
a.createEffect(() => assert.equal(theirs.peek(), 3));
a.createEffect(() => a.untracked(() => assert.equal(theirs.get(), 3)));
a.createEffect(() => {
  /* Another library that uses the other copy by itself, inside of our effect. */
  b.createEffect(() => theirs.get())();
});
assert.equal(theirs.get(), 3);

/* Handles of the other copy are no handles here. */
const invalid = { name: "TypeError", code: "ERR_SK_INVALID_ARG" };
await assert.rejects(
  a.transaction(async (tx) => tx.optimistic(theirs, 5)),
  invalid,
);
assert.throws(() => a.transaction(() => 1, { merge: [[theirs, () => 1]] }), invalid);
assert.throws(() => a.settled(b.createScope()), invalid);
const group = b.createAsyncGroup();
assert.throws(() => a.createResource(ours.get, () => 1, { group }), invalid);
assert.equal(theirs.peek(), 3);

console.log("done");
