/**
 * Collections: what takes the nodes that are created with a name while a function runs, after its awaits
 * included where there is an asynchronous context. Nodes without a name never come here.
 *
 * What an effect or a computed creates is not taken: it is made anew with each run.
 */
import { currentContext, holdContext, letContextGo, runInContext } from "./context.js";
import type { Reader } from "./node.js";
import { rt } from "./runtime.js";

/** What a node is, to a collector. */
export type CollectedKind = "signal" | "computed" | "resource" | "stream";

/** What is told of named nodes. */
export interface Collector {
  /** Before a node is created: throws when it cannot be taken. */
  check(name: string, kind: CollectedKind): void;
  /** The node is there; a cell by its getter and its meta. */
  take(name: string, kind: CollectedKind, handle: object): void;
}

/** A collector at work. */
export interface Collection {
  readonly collector: Collector;
  /** Whose function was running when it began. */
  readonly reader: Reader | null;
  isOver: boolean;
}

/** Of the synchronous code that runs: where there is no asynchronous context that is all. */
let entered: Collection | null = null;
/** Collections that are not over. */
let open = 0;

/** Who takes a named node that is created now, or null. */
export function currentCollector(): Collector | null {
  if (open === 0) return null;
  const collection = entered ?? currentContext().collection ?? null;
  if (collection === null || collection.isOver) return null;
  return rt.reader === null || rt.reader === collection.reader ? collection.collector : null;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}

/**
 * Runs `fn` and gives the named nodes that it creates to `collector`; of a function that returns a promise
 * also those that it creates until that has settled.
 *
 * @param end Called when all are there, or when it has failed, with how.
 * @throws What `fn` and `end` throw.
 */
export function collect<T>(
  collector: Collector,
  fn: () => T,
  end: (hasFailed: boolean) => void,
): T {
  const collection: Collection = { collector, reader: rt.reader, isOver: false };
  const outer = entered;
  const finish = (hasFailed: boolean) => {
    collection.isOver = true;
    open--;
    letContextGo();
    end(hasFailed);
  };
  open++;
  holdContext();
  entered = collection;
  let result: T;
  try {
    result = runInContext({ ...currentContext(), collection }, fn);
  } catch (error) {
    entered = outer;
    finish(true);
    throw error;
  }
  entered = outer;
  if (!isPromise(result)) {
    finish(false);
    return result;
  }
  return result.then(
    (value) => {
      finish(false);
      return value;
    },
    (error) => {
      finish(true);
      throw error;
    },
  ) as T;
}
