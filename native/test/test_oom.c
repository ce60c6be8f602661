/*
 * test_oom.c - tests of what happens when memory runs out: the Nth request is refused, for every N.
 *
 * Each scenario runs once with all the memory it wants and leaves a digest of what it saw. Then it
 * runs again with request 1, 2, 3 ... refused: the call says SK_E_NO_MEMORY, the kernel is sound,
 * the same call made again succeeds, and in the end the digest is the same.
 */
#include "stagings.h"

typedef struct scenario {
  caller_t *c;
  uint64_t digest;
} scenario_t;

static void note(scenario_t *s, uint64_t value) {
  s->digest = (s->digest ^ value) * 0x100000001B3u;
}

/* Released nodes come in no promised order but readers first: a sum. */
static void note_released(scenario_t *s) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < s->c->released_len; i++) sum += caller_label(s->c, s->c->released[i]);
  note(s, sum);
  note(s, s->c->released_len);
  s->c->released_len = 0;
}

static void note_stats(scenario_t *s) {
  sk_stats_t stats = caller_stats(s->c);
  note(s, stats.nodes);
  note(s, stats.edges);
  note(s, stats.effects);
  note(s, stats.queued);
  note(s, stats.links);
  note(s, stats.marks);
  note(s, stats.tasks);
  note(s, stats.transactions);
}

static void drain(scenario_t *s) {
  while (caller_flush(s->c) > 0) {
    for (sk_id_t effect = caller_next(s->c); effect != 0; effect = caller_next(s->c)) {
      caller_settle(s->c, effect);
      note(s, caller_label(s->c, effect));
    }
  }
  note_stats(s);
}

/* ---- scenarios */

static void a_wide_graph(scenario_t *s) {
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
  drain(s);
  for (int i = 0; i < EFFECTS; i++) caller_dispose(c, effects[i]);
  caller_sync(c);
  note_released(s);
  note_stats(s);
}

/* Everything waits in one journal, dropped sources in front: it runs out in the middle of them. */
static void one_long_journal(scenario_t *s) {
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
  drain(s);
  note_released(s);
}

static void making_and_disposing(scenario_t *s) {
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
    for (int i = 0; i < 5; i++) note(s, caller_label(c, caller_next(c)));
    for (int i = 0; i < 60; i += 1 + round % 2) caller_dispose(c, effects[i]);
    drain(s);
    note_released(s);
  }
}

static void transactions(scenario_t *s) {
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
    note(s, (uint64_t)caller_call(c, end));
    if (depth % 50 == 0) caller_sync(c);
  }
  caller_sync(c);
  note_released(s);
  drain(s);
}

static void tasks(scenario_t *s) {
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
    note(s, all[i]);
  }
  for (int i = 0; i < COUNT; i++) {
    CHECK_EQ(sk_task_emit(c->kernel, all[i], 1), SK_COMMIT);
    CHECK_EQ(sk_task_settle(c->kernel, all[i], 1, SK_TASK_SUCCESS), SK_COMMIT);
    if (i % 2 == 0) CHECK_EQ(sk_task_dispose(c->kernel, all[i]), 0);
  }
  note_stats(s);
}

static void note_conflicts(scenario_t *s, sk_staging_t staging, uint32_t how) {
  int count = stagings_check(s->c, staging, how);
  CHECK(count >= 0);
  note(s, (uint64_t)count);
  for (int i = 0; i < count; i++) note(s, caller_label(s->c, s->c->words[SK_BLOCK_CONFLICTS][i]));
}

/* One transaction with a large set. That a refused call changes nothing is seen by stagings.c. */
static void touching(scenario_t *s) {
  enum { COUNT = 600 };
  caller_t *c = s->c;
  sk_id_t signals[COUNT];
  for (int i = 0; i < COUNT; i++) signals[i] = caller_signal(c);
  sk_staging_t staging = stagings_begin(c, 0, 10);
  for (uint32_t i = 0; i < COUNT; i++) {
    note(s, (uint64_t)stagings_touch(c, staging, signals[i], i % 3 + 1, 10));
    stagings_wrote(c, signals[i], i % 4 == 0 ? 11 : 9);
  }
  for (uint32_t how = 1; how <= 3; how++) note_conflicts(s, staging, how);
  uint64_t order = 0;
  CHECK_EQ(stagings_commit(c, staging, 12, &order), 0);
  note(s, order);
  caller_sync(c);
  note_released(s);
  note_stats(s);
}

/* Many inner ones in some outer ones; each merge joins some touches and moves others. */
static void merging(scenario_t *s) {
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
    note(s, order);
  }
  caller_sync(c);
  note_released(s);
  note_stats(s);
}

/* ---- the Nth request, for every N */

/* Runs the scenario; returns whether a request was refused. `persists`: so are all that follow it,
 * until a call has failed three times. */
static bool run(void (*play)(scenario_t *), uint32_t refuse_at, bool persists, uint64_t *digest) {
  scenario_t s = {test_alloc(sizeof(caller_t)), 0xCBF29CE484222325u};
  test_host_open(&s.c->host);
  s.c->reaps = true;
  s.c->repeats = true;
  s.c->patience = persists ? 2 : 0;
  s.c->host.refuse_at = refuse_at;
  s.c->host.refuse_on = persists;
  while (caller_open_kernel(s.c) != 0) {
    CHECK_EQ(s.c->host.blocks, 0);
    test_host_relieve(&s.c->host);
  }
  play(&s);
  *digest = s.digest;
  bool refused = s.c->host.refused > 0;
  caller_close(s.c);
  return refused;
}

static void refuse_each(void (*play)(scenario_t *)) {
  uint64_t expected = 0;
  CHECK(!run(play, 0, false, &expected));
  for (int persists = 0; persists < 2; persists++) {
    uint32_t n = 1;
    for (;; n++) {
      uint64_t digest = 0;
      test_note("request %u refused%s", (unsigned)n, persists ? ", and those after it" : "");
      if (!run(play, n, persists != 0, &digest)) break;
      CHECK_EQ(digest, expected);
    }
    /* A scenario that asks for no memory would test nothing. */
    CHECK(n > SK_BLOCK_SHARED_COUNT + 1);
  }
}

static void while_a_wide_graph_is_made(void) {
  refuse_each(a_wide_graph);
}
static void in_the_middle_of_a_long_journal(void) {
  refuse_each(one_long_journal);
}
static void while_slots_are_used_again(void) {
  refuse_each(making_and_disposing);
}
static void inside_transactions(void) {
  refuse_each(transactions);
}
static void while_tasks_are_made(void) {
  refuse_each(tasks);
}
static void while_a_transaction_touches(void) {
  refuse_each(touching);
}
static void while_transactions_are_merged(void) {
  refuse_each(merging);
}

/* ---- what a refused call leaves as it was */

static void a_refused_reserve_changes_nothing(void) {
  static const enum sk_block BLOCKS[] = {SK_BLOCK_JOURNAL, SK_BLOCK_PENDING, SK_BLOCK_TXN,
                                         SK_BLOCK_FRESH};
  caller_t *c = caller_open();
  for (int i = 0; i < 4; i++) {
    size_t bytes = c->host.bytes;
    uint32_t fresh = *caller_header(c, SK_H_FRESH_LEN);
    uint32_t *at = c->words[BLOCKS[i]];
    c->host.limit = 1;
    CHECK_EQ(caller_reserve(c, BLOCKS[i], 100000), SK_E_NO_MEMORY);
    CHECK(c->words[BLOCKS[i]] == at);
    CHECK_EQ(c->host.bytes, bytes);
    CHECK_EQ(*caller_header(c, SK_H_FRESH_LEN), fresh);
    test_host_relieve(&c->host);
    CHECK_EQ(caller_reserve(c, BLOCKS[i], 100000), 0);
  }
  caller_close(c);
}

/* A reader that could not be linked keeps what it read, and what was written stays written. */
static void a_refused_link_changes_nothing(void) {
  enum { COUNT = 6000 };
  caller_t *c = caller_open();
  sk_id_t *sources = test_alloc(COUNT * sizeof(sk_id_t));
  sk_id_t first = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(first));
  for (int i = 0; i < COUNT; i++) sources[i] = caller_signal(c);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, COUNT + 100), 0);
  caller_sync(c);
  caller_link(c, e, 0, COUNT, sources);
  caller_write(c, sources[7]);
  sk_stats_t before = caller_stats(c);
  c->host.limit = 1;
  for (int i = 0; i < 3; i++) {
    CHECK_EQ(caller_call(c, sk_flush), SK_E_NO_MEMORY);
    CHECK(caller_reads(c, e, IDS(first)));
    CHECK_EQ(caller_stats(c).links, before.links);
    CHECK_EQ(caller_stats(c).queued, 0);
    CHECK_EQ(*caller_header(c, SK_H_PENDING_LEN), 1);
    CHECK_EQ(c->released_len, 0);
    CHECK(caller_has(c, e, SK_RELINKED));
  }
  test_host_relieve(&c->host);
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_next(c), e);
  CHECK(!caller_has(c, e, SK_RELINKED));
  CHECK_EQ(caller_dependencies(c, e, NULL, 0), COUNT);
  CHECK_EQ(c->released_len, 1);
  CHECK_EQ(c->released[0], first);
  caller_close(c);
}

/* RUN could not grow: everyone is due still, in the same order. */
static void a_refused_flush_loses_no_effect(void) {
  enum { COUNT = 1000 };
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t effects[COUNT];
  for (int i = 0; i < COUNT; i++) {
    effects[i] = caller_effect(c, 0);
    caller_link(c, effects[i], 0, IDS(s));
  }
  caller_write(c, s);
  caller_mark(c);
  c->host.limit = 1;
  for (int i = 0; i < 3; i++) {
    CHECK_EQ(caller_call(c, sk_flush), SK_E_NO_MEMORY);
    CHECK_EQ(caller_stats(c).queued, COUNT);
    CHECK_EQ(*caller_header(c, SK_H_RUN_LEN), 0);
  }
  test_host_relieve(&c->host);
  CHECK_EQ(caller_flush(c), COUNT);
  for (int i = 0; i < COUNT; i++) CHECK_EQ(caller_next(c), effects[i]);
  caller_close(c);
}

static void a_refused_begin_opens_nothing(void) {
  caller_t *c = caller_open();
  c->host.limit = 1;
  int depth = 0;
  int status = 0;
  while ((status = caller_call(c, sk_txn_begin)) > 0) CHECK_EQ(status, ++depth);
  CHECK_EQ(status, SK_E_NO_MEMORY);
  test_host_relieve(&c->host);
  CHECK_EQ(caller_call(c, sk_txn_begin), depth + 1);
  for (; depth >= 0; depth--) CHECK_EQ(caller_call(c, sk_txn_commit), 0);
  CHECK_EQ(caller_call(c, sk_txn_commit), SK_E_STATE);
  caller_close(c);
}

/* Without memory a set stays as it is, what is in it can be touched, and it can be ended. */
static void a_refused_touch_changes_nothing(void) {
  enum { COUNT = 300 };
  for (int commits = 0; commits < 2; commits++) {
    caller_t *c = caller_open();
    sk_id_t signals[COUNT];
    uint64_t order = 0;
    int touched = 0;
    for (int i = 0; i < COUNT; i++) signals[i] = caller_signal(c);
    sk_staging_t outer = stagings_begin(c, 0, 0);
    sk_staging_t inner = stagings_begin(c, outer, 0);
    CHECK(stagings_touch(c, outer, signals[COUNT - 1], 1, 0) > 0);
    c->host.limit = 1;
    while (touched < COUNT && stagings_touch(c, inner, signals[touched], 2, 1) > 0) touched++;
    CHECK(touched < COUNT);
    for (int i = 0; i < 3; i++)
      CHECK_EQ(stagings_touch(c, inner, signals[touched], 2, 1), SK_E_NO_MEMORY);
    CHECK_EQ(*caller_word(c, signals[touched], SK_N_PINS), 0);
    CHECK_EQ(*caller_word(c, signals[touched], SK_N_VERSION), 0);
    for (int i = 0; i < touched; i++) CHECK(stagings_touch(c, inner, signals[i], 1, 1) > 0);
    if (commits) {
      CHECK_EQ(stagings_commit(c, inner, 2, &order), 0);
      CHECK_EQ(stagings_commit(c, outer, 2, &order), 0);
    } else {
      CHECK_EQ(stagings_discard(c, inner), 0);
      CHECK_EQ(stagings_discard(c, outer), 0);
    }
    CHECK_EQ(order, commits);
    for (int i = 0; i < COUNT; i++) CHECK_EQ(*caller_word(c, signals[i], SK_N_PINS), 0);
    caller_close(c);
  }
}

/* A list of conflicts that could not grow is made when it is asked for again. */
static void a_refused_check_can_be_repeated(void) {
  enum { COUNT = 700 };
  caller_t *c = caller_open();
  sk_staging_t staging = stagings_begin(c, 0, 0);
  sk_id_t signals[COUNT];
  for (uint32_t i = 0; i < COUNT; i++) {
    signals[i] = caller_signal(c);
    CHECK(stagings_touch(c, staging, signals[i], 1, 0) > 0);
    stagings_wrote(c, signals[i], 1);
  }
  c->host.limit = 1;
  for (int i = 0; i < 3; i++) CHECK_EQ(stagings_check(c, staging, 1), SK_E_NO_MEMORY);
  test_host_relieve(&c->host);
  CHECK(stagings_conflict(c, staging, 1, COUNT, signals));
  caller_close(c);
}

const test_t oom_tests[] = {
    {"oom: while a wide graph is made", while_a_wide_graph_is_made},
    {"oom: in the middle of a long journal", in_the_middle_of_a_long_journal},
    {"oom: while slots are used again", while_slots_are_used_again},
    {"oom: inside transactions", inside_transactions},
    {"oom: while tasks are made", while_tasks_are_made},
    {"oom: while a transaction touches", while_a_transaction_touches},
    {"oom: while transactions are merged", while_transactions_are_merged},
    {"oom: a refused reserve changes nothing", a_refused_reserve_changes_nothing},
    {"oom: a refused link changes nothing", a_refused_link_changes_nothing},
    {"oom: a refused flush loses no effect", a_refused_flush_loses_no_effect},
    {"oom: a refused begin opens nothing", a_refused_begin_opens_nothing},
    {"oom: a refused touch changes nothing", a_refused_touch_changes_nothing},
    {"oom: a refused check can be repeated", a_refused_check_can_be_repeated},
    TEST_END,
};
