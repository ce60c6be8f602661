/**
 * Random programs: plain data, so that a failing one can be printed and shrunk. Nodes are named by
 * numbers that are taken modulo the number of nodes there are when the program gets there.
 */
import fc from "fast-check";

export type Equality = "is" | "parity" | "never";

export interface Read {
  readonly how: "get" | "untracked" | "peek";
  readonly source: number;
}

export interface ComputedBody {
  /** Read at first; when there is a guard and its value is odd, `others` are read instead of `reads`. */
  readonly guard: number | null;
  readonly reads: readonly number[];
  readonly others: readonly number[];
  readonly divisor: number;
  /** Throws when the sum leaves this rest modulo 5. */
  readonly throwsAt: number | null;
  /** What an inner throw is replaced by; null lets it through. */
  readonly fallback: number | null;
}

export interface EffectBody {
  readonly guard: number | null;
  readonly reads: readonly Read[];
  readonly throwsAt: number | null;
  readonly priority: number;
  /** Raises a signal to at least a value made of what was read; effects never lower one. */
  readonly raises: readonly { readonly target: number; readonly plus: number }[];
  readonly raisesIn: "plain" | "batch" | "transaction" | "failing transaction";
  readonly raisesFirst: boolean;
  readonly cleanup: "none" | "onCleanup" | "returned" | "raising";
  readonly disposes: number | null;
  readonly disposesItselfAt: number | null;
  readonly children: readonly EffectBody[];
}

export type Step =
  | { readonly do: "set" | "add"; readonly target: number; readonly value: number }
  | {
      readonly do: "revert";
      readonly target: number;
      readonly value: number;
      readonly reads: readonly number[];
    }
  | { readonly do: "get" | "peek" | "untracked"; readonly source: number }
  | { readonly do: "signal"; readonly value: number; readonly equals: Equality }
  | { readonly do: "computed"; readonly body: ComputedBody; readonly equals: Equality }
  | { readonly do: "effect"; readonly body: EffectBody }
  | { readonly do: "dispose" | "dispose computed"; readonly which: number }
  | {
      readonly do: "batch" | "transaction";
      readonly steps: readonly Step[];
      readonly throws: boolean;
      readonly caught: boolean;
    };

export interface Program {
  readonly signals: readonly { readonly value: number; readonly equals: Equality }[];
  readonly steps: readonly {
    readonly step: Step;
    readonly flush: boolean;
    readonly look: boolean;
  }[];
}

const index = fc.nat({ max: 30 });
const value = fc.nat({ max: 7 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 3) =>
  fc.option(arbitrary, { freq, nil: null });
const equals = fc.oneof(
  { weight: 6, arbitrary: fc.constant("is" as const) },
  { weight: 2, arbitrary: fc.constant("parity" as const) },
  { weight: 1, arbitrary: fc.constant("never" as const) },
);

const computedBody: fc.Arbitrary<ComputedBody> = fc.record({
  guard: maybe(index, 1),
  reads: fc.array(index, { maxLength: 4 }),
  others: fc.array(index, { maxLength: 3 }),
  divisor: fc.constantFrom(1, 1, 2, 4),
  throwsAt: fc
    .option(fc.nat({ max: 4 }), { freq: 1, nil: null })
    .chain((at) => fc.boolean().map((keep) => (keep ? at : null))),
  fallback: maybe(value, 1),
});

const read: fc.Arbitrary<Read> = fc.record({
  how: fc.constantFrom("get", "get", "get", "untracked", "peek"),
  source: index,
});

const effectBody = (depth: number): fc.Arbitrary<EffectBody> =>
  fc.record({
    guard: maybe(index, 1),
    reads: fc.array(read, { maxLength: 4 }),
    throwsAt: fc.constantFrom(null, null, null, null, 0, 1, 2, 3),
    priority: fc.constantFrom(0, 0, 0, 0, -1, 1, 100),
    raises: fc.array(fc.record({ target: index, plus: fc.nat({ max: 2 }) }), { maxLength: 2 }),
    raisesIn: fc.constantFrom("plain", "plain", "batch", "transaction", "failing transaction"),
    raisesFirst: fc.boolean(),
    cleanup: fc.constantFrom("none", "onCleanup", "returned", "raising"),
    disposes: fc.constantFrom<(number | null)[]>(null, null, null, null, null, 0, 1, 2),
    disposesItselfAt: fc.constantFrom<(number | null)[]>(null, null, null, null, null, null, 1, 3),
    children:
      depth === 0
        ? fc.constant([])
        : fc.array(effectBody(depth - 1), { maxLength: 2, size: "small" }),
  });

const quiet = [
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom("set", "add"), target: index, value }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("revert"),
      target: index,
      value,
      reads: fc.array(index, { maxLength: 2 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("get", "get", "peek", "untracked"), source: index }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("signal"), value, equals }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("computed"), body: computedBody, equals }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("dispose", "dispose computed"),
      which: index,
    }),
  },
];

const simple = fc.oneof(...quiet, {
  weight: 3,
  arbitrary: fc.record({ do: fc.constant("effect"), body: effectBody(2) }),
}) as fc.Arbitrary<Step>;

/**
 * No effect is created inside a transaction here: one that rolls back runs such an effect again when
 * it may have seen what is taken back, and how often that is needed is left open.
 */
const inTransaction = fc.oneof(...quiet) as fc.Arbitrary<Step>;

const nested = (depth: number, leaf: fc.Arbitrary<Step>): fc.Arbitrary<Step> => {
  const steps = (what: fc.Arbitrary<Step>) =>
    fc.array(
      depth === 0
        ? what
        : fc.oneof(
            { weight: 3, arbitrary: what },
            { weight: 1, arbitrary: nested(depth - 1, what) },
          ),
      { maxLength: 5 },
    );
  const group = (kind: string, what: fc.Arbitrary<Step>) =>
    fc.record({
      do: fc.constant(kind),
      steps: steps(what),
      throws: fc.boolean(),
      caught: fc.boolean(),
    });
  return fc.oneof(
    { weight: 1, arbitrary: group("batch", leaf) },
    { weight: 2, arbitrary: group("transaction", inTransaction) },
  ) as fc.Arbitrary<Step>;
};

const step = fc.oneof(
  { weight: 5, arbitrary: simple },
  { weight: 2, arbitrary: nested(2, simple) },
);

export const program: fc.Arbitrary<Program> = fc.record({
  signals: fc.array(fc.record({ value, equals }), { minLength: 1, maxLength: 4 }),
  steps: fc.array(fc.record({ step, flush: fc.boolean(), look: fc.boolean() }), {
    minLength: 1,
    maxLength: 24,
    size: "large",
  }),
});
