/*
 * test_propagate.c - tests of marking: what becomes stale or due, and what does not.
 */
#include "caller.h"

/* A diamond with a tail: s <- left, right <- bottom <- e. */
typedef struct diamond {
  caller_t *c;
  sk_id_t s;
  sk_id_t left;
  sk_id_t right;
  sk_id_t bottom;
  sk_id_t e;
} diamond_t;

static diamond_t diamond_open(void) {
  diamond_t d;
  d.c = caller_open();
  d.s = caller_signal(d.c);
  d.left = caller_computed(d.c);
  d.right = caller_computed(d.c);
  d.bottom = caller_computed(d.c);
  d.e = caller_effect(d.c, 0);
  caller_link(d.c, d.left, 0, IDS(d.s));
  caller_link(d.c, d.right, 0, IDS(d.s));
  caller_link(d.c, d.bottom, 0, IDS(d.left, d.right));
  caller_link(d.c, d.e, 0, IDS(d.bottom));
  caller_sync(d.c);
  return d;
}

static void a_write_marks_everything_behind_it_once(void) {
  diamond_t d = diamond_open();
  CHECK_EQ(caller_stats(d.c).marks, 0);
  caller_write(d.c, d.s);
  caller_mark(d.c);
  CHECK(caller_has(d.c, d.left, SK_STALE));
  CHECK(caller_has(d.c, d.right, SK_STALE));
  CHECK(caller_has(d.c, d.bottom, SK_STALE));
  CHECK(caller_has(d.c, d.e, SK_QUEUED));
  CHECK(!caller_has(d.c, d.s, SK_STALE));
  CHECK_EQ(caller_stats(d.c).marks, 4);
  CHECK_EQ(caller_stats(d.c).queued, 1);
  CHECK_EQ(*caller_header(d.c, SK_H_PENDING_LEN), 0);
  CHECK_EQ(*caller_header(d.c, SK_H_RUN_LEN), 0);
  caller_close(d.c);
}

static void marking_stops_where_it_meets_a_mark(void) {
  diamond_t d = diamond_open();
  caller_write(d.c, d.s);
  caller_mark(d.c);
  uint64_t marks = caller_stats(d.c).marks;
  for (int i = 0; i < 5; i++) caller_write(d.c, d.s);
  caller_mark(d.c);
  CHECK_EQ(caller_stats(d.c).marks, marks);
  /* One side was read meanwhile: only that side is marked again. */
  caller_settle(d.c, d.left);
  caller_write(d.c, d.s);
  caller_mark(d.c);
  CHECK_EQ(caller_stats(d.c).marks, marks + 1);
  CHECK(caller_has(d.c, d.left, SK_STALE));
  caller_settle(d.c, d.bottom);
  CHECK(!caller_has(d.c, d.right, SK_STALE));
  caller_write(d.c, d.s);
  caller_mark(d.c);
  CHECK_EQ(caller_stats(d.c).marks, marks + 1 + 3);
  CHECK_EQ(caller_stats(d.c).queued, 1);
  caller_close(d.c);
}

static void only_what_is_reachable_becomes_due(void) {
  caller_t *c = caller_open();
  sk_id_t a = caller_signal(c);
  sk_id_t b = caller_signal(c);
  sk_id_t behind_a = caller_computed(c);
  sk_id_t behind_b = caller_computed(c);
  sk_id_t e_a = caller_effect(c, 0);
  sk_id_t e_b = caller_effect(c, 0);
  sk_id_t e_both = caller_effect(c, 0);
  sk_id_t e_none = caller_effect(c, 0);
  caller_link(c, behind_a, 0, IDS(a));
  caller_link(c, behind_b, 0, IDS(b));
  caller_link(c, e_a, 0, IDS(behind_a));
  caller_link(c, e_b, 0, IDS(behind_b));
  caller_link(c, e_both, 0, IDS(a, behind_b));
  caller_write(c, a);
  caller_mark(c);
  CHECK(caller_has(c, e_a, SK_QUEUED));
  CHECK(!caller_has(c, e_b, SK_QUEUED));
  CHECK(caller_has(c, e_both, SK_QUEUED));
  CHECK(!caller_has(c, e_none, SK_QUEUED));
  CHECK(!caller_has(c, behind_b, SK_STALE));
  CHECK_EQ(caller_stats(c).marks, 3);
  caller_close(c);
}

/* A computed can be the one that changed: nobody wrote its sources. */
static void a_computed_can_be_written(void) {
  diamond_t d = diamond_open();
  caller_write(d.c, d.left);
  CHECK_EQ(caller_flush(d.c), 1);
  CHECK(!caller_has(d.c, d.left, SK_STALE));
  CHECK(caller_has(d.c, d.bottom, SK_STALE));
  CHECK(!caller_has(d.c, d.right, SK_STALE));
  caller_close(d.c);
}

/* The order of the two lists does not matter: links are in the graph before writes are marked. */
static void what_was_linked_after_the_write_is_marked_too(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  caller_write(c, s);
  sk_id_t d = caller_computed(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, d, 0, IDS(s));
  caller_link(c, e, 0, IDS(d));
  CHECK_EQ(caller_flush(c), 1);
  CHECK(caller_has(c, d, SK_STALE));
  caller_close(c);
}

static void what_was_unlinked_after_the_write_is_not_marked(void) {
  diamond_t d = diamond_open();
  caller_write(d.c, d.s);
  caller_link(d.c, d.left, 0, NO_IDS);
  caller_mark(d.c);
  CHECK(!caller_has(d.c, d.left, SK_STALE));
  CHECK(caller_has(d.c, d.right, SK_STALE));
  caller_close(d.c);
}

static void linking_to_something_stale_marks_the_reader(void) {
  diamond_t d = diamond_open();
  caller_t *c = d.c;
  sk_id_t late = caller_computed(c);
  sk_id_t later = caller_computed(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, later, 0, IDS(late));
  caller_link(c, e, 0, IDS(later));
  caller_write(c, d.s);
  caller_mark(c);
  CHECK(!caller_has(c, late, SK_STALE));
  uint64_t marks = caller_stats(c).marks;
  caller_link(c, late, 0, IDS(d.s, d.left));
  caller_sync(c);
  CHECK(caller_has(c, late, SK_STALE));
  CHECK(caller_has(c, later, SK_STALE));
  CHECK(caller_has(c, e, SK_QUEUED));
  CHECK_EQ(caller_stats(c).marks, marks + 3);
  caller_close(c);
}

static void linking_an_effect_to_something_stale_makes_it_due(void) {
  diamond_t d = diamond_open();
  caller_write(d.c, d.s);
  CHECK_EQ(caller_flush(d.c), 1);
  CHECK_EQ(caller_next(d.c), d.e);
  sk_id_t e = caller_effect(d.c, 0);
  caller_link(d.c, e, 0, IDS(d.bottom));
  CHECK_EQ(caller_flush(d.c), 1);
  CHECK_EQ(caller_next(d.c), e);
  caller_close(d.c);
}

static void linking_to_something_valid_marks_nobody(void) {
  diamond_t d = diamond_open();
  sk_id_t e = caller_effect(d.c, 0);
  caller_link(d.c, e, 0, IDS(d.bottom, d.left, d.s));
  CHECK_EQ(caller_flush(d.c), 0);
  CHECK_EQ(caller_stats(d.c).marks, 0);
  caller_close(d.c);
}

static void a_written_source_that_is_gone_marks_nobody(void) {
  diamond_t d = diamond_open();
  caller_write(d.c, d.s);
  caller_write(d.c, d.bottom);
  caller_dispose(d.c, d.e);
  caller_mark(d.c);
  CHECK_EQ(caller_stats(d.c).marks, 0);
  CHECK_EQ(caller_stats(d.c).nodes, 0);
  CHECK_EQ(d.c->released_len, 4);
  /* Its slot has been reused since: the id in PENDING was of the write before. */
  caller_sync(d.c);
  sk_id_t s = caller_signal(d.c);
  sk_id_t e = caller_effect(d.c, 0);
  caller_link(d.c, e, 0, IDS(s));
  CHECK_EQ(caller_flush(d.c), 0);
  caller_close(d.c);
}

static void waking_does_not_ask_what_was_read(void) {
  diamond_t d = diamond_open();
  sk_id_t lonely = caller_effect(d.c, 0);
  caller_wake(d.c, lonely);
  caller_wake(d.c, lonely);
  caller_wake(d.c, d.e);
  CHECK_EQ(caller_flush(d.c), 2);
  CHECK_EQ(caller_next(d.c), d.e);
  CHECK_EQ(caller_next(d.c), lonely);
  CHECK(!caller_has(d.c, d.bottom, SK_STALE));
  CHECK_EQ(caller_flush(d.c), 0);
  caller_close(d.c);
}

/* Paths double with each of the 60 layers: 2^60 ways, 121 nodes, each marked once. */
static void a_ladder_is_marked_in_linear_time(void) {
  enum { LAYERS = 60 };
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t a = s;
  sk_id_t b = s;
  for (int i = 0; i < LAYERS; i++) {
    sk_id_t next_a = caller_computed(c);
    sk_id_t next_b = caller_computed(c);
    caller_link(c, next_a, 0, IDS(a, b));
    caller_link(c, next_b, 0, IDS(b, a));
    a = next_a;
    b = next_b;
  }
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(a, b));
  for (uint32_t round = 1; round <= 3; round++) {
    caller_write(c, s);
    CHECK_EQ(caller_flush(c), 1);
    CHECK_EQ(caller_stats(c).marks, round * (2 * LAYERS + 1));
    caller_settle(c, caller_next(c));
  }
  caller_close(c);
}

const test_t propagate_tests[] = {
    {"propagate: a write marks everything behind it once", a_write_marks_everything_behind_it_once},
    {"propagate: marking stops where it meets a mark", marking_stops_where_it_meets_a_mark},
    {"propagate: only what is reachable becomes due", only_what_is_reachable_becomes_due},
    {"propagate: a computed can be written", a_computed_can_be_written},
    {"propagate: what was linked after the write is marked too",
     what_was_linked_after_the_write_is_marked_too},
    {"propagate: what was unlinked after the write is not marked",
     what_was_unlinked_after_the_write_is_not_marked},
    {"propagate: linking to something stale marks the reader",
     linking_to_something_stale_marks_the_reader},
    {"propagate: linking an effect to something stale makes it due",
     linking_an_effect_to_something_stale_makes_it_due},
    {"propagate: linking to something valid marks nobody", linking_to_something_valid_marks_nobody},
    {"propagate: a written source that is gone marks nobody",
     a_written_source_that_is_gone_marks_nobody},
    {"propagate: waking does not ask what was read", waking_does_not_ask_what_was_read},
    {"propagate: a ladder is marked in linear time", a_ladder_is_marked_in_linear_time},
    TEST_END,
};
