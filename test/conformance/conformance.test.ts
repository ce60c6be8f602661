/**
 * The public conformance suite `reactive-framework-test-suite`, all of it, through a small adapter.
 *
 * What the refusal of writes inside computeds (S8) decides is named in `REFUSED` and
 * `REFUSAL_ACCEPTED`. `BEHAVIOUR` are the suite's questions of taste, with our answers.
 */
import {
  hasComputedThrows,
  hasEffectCleanup,
  type ReactiveFramework,
  setExpect,
  testSuite,
} from "reactive-framework-test-suite";
import { describe, expect, it } from "vitest";
import { type CoreApi, forEachEngine } from "../helpers/engines.js";

setExpect(expect);

/** The suite expects the effects of a write to have run when it returns. */
function adapt(api: CoreApi, refusals: unknown[]): ReactiveFramework {
  const { signal, computed, createEffect, batch, untracked, flushSync } = api;
  return {
    name: "signal-kernel",
    signal: (initial) => {
      const { get, set } = signal(initial);
      return {
        read: get,
        write(value) {
          try {
            set(() => value);
          } catch (error) {
            refusals.push(error);
            throw error;
          }
          flushSync();
        },
      };
    },
    computed: (fn) => ({ read: computed(fn).get }),
    effect(fn) {
      const dispose = createEffect(fn);
      flushSync();
      return dispose;
    },
    run: (fn) => fn(),
    batch,
    untracked,
  };
}

/** The case demands that a computed can write: it must end in the error of S8. */
const REFUSED: readonly string[] = [
  "#57 computed side effect triggers downstream",
  "#179 computed self-increment: intra-run read-after-write values correct",
];

/** The case lets an engine refuse the write, and ends there: it must have been refused. */
const REFUSAL_ACCEPTED: readonly string[] = [
  "#52 computed writing to signal",
  "#112 computed side-effect doesn't affect sibling computeds",
  "#135 chained computed inner write: downstream only sees settled",
  "#136 computed inner write unchanged: no downstream notification",
  "#137 computed inner write changed: downstream notified",
  "#138 independent computeds sharing source, one inner-writes",
  "#172 computed writing to own dep: never caches",
  "#181 computed writes multiple signals: downstream sees consistent pair",
  "#182 computed side effect + batch: writes visible after flush",
  "#183 branch switch stops computed side effect",
  "#184 nested computeds: outer reads inner, both have side effects",
  "#185 computed side effect write visible despite later throw",
  "#186 effect observes computed side-channel write during propagation",
];

const BEHAVIOUR: Readonly<Record<string, string>> = {
  "#17 computed evaluation timing": "lazy",
  "#15 unread computed subscription": "no subscription",
  "#146 recompute count on multiple dep changes": "single recompute",
  "#29 NaN equality semantics": "Object.is",
  "#167 computed NaN downstream propagation": "Object.is",
  "#30 same-reference signal write": "skips",
  "#176 batch return value": "returns value",
  "#173 mid-propagation read isolation": "post-write",
  "#174 intra-run read-after-write": "post-write",
  "#88 effect subscription after first-run throw": "unsubscribes",
  "#106 effect throw isolation in flush": "continues",
  "#86 computed error caching": "caches error",
  "#107 non-Error throw caching": "caches error",
  "#49 inner write re-run through computed chain": "runs 2x per write",
  "#62 infinite loop in effect": "cycle detected",
  "#175 effect multi-signal write batching": "batched",
};

forEachEngine("conformance", (api) => {
  const refusals: unknown[] = [];
  const framework = adapt(api, refusals);

  it("is of 179 cases, and nothing of it is left out for a capability we lack", () => {
    expect(testSuite.reduce((sum, { cases }) => sum + Object.keys(cases).length, 0)).toBe(179);
    expect([hasEffectCleanup(framework), hasComputedThrows(framework)]).toEqual([true, true]);
    const names = new Set(testSuite.flatMap(({ cases }) => Object.keys(cases)));
    for (const name of [...REFUSED, ...REFUSAL_ACCEPTED, ...Object.keys(BEHAVIOUR)])
      expect(names).toContain(name);
  });

  for (const { section, cases, type } of testSuite)
    describe(section, () => {
      for (const [name, run] of Object.entries(cases))
        it(name, () => {
          refusals.length = 0;
          const refused = expect.objectContaining({ code: "ERR_SK_WRITE_IN_COMPUTED" });
          if (REFUSED.includes(name)) expect(() => run(framework)).toThrow(refused as Error);
          else if (type === "behavioral") expect(run(framework)).toBe(BEHAVIOUR[name]);
          else run(framework);
          const isRefusal = REFUSED.includes(name) || REFUSAL_ACCEPTED.includes(name);
          expect(refusals).toEqual(isRefusal ? [refused] : []);
        });
    });
});
