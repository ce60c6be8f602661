/**
 * S11: what ends before its owner is let go at once on average, in whatever order that happens. The looks
 * at what is owned are counted: to take each out of a list would be a look at all of them, each time.
 */
import { fromPromise } from "@signal-kernel/async-runtime";
import { createScope, onScopeDispose } from "@signal-kernel/core";
import { describe, expect, it } from "vitest";
import { addCleanupTo, type Cleanups, disposeScope, forget, type Owned, ScopeNode } from "#engine";

let looks = 0;

/** Something that is owned, and notes how often it is looked at. */
class Counted implements Owned {
  ended = false;
  private among: Cleanups | null = null;

  get registeredIn(): Cleanups | null {
    looks++;
    return this.among;
  }

  set registeredIn(cleanups: Cleanups | null) {
    this.among = cleanups;
  }

  dispose(): void {
    this.ended = true;
    forget(this);
  }
}

const N = 20_000;

/** Each number once, in an order without a system. */
const scattered = <T>(list: readonly T[]): T[] =>
  list.map((_, i) => list[(i * 7919) % list.length] as T);

const ORDERS: Record<string, (list: readonly Counted[]) => readonly Counted[]> = {
  "the first created first": (list) => list,
  "the last created first": (list) => [...list].reverse(),
  "in no order": scattered,
};

function owned(scope: ScopeNode, count: number): Counted[] {
  return Array.from({ length: count }, () => {
    const each = new Counted();
    addCleanupTo(scope, each);
    return each;
  });
}

describe("S11 what ends before its owner", () => {
  it.each(Object.keys(ORDERS))("costs the same, however much there is: %s", (order) => {
    const scope = new ScopeNode(null, undefined, null);
    const all = owned(scope, N);
    looks = 0;
    for (const each of (ORDERS[order] as (typeof ORDERS)[string])(all)) each.dispose();
    expect(looks).toBeLessThan(10 * N);
    expect(scope.cleanups).toHaveLength(0);
    disposeScope(scope);
  });

  it("costs the same while others come, beside many that stay", () => {
    const scope = new ScopeNode(null, undefined, null);
    const staying = owned(scope, 1024);
    looks = 0;
    for (let i = 0; i < N; i++) for (const each of owned(scope, 1)) each.dispose();
    expect(looks).toBeLessThan(10 * N);
    expect(scope.cleanups?.length).toBeLessThanOrEqual(2 * staying.length);
    disposeScope(scope);
    expect(staying.every(({ ended }) => ended)).toBe(true);
  });

  it("is not kept, not even the last one of a few", () => {
    const scope = new ScopeNode(null, undefined, null);
    const [first, second, third] = owned(scope, 3);
    second?.dispose();
    expect(scope.cleanups).toEqual([first, third]);
    disposeScope(scope);
  });

  it.each([5, 100])("leaves the order of the others as it was: %i of them", (count) => {
    const log: string[] = [];
    const scope = createScope();
    const cells = scope.run(() =>
      Array.from({ length: count }, (_, i) => {
        onScopeDispose(() => void log.push(`cleanup ${i}`));
        return fromPromise(() => new Promise(() => {}), {
          onCancel: () => void log.push(`cell ${i}`),
        });
      }),
    );
    const goes = (i: number) => i % 5 < 4;
    for (const i of scattered([...cells.keys()])) if (goes(i)) cells[i]?.dispose();
    expect(log).toHaveLength(cells.filter((_, i) => goes(i)).length);
    log.length = 0;
    scope.dispose();
    const left = cells.flatMap((_, i) =>
      goes(i) ? [`cleanup ${i}`] : [`cleanup ${i}`, `cell ${i}`],
    );
    expect(log).toEqual(left.reverse());
  });

  it("and a scope whose cells end each other ends each once", () => {
    const log: number[] = [];
    const scope = createScope();
    const cells = scope.run(() =>
      Array.from({ length: 100 }, (_, i) =>
        fromPromise(() => new Promise(() => {}), {
          onCancel: () => {
            log.push(i);
            for (const other of [i ^ 1, (i * 37) % 100]) cells[other]?.dispose();
          },
        }),
      ),
    );
    scope.dispose();
    expect(log.sort((a, b) => a - b)).toEqual([...cells.keys()]);
  });
});
