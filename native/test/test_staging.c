/*
 * test_staging.c - tests of asynchronous transactions: sets, conflicts, nesting, what is kept and freed.
 */
#include "kernel.h"
#include "stagings.h"

enum { READ = SK_TOUCH_READ, WRITE = SK_TOUCH_WRITE, BOTH = SK_TOUCH_READ | SK_TOUCH_WRITE };

/* A signal that an effect reads: it stays whatever the transactions do. */
static sk_id_t observed_signal(caller_t *c) {
  sk_id_t s = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(s));
  caller_sync(c);
  return s;
}

/* Touches a signal that was last written at the time `written`. */
static void touch(caller_t *c, sk_staging_t staging, sk_id_t id, uint32_t how, uint64_t clock,
                  uint64_t written) {
  CHECK(stagings_touch(c, staging, id, how, clock) > 0);
  stagings_wrote(c, id, written);
}

static uint64_t commit(caller_t *c, sk_staging_t staging, uint64_t clock) {
  uint64_t order = UINT64_MAX;
  CHECK_EQ(stagings_commit(c, staging, clock, &order), 0);
  return order;
}

static void discard(caller_t *c, sk_staging_t staging) {
  CHECK_EQ(stagings_discard(c, staging), 0);
}

/* No transaction is open: nothing may be left of any. */
static void nothing_is_left(caller_t *c) {
  CHECK_EQ(caller_stats(c).transactions, 0);
  CHECK_EQ(c->kernel->touches.live, 0);
  uint32_t records = 1;
  for (uint32_t at = c->kernel->version_free; at != 0; records++)
    at = c->words[SK_BLOCK_VERSIONS][at + SK_V_NEXT];
  CHECK_EQ(records * SK_VERSION_WORDS, c->kernel->versions_used);
}

/* ---- one transaction */

static void an_empty_one_has_no_conflicts(void) {
  caller_t *c = caller_open();
  sk_staging_t staging = stagings_begin(c, 0, 0);
  CHECK_EQ(caller_stats(c).transactions, 1);
  for (uint32_t how = READ; how <= BOTH; how++) CHECK(stagings_conflict(c, staging, how, NO_IDS));
  CHECK_EQ(commit(c, staging, 0), 1);
  discard(c, stagings_begin(c, 0, 9));
  nothing_is_left(c);
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
  sk_id_t s = observed_signal(c);
  for (size_t i = 0; i < sizeof BASES / sizeof BASES[0]; i++) {
    uint64_t base = BASES[i];
    sk_staging_t staging = stagings_begin(c, 0, base);
    touch(c, staging, s, BOTH, base, 0);
    CHECK(stagings_conflict(c, staging, BOTH, NO_IDS));
    stagings_wrote(c, s, base);
    CHECK(stagings_conflict(c, staging, BOTH, NO_IDS));
    stagings_wrote(c, s, base + 1);
    CHECK(stagings_conflict(c, staging, BOTH, IDS(s)));
    /* Asking changes nothing, so it can be asked again. */
    CHECK(stagings_conflict(c, staging, WRITE, IDS(s)));
    discard(c, staging);
  }
  nothing_is_left(c);
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
  sk_id_t s = observed_signal(c);
  for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
    sk_staging_t outer = stagings_begin(c, 0, CASES[i].began);
    touch(c, outer, s, WRITE, CASES[i].written, CASES[i].written);
    CHECK_EQ(stagings_check(c, outer, WRITE), CASES[i].written > CASES[i].began);
    /* The stamp that an inner one is compared with, too. */
    sk_staging_t inner = stagings_begin(c, outer, CASES[i].began);
    touch(c, inner, s, READ, CASES[i].began, 0);
    CHECK_EQ(stagings_check(c, inner, READ), CASES[i].written > CASES[i].began);
    discard(c, inner);
    discard(c, outer);
  }
  nothing_is_left(c);
  caller_close(c);
}

static void a_signal_may_have_been_written_before_it_is_touched(void) {
  caller_t *c = caller_open();
  sk_id_t early = observed_signal(c);
  sk_id_t late = observed_signal(c);
  sk_staging_t staging = stagings_begin(c, 0, 10);
  touch(c, staging, early, READ, 15, 10);
  touch(c, staging, late, READ, 15, 11);
  CHECK(stagings_conflict(c, staging, READ, IDS(late)));
  discard(c, staging);
  caller_close(c);
}

static void the_sets_are_asked_for_separately(void) {
  caller_t *c = caller_open();
  sk_id_t r = observed_signal(c);
  sk_id_t w = observed_signal(c);
  sk_id_t b = observed_signal(c);
  sk_staging_t staging = stagings_begin(c, 0, 10);
  touch(c, staging, r, READ, 10, 20);
  touch(c, staging, w, WRITE, 10, 20);
  touch(c, staging, b, BOTH, 10, 20);
  CHECK(stagings_conflict(c, staging, WRITE, IDS(w, b)));
  CHECK(stagings_conflict(c, staging, READ, IDS(r, b)));
  CHECK(stagings_conflict(c, staging, BOTH, IDS(r, w, b)));
  CHECK_EQ(commit(c, staging, 21), 1);
  nothing_is_left(c);
  caller_close(c);
}

static void reading_and_writing_is_one_touch(void) {
  caller_t *c = caller_open();
  sk_id_t s = observed_signal(c);
  sk_id_t other = observed_signal(c);
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
  touch(c, staging, other, WRITE, 12, 0);
  CHECK_EQ(stagings_touch(c, staging, other, READ, 12), *caller_word(c, other, SK_N_VERSION));
  CHECK(*caller_word(c, other, SK_N_VERSION) != (uint32_t)record);
  CHECK(stagings_conflict(c, staging, READ, IDS(s)));
  CHECK(stagings_conflict(c, staging, WRITE, IDS(s)));
  CHECK(stagings_conflict(c, staging, BOTH, IDS(s)));
  CHECK_EQ(c->kernel->touches.live, 2);
  discard(c, staging);
  nothing_is_left(c);
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
    touch(c, staging, id, i % 2 == 0 ? READ : WRITE, 100, i % 3 == 0 ? 101 : 100);
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
  discard(c, staging);
  nothing_is_left(c);
  caller_close(c);
}

/* ---- the end */

static void the_end_frees_everything(void) {
  enum { COUNT = 40 };
  for (int commits = 0; commits < 2; commits++) {
    caller_t *c = caller_open();
    sk_id_t signals[COUNT];
    for (int i = 0; i < COUNT; i++) signals[i] = i % 2 == 0 ? caller_signal(c) : observed_signal(c);
    sk_staging_t staging = stagings_begin(c, 0, 10);
    for (int i = 0; i < COUNT; i++) touch(c, staging, signals[i], (uint32_t)i % 3 + 1, 10, 10);
    caller_sync(c);
    CHECK_EQ(c->released_len, 0);
    if (commits)
      CHECK_EQ(commit(c, staging, 12), 1);
    else
      discard(c, staging);
    nothing_is_left(c);
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
  touch(c, first, s, READ, 1, 1);
  touch(c, second, s, WRITE, 2, 1);
  caller_dispose(c, e);
  caller_write(c, s);
  caller_mark(c);
  discard(c, first);
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  CHECK_EQ(*caller_word(c, s, SK_N_FLAGS) & SK_TAG_MASK, SK_SIGNAL);
  CHECK_EQ(caller_generation(c, s), generation);
  CHECK_EQ(commit(c, second, 3), 1);
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
  touch(c, first, touched, READ, 1, 1);
  touch(c, first, linked, READ, 1, 1);
  discard(c, first);
  sk_staging_t second = stagings_begin(c, 0, 1);
  touch(c, second, touched, READ, 1, 1);
  caller_link(c, e, 0, IDS(linked));
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  CHECK(caller_is_read(c, linked, IDS(e)));
  discard(c, second);
  caller_sync(c);
  CHECK_EQ(c->released_len, 1);
  CHECK_EQ(c->released[0], touched);
  caller_close(c);
}

static void a_record_is_shared_and_goes_with_the_last(void) {
  enum { COUNT = 50 };
  caller_t *c = caller_open();
  sk_id_t s = observed_signal(c);
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
    discard(c, all[i * 7 % COUNT]);
  }
  CHECK_EQ(*caller_word(c, s, SK_N_VERSION), 0);
  nothing_is_left(c);
  /* It is used again, and knows nothing of its former signal. */
  sk_id_t other = observed_signal(c);
  sk_staging_t next = stagings_begin(c, 0, 0);
  CHECK_EQ(stagings_touch(c, next, other, READ, 0), record);
  CHECK_EQ(stagings_written(c, other), 0);
  CHECK(stagings_conflict(c, next, READ, NO_IDS));
  discard(c, next);
  caller_close(c);
}

static void commits_are_numbered_in_order(void) {
  caller_t *c = caller_open();
  sk_id_t s = observed_signal(c);
  uint64_t expected = 0;
  for (int i = 0; i < 100; i++) {
    sk_staging_t outer = stagings_begin(c, 0, 0);
    sk_staging_t inner = stagings_begin(c, outer, 0);
    touch(c, inner, s, WRITE, 1, 0);
    if (i % 3 == 0)
      discard(c, inner);
    else
      CHECK_EQ(commit(c, inner, 2), 0);
    if (i % 5 == 0)
      discard(c, outer);
    else
      CHECK_EQ(commit(c, outer, 3), ++expected);
  }
  nothing_is_left(c);
  caller_close(c);
}

/* ---- inner transactions */

static void an_inner_one_conflicts_with_the_outer_ones_writes(void) {
  caller_t *c = caller_open();
  sk_id_t before = observed_signal(c);
  sk_id_t after = observed_signal(c);
  sk_id_t read = observed_signal(c);
  sk_id_t alien = observed_signal(c);
  sk_staging_t outer = stagings_begin(c, 0, 1);
  touch(c, outer, before, WRITE, 10, 0);
  sk_staging_t inner = stagings_begin(c, outer, 10);
  touch(c, inner, before, READ, 10, 0);
  touch(c, inner, after, READ, 10, 0);
  touch(c, inner, read, WRITE, 10, 0);
  touch(c, inner, alien, BOTH, 10, 0);
  touch(c, outer, read, READ, 12, 0);
  CHECK(stagings_conflict(c, inner, BOTH, NO_IDS));
  touch(c, outer, after, WRITE, 11, 0);
  CHECK(stagings_conflict(c, inner, BOTH, IDS(after)));
  CHECK(stagings_conflict(c, inner, WRITE, NO_IDS));
  /* What somebody else commits meanwhile is the outer one's affair. */
  stagings_wrote(c, alien, 13);
  stagings_wrote(c, before, 13);
  CHECK(stagings_conflict(c, inner, BOTH, IDS(after)));
  CHECK(stagings_conflict(c, outer, BOTH, IDS(before)));
  CHECK_EQ(commit(c, inner, 14), 0);
  CHECK(stagings_conflict(c, outer, BOTH, IDS(before, alien)));
  CHECK(stagings_conflict(c, outer, WRITE, IDS(before, alien)));
  discard(c, outer);
  nothing_is_left(c);
  caller_close(c);
}

static void a_merge_moves_touches_and_joins_them(void) {
  caller_t *c = caller_open();
  sk_id_t outers = observed_signal(c);
  sk_id_t shared = observed_signal(c);
  sk_id_t inners = observed_signal(c);
  sk_id_t last = observed_signal(c);
  sk_staging_t outer = stagings_begin(c, 0, 1);
  sk_staging_t inner = stagings_begin(c, outer, 2);
  touch(c, outer, outers, READ, 2, 0);
  touch(c, inner, inners, READ, 2, 0);
  touch(c, inner, shared, WRITE, 3, 0);
  touch(c, inner, last, WRITE, 4, 0);
  touch(c, outer, shared, READ, 4, 0);
  CHECK_EQ(c->kernel->touches.live, 5);
  CHECK_EQ(stagings_touches(c, shared), 2);
  CHECK_EQ(commit(c, inner, 5), 0);
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
  CHECK_EQ(commit(c, outer, 11), 1);
  nothing_is_left(c);
  caller_close(c);
}

/* The stamp of what is merged is the time of the merge: siblings that began before it conflict. */
static void siblings_conflict_by_the_time_of_the_merge(void) {
  caller_t *c = caller_open();
  sk_id_t moved = observed_signal(c);
  sk_id_t joined = observed_signal(c);
  sk_id_t only_read = observed_signal(c);
  sk_staging_t outer = stagings_begin(c, 0, 1);
  touch(c, outer, joined, READ, 1, 0);
  sk_staging_t first = stagings_begin(c, outer, 5);
  sk_staging_t second = stagings_begin(c, outer, 19);
  sk_staging_t third = stagings_begin(c, outer, 20);
  const sk_staging_t open[] = {first, second, third};
  for (int i = 0; i < 3; i++) {
    touch(c, open[i], moved, BOTH, 6, 0);
    touch(c, open[i], joined, BOTH, 6, 0);
    touch(c, open[i], only_read, READ, 6, 0);
    CHECK(stagings_conflict(c, open[i], BOTH, NO_IDS));
  }
  CHECK_EQ(commit(c, first, 20), 0);
  CHECK(stagings_conflict(c, second, BOTH, IDS(moved, joined)));
  CHECK(stagings_conflict(c, third, BOTH, NO_IDS));
  CHECK_EQ(commit(c, third, 30), 0);
  CHECK(stagings_conflict(c, second, BOTH, IDS(moved, joined)));
  discard(c, second);
  CHECK_EQ(stagings_touches(c, moved), 1);
  CHECK_EQ(commit(c, outer, 31), 1);
  nothing_is_left(c);
  caller_close(c);
}

static void a_merge_of_reads_keeps_the_outer_ones_stamp(void) {
  caller_t *c = caller_open();
  sk_id_t s = observed_signal(c);
  sk_staging_t outer = stagings_begin(c, 0, 1);
  touch(c, outer, s, WRITE, 7, 0);
  sk_staging_t reader = stagings_begin(c, outer, 8);
  sk_staging_t other = stagings_begin(c, outer, 8);
  touch(c, reader, s, READ, 8, 0);
  touch(c, other, s, READ, 8, 0);
  CHECK_EQ(commit(c, reader, 9), 0);
  CHECK(stagings_conflict(c, other, READ, NO_IDS));
  discard(c, other);
  CHECK_EQ(commit(c, outer, 9), 1);
  caller_close(c);
}

static void nesting_has_any_depth(void) {
  enum { DEPTH = 200 };
  caller_t *c = caller_open();
  sk_id_t shared = observed_signal(c);
  sk_id_t own[DEPTH];
  sk_staging_t all[DEPTH];
  for (uint32_t i = 0; i < DEPTH; i++) {
    all[i] = stagings_begin(c, i == 0 ? 0 : all[i - 1], i);
    own[i] = caller_signal(c);
    touch(c, all[i], own[i], WRITE, i, 0);
    touch(c, all[i], shared, i == DEPTH - 1 ? WRITE : READ, i, 0);
  }
  CHECK_EQ(stagings_touches(c, shared), DEPTH);
  for (uint32_t i = DEPTH - 1; i > 0; i--) {
    CHECK(stagings_conflict(c, all[i], BOTH, NO_IDS));
    CHECK_EQ(commit(c, all[i], DEPTH), 0);
    CHECK_EQ(stagings_touches(c, shared), i);
  }
  stagings_wrote(c, shared, 1);
  stagings_wrote(c, own[DEPTH - 1], 1);
  CHECK(stagings_conflict(c, all[0], WRITE, IDS(shared, own[DEPTH - 1])));
  CHECK_EQ(c->kernel->touches.live, DEPTH + 1);
  CHECK_EQ(commit(c, all[0], DEPTH), 1);
  nothing_is_left(c);
  caller_sync(c);
  CHECK_EQ(c->released_len, DEPTH);
  caller_close(c);
}

static void without_its_outer_one_it_can_only_be_discarded(void) {
  for (int commits = 0; commits < 2; commits++) {
    caller_t *c = caller_open();
    sk_id_t s = caller_signal(c);
    sk_staging_t outer = stagings_begin(c, 0, 1);
    sk_staging_t inner = stagings_begin(c, outer, 1);
    sk_staging_t innermost = stagings_begin(c, inner, 1);
    uint64_t order = 7;
    touch(c, inner, s, WRITE, 1, 0);
    touch(c, innermost, s, WRITE, 1, 0);
    if (commits)
      CHECK_EQ(commit(c, outer, 2), 1);
    else
      discard(c, outer);
    CHECK_EQ(stagings_commit(c, inner, 3, &order), SK_E_DISPOSED);
    CHECK_EQ(order, 7);
    CHECK_EQ(stagings_check(c, inner, BOTH), SK_E_DISPOSED);
    /* It is open all the same, for what is inside of it too. */
    CHECK_EQ(commit(c, innermost, 3), 0);
    CHECK_EQ(stagings_touches(c, s), 1);
    discard(c, inner);
    nothing_is_left(c);
    caller_sync(c);
    CHECK_EQ(c->released_len, 1);
    caller_close(c);
  }
}

/* The entry of an outer one that has ended is used again: by a stranger, who must not matter. */
static void a_stranger_is_not_the_outer_one(void) {
  caller_t *c = caller_open();
  sk_id_t s = observed_signal(c);
  sk_staging_t outer = stagings_begin(c, 0, 1);
  sk_staging_t inner = stagings_begin(c, outer, 1);
  touch(c, inner, s, READ, 1, 0);
  discard(c, outer);
  sk_staging_t stranger = stagings_begin(c, 0, 1);
  CHECK_EQ(sk__table_index(stranger), sk__table_index(outer));
  touch(c, stranger, s, WRITE, 9, 0);
  uint64_t order = 7;
  CHECK_EQ(stagings_check(c, inner, READ), SK_E_DISPOSED);
  CHECK_EQ(stagings_commit(c, inner, 10, &order), SK_E_DISPOSED);
  CHECK_EQ(stagings_touches(c, s), 2);
  discard(c, inner);
  CHECK_EQ(commit(c, stranger, 11), 1);
  nothing_is_left(c);
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
  sk_id_t s = observed_signal(c);
  for (int i = 0; i < 10; i++) {
    sk_staging_t outer = stagings_begin(c, 0, 1);
    sk_staging_t staging = stagings_begin(c, i % 3 == 0 ? outer : 0, 1);
    touch(c, staging, s, BOTH, 1, 0);
    if (i % 2 == 0)
      discard(c, staging);
    else
      commit(c, staging, 1);
    refuses_every_call(c, staging, s);
    /* Nor does the one that has its entry now answer for it. */
    sk_staging_t next = stagings_begin(c, 0, 1);
    CHECK_EQ(sk__table_index(next), sk__table_index(staging));
    refuses_every_call(c, staging, s);
    discard(c, next);
    discard(c, outer);
  }
  nothing_is_left(c);
  caller_close(c);
}

static void forged_handles_are_refused(void) {
  caller_t *c = caller_open();
  sk_id_t s = observed_signal(c);
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
  sk_id_t s = observed_signal(c);
  sk_id_t touched = observed_signal(c);
  sk_staging_t staging = stagings_begin(c, 0, 1);
  touch(c, staging, touched, READ, 1, 0);
  for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
    CHECK_EQ(stagings_touch(c, staging, s, WRONG[i], 1), SK_E_INVALID);
    CHECK_EQ(stagings_touch(c, staging, touched, WRONG[i], 1), SK_E_INVALID);
    CHECK_EQ(stagings_check(c, staging, WRONG[i]), SK_E_INVALID);
  }
  CHECK_EQ(*caller_word(c, s, SK_N_PINS), 0);
  discard(c, staging);
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
  discard(c, kept);
  nothing_is_left(c);
  caller_close(c);
}

/* ---- beside the log of synchronous transactions */

static void both_kinds_pin_a_signal(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_staging_t staging = stagings_begin(c, 0, 1);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, s);
  touch(c, staging, s, WRITE, 1, 0);
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
  CHECK_EQ(commit(c, staging, 2), 1);
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
  sk_id_t s = observed_signal(c);
  CHECK_EQ(caller_flush(c), 0);
  sk_staging_t first = stagings_begin(c, 0, 1);
  sk_staging_t second = stagings_begin(c, 0, 1);
  touch(c, first, s, WRITE, 2, 0);
  touch(c, second, s, READ, 2, 0);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, s);
  stagings_wrote(c, s, 3);
  CHECK_EQ(commit(c, first, 3), 1);
  CHECK(stagings_conflict(c, second, READ, IDS(s)));
  CHECK_EQ(caller_call(c, sk_txn_commit), 0);
  CHECK_EQ(caller_flush(c), 1);
  CHECK(stagings_conflict(c, second, READ, IDS(s)));
  discard(c, second);
  nothing_is_left(c);
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
  sk_id_t s = observed_signal(c);
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
  nothing_is_left(c);
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
  for (int i = 0; i < COUNT; i++) signals[i] = observed_signal(c);
  size_t bytes = 0;
  for (uint32_t round = 0; round < 200; round++) {
    sk_staging_t outer = stagings_begin(c, 0, round);
    sk_staging_t inner = stagings_begin(c, outer, round);
    for (uint32_t i = 0; i < COUNT; i++) {
      touch(c, outer, signals[i], READ, round, 0);
      touch(c, inner, signals[COUNT - 1 - i], WRITE, round, 0);
    }
    CHECK_EQ(stagings_check(c, inner, BOTH), 0);
    CHECK_EQ(commit(c, inner, round), 0);
    CHECK_EQ(commit(c, outer, round), round + 1);
    if (round == 0) bytes = c->host.bytes;
    CHECK_EQ(c->host.bytes, bytes);
  }
  nothing_is_left(c);
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
