/*
 * test_staging_limits.c - tests of asynchronous transactions: what is refused, the log of synchronous
 * ones beside them, and how work and memory grow.
 */
#include "kernel.h"
#include "stagings.h"

/* ---- the outer one has ended */

static void without_its_outer_one_it_can_only_be_discarded(void) {
  for (int commits = 0; commits < 2; commits++) {
    caller_t *c = caller_open();
    sk_id_t s = caller_signal(c);
    sk_staging_t outer = stagings_begin(c, 0, 1);
    sk_staging_t inner = stagings_begin(c, outer, 1);
    sk_staging_t innermost = stagings_begin(c, inner, 1);
    uint64_t order = 7;
    stagings_touch_at(c, inner, s, WRITE, 1, 0);
    stagings_touch_at(c, innermost, s, WRITE, 1, 0);
    if (commits)
      CHECK_EQ(stagings_end(c, outer, 2), 1);
    else
      stagings_drop(c, outer);
    CHECK_EQ(stagings_commit(c, inner, 3, &order), SK_E_DISPOSED);
    CHECK_EQ(order, 7);
    CHECK_EQ(stagings_check(c, inner, BOTH), SK_E_DISPOSED);
    /* It is open all the same, for what is inside of it too. */
    CHECK_EQ(stagings_end(c, innermost, 3), 0);
    CHECK_EQ(stagings_touches(c, s), 1);
    stagings_drop(c, inner);
    stagings_none_left(c);
    caller_sync(c);
    CHECK_EQ(c->released_len, 1);
    caller_close(c);
  }
}

/* The entry of an outer one that has ended is used again: by a stranger, who must not matter. */
static void a_stranger_is_not_the_outer_one(void) {
  caller_t *c = caller_open();
  sk_id_t s = stagings_observed(c);
  sk_staging_t outer = stagings_begin(c, 0, 1);
  sk_staging_t inner = stagings_begin(c, outer, 1);
  stagings_touch_at(c, inner, s, READ, 1, 0);
  stagings_drop(c, outer);
  sk_staging_t stranger = stagings_begin(c, 0, 1);
  CHECK_EQ(sk__table_index(stranger), sk__table_index(outer));
  stagings_touch_at(c, stranger, s, WRITE, 9, 0);
  uint64_t order = 7;
  CHECK_EQ(stagings_check(c, inner, READ), SK_E_DISPOSED);
  CHECK_EQ(stagings_commit(c, inner, 10, &order), SK_E_DISPOSED);
  CHECK_EQ(stagings_touches(c, s), 2);
  stagings_drop(c, inner);
  CHECK_EQ(stagings_end(c, stranger, 11), 1);
  stagings_none_left(c);
  caller_close(c);
}

/* ---- what is refused */

static void refuses_every_call(caller_t *c, sk_staging_t staging, sk_id_t signal) {
  sk_staging_t made = 7;
  uint64_t order = 7;
  if (staging != 0) CHECK_EQ(stagings_open(c, staging, 1, &made), SK_E_DISPOSED);
  CHECK_EQ(stagings_touch(c, staging, signal, READ, 1), SK_E_DISPOSED);
  CHECK_EQ(stagings_check(c, staging, BOTH), SK_E_DISPOSED);
  CHECK_EQ(stagings_commit(c, staging, 1, &order), SK_E_DISPOSED);
  CHECK_EQ(stagings_discard(c, staging), SK_E_DISPOSED);
  CHECK_EQ(made, 7);
  CHECK_EQ(order, 7);
}

static void one_that_has_ended_refuses_every_call(void) {
  caller_t *c = caller_open();
  sk_id_t s = stagings_observed(c);
  for (int i = 0; i < 10; i++) {
    sk_staging_t outer = stagings_begin(c, 0, 1);
    sk_staging_t staging = stagings_begin(c, i % 3 == 0 ? outer : 0, 1);
    stagings_touch_at(c, staging, s, BOTH, 1, 0);
    if (i % 2 == 0)
      stagings_drop(c, staging);
    else
      stagings_end(c, staging, 1);
    refuses_every_call(c, staging, s);
    /* Nor does the one that has its entry now answer for it. */
    sk_staging_t next = stagings_begin(c, 0, 1);
    CHECK_EQ(sk__table_index(next), sk__table_index(staging));
    refuses_every_call(c, staging, s);
    stagings_drop(c, next);
    stagings_drop(c, outer);
  }
  stagings_none_left(c);
  caller_close(c);
}

static void forged_handles_are_refused(void) {
  caller_t *c = caller_open();
  sk_id_t s = stagings_observed(c);
  refuses_every_call(c, 0, s);
  refuses_every_call(c, 1, s);
  sk_staging_t staging = stagings_begin(c, 0, 1);
  for (int bit = 0; bit < 64; bit++) refuses_every_call(c, staging ^ (uint64_t)1 << bit, s);
  refuses_every_call(c, UINT64_MAX, s);
  refuses_every_call(c, 0xFFFFFF, s);
  /* A task is no transaction, though it has such a handle as well. */
  sk_task_t task = 0;
  for (int i = 0; i < 3; i++) CHECK_EQ(sk_task_create(c->kernel, SK_TASK_SINGLE, &task), 0);
  refuses_every_call(c, task, s);
  CHECK(stagings_touch(c, staging, s, READ, 1) > 0);
  caller_close(c);
}

static void only_signals_are_touched(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t d = caller_computed(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, d, 0, IDS(s));
  caller_link(c, e, 0, IDS(d));
  caller_sync(c);
  sk_id_t taken = caller_take(c);
  sk_id_t edge = caller_edge(c, e, 0);
  sk_staging_t staging = stagings_begin(c, 0, 1);
  const sk_id_t wrong[] = {
      0,     d,     e,          taken,          edge,     s + 1,
      s + 4, s - 1, UINT32_MAX, UINT32_MAX - 7, 1u << 31, c->kernel->slots_used * SK_SLOT_WORDS};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    for (uint32_t how = READ; how <= BOTH; how++)
      CHECK_EQ(stagings_touch(c, staging, wrong[i], how, 1), SK_E_INVALID);
  CHECK_EQ(c->kernel->touches.live, 0);
  caller_close(c);
}

static void other_ways_of_touching_are_refused(void) {
  static const uint32_t WRONG[] = {0, 4, 5, 7, 8, 1u << 31, UINT32_MAX};
  caller_t *c = caller_open();
  sk_id_t s = stagings_observed(c);
  sk_id_t touched = stagings_observed(c);
  sk_staging_t staging = stagings_begin(c, 0, 1);
  stagings_touch_at(c, staging, touched, READ, 1, 0);
  for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
    CHECK_EQ(stagings_touch(c, staging, s, WRONG[i], 1), SK_E_INVALID);
    CHECK_EQ(stagings_touch(c, staging, touched, WRONG[i], 1), SK_E_INVALID);
    CHECK_EQ(stagings_check(c, staging, WRONG[i]), SK_E_INVALID);
  }
  CHECK_EQ(*caller_word(c, s, SK_N_PINS), 0);
  stagings_drop(c, staging);
  caller_close(c);
}

/* 2^24 transactions would take a gigabyte; the test says that so many entries were handed out. */
static void transactions_end_with_a_limit(void) {
  caller_t *c = caller_open();
  sk_staging_t kept = stagings_begin(c, 0, 1);
  uint32_t used = c->kernel->stagings.used;
  sk_staging_t refused = 7;
  c->kernel->stagings.used = 1u << 24;
  CHECK_EQ(sk_staging_open(c->kernel, 0, 1, &refused), SK_E_LIMIT);
  CHECK_EQ(sk_staging_open(c->kernel, kept, 1, &refused), SK_E_LIMIT);
  c->kernel->stagings.used = used;
  CHECK_EQ(refused, 7);
  CHECK_EQ(caller_stats(c).transactions, 1);
  stagings_drop(c, kept);
  stagings_none_left(c);
  caller_close(c);
}

/* ---- beside the log of synchronous transactions */

static void both_kinds_pin_a_signal(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_staging_t staging = stagings_begin(c, 0, 1);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, s);
  stagings_touch_at(c, staging, s, WRITE, 1, 0);
  CHECK_EQ(caller_call(c, sk_txn_begin), 2);
  caller_log(c, s);
  CHECK_EQ(*caller_word(c, s, SK_N_PINS), 3);
  CHECK_EQ(stagings_touches(c, s), 1);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 1);
  CHECK_EQ(*caller_word(c, s, SK_N_PINS), 2);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 0);
  CHECK_EQ(*caller_word(c, s, SK_N_PINS), 1);
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  /* Now the log outlives the transaction. */
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, s);
  CHECK_EQ(stagings_end(c, staging, 2), 1);
  CHECK_EQ(*caller_word(c, s, SK_N_VERSION), 0);
  CHECK_EQ(*caller_word(c, s, SK_N_PINS), 1);
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 0);
  caller_sync(c);
  CHECK_EQ(c->released_len, 1);
  caller_close(c);
}

/* The commit as a caller makes it: its writes are one synchronous transaction, which may be undone. */
static void a_commit_inside_a_synchronous_transaction(void) {
  caller_t *c = caller_open();
  sk_id_t s = stagings_observed(c);
  CHECK_EQ(caller_flush(c), 0);
  sk_staging_t first = stagings_begin(c, 0, 1);
  sk_staging_t second = stagings_begin(c, 0, 1);
  stagings_touch_at(c, first, s, WRITE, 2, 0);
  stagings_touch_at(c, second, s, READ, 2, 0);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, s);
  stagings_wrote(c, s, 3);
  CHECK_EQ(stagings_end(c, first, 3), 1);
  CHECK(stagings_conflict(c, second, READ, IDS(s)));
  CHECK_EQ(caller_call(c, sk_txn_commit), 0);
  CHECK_EQ(caller_flush(c), 1);
  CHECK(stagings_conflict(c, second, READ, IDS(s)));
  stagings_drop(c, second);
  stagings_none_left(c);
  caller_close(c);
}

/* ---- size */

/* What it takes to find every touch once, in steps along the buckets. */
static uint64_t steps_to_find_all(const caller_t *c) {
  const sk__touches_t *t = &c->kernel->touches;
  uint64_t steps = 0;
  for (uint32_t i = 0; i < t->bucket_capacity; i++) {
    uint64_t depth = 0;
    for (uint32_t at = t->buckets[i]; at != 0; at = t->at[at].chained) steps += ++depth;
  }
  return steps;
}

typedef struct pattern {
  uint32_t transactions;
  uint32_t signals; /* that each of them touches */
  uint32_t stride;  /* of their slots */
  bool shared;      /* all touch the same ones */
} pattern_t;

static uint64_t steps_of(const pattern_t *pattern) {
  caller_t *c = caller_open();
  uint32_t distinct = pattern->shared ? pattern->signals : pattern->signals * pattern->transactions;
  sk_id_t *signals = test_alloc(distinct * sizeof(sk_id_t));
  for (uint32_t i = 0; i < distinct; i++) {
    signals[i] = caller_signal(c);
    for (uint32_t skipped = 1; skipped < pattern->stride; skipped++) caller_signal(c);
  }
  for (uint32_t i = 0; i < pattern->transactions; i++) {
    sk_staging_t staging = 0;
    CHECK_EQ(sk_staging_open(c->kernel, 0, 1, &staging), 0);
    const sk_id_t *first = signals + (pattern->shared ? 0 : i * pattern->signals);
    for (uint32_t j = 0; j < pattern->signals; j++)
      CHECK(sk_staging_touch(c->kernel, staging, first[j], BOTH, 1) > 0);
  }
  CHECK_EQ(c->kernel->touches.live, pattern->transactions * pattern->signals);
  uint64_t steps = steps_to_find_all(c);
  caller_close(c);
  return steps;
}

static void the_work_grows_with_the_set(void) {
  static const pattern_t PATTERNS[] = {
      {1, 200, 1, false}, {200, 1, 1, false}, {200, 1, 1, true},
      {10, 20, 1, true},  {10, 20, 1, false}, {1, 200, 4, false},
  };
  for (size_t i = 0; i < sizeof PATTERNS / sizeof PATTERNS[0]; i++) {
    pattern_t larger = PATTERNS[i];
    if (larger.signals >= larger.transactions)
      larger.signals *= 10;
    else
      larger.transactions *= 10;
    test_note("pattern %u", (unsigned)i);
    uint64_t small = steps_of(&PATTERNS[i]);
    uint64_t large = steps_of(&larger);
    CHECK(large <= 15 * small);
    CHECK(large <= (uint64_t)2 * larger.signals * larger.transactions);
  }
}

static size_t bytes_of_open(uint32_t count) {
  caller_t *c = caller_open();
  sk_id_t s = stagings_observed(c);
  size_t before = c->host.bytes;
  sk_staging_t *all = test_alloc(count * sizeof(sk_staging_t));
  for (uint32_t i = 0; i < count; i++) {
    CHECK_EQ(sk_staging_open(c->kernel, i % 2 == 0 ? 0 : all[i - 1], 1, &all[i]), 0);
    if (i % 4 == 0) CHECK(sk_staging_touch(c->kernel, all[i], s, READ, 1) > 0);
  }
  CHECK_EQ(caller_stats(c).transactions, count);
  CHECK_EQ(*caller_word(c, s, SK_N_PINS), (count + 3) / 4);
  size_t bytes = c->host.bytes - before;
  caller_sync(c); /* looks again: these calls were made without the caller */
  for (uint32_t i = 0; i < count; i++) {
    sk_staging_t staging = all[i * 7 % count];
    CHECK_EQ(sk_staging_discard(c->kernel, staging), 0);
  }
  stagings_none_left(c);
  caller_close(c);
  return bytes;
}

/* A step of growth doubles: at most 2 more between two sizes. */
static void ten_thousand_are_open_at_once(void) {
  size_t small = bytes_of_open(1000);
  size_t large = bytes_of_open(10000);
  CHECK(large <= 10000 * 2 * (sizeof(sk__staging_t) + sizeof(sk__touch_t)));
  CHECK(large <= 20 * small);
}

/* Work that comes and goes needs no more than its largest moment. */
static void what_was_freed_is_used_again(void) {
  enum { COUNT = 30 };
  caller_t *c = caller_open();
  sk_id_t signals[COUNT];
  for (int i = 0; i < COUNT; i++) signals[i] = stagings_observed(c);
  size_t bytes = 0;
  for (uint32_t round = 0; round < 200; round++) {
    sk_staging_t outer = stagings_begin(c, 0, round);
    sk_staging_t inner = stagings_begin(c, outer, round);
    for (uint32_t i = 0; i < COUNT; i++) {
      stagings_touch_at(c, outer, signals[i], READ, round, 0);
      stagings_touch_at(c, inner, signals[COUNT - 1 - i], WRITE, round, 0);
    }
    CHECK_EQ(stagings_check(c, inner, BOTH), 0);
    CHECK_EQ(stagings_end(c, inner, round), 0);
    CHECK_EQ(stagings_end(c, outer, round), round + 1);
    if (round == 0) bytes = c->host.bytes;
    CHECK_EQ(c->host.bytes, bytes);
  }
  stagings_none_left(c);
  caller_close(c);
}

const test_t staging_limit_tests[] = {
    {"staging: without its outer one it can only be discarded",
     without_its_outer_one_it_can_only_be_discarded},
    {"staging: a stranger is not the outer one", a_stranger_is_not_the_outer_one},
    {"staging: one that has ended refuses every call", one_that_has_ended_refuses_every_call},
    {"staging: forged handles are refused", forged_handles_are_refused},
    {"staging: only signals are touched", only_signals_are_touched},
    {"staging: other ways of touching are refused", other_ways_of_touching_are_refused},
    {"staging: transactions end with a limit", transactions_end_with_a_limit},
    {"staging: both kinds pin a signal", both_kinds_pin_a_signal},
    {"staging: a commit inside a synchronous transaction",
     a_commit_inside_a_synchronous_transaction},
    {"staging: the work grows with the set", the_work_grows_with_the_set},
    {"staging: ten thousand are open at once", ten_thousand_are_open_at_once},
    {"staging: what was freed is used again", what_was_freed_is_used_again},
    TEST_END,
};
