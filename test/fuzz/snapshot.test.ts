/**
 * N22: documents with random edits. Each is refused with a SnapshotError, and then nothing has changed, or
 * it is restored, and can be captured again: never a third thing. SK_FUZZ_ONLY=<seed> repeats one.
 *
 * The corpus has documents of this library and what once was found; a file that is added is tried as it
 * is, too.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createResource, createStreamResource } from "@signal-kernel/async-runtime";
import { computed, createEffect, flushSync, signal } from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  decodeJsonSnapshot,
  diffSnapshots,
  encodeJsonSnapshot,
  fromScript,
  restoreSnapshot,
  type SnapshotDocument,
  SnapshotError,
} from "@signal-kernel/snapshot";
import { describe, expect, test } from "vitest";
import { checkEngine } from "#engine";
import { Random } from "../simulation/random.js";
import { ONLY, seeds, TIMEOUT_MS } from "./budget.js";
import { mutate } from "./mutate.js";

const DOCUMENTS = 4000;

const folder = new URL("corpus/", import.meta.url);
const corpus = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));

/** What documents are restored into: one node of each kind, as the corpus has them. */
function page() {
  const id = signal<unknown>(1, { name: "id" });
  const list = signal<unknown>([]);
  const twice = computed(() => [id.get(), id.get()]);
  const resource = createResource(id.get, async (input) => ({ input }), { eager: false });
  const stream = createStreamResource(
    id.get,
    (_, { emit, done }: { emit(chunk: string): void; done(): void }) => {
      emit("a");
      done();
    },
    { initialValue: "", reduce: (soFar = "", chunk: string) => soFar + chunk },
  );
  const scope = createSnapshotScope({ graphId: "page", graphVersion: "1", now: () => 1 })
    .signal("id", id)
    .signal("list", list)
    .computed("twice", twice)
    .resource("user", resource, { restore: "seed" })
    .stream("text", stream, { restore: "stable-value" });
  let runs = 0;
  const stop = createEffect(() => {
    runs++;
    twice.get();
    list.get();
    resource[0]();
    stream[0]();
  });
  const end = () => {
    stop();
    resource[1].dispose();
    stream[1].dispose();
  };
  return { scope, end, runs: () => runs };
}

/** The state of a page, as a text that can be compared. */
const stateOf = (scope: ReturnType<typeof page>["scope"]) =>
  encodeJsonSnapshot(captureSnapshot(scope));

/** What is wrong with what is done with a text; undefined when it is refused, or restored. */
function tryText(text: string, random: Random): string | undefined {
  const { scope, end, runs } = page();
  const before = stateOf(scope);
  let document: SnapshotDocument | null = null;
  try {
    document = random.once(2) ? decodeJsonSnapshot(text) : fromScript(text);
    const again = decodeJsonSnapshot(encodeJsonSnapshot(document));
    const { added, changed, removed } = diffSnapshots(document, again);
    if (added.length + changed.length + removed.length > 0) return "a document differs from itself";
    const ran = runs();
    restoreSnapshot(scope, random.once(4) ? JSON.parse(text) : document, {
      mode: random.pick(["strict", "best-effort"]),
      freshness: random.pick(["newer", "any"]),
      resume: random.once(2),
    });
    flushSync();
    if (runs() > ran + 2) return `observers ran ${runs() - ran} times`;
    stateOf(scope);
  } catch (error) {
    const isText = document !== null && error instanceof SyntaxError;
    if (!(error instanceof SnapshotError) && !isText) return `threw ${(error as Error).stack}`;
    if (/[a-z]{30}/.test((error as Error).message)) return "the message may print values";
    flushSync();
    if (document === null && stateOf(scope) !== before)
      return "it was refused and changed something";
    if (document !== null && stateOf(scope) !== before) return "it was not restored as a whole";
  } finally {
    end();
  }
  if (({} as { polluted?: unknown }).polluted !== undefined) return "a prototype was changed";
  return undefined;
}

describe("N22: snapshots with random edits", () => {
  test("the corpus is restored, or refused", () => {
    const scope = page();
    expect(corpus.length).toBeGreaterThan(4);
    for (const text of corpus)
      expect(tryText(text, new Random(1)), text.slice(0, 80)).toBe(undefined);
    scope.end();
  });

  test("each is refused and changes nothing, or is restored", { timeout: TIMEOUT_MS }, () => {
    let restored = 0;
    let tried = 0;
    for (const seed of ONLY === null ? seeds(DOCUMENTS) : [ONLY]) {
      const random = new Random(seed);
      const text = mutate(random.pick(corpus), random, corpus);
      const fault = tryText(text, random);
      if (fault !== undefined)
        expect.fail(`SK_FUZZ_ONLY=${seed}: ${fault}\n${text.slice(0, 2000)}`);
      tried++;
      try {
        decodeJsonSnapshot(text);
        restored++;
      } catch {
        /* Most of them. */
      }
    }
    expect(checkEngine()).toBe(undefined);
    /* Edits that were never harmless, or always, would test nothing. */
    if (tried > 1000) expect(restored / tried).toBeGreaterThan(0.02);
    if (tried > 1000) expect(restored / tried).toBeLessThan(0.6);
  });
});
