/**
 * The picture of the graph: what the kernel and the nodes say of it, read at once and kept nowhere. Who
 * looks evaluates nothing, tracks nothing, and holds no node back from the garbage collector.
 */
import {
  SK_BLOCK_PICTURE,
  SK_P_NODES,
  SK_P_TASKS,
  SK_PICTURE_HEAD_WORDS,
  SK_PICTURE_NODE_WORDS,
  SK_PICTURE_TASK_WORDS,
  SK_PN_DEPS,
  SK_PN_FLAGS,
  SK_PN_ID,
  SK_PN_PRIORITY,
  SK_PT_HIGH,
  SK_PT_LOW,
  SK_PT_VERSION_HIGH,
  SK_PT_VERSION_LOW,
} from "./layout.js";
import type { ComputedNode, Handle, Reader, SignalNode, Source, Whole } from "./node.js";
import { inspectKernel } from "./pending.js";
import { kernel, rt, SLOT_SHIFT } from "./runtime.js";
import { statesBefore } from "./undo.js";
import { type Evaluation, evaluationsBefore } from "./view.js";

/** What the kernel says of a node. */
export interface NodeView {
  /** The words of `enum sk_flag`. */
  readonly flags: number;
  readonly priority: number;
  readonly deps: readonly Source[];
}

/** The graph as of one moment. */
export interface Picture {
  /** The nodes that the kernel knows: effects, and what they read. */
  readonly nodes: ReadonlyMap<Handle, NodeView>;
  /** The newest run of each cell, by its task. */
  readonly runs: ReadonlyMap<number, number>;
  /** What signals and computeds were before the open synchronous transactions. */
  readonly signalsBefore: ReadonlyMap<SignalNode, { value: unknown; changedAt: number }>;
  readonly computedsBefore: ReadonlyMap<ComputedNode, Evaluation>;
  readonly clock: number;
  /** Whose function is running, innermost. */
  readonly reader: Reader | null;
}

function wide(low: number, high: number): number {
  return (high >>> 0) * 2 ** 32 + (low >>> 0);
}

function handleAt(id: number): Handle {
  return rt.handles[id >> SLOT_SHIFT] as Handle;
}

/**
 * Takes a picture, by one call into the kernel.
 *
 * @throws OutOfMemoryError, LimitError; nothing has changed then.
 */
export function takePicture(): Picture {
  inspectKernel();
  const words = kernel.view(SK_BLOCK_PICTURE);
  const nodes = new Map<Handle, NodeView>();
  let at = SK_PICTURE_HEAD_WORDS;
  for (let left = words[SK_P_NODES] as number; left > 0; left--) {
    const end = at + SK_PICTURE_NODE_WORDS + (words[at + SK_PN_DEPS] as number);
    const deps: Source[] = [];
    for (let dep = at + SK_PICTURE_NODE_WORDS; dep < end; dep++)
      deps.push(handleAt(words[dep] as number) as Source);
    nodes.set(handleAt(words[at + SK_PN_ID] as number), {
      flags: words[at + SK_PN_FLAGS] as number,
      priority: words[at + SK_PN_PRIORITY] as number,
      deps,
    });
    at = end;
  }
  const runs = new Map<number, number>();
  for (let left = words[SK_P_TASKS] as number; left > 0; left--) {
    const word = (which: number) => words[at + which] as number;
    const newest = wide(word(SK_PT_VERSION_LOW), word(SK_PT_VERSION_HIGH));
    runs.set(wide(word(SK_PT_LOW), word(SK_PT_HIGH)), newest);
    at += SK_PICTURE_TASK_WORDS;
  }
  const signalsBefore = statesBefore();
  const computedsBefore = evaluationsBefore();
  return { nodes, runs, signalsBefore, computedsBefore, clock: rt.clock, reader: rt.reader };
}

/** The cells that have a source: each has an effect, so the kernel knows of it. */
export function cellsWithSource(): Set<Whole> {
  const cells = new Set<Whole>();
  for (const node of rt.handles) if (node?.options?.of) cells.add(node.options.of);
  return cells;
}

/** Here, and not beside who asks: the two module formats would give a node two numbers. */
const numbers = new WeakMap<object, number>();
let last = 0;

/** Whether a node has its number. */
export function isNumbered(thing: object): boolean {
  return numbers.has(thing);
}

/** The parts of a cell have its number, which is that of its value. */
export function numberParts(whole: Whole): void {
  const number = numberOf(whole.value);
  for (const part of whole.parts()) numbers.set(part, number);
}

/** The number of a node, or of what it is a part of: the same as long as it lives, and never used again. */
export function numberOf(thing: object): number {
  let number = numbers.get(thing);
  if (number === undefined) {
    number = ++last;
    numbers.set(thing, number);
  }
  return number;
}
