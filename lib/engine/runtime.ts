/**
 * The state of the run loop of this environment: the shared words and who is running. Nothing else in
 * the library has state of its own.
 */
import type { Addon } from "../../types/addon.js";
import { errorOfStatus } from "./errors.js";
import { nodeOfEachKind } from "./examples.js";
import type { Recorder } from "./frame.js";
import {
  SK_BLOCK_CONFLICTS,
  SK_BLOCK_FRESH,
  SK_BLOCK_HEADER,
  SK_BLOCK_JOURNAL,
  SK_BLOCK_PENDING,
  SK_BLOCK_RUN,
  SK_BLOCK_SLOTS,
  SK_BLOCK_TXN,
  SK_BLOCK_VERSIONS,
  SK_E_DEP,
  SK_E_NEXT_DEP,
  SK_H_JOURNAL_LEN,
  SK_H_REAPED,
  SK_H_RELEASED,
  SK_H_REMADE,
  SK_N_DEPS,
  SK_N_NEXT,
} from "./layout.js";
import { loadEngine } from "./load.js";
import {
  type ComputedNode,
  type EffectNode,
  type Handle,
  NO_DEPS,
  type Owner,
  type Reader,
  type Source,
} from "./node.js";

export const loaded = loadEngine();

/** The engine's calls. Every one of them is a crossing into C. */
export const kernel: Addon = loaded.addon;
export const { kind: engineKind, path: addonPath } = loaded;

/** Throws why no engine did load, if none did. */
export function requireAddon(): void {
  if (loaded.error !== undefined) throw loaded.error;
}

/** log2(SK_SLOT_WORDS): a handle is found by its id without the gaps between slots. */
export const SLOT_SHIFT = 3;

export const view = (block: number) => kernel.view(block);

/** One object, so that every module sees a write at once and V8 keeps its shape constant. */
class Runtime {
  /** Shared words; see signal_kernel.h. */
  header = view(SK_BLOCK_HEADER);
  slots = view(SK_BLOCK_SLOTS);
  journal = view(SK_BLOCK_JOURNAL);
  pendingWords = view(SK_BLOCK_PENDING);
  runWords = view(SK_BLOCK_RUN);
  fresh = view(SK_BLOCK_FRESH);
  log = view(SK_BLOCK_TXN);
  versions = view(SK_BLOCK_VERSIONS);
  conflicts = view(SK_BLOCK_CONFLICTS);
  readonly examples = nodeOfEachKind();
  /** The handle of each node, by id >> SLOT_SHIFT; null for other slots. */
  handles: (Handle | null)[] = [];

  /** Counts writes, and those that an unobserved computed may have to know of; see node.ts. */
  clock = 1;
  lazyClock = 1;

  /** Number of the tracked run under way, 0 when reads are not tracked; and how many there were. */
  run = 0;
  runs = 0;
  /** What the next read is compared with; see track.ts. */
  cursor = 0;
  /** Of a run that has diverged: the last edge that matched. */
  keep = 0;
  /** What was read from there on, of all runs under way: trace[0, top). */
  readonly trace: (Source | null)[] = [];
  top = 0;
  /** Whose function is running, and the effect or scope that owns what is created; see owner.ts. */
  reader: Reader | null = null;
  owner: Owner | null = null;
  /** The reader inside of which `owner`, a scope, was entered. */
  scopedIn: Reader | null = null;
  /** Greater than 0: the asynchronous context owns nothing of what is created. */
  unowned = 0;

  batchDepth = 0;
  flushing = false;
  scheduled = false;
  /** A batch ended where no flush could run. */
  flushWanted = false;
  flushes = 0;
  /** Milliseconds that a slice may take; Infinity: nothing is sliced. */
  budget = Number.POSITIVE_INFINITY;
  /** Background work waits for its slice, for which a turn of the event loop was asked. */
  deferred = false;
  /** Slices since there was background work last. */
  slices = 0;
  /** Runs so far that a full stack, or memory, has cut short. */
  cuts = 0;
  /** The due effect at which a list was left, by an error that is not its own. */
  interrupted: EffectNode | null = null;
  /** Markings so far: a list of due effects made before the newest is not trusted. */
  markings = 0;
  /** Counts the calls of the kernel, and the journals that it has taken. */
  calls = 0;
  epoch = 0;
  /** Counts the entries that change what the kernel knows of who reads what. */
  structure = 0;
  /** The computeds that have thrown while a transaction decides which effects run; else null. */
  failures: ComputedNode[] | null = null;
  /** The innermost open transaction's number, 0 for none; never used twice. Set by `setFrame`. */
  frame = 0;
  /** How many of them there are, also while what is done is not theirs. */
  frames = 0;
  /** Greater than 0: runs are noted, by an open transaction or a recording. */
  noting = 0;
  /** What is told of runs and commits, if somebody asked; see recording.ts. */
  recorder: Recorder | null = null;
  /**
   * Asynchronous transactions that are open, and those aborted whose code may still be running; most of
   * the time none, and then nobody asks further.
   */
  staging = 0;
  /** Greater than 0: reads and writes go to the committed state whatever the context is. */
  committed = 0;
  /** Greater than 0: a write makes visible what is not committed; see optimistic.ts. */
  showing = 0;
  /** Writes that wait to be marked; see pending.ts. */
  unmarked = 0;
  /** Something waits for a flush. */
  dirty = false;
}

export const rt = new Runtime();

function growHandles(): void {
  const want = rt.slots.length >> SLOT_SHIFT;
  /* One by one: a jump would turn the array into a dictionary. */
  while (rt.handles.length < want) rt.handles.push(null);
}
growHandles();

/** Makes the views again of the blocks that moved. */
export function remake(): void {
  const moved = rt.header[SK_H_REMADE];
  if (moved & (1 << SK_BLOCK_SLOTS)) rt.slots = view(SK_BLOCK_SLOTS);
  if (moved & (1 << SK_BLOCK_JOURNAL)) rt.journal = view(SK_BLOCK_JOURNAL);
  if (moved & (1 << SK_BLOCK_PENDING)) rt.pendingWords = view(SK_BLOCK_PENDING);
  if (moved & (1 << SK_BLOCK_RUN)) rt.runWords = view(SK_BLOCK_RUN);
  if (moved & (1 << SK_BLOCK_FRESH)) rt.fresh = view(SK_BLOCK_FRESH);
  if (moved & (1 << SK_BLOCK_TXN)) rt.log = view(SK_BLOCK_TXN);
  if (moved & (1 << SK_BLOCK_VERSIONS)) rt.versions = view(SK_BLOCK_VERSIONS);
  if (moved & (1 << SK_BLOCK_CONFLICTS)) rt.conflicts = view(SK_BLOCK_CONFLICTS);
  rt.header[SK_H_REMADE] = 0;
  growHandles();
}

/** From here on the engine's errors are the library's, and its words those of `rt`. */
export function attach(): void {
  kernel.onError(errorOfStatus);
  kernel.onDetached?.(remake);
}
attach();

/** The dependencies that the kernel has of a node. The journal must have been taken. */
export function dependenciesOf(id: number): Source[] {
  const slots = rt.slots;
  let edge = slots[id + SK_N_DEPS];
  if (edge === 0) return NO_DEPS;
  const deps: Source[] = [];
  for (; edge !== 0; edge = slots[edge + SK_E_NEXT_DEP])
    deps.push(rt.handles[slots[edge + SK_E_DEP] >> SLOT_SHIFT] as Source);
  return deps;
}

/** Takes back the nodes that nobody observes any more. */
function reap(): void {
  let id = rt.header[SK_H_RELEASED];
  while (id !== 0) {
    const node = rt.handles[id >> SLOT_SHIFT] as Source;
    /* One whose list the kernel was never told has it still. */
    if (node.computed && node.deps === NO_DEPS) node.deps = dependenciesOf(id);
    id = rt.slots[id + SK_N_NEXT];
  }
  /* Only now: the nodes of a circle name each other. */
  for (id = rt.header[SK_H_RELEASED]; id !== 0; id = rt.slots[id + SK_N_NEXT]) {
    const node = rt.handles[id >> SLOT_SHIFT] as Source;
    node.id = 0;
    if (node.computed) node.lazyAt = -1;
    rt.handles[id >> SLOT_SHIFT] = null;
  }
  rt.header[SK_H_REAPED] = 1;
}

/** To be called after every kernel call that may move blocks or release nodes, also a failed one. */
export function afterCall(): void {
  const header = rt.header;
  rt.calls++;
  if (header[SK_H_JOURNAL_LEN] === 0) rt.epoch++;
  if ((header[SK_H_REMADE] | header[SK_H_RELEASED]) === 0) return;
  if (header[SK_H_REMADE] !== 0) remake();
  if (header[SK_H_RELEASED] !== 0 && header[SK_H_REAPED] === 0) reap();
}

/** Takes the journal. */
export function sync(): void {
  try {
    kernel.sync();
  } finally {
    afterCall();
  }
}

/** Nothing is running. */
export function idle(): void {
  rt.run = 0;
  rt.reader = null;
  rt.owner = null;
}

/** Makes room for `words` more words in a block. */
export function reserve(block: number, words: number): void {
  try {
    kernel.reserve(block, words);
  } finally {
    afterCall();
  }
}
