/** Tools of the N rows: kernels without the library around them, and what must hold of them. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const addonPath = join(root, "build", "Release", "signal_kernel.node");
export const onWasm = process.env.SIGNAL_KERNEL_ENGINE === "wasm";
export const require = createRequire(join(root, "package.json"));

/** The addon itself, with a kernel of its own: each time that Node loads it, it makes one. */
function rawAddon() {
  const module = { exports: {} };
  process.dlopen(module, addonPath);
  return module.exports;
}

/** Another copy of the library, with a kernel of its own. */
export function copyOfLibrary() {
  for (const path of Object.keys(require.cache))
    if (path.startsWith(join(root, "dist"))) delete require.cache[path];
  const from = (name) => require(join(root, "dist", `${name}.cjs`));
  return { ...from("engine"), ...from("core"), ...from("async-runtime") };
}

/** What lies directly on a kernel of the engine under test; nobody else has it. */
export function rawKernel() {
  return onWasm ? copyOfLibrary().kernel : rawAddon();
}

/** Every call of the boundary with arguments that it takes. */
export const CALLS = {
  sync: [],
  mark: [],
  flush: [],
  plan: [],
  inspect: [],
  reserve: [2, 1],
  view: [1],
  stats: [],
  check: [],
  onError: [() => new Error("of the kernel")],
  txnBegin: [],
  txnCommit: [],
  txnRollback: [],
  stagingOpen: [0, 1],
  stagingTouch: [1, 8, 1, 1],
  stagingCheck: [1, 1],
  stagingCommit: [1, 1],
  stagingDiscard: [1],
  taskCreate: [0],
  taskStart: [1],
  taskEmit: [1, 1],
  taskSettle: [1, 1, 3],
  taskCancel: [1],
  taskSeed: [1, 1, 0],
  taskInspect: [1],
  taskDispose: [1],
};

/** What is live in a kernel, and how much of it: what may not change when a call is refused. */
export function stateOf(kernel) {
  const { crossings, ...state } = kernel.stats();
  return state;
}

/** What `fn` throws; undefined when it throws nothing. */
export function thrownBy(fn) {
  try {
    fn();
  } catch (error) {
    return error ?? new Error(`thrown: ${error}`);
  }
  return undefined;
}

/** A source of numbers that is the same each time. */
export function randomFrom(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
}

export const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Runs a part of a program in a worker; resolves to its messages and its exit code. */
export async function inWorker(code, workerData) {
  const { Worker } = await import("node:worker_threads");
  const worker = new Worker(code, { eval: typeof code === "string", workerData });
  const messages = [];
  worker.on("message", (message) => messages.push(message));
  const exit = await new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", resolve);
  });
  return { messages, exit };
}

export { assert };
