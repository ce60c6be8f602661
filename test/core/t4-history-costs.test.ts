/**
 * T4: what the beginnings of transactions cost that have ended. The looks at them are counted: a commit
 * that passed all of them again would make many transactions cost more than many times one.
 */
import { describe, expect, it } from "vitest";
import { SignalNode } from "#engine";
import { type Beginning, beginReading, endReading, keepVersion } from "../../lib/engine/history.js";
import { rt } from "../../lib/engine/runtime.js";

const N = 4000;
let looks = 0;

function begin(): Beginning {
  rt.clock++;
  const beginning = beginReading();
  let { open } = beginning;
  Object.defineProperty(beginning, "open", {
    get() {
      looks++;
      return open;
    },
    set(now: boolean) {
      open = now;
    },
  });
  return beginning;
}

function write(node: SignalNode): SignalNode {
  keepVersion(node);
  node.changedAt = ++rt.clock;
  return node;
}

const writtenSignal = () => write(new SignalNode<unknown>(0, null));

/** Ends all in order, each with a write; returns how often a beginning was looked at for that. */
function endAll(all: readonly Beginning[], signalOf: (i: number) => SignalNode): number {
  looks = 0;
  all.forEach((each, i) => {
    endReading(each);
    write(signalOf(i));
  });
  return looks;
}

describe("T4 transactions that have ended cost those in flight nothing", () => {
  it("when they end in order", () => {
    const nodes = Array.from({ length: N }, writtenSignal);
    const all = nodes.map(begin);
    expect(endAll(all, (i) => nodes[i] as SignalNode)).toBeLessThan(20 * N);
  });

  it("in order, beside one that began before all of them, and stays", () => {
    const elder = begin();
    const nodes = Array.from({ length: N }, writtenSignal);
    const all = nodes.map(begin);
    const counted = endAll(all, (i) => nodes[i] as SignalNode);
    endReading(elder);
    expect(counted).toBeLessThan(20 * N);
  });
});
