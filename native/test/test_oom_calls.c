/*
 * test_oom_calls.c - what a call that was refused memory leaves as it was.
 */
#include "stagings.h"

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

const test_t oom_call_tests[] = {
    {"oom: a refused reserve changes nothing", a_refused_reserve_changes_nothing},
    {"oom: a refused link changes nothing", a_refused_link_changes_nothing},
    {"oom: a refused flush loses no effect", a_refused_flush_loses_no_effect},
    {"oom: a refused begin opens nothing", a_refused_begin_opens_nothing},
    {"oom: a refused touch changes nothing", a_refused_touch_changes_nothing},
    {"oom: a refused check can be repeated", a_refused_check_can_be_repeated},
    TEST_END,
};
