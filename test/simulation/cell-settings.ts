/** What the arguments of a step make of a cell. */
import type { Kind, Policy, Reading, Settings } from "./cell-model.js";

const KINDS: readonly Kind[] = [
  "promise",
  "resource",
  "manual",
  "stream",
  "iterable",
  "resource",
  "stream",
];
const POLICIES: readonly Policy[] = ["keep-partial", "rollback", "clear"];

/** Bits of the argument `traits`. */
const TRAITS = { forgets: 1, drops: 2, skips: 4, throws: 8 };

/** Settings of a cell; `beside`: its runs go on beside each other, and no model follows them. */
export function settingsOf(args: readonly number[]): {
  settings: Settings;
  beside: boolean;
  source: number;
  answers: number;
} {
  const [kind = 0, , source = 0, traits = 0, answers = 0] = args;
  const [retries = 0, delayMs = 0, timeoutMs = 0, debounceMs = 0, pollMs = 0, policy = 0] =
    args.slice(5);
  const has = (trait: number) => (traits & trait) !== 0;
  const word = KINDS[kind];
  const beside = word === undefined;
  const hasSource = word === "resource" || word === "stream" || word === "iterable";
  const isSingle = word !== "stream" && word !== "iterable";
  const readingOf = (input: number): Reading => {
    if (has(TRAITS.skips) && input % 5 === 4) return "skip";
    return has(TRAITS.throws) && input % 5 === 3 ? "error" : { input };
  };
  const settings: Settings = {
    kind: word ?? "promise",
    keeps: !has(TRAITS.forgets),
    drops: has(TRAITS.drops) && !hasSource,
    onCancel: POLICIES[policy % 3] ?? "rollback",
    onError: POLICIES[Math.floor(policy / 3) % 3] ?? "rollback",
    retries: retries % 3,
    delayMs,
    timeoutMs,
    /* Never at one moment with another timer of the cell: which is first then is left open. */
    debounceMs: hasSource && debounceMs > 0 ? debounceMs + 0.5 : 0,
    pollMs: isSingle && word !== "promise" && !beside ? pollMs : 0,
    readingOf: hasSource ? readingOf : null,
  };
  return { settings, beside, source, answers };
}
