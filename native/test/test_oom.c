/*
 * test_oom.c - the scenarios in which each request for memory is refused; see oom.h.
 */
#include "oom.h"

/* ---- scenarios */

static void a_wide_graph(oom_t *s) {
  enum { SOURCES = 700, EFFECTS = 400 };
  caller_t *c = s->c;
  sk_id_t sources[SOURCES];
  sk_id_t effects[EFFECTS];
  for (int i = 0; i < SOURCES; i++) sources[i] = caller_signal(c);
  sk_id_t sum = caller_computed(c);
  caller_link(c, sum, 0, SOURCES, sources);
  for (int i = 0; i < EFFECTS; i++) {
    effects[i] = caller_effect(c, i % 5);
    caller_link(c, effects[i], 0, IDS(sum, sources[i], sources[i / 2]));
  }
  for (int i = 0; i < SOURCES; i++) caller_write(c, sources[i]);
  oom_drain(s);
  for (int i = 0; i < EFFECTS; i++) caller_dispose(c, effects[i]);
  caller_sync(c);
  oom_note_released(s);
  oom_note_stats(s);
}

/* Everything waits in one journal, dropped sources in front: it runs out in the middle of them. */
static void one_long_journal(oom_t *s) {
  enum { COUNT = 300 };
  caller_t *c = s->c;
  sk_id_t old[COUNT];
  sk_id_t effects[COUNT];
  for (int i = 0; i < COUNT; i++) {
    old[i] = caller_signal(c);
    effects[i] = caller_effect(c, 0);
    caller_link(c, effects[i], 0, IDS(old[i]));
  }
  caller_sync(c);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, COUNT * 20), 0);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_FRESH, COUNT * 4), 0);
  for (int i = 0; i < COUNT; i++) {
    sk_id_t three[3];
    caller_link(c, effects[i], 0, NO_IDS);
    for (int j = 0; j < 3; j++) three[j] = caller_signal(c);
    caller_link(c, effects[i], 0, 3, three);
    if (i % 2 == 0) caller_link(c, effects[i], 0, IDS(old[i], three[0], three[1]));
    sk_id_t extra = caller_effect(c, -1);
    caller_wake(c, extra);
    caller_write(c, three[1]);
  }
  oom_drain(s);
  oom_note_released(s);
}

static void making_and_disposing(oom_t *s) {
  caller_t *c = s->c;
  for (int round = 0; round < 12; round++) {
    sk_id_t effects[60];
    sk_id_t source = caller_signal(c);
    for (int i = 0; i < 60; i++) {
      effects[i] = caller_effect(c, 60 - i);
      sk_id_t computed = caller_computed(c);
      caller_link(c, computed, 0, IDS(source));
      caller_link(c, effects[i], 0, IDS(computed, source));
    }
    caller_write(c, source);
    CHECK(caller_flush(c) > 0);
    for (int i = 0; i < 5; i++) oom_note(s, caller_label(c, caller_next(c)));
    for (int i = 0; i < 60; i += 1 + round % 2) caller_dispose(c, effects[i]);
    oom_drain(s);
    oom_note_released(s);
  }
}

static void transactions(oom_t *s) {
  enum { DEPTH = 300 };
  caller_t *c = s->c;
  sk_id_t kept = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(kept));
  for (int depth = 1; depth <= DEPTH; depth++) {
    CHECK_EQ(caller_call(c, sk_txn_begin), depth);
    caller_log(c, kept);
    caller_log(c, caller_signal(c));
  }
  caller_mark(c);
  for (int depth = DEPTH; depth > 0; depth--) {
    int (*end)(sk_kernel_t *) = depth % 3 == 0 ? sk_txn_rollback : sk_txn_commit;
    oom_note(s, (uint64_t)caller_call(c, end));
    if (depth % 50 == 0) caller_sync(c);
  }
  caller_sync(c);
  oom_note_released(s);
  oom_drain(s);
}

static void tasks(oom_t *s) {
  enum { COUNT = 600 };
  caller_t *c = s->c;
  sk_task_t all[COUNT];
  for (int i = 0; i < COUNT; i++) {
    int status = sk_task_create(c->kernel, SK_TASK_STREAM, &all[i]);
    if (status == SK_E_NO_MEMORY) {
      CHECK_EQ(caller_stats(c).tasks, i);
      CHECK_EQ(caller_stats(c).bytes, c->host.bytes);
      test_host_relieve(&c->host);
      c->repeated++;
      status = sk_task_create(c->kernel, SK_TASK_STREAM, &all[i]);
    }
    CHECK_EQ(status, 0);
    uint64_t version = 0;
    CHECK_EQ(sk_task_start(c->kernel, all[i], &version), 0);
    oom_note(s, all[i]);
  }
  for (int i = 0; i < COUNT; i++) {
    CHECK_EQ(sk_task_emit(c->kernel, all[i], 1), SK_COMMIT);
    CHECK_EQ(sk_task_settle(c->kernel, all[i], 1, SK_TASK_SUCCESS), SK_COMMIT);
    if (i % 2 == 0) CHECK_EQ(sk_task_dispose(c->kernel, all[i]), 0);
  }
  oom_note_stats(s);
}

static void note_conflicts(oom_t *s, sk_staging_t staging, uint32_t how) {
  int count = stagings_check(s->c, staging, how);
  CHECK(count >= 0);
  oom_note(s, (uint64_t)count);
  for (int i = 0; i < count; i++)
    oom_note(s, caller_label(s->c, s->c->words[SK_BLOCK_CONFLICTS][i]));
}

/* One transaction with a large set. That a refused call changes nothing is seen by stagings.c. */
static void touching(oom_t *s) {
  enum { COUNT = 600 };
  caller_t *c = s->c;
  sk_id_t signals[COUNT];
  for (int i = 0; i < COUNT; i++) signals[i] = caller_signal(c);
  sk_staging_t staging = stagings_begin(c, 0, 10);
  for (uint32_t i = 0; i < COUNT; i++) {
    oom_note(s, (uint64_t)stagings_touch(c, staging, signals[i], i % 3 + 1, 10));
    stagings_wrote(c, signals[i], i % 4 == 0 ? 11 : 9);
  }
  for (uint32_t how = 1; how <= 3; how++) note_conflicts(s, staging, how);
  uint64_t order = 0;
  CHECK_EQ(stagings_commit(c, staging, 12, &order), 0);
  oom_note(s, order);
  caller_sync(c);
  oom_note_released(s);
  oom_note_stats(s);
}

/* Many inner ones in some outer ones; each merge joins some touches and moves others. */
static void merging(oom_t *s) {
  enum { OUTER = 6, COUNT = 130, SIGNALS = 50 };
  caller_t *c = s->c;
  sk_id_t signals[SIGNALS];
  sk_staging_t outer[OUTER];
  sk_staging_t inner[COUNT];
  uint64_t order = 0;
  for (int i = 0; i < SIGNALS; i++) signals[i] = caller_signal(c);
  for (uint32_t i = 0; i < OUTER; i++) outer[i] = stagings_begin(c, 0, i);
  for (uint32_t i = 0; i < COUNT; i++) {
    inner[i] = stagings_begin(c, outer[i % OUTER], 10 + i);
    CHECK(stagings_touch(c, outer[i % OUTER], signals[i % SIGNALS], 1, 10 + i) > 0);
    for (uint32_t j = 0; j < 4; j++)
      CHECK(stagings_touch(c, inner[i], signals[(i + j * j) % SIGNALS], j % 3 + 1, 10 + i) > 0);
  }
  for (uint32_t i = 0; i < COUNT; i++) {
    note_conflicts(s, inner[i], 3);
    if (i % 5 == 0)
      CHECK_EQ(stagings_discard(c, inner[i]), 0);
    else
      CHECK_EQ(stagings_commit(c, inner[i], 1000 + i, &order), 0);
  }
  for (int i = 0; i < SIGNALS; i += 3) stagings_wrote(c, signals[i], 7);
  for (int i = 0; i < OUTER; i++) {
    note_conflicts(s, outer[i], 3);
    CHECK_EQ(stagings_commit(c, outer[i], 2000, &order), 0);
    oom_note(s, order);
  }
  caller_sync(c);
  oom_note_released(s);
  oom_note_stats(s);
}

/* Effects of many priorities: planned, handed out up to one of them, the oldest, all. */
static void planning(oom_t *s) {
  enum { EFFECTS = 600 };
  caller_t *c = s->c;
  sk_id_t source = caller_signal(c);
  sk_id_t even = caller_computed(c);
  caller_link(c, even, 0, IDS(source));
  for (int i = 0; i < EFFECTS; i++) {
    sk_id_t effect = caller_effect(c, i % 7 - 3);
    caller_link(c, effect, 0, IDS(even));
    if (i % 100 != 99) continue;
    caller_write(c, source);
    int planned = caller_call(c, sk_plan);
    CHECK_EQ(planned, i + 1);
    for (int at = 0; at < planned; at++) oom_note(s, caller_label(c, c->words[SK_BLOCK_RUN][at]));
    CHECK(caller_flush_up_to(c, -2) > 0);
    oom_note(s, caller_label(c, caller_next(c)));
    CHECK_EQ(caller_flush_oldest(c, 0), 1);
    oom_note(s, caller_label(c, caller_next(c)));
    oom_drain(s);
  }
}

/* A reader of many sources changes what it reads; the edges are asked for beforehand, as a caller does. */
static void relinking(oom_t *s) {
  enum { COUNT = 900 };
  caller_t *c = s->c;
  sk_id_t *sources = test_alloc(COUNT * sizeof(sk_id_t));
  sk_id_t wide = caller_effect(c, 0);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_FRESH, COUNT), 0);
  for (int i = 0; i < COUNT; i++) sources[i] = caller_signal(c);
  caller_link(c, caller_effect(c, 0), 0, COUNT, sources);
  for (uint32_t width = 100; width <= COUNT; width += 200) {
    CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, width + 5), 0);
    CHECK_EQ(caller_reserve(c, SK_BLOCK_SLOTS, width), 0);
    caller_link(c, wide, 0, width, sources);
    caller_sync(c);
    CHECK_EQ(caller_dependencies(c, wide, NULL, 0), width);
    for (uint32_t i = 0; i < width; i += 3) caller_write(c, sources[i]);
    oom_drain(s);
    sk_id_t keep = caller_edge(c, wide, width / 2);
    caller_link(c, wide, keep, 2, sources + COUNT - 2);
    oom_drain(s);
  }
  oom_note_released(s);
}

/* Cells that take over what others have come to. */
static void seeding(oom_t *s) {
  enum { COUNT = 400 };
  caller_t *c = s->c;
  for (uint32_t i = 0; i < COUNT; i++) {
    sk_task_t task = 0;
    uint64_t version = 0;
    int status = sk_task_create(c->kernel, i % 2 == 0 ? SK_TASK_SINGLE : SK_TASK_STREAM, &task);
    if (status == SK_E_NO_MEMORY) {
      CHECK_EQ(task, 0);
      test_host_relieve(&c->host);
      c->repeated++;
      status = sk_task_create(c->kernel, i % 2 == 0 ? SK_TASK_SINGLE : SK_TASK_STREAM, &task);
    }
    CHECK_EQ(status, 0);
    CHECK_EQ(sk_task_start(c->kernel, task, &version), 0);
    CHECK_EQ(sk_task_seed(c->kernel, task, 10 * i, SK_TASK_SUCCESS, &version), 1);
    oom_note(s, version);
    CHECK_EQ(sk_task_settle(c->kernel, task, 1, SK_TASK_ERROR), SK_IS_STALE);
  }
  oom_note_stats(s);
}

static void while_a_wide_graph_is_made(void) {
  oom_refuse_each(a_wide_graph);
}
static void in_the_middle_of_a_long_journal(void) {
  oom_refuse_each(one_long_journal);
}
static void while_slots_are_used_again(void) {
  oom_refuse_each(making_and_disposing);
}
static void inside_transactions(void) {
  oom_refuse_each(transactions);
}
static void while_tasks_are_made(void) {
  oom_refuse_each(tasks);
}
static void while_a_transaction_touches(void) {
  oom_refuse_each(touching);
}
static void while_transactions_are_merged(void) {
  oom_refuse_each(merging);
}

static void while_effects_are_planned(void) {
  oom_refuse_each(planning);
}
static void while_a_wide_reader_is_relinked(void) {
  oom_refuse_each(relinking);
}
static void while_cells_are_seeded(void) {
  oom_refuse_each(seeding);
}

/* A block that never grows in any scenario would be tested by none. */
static void every_block_was_refused(void) {
  void (*const all[])(void) = {
      while_a_wide_graph_is_made,     in_the_middle_of_a_long_journal, inside_transactions,
      while_a_transaction_touches,    while_transactions_are_merged,   while_cells_are_seeded,
      while_a_wide_reader_is_relinked};
  if (oom_refused_of(SK_BLOCK_TASKS) == 0)
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) all[i]();
  for (int block = 0; block < SK_BLOCK_COUNT; block++) {
    test_note("block %d", block);
    CHECK(oom_refused_of((enum sk_block)block) > 0);
  }
}

const test_t oom_tests[] = {
    {"oom: while a wide graph is made", while_a_wide_graph_is_made},
    {"oom: in the middle of a long journal", in_the_middle_of_a_long_journal},
    {"oom: while slots are used again", while_slots_are_used_again},
    {"oom: inside transactions", inside_transactions},
    {"oom: while tasks are made", while_tasks_are_made},
    {"oom: while a transaction touches", while_a_transaction_touches},
    {"oom: while transactions are merged", while_transactions_are_merged},
    {"oom: while effects are planned", while_effects_are_planned},
    {"oom: while a wide reader is relinked", while_a_wide_reader_is_relinked},
    {"oom: while cells are seeded", while_cells_are_seeded},
    {"oom: every block was refused", every_block_was_refused},
    TEST_END,
};
