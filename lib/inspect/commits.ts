import {
  cellsWithSource,
  type Flushed,
  type Handle,
  isNumbered,
  listenToFlushes,
  now,
  numberOf,
  numberParts,
  requireFunction,
} from "#engine";
import type { Commit, CommitObserver } from "./types.js";

/** Where the platform has no Symbol.dispose yet, its well-known name. */
const disposeKey: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** The ids of nodes, each once: the parts of a cell have one. */
function idsOf(nodes: Iterable<Handle>): string[] {
  return [...new Set([...nodes].map((node) => `n${numberOf(node.options?.of?.value ?? node)}`))];
}

/** The parts of a cell have to be known as such before they get numbers of their own. */
function learnCells(): void {
  for (const cell of cellsWithSource()) numberParts(cell);
}

function commitOf({ written, evaluated, ran }: Flushed, number: number): Commit {
  if ([...written].some((node) => !isNumbered(node))) learnCells();
  const changed = [...evaluated].filter(([, run]) => run.changed).map(([node]) => node);
  return {
    number,
    at: now(),
    written: idsOf(written),
    evaluated: idsOf(evaluated.keys()),
    changed: idsOf(changed),
    ran: idsOf(ran.keys()),
  };
}

/**
 * Watches commits: which signals and cells each flush was about, which computeds it evaluated, and which
 * effects it ran. `inspect(target, { commits })` then says of each node how often it has run, and whether
 * the last commit has touched it.
 *
 * While nobody watches, this costs nothing; while somebody does, each run is counted.
 *
 * @param listener Called after each flush, with what it was about, untracked. What it writes is flushed
 *   before anybody goes on, and is not reported again. What it throws is reported like an error of a
 *   callback that nobody called.
 * @returns `{ last, stop }`; also `using`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when `listener` is not a function.
 * @example
 * const commits = observeCommits(({ ran }) => console.log(`${ran.length} effects`));
 * count.set(1);
 * flushSync();
 * toMermaid(inspect(null, { commits })); // what was touched is marked
 * commits.stop();
 */
export function observeCommits(listener: (commit: Commit) => void = () => {}): CommitObserver {
  requireFunction("listener", listener);
  let last: Commit | null = null;
  let number = 0;
  learnCells();
  const stop = listenToFlushes((flushed) => {
    last = commitOf(flushed, ++number);
    listener(last);
  });
  return {
    get last() {
      return last;
    },
    stop,
    [disposeKey]: stop,
  };
}
