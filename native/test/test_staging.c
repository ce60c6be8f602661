/*
 * test_staging.c - tests of asynchronous transactions: sets, conflicts, nesting, what is kept and freed.
 */
#include "kernel.h"
#include "stagings.h"

/* ---- one transaction */

static void an_empty_one_has_no_conflicts(void) {
  caller_t *c = caller_open();
  sk_staging_t staging = stagings_begin(c, 0, 0);
  CHECK_EQ(caller_stats(c).transactions, 1);
  for (uint32_t how = READ; how <= BOTH; how++) CHECK(stagings_conflict(c, staging, how, NO_IDS));
  CHECK_EQ(stagings_end(c, staging, 0), 1);
  stagings_drop(c, stagings_begin(c, 0, 9));
  stagings_none_left(c);
  caller_close(c);
}

static void a_write_after_it_began_is_a_conflict(void) {
  static const uint64_t BASES[] = {0,
                                   1,
                                   41,
                                   UINT32_MAX - 1,
                                   UINT32_MAX,
                                   (uint64_t)1 << 32,
                                   ((uint64_t)7 << 32) + 5,
                                   ((uint64_t)1 << 53) - 2};
  caller_t *c = caller_open();
  sk_id_t s = stagings_observed(c);
  for (size_t i = 0; i < sizeof BASES / sizeof BASES[0]; i++) {
    uint64_t base = BASES[i];
    sk_staging_t staging = stagings_begin(c, 0, base);
    stagings_touch_at(c, staging, s, BOTH, base, 0);
    CHECK(stagings_conflict(c, staging, BOTH, NO_IDS));
    stagings_wrote(c, s, base);
    CHECK(stagings_conflict(c, staging, BOTH, NO_IDS));
    stagings_wrote(c, s, base + 1);
    CHECK(stagings_conflict(c, staging, BOTH, IDS(s)));
    /* Asking changes nothing, so it can be asked again. */
    CHECK(stagings_conflict(c, staging, WRITE, IDS(s)));
    stagings_drop(c, staging);
  }
  stagings_none_left(c);
  caller_close(c);
}

/* Neither half of a clock may decide alone. */
static void clocks_have_64_bits(void) {
  static const struct {
    uint64_t began;
    uint64_t written;
  } CASES[] = {
      {0xFFFFFFFF, 0x100000000},  {0x100000000, 0xFFFFFFFF},  {0x1FFFFFFFF, 0x200000000},
      {0x200000000, 0x1FFFFFFFF}, {0x300000005, 0x300000006}, {0x300000006, 0x300000005},
      {5, 0x100000000},           {0x100000000, 5},           {0x500000000, 0x400000009},
  };
  caller_t *c = caller_open();
  sk_id_t s = stagings_observed(c);
  for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
    sk_staging_t outer = stagings_begin(c, 0, CASES[i].began);
    stagings_touch_at(c, outer, s, WRITE, CASES[i].written, CASES[i].written);
    CHECK_EQ(stagings_check(c, outer, WRITE), CASES[i].written > CASES[i].began);
    /* The stamp that an inner one is compared with, too. */
    sk_staging_t inner = stagings_begin(c, outer, CASES[i].began);
    stagings_touch_at(c, inner, s, READ, CASES[i].began, 0);
    CHECK_EQ(stagings_check(c, inner, READ), CASES[i].written > CASES[i].began);
    stagings_drop(c, inner);
    stagings_drop(c, outer);
  }
  stagings_none_left(c);
  caller_close(c);
}

static void a_signal_may_have_been_written_before_it_is_touched(void) {
  caller_t *c = caller_open();
  sk_id_t early = stagings_observed(c);
  sk_id_t late = stagings_observed(c);
  sk_staging_t staging = stagings_begin(c, 0, 10);
  stagings_touch_at(c, staging, early, READ, 15, 10);
  stagings_touch_at(c, staging, late, READ, 15, 11);
  CHECK(stagings_conflict(c, staging, READ, IDS(late)));
  stagings_drop(c, staging);
  caller_close(c);
}

static void the_sets_are_asked_for_separately(void) {
  caller_t *c = caller_open();
  sk_id_t r = stagings_observed(c);
  sk_id_t w = stagings_observed(c);
  sk_id_t b = stagings_observed(c);
  sk_staging_t staging = stagings_begin(c, 0, 10);
  stagings_touch_at(c, staging, r, READ, 10, 20);
  stagings_touch_at(c, staging, w, WRITE, 10, 20);
  stagings_touch_at(c, staging, b, BOTH, 10, 20);
  CHECK(stagings_conflict(c, staging, WRITE, IDS(w, b)));
  CHECK(stagings_conflict(c, staging, READ, IDS(r, b)));
  CHECK(stagings_conflict(c, staging, BOTH, IDS(r, w, b)));
  CHECK_EQ(stagings_end(c, staging, 21), 1);
  stagings_none_left(c);
  caller_close(c);
}

static void reading_and_writing_is_one_touch(void) {
  caller_t *c = caller_open();
  sk_id_t s = stagings_observed(c);
  sk_id_t other = stagings_observed(c);
  sk_staging_t staging = stagings_begin(c, 0, 10);
  int record = stagings_touch(c, staging, s, READ, 10);
  stagings_wrote(c, s, 20);
  CHECK(stagings_conflict(c, staging, WRITE, NO_IDS));
  for (int i = 0; i < 5; i++) {
    CHECK_EQ(stagings_touch(c, staging, s, WRITE, 11), record);
    CHECK_EQ(stagings_touch(c, staging, s, READ, 12), record);
    CHECK_EQ(stagings_written(c, s), 20);
    CHECK_EQ(stagings_touches(c, s), 1);
    CHECK_EQ(*caller_word(c, s, SK_N_PINS), 1);
  }
  stagings_touch_at(c, staging, other, WRITE, 12, 0);
  CHECK_EQ(stagings_touch(c, staging, other, READ, 12), *caller_word(c, other, SK_N_VERSION));
  CHECK(*caller_word(c, other, SK_N_VERSION) != (uint32_t)record);
  CHECK(stagings_conflict(c, staging, READ, IDS(s)));
  CHECK(stagings_conflict(c, staging, WRITE, IDS(s)));
  CHECK(stagings_conflict(c, staging, BOTH, IDS(s)));
  CHECK_EQ(c->kernel->touches.live, 2);
  stagings_drop(c, staging);
  stagings_none_left(c);
  caller_close(c);
}

static void conflicts_come_in_the_order_of_touching(void) {
  enum { COUNT = 500 };
  caller_t *c = caller_open();
  sk_id_t signals[COUNT];
  sk_id_t expected[COUNT];
  uint32_t len = 0;
  for (uint32_t i = 0; i < COUNT; i++) signals[i] = caller_signal(c);
  sk_staging_t staging = stagings_begin(c, 0, 100);
  for (uint32_t i = 0; i < COUNT; i++) {
    sk_id_t id = signals[i * 7 % COUNT];
    stagings_touch_at(c, staging, id, i % 2 == 0 ? READ : WRITE, 100, i % 3 == 0 ? 101 : 100);
    if (i % 3 == 0) expected[len++] = id;
  }
  /* Touched once more, in another order, they stay where they are. */
  for (uint32_t i = 0; i < COUNT; i++) CHECK(stagings_touch(c, staging, signals[i], BOTH, 101) > 0);
  CHECK(stagings_conflict(c, staging, BOTH, len, expected));
  CHECK(stagings_conflict(c, staging, WRITE, len, expected));
  for (uint32_t i = 0; i < COUNT; i++) stagings_wrote(c, signals[i], 101);
  CHECK_EQ(stagings_check(c, staging, READ), COUNT);
  for (uint32_t i = 0; i < COUNT; i++)
    CHECK_EQ(c->words[SK_BLOCK_CONFLICTS][i], signals[i * 7 % COUNT]);
  stagings_drop(c, staging);
  stagings_none_left(c);
  caller_close(c);
}

/* ---- the end */

static void the_end_frees_everything(void) {
  enum { COUNT = 40 };
  for (int commits = 0; commits < 2; commits++) {
    caller_t *c = caller_open();
    sk_id_t signals[COUNT];
    for (int i = 0; i < COUNT; i++)
      signals[i] = i % 2 == 0 ? caller_signal(c) : stagings_observed(c);
    sk_staging_t staging = stagings_begin(c, 0, 10);
    for (int i = 0; i < COUNT; i++)
      stagings_touch_at(c, staging, signals[i], (uint32_t)i % 3 + 1, 10, 10);
    caller_sync(c);
    CHECK_EQ(c->released_len, 0);
    if (commits)
      CHECK_EQ(stagings_end(c, staging, 12), 1);
    else
      stagings_drop(c, staging);
    stagings_none_left(c);
    for (int i = 0; i < COUNT; i++) {
      CHECK_EQ(*caller_word(c, signals[i], SK_N_VERSION), 0);
      CHECK_EQ(*caller_word(c, signals[i], SK_N_PINS), 0);
    }
    /* What only the transaction kept goes with the next journal. */
    CHECK_EQ(c->released_len, 0);
    caller_sync(c);
    CHECK_EQ(c->released_len, COUNT / 2);
    CHECK_EQ(caller_stats(c).nodes, COUNT);
    caller_close(c);
  }
}

static void an_unread_signal_keeps_its_id_while_it_is_touched(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(s));
  caller_sync(c);
  uint32_t generation = caller_generation(c, s);
  sk_staging_t first = stagings_begin(c, 0, 1);
  sk_staging_t second = stagings_begin(c, 0, 1);
  stagings_touch_at(c, first, s, READ, 1, 1);
  stagings_touch_at(c, second, s, WRITE, 2, 1);
  caller_dispose(c, e);
  caller_write(c, s);
  caller_mark(c);
  stagings_drop(c, first);
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  CHECK_EQ(*caller_word(c, s, SK_N_FLAGS) & SK_TAG_MASK, SK_SIGNAL);
  CHECK_EQ(caller_generation(c, s), generation);
  CHECK_EQ(stagings_end(c, second, 3), 1);
  caller_sync(c);
  CHECK_EQ(c->released_len, 1);
  CHECK_EQ(c->released[0], s);
  CHECK_EQ(stagings_touch(c, stagings_begin(c, 0, 3), s, READ, 3), SK_E_INVALID);
  caller_close(c);
}

/* Between the end of one transaction and the next journal, another may take it up; so may a link. */
static void an_orphan_may_be_taken_up_again(void) {
  caller_t *c = caller_open();
  sk_id_t touched = caller_signal(c);
  sk_id_t linked = caller_signal(c);
  sk_id_t e = caller_effect(c, 0); /* here, since taking a slot may need a call that releases */
  sk_staging_t first = stagings_begin(c, 0, 1);
  stagings_touch_at(c, first, touched, READ, 1, 1);
  stagings_touch_at(c, first, linked, READ, 1, 1);
  stagings_drop(c, first);
  sk_staging_t second = stagings_begin(c, 0, 1);
  stagings_touch_at(c, second, touched, READ, 1, 1);
  caller_link(c, e, 0, IDS(linked));
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  CHECK(caller_is_read(c, linked, IDS(e)));
  stagings_drop(c, second);
  caller_sync(c);
  CHECK_EQ(c->released_len, 1);
  CHECK_EQ(c->released[0], touched);
  caller_close(c);
}

static void a_record_is_shared_and_goes_with_the_last(void) {
  enum { COUNT = 50 };
  caller_t *c = caller_open();
  sk_id_t s = stagings_observed(c);
  sk_staging_t all[COUNT];
  int record = 0;
  for (uint32_t i = 0; i < COUNT; i++) {
    all[i] = stagings_begin(c, 0, i);
    int at = stagings_touch(c, all[i], s, READ, i);
    CHECK(i == 0 || at == record);
    record = at;
    CHECK_EQ(stagings_touches(c, s), i + 1);
    CHECK_EQ(*caller_word(c, s, SK_N_PINS), i + 1);
  }
  stagings_wrote(c, s, COUNT / 2);
  for (uint32_t i = 0; i < COUNT; i++) CHECK_EQ(stagings_check(c, all[i], READ), i < COUNT / 2);
  for (uint32_t i = 0; i < COUNT; i++) {
    CHECK_EQ(stagings_touches(c, s), COUNT - i);
    CHECK_EQ(stagings_written(c, s), COUNT / 2);
    stagings_drop(c, all[i * 7 % COUNT]);
  }
  CHECK_EQ(*caller_word(c, s, SK_N_VERSION), 0);
  stagings_none_left(c);
  /* It is used again, and knows nothing of its former signal. */
  sk_id_t other = stagings_observed(c);
  sk_staging_t next = stagings_begin(c, 0, 0);
  CHECK_EQ(stagings_touch(c, next, other, READ, 0), record);
  CHECK_EQ(stagings_written(c, other), 0);
  CHECK(stagings_conflict(c, next, READ, NO_IDS));
  stagings_drop(c, next);
  caller_close(c);
}

static void commits_are_numbered_in_order(void) {
  caller_t *c = caller_open();
  sk_id_t s = stagings_observed(c);
  uint64_t expected = 0;
  for (int i = 0; i < 100; i++) {
    sk_staging_t outer = stagings_begin(c, 0, 0);
    sk_staging_t inner = stagings_begin(c, outer, 0);
    stagings_touch_at(c, inner, s, WRITE, 1, 0);
    if (i % 3 == 0)
      stagings_drop(c, inner);
    else
      CHECK_EQ(stagings_end(c, inner, 2), 0);
    if (i % 5 == 0)
      stagings_drop(c, outer);
    else
      CHECK_EQ(stagings_end(c, outer, 3), ++expected);
  }
  stagings_none_left(c);
  caller_close(c);
}

/* ---- inner transactions */

static void an_inner_one_conflicts_with_the_outer_ones_writes(void) {
  caller_t *c = caller_open();
  sk_id_t before = stagings_observed(c);
  sk_id_t after = stagings_observed(c);
  sk_id_t read = stagings_observed(c);
  sk_id_t alien = stagings_observed(c);
  sk_staging_t outer = stagings_begin(c, 0, 1);
  stagings_touch_at(c, outer, before, WRITE, 10, 0);
  sk_staging_t inner = stagings_begin(c, outer, 10);
  stagings_touch_at(c, inner, before, READ, 10, 0);
  stagings_touch_at(c, inner, after, READ, 10, 0);
  stagings_touch_at(c, inner, read, WRITE, 10, 0);
  stagings_touch_at(c, inner, alien, BOTH, 10, 0);
  stagings_touch_at(c, outer, read, READ, 12, 0);
  CHECK(stagings_conflict(c, inner, BOTH, NO_IDS));
  stagings_touch_at(c, outer, after, WRITE, 11, 0);
  CHECK(stagings_conflict(c, inner, BOTH, IDS(after)));
  CHECK(stagings_conflict(c, inner, WRITE, NO_IDS));
  /* What somebody else commits meanwhile is the outer one's affair. */
  stagings_wrote(c, alien, 13);
  stagings_wrote(c, before, 13);
  CHECK(stagings_conflict(c, inner, BOTH, IDS(after)));
  CHECK(stagings_conflict(c, outer, BOTH, IDS(before)));
  CHECK_EQ(stagings_end(c, inner, 14), 0);
  CHECK(stagings_conflict(c, outer, BOTH, IDS(before, alien)));
  CHECK(stagings_conflict(c, outer, WRITE, IDS(before, alien)));
  stagings_drop(c, outer);
  stagings_none_left(c);
  caller_close(c);
}

static void a_merge_moves_touches_and_joins_them(void) {
  caller_t *c = caller_open();
  sk_id_t outers = stagings_observed(c);
  sk_id_t shared = stagings_observed(c);
  sk_id_t inners = stagings_observed(c);
  sk_id_t last = stagings_observed(c);
  sk_staging_t outer = stagings_begin(c, 0, 1);
  sk_staging_t inner = stagings_begin(c, outer, 2);
  stagings_touch_at(c, outer, outers, READ, 2, 0);
  stagings_touch_at(c, inner, inners, READ, 2, 0);
  stagings_touch_at(c, inner, shared, WRITE, 3, 0);
  stagings_touch_at(c, inner, last, WRITE, 4, 0);
  stagings_touch_at(c, outer, shared, READ, 4, 0);
  CHECK_EQ(c->kernel->touches.live, 5);
  CHECK_EQ(stagings_touches(c, shared), 2);
  CHECK_EQ(stagings_end(c, inner, 5), 0);
  CHECK_EQ(caller_stats(c).transactions, 1);
  CHECK_EQ(c->kernel->touches.live, 4);
  const sk_id_t all[] = {outers, shared, inners, last};
  for (int i = 0; i < 4; i++) {
    CHECK_EQ(stagings_touches(c, all[i]), 1);
    CHECK_EQ(*caller_word(c, all[i], SK_N_PINS), 1);
    stagings_wrote(c, all[i], 9);
  }
  CHECK(stagings_conflict(c, outer, BOTH, 4, all));
  CHECK(stagings_conflict(c, outer, READ, 3, all));
  CHECK(stagings_conflict(c, outer, WRITE, IDS(shared, last)));
  /* It can be touched further, behind what it has got. */
  CHECK(stagings_touch(c, outer, inners, WRITE, 10) > 0);
  CHECK(stagings_conflict(c, outer, WRITE, IDS(shared, inners, last)));
  CHECK_EQ(stagings_end(c, outer, 11), 1);
  stagings_none_left(c);
  caller_close(c);
}

/* The stamp of what is merged is the time of the merge: siblings that began before it conflict. */
static void siblings_conflict_by_the_time_of_the_merge(void) {
  caller_t *c = caller_open();
  sk_id_t moved = stagings_observed(c);
  sk_id_t joined = stagings_observed(c);
  sk_id_t only_read = stagings_observed(c);
  sk_staging_t outer = stagings_begin(c, 0, 1);
  stagings_touch_at(c, outer, joined, READ, 1, 0);
  sk_staging_t first = stagings_begin(c, outer, 5);
  sk_staging_t second = stagings_begin(c, outer, 19);
  sk_staging_t third = stagings_begin(c, outer, 20);
  const sk_staging_t open[] = {first, second, third};
  for (int i = 0; i < 3; i++) {
    stagings_touch_at(c, open[i], moved, BOTH, 6, 0);
    stagings_touch_at(c, open[i], joined, BOTH, 6, 0);
    stagings_touch_at(c, open[i], only_read, READ, 6, 0);
    CHECK(stagings_conflict(c, open[i], BOTH, NO_IDS));
  }
  CHECK_EQ(stagings_end(c, first, 20), 0);
  CHECK(stagings_conflict(c, second, BOTH, IDS(moved, joined)));
  CHECK(stagings_conflict(c, third, BOTH, NO_IDS));
  CHECK_EQ(stagings_end(c, third, 30), 0);
  CHECK(stagings_conflict(c, second, BOTH, IDS(moved, joined)));
  stagings_drop(c, second);
  CHECK_EQ(stagings_touches(c, moved), 1);
  CHECK_EQ(stagings_end(c, outer, 31), 1);
  stagings_none_left(c);
  caller_close(c);
}

static void a_merge_of_reads_keeps_the_outer_ones_stamp(void) {
  caller_t *c = caller_open();
  sk_id_t s = stagings_observed(c);
  sk_staging_t outer = stagings_begin(c, 0, 1);
  stagings_touch_at(c, outer, s, WRITE, 7, 0);
  sk_staging_t reader = stagings_begin(c, outer, 8);
  sk_staging_t other = stagings_begin(c, outer, 8);
  stagings_touch_at(c, reader, s, READ, 8, 0);
  stagings_touch_at(c, other, s, READ, 8, 0);
  CHECK_EQ(stagings_end(c, reader, 9), 0);
  CHECK(stagings_conflict(c, other, READ, NO_IDS));
  stagings_drop(c, other);
  CHECK_EQ(stagings_end(c, outer, 9), 1);
  caller_close(c);
}

static void nesting_has_any_depth(void) {
  enum { DEPTH = 200 };
  caller_t *c = caller_open();
  sk_id_t shared = stagings_observed(c);
  sk_id_t own[DEPTH];
  sk_staging_t all[DEPTH];
  for (uint32_t i = 0; i < DEPTH; i++) {
    all[i] = stagings_begin(c, i == 0 ? 0 : all[i - 1], i);
    own[i] = caller_signal(c);
    stagings_touch_at(c, all[i], own[i], WRITE, i, 0);
    stagings_touch_at(c, all[i], shared, i == DEPTH - 1 ? WRITE : READ, i, 0);
  }
  CHECK_EQ(stagings_touches(c, shared), DEPTH);
  for (uint32_t i = DEPTH - 1; i > 0; i--) {
    CHECK(stagings_conflict(c, all[i], BOTH, NO_IDS));
    CHECK_EQ(stagings_end(c, all[i], DEPTH), 0);
    CHECK_EQ(stagings_touches(c, shared), i);
  }
  stagings_wrote(c, shared, 1);
  stagings_wrote(c, own[DEPTH - 1], 1);
  CHECK(stagings_conflict(c, all[0], WRITE, IDS(shared, own[DEPTH - 1])));
  CHECK_EQ(c->kernel->touches.live, DEPTH + 1);
  CHECK_EQ(stagings_end(c, all[0], DEPTH), 1);
  stagings_none_left(c);
  caller_sync(c);
  CHECK_EQ(c->released_len, DEPTH);
  caller_close(c);
}

const test_t staging_tests[] = {
    {"staging: an empty one has no conflicts", an_empty_one_has_no_conflicts},
    {"staging: a write after it began is a conflict", a_write_after_it_began_is_a_conflict},
    {"staging: clocks have 64 bits", clocks_have_64_bits},
    {"staging: a signal may have been written before it is touched",
     a_signal_may_have_been_written_before_it_is_touched},
    {"staging: the sets are asked for separately", the_sets_are_asked_for_separately},
    {"staging: reading and writing is one touch", reading_and_writing_is_one_touch},
    {"staging: conflicts come in the order of touching", conflicts_come_in_the_order_of_touching},
    {"staging: the end frees everything", the_end_frees_everything},
    {"staging: an unread signal keeps its id while it is touched",
     an_unread_signal_keeps_its_id_while_it_is_touched},
    {"staging: an orphan may be taken up again", an_orphan_may_be_taken_up_again},
    {"staging: a record is shared and goes with the last",
     a_record_is_shared_and_goes_with_the_last},
    {"staging: commits are numbered in order", commits_are_numbered_in_order},
    {"staging: an inner one conflicts with the outer one's writes",
     an_inner_one_conflicts_with_the_outer_ones_writes},
    {"staging: a merge moves touches and joins them", a_merge_moves_touches_and_joins_them},
    {"staging: siblings conflict by the time of the merge",
     siblings_conflict_by_the_time_of_the_merge},
    {"staging: a merge of reads keeps the outer one's stamp",
     a_merge_of_reads_keeps_the_outer_ones_stamp},
    {"staging: nesting has any depth", nesting_has_any_depth},
    TEST_END,
};
