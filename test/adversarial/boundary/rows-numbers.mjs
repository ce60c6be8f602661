/** N11, N12, N17, N20: sizes and counters at their ends. */

import { createResource } from "@signal-kernel/async-runtime";
import {
  batch,
  computed,
  createEffect,
  flushSync,
  LimitError,
  signal,
  transaction,
} from "@signal-kernel/core";
import { checkEngine, engine, kernel } from "#engine";
import { assert, rawKernel, thrownBy } from "./tools.mjs";

const JOURNAL_LEN = 2;
const RUN_LEN = 6;
const FRESH_LEN = 9;
const [HEADER, SLOTS, JOURNAL, PENDING, RUN, FRESH] = [0, 1, 2, 3, 4, 5];
const GENERATION = 7;

export const NUMBERS = {
  /** What does not fit is refused at the call. The slots of the addon for this test are 4,096. */
  async N11() {
    const before = engine().counters;
    for (const block of [1, 5])
      assert.equal(thrownBy(() => kernel.reserve(block, 2 ** 28))?.code, "ERR_SK_LIMIT");
    assert.deepEqual(engine().counters.bytes, before.bytes);
    assert.equal(checkEngine(), undefined);
    if (process.env.SK_TEST_ADDON === undefined) return;
    const source = signal(0);
    const seen = [];
    const disposers = [];
    let refused;
    for (let i = 0; i < 5000 && refused === undefined; i++)
      refused = thrownBy(() => {
        disposers.push(createEffect(() => void (seen[i] = source.get())));
        flushSync();
      });
    assert.ok(refused instanceof LimitError, String(refused?.stack));
    assert.equal(refused.code, "ERR_SK_LIMIT");
    assert.equal(checkEngine(), undefined);
    /* It can be asked what it is full of. */
    const full = engine().counters;
    assert.ok(full.effects > 1500 && full.effects < 4096, `${full.effects} effects`);
    /* A flush that finds no room says so, and what was written is not forgotten: room comes by disposing. */
    const flushed = thrownBy(() => batch(() => source.set(7)));
    if (flushed !== undefined) assert.equal(flushed.code, "ERR_SK_LIMIT");
    for (const dispose of disposers.splice(0, 300)) dispose();
    flushSync();
    assert.ok(seen.slice(300, disposers.length + 300).every((value) => value === 7));
    for (const dispose of disposers) dispose();
    const { nodes, edges } = engine().counters;
    assert.deepEqual([nodes, edges], [0, 0]);

    /* One reader with more sources than there are edges: refused where it links, and only that reader. */
    const many = Array.from({ length: 5000 }, (_, i) => signal(i));
    const wide = thrownBy(() => {
      createEffect(() => {
        for (const each of many) each.get();
      });
      flushSync();
    });
    assert.ok(wide instanceof LimitError, String(wide?.stack));
    assert.equal(checkEngine(), undefined);
    /* What nobody observes takes no slot: it reads as many as it likes. */
    const sum = computed(() => many.reduce((total, each) => total + each.get(), 0));
    assert.equal(sum.get(), (4999 * 5000) / 2);
    transaction(() => {
      for (const each of many.slice(0, 100)) each.set(0);
    });
    const [, meta] = createResource(source.get, async (n) => n);
    meta.dispose();
  },

  /** Counters shortly before their end: of generations, versions, wake-ups and times. */
  N12() {
    /* The generation of a slot: 2^32 - 1 is its last, and then nobody gets the slot any more. */
    const source = signal(0);
    createEffect(() => void source.get())();
    const slots = () => kernel.view(SLOTS);
    let runs = 0;
    const effect = () =>
      createEffect(() => {
        source.get();
        runs++;
      });
    const first = effect();
    flushSync();
    const before = engine().counters;
    first();
    engine();
    const words = slots();
    const free = [];
    for (let id = 8; id < words.length; id += 8)
      if ((words[id] & 7) === 4 || (words[id] & 7) === 5) free.push(id);
    for (const id of free) words[id + GENERATION] = -3;
    const late = [];
    for (let round = 0; round < 40; round++) {
      const disposers = Array.from({ length: 50 }, effect);
      flushSync();
      late.push(...disposers);
      for (const dispose of disposers) dispose();
      engine();
      assert.equal(checkEngine(), undefined, `round ${round}`);
    }
    const retired = slots();
    assert.ok(free.some((id) => retired[id + GENERATION] === -1));
    const last = effect();
    for (const dispose of late) dispose();
    runs = 0;
    source.set(1);
    flushSync();
    assert.equal(runs, 1);
    last();
    assert.ok(before.nodes >= 2);

    /* The version of a cell: 2^53 - 1 is its last; the run after it is refused, and nothing is lost. */
    const raw = rawKernel();
    raw.onError((status) => Object.assign(new Error("status"), { status }));
    const task = raw.taskCreate(0);
    raw.taskSeed(task, 2 ** 53 - 3, 0);
    assert.equal(raw.taskStart(task), 2 ** 53 - 2);
    assert.equal(raw.taskStart(task), 2 ** 53 - 1);
    assert.equal(thrownBy(() => raw.taskStart(task))?.status, -2);
    assert.deepEqual(raw.taskInspect(task), [1, 2 ** 53 - 1]);
    assert.equal(raw.taskSettle(task, 2 ** 53 - 2, 3), 1);
    assert.equal(raw.taskSettle(task, 2 ** 53 - 1, 3), 0);
    assert.equal(
      thrownBy(() => raw.taskSeed(task, 2 ** 53 - 1, 0)),
      undefined,
    );

    /* The time of writes, where it fills one word and goes on in the next. */
    for (const clock of [2 ** 31, 2 ** 32]) {
      const staging = raw.stagingOpen(0, clock - 2);
      const id = raw.view(FRESH)[raw.view(HEADER)[FRESH_LEN] - 1];
      raw.view(HEADER)[FRESH_LEN]--;
      raw.view(SLOTS)[id] = 1;
      const record = raw.stagingTouch(staging, id, 2, clock - 2);
      assert.equal(raw.stagingCheck(staging, 2), 0);
      const versions = raw.view(7);
      versions[record] = (clock + 1) >>> 0;
      versions[record + 1] = Math.floor((clock + 1) / 2 ** 32);
      assert.equal(raw.stagingCheck(staging, 2), 1, `${clock}`);
      raw.stagingDiscard(staging);
    }
    assert.equal(raw.check(), undefined);
  },

  /** Three million effects in one call: what the call itself takes and leaves. */
  N17() {
    const COUNT = 3_000_000;
    const raw = rawKernel();
    const header = () => raw.view(HEADER);
    const take = () => {
      if (header()[FRESH_LEN] === 0) {
        raw.sync();
        raw.reserve(FRESH, 65_536);
      }
      const at = --header()[FRESH_LEN];
      return raw.view(FRESH)[at];
    };
    const source = take();
    raw.view(SLOTS)[source] = 1;
    let effects = [];
    /* An effect and its one edge: EFFECT id priority, LINK id generation keep n dep. */
    const write = (batch) => {
      raw.reserve(JOURNAL, batch.length * 9);
      const journal = raw.view(JOURNAL);
      const slots = raw.view(SLOTS);
      let at = header()[JOURNAL_LEN];
      for (const id of batch) {
        journal.set([1, id, 0, 2, id, slots[id + GENERATION], 0, 1, source], at);
        at += 9;
      }
      header()[JOURNAL_LEN] = at;
      raw.sync();
    };
    for (let made = 0; made < COUNT; made++) {
      effects.push(take());
      if (effects.length === 20_000) {
        write(effects);
        effects = [];
      }
    }
    write(effects);
    effects = [];
    assert.equal(raw.stats().effects, COUNT);
    const wake = () => {
      raw.view(PENDING)[0] = source;
      header()[4] = 1;
      raw.flush();
      const count = header()[RUN_LEN];
      const run = raw.view(RUN);
      const slots = raw.view(SLOTS);
      for (let i = 0; i < count; i++) {
        slots[run[i]] &= ~16;
        header()[8]++;
      }
      return count;
    };
    /* The first one makes the room that lists of such a length need. */
    assert.equal(wake(), COUNT);
    globalThis.gc();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 3; i++) assert.equal(wake(), COUNT);
    const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
    assert.ok(grown < 20, `${grown} MiB`);
    assert.equal(raw.stats().queued, 0);
  },

  /** 100,000 computeds that nobody keeps, of a source that lives: no slot, no edge, no byte. */
  async N20() {
    const source = signal(0);
    const stop = createEffect(() => void source.get());
    engine();
    const before = engine().counters;
    globalThis.gc();
    const heap = process.memoryUsage().heapUsed;
    for (let i = 0; i < 100_000; i++) assert.equal(computed(() => source.get() + i).get(), i);
    const { nodes, edges, bytes } = engine().counters;
    assert.deepEqual([nodes, edges, bytes], [before.nodes, before.edges, before.bytes]);
    let grown = 0;
    for (let i = 0; i < 10; i++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
      grown = process.memoryUsage().heapUsed - heap;
      if (grown < 2 ** 20) break;
    }
    assert.ok(grown < 2 ** 20, `${grown} bytes of values are still there`);
    source.set(1);
    flushSync();
    stop();
  },
};
