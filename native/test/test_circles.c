/*
 * test_circles.c - tests of computeds that read each other: when nobody else needs them they go together,
 * if the caller has said that they may be in a circle.
 */
#include "caller.h"

/* Computeds of which each reads the next, and the last the first; an effect reads the first. */
typedef struct circle {
  caller_t *c;
  sk_id_t nodes[3];
  sk_id_t source;
  sk_id_t effect;
} circle_t;

static circle_t circle_open(void) {
  circle_t s = {.c = caller_open()};
  caller_t *c = s.c;
  s.source = caller_signal(c);
  for (int i = 0; i < 3; i++) s.nodes[i] = caller_computed(c);
  s.effect = caller_effect(c, 0);
  for (int i = 0; i < 3; i++) {
    caller_link(c, s.nodes[i], 0, IDS(s.nodes[(i + 1) % 3], s.source));
    *caller_word(c, s.nodes[i], SK_N_FLAGS) |= SK_CYCLIC;
  }
  caller_link(c, s.effect, 0, IDS(s.nodes[0]));
  caller_sync(c);
  return s;
}

static void goes_together(void) {
  circle_t s = circle_open();
  caller_t *c = s.c;
  caller_link(c, s.effect, 0, NO_IDS);
  caller_sync(c);
  /* Three computeds, and behind them the signal. */
  CHECK_EQ(c->released_len, 4);
  CHECK_EQ(c->released[3], s.source);
  caller_sync(c);
  CHECK_EQ(caller_stats(c).nodes, 1);
  CHECK_EQ(caller_stats(c).edges, 0);
  caller_close(c);
}

static void goes_with_the_last_effect(void) {
  circle_t s = circle_open();
  caller_t *c = s.c;
  sk_id_t other = caller_effect(c, 1);
  caller_link(c, other, 0, IDS(s.nodes[2]));
  caller_dispose(c, s.effect);
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  caller_write(c, s.source);
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_next(c), other);
  caller_dispose(c, other);
  caller_sync(c);
  CHECK_EQ(c->released_len, 4);
  caller_close(c);
}

/* A reader of the circle that nobody needs does not hold it. */
static void goes_with_those_that_only_read_it(void) {
  circle_t s = circle_open();
  caller_t *c = s.c;
  sk_id_t onlooker = caller_computed(c);
  sk_id_t behind = caller_computed(c);
  caller_link(c, onlooker, 0, IDS(s.nodes[1]));
  caller_link(c, behind, 0, IDS(onlooker, s.nodes[2]));
  caller_link(c, s.effect, 0, NO_IDS);
  caller_sync(c);
  CHECK_EQ(c->released_len, 6);
  caller_sync(c);
  CHECK_EQ(caller_stats(c).nodes, 1);
  caller_close(c);
}

static void stays_while_it_is_pinned(void) {
  circle_t s = circle_open();
  caller_t *c = s.c;
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, s.nodes[1]);
  caller_link(c, s.effect, 0, NO_IDS);
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  CHECK_EQ(caller_call(c, sk_txn_commit), 0);
  caller_sync(c);
  CHECK_EQ(c->released_len, 4);
  caller_close(c);
}

/* One edge less, and it is a chain. */
static void a_broken_circle_is_none(void) {
  circle_t s = circle_open();
  caller_t *c = s.c;
  caller_link(c, s.nodes[2], 0, IDS(s.source));
  caller_link(c, s.effect, 0, IDS(s.nodes[1]));
  caller_sync(c);
  CHECK_EQ(c->released_len, 1);
  CHECK_EQ(c->released[0], s.nodes[0]);
  caller_link(c, s.effect, 0, NO_IDS);
  caller_sync(c);
  CHECK_EQ(c->released_len, 4);
  caller_close(c);
}

/* Two circles with one in common are one. */
static void circles_that_touch_go_together(void) {
  circle_t s = circle_open();
  caller_t *c = s.c;
  sk_id_t more = caller_computed(c);
  *caller_word(c, more, SK_N_FLAGS) |= SK_CYCLIC;
  caller_link(c, more, 0, IDS(s.nodes[1], more));
  caller_link(c, s.nodes[1], 0, IDS(s.nodes[2], s.source, more));
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  caller_dispose(c, s.effect);
  caller_sync(c);
  CHECK_EQ(c->released_len, 5);
  caller_sync(c);
  CHECK_EQ(caller_stats(c).nodes, 0);
  caller_close(c);
}

/* Listed as orphans by the same journal that made them read each other, and not said to be in a circle. */
static void orphans_in_a_circle_go_with_it(void) {
  circle_t s = circle_open();
  caller_t *c = s.c;
  sk_id_t first = caller_computed(c);
  sk_id_t second = caller_computed(c);
  sk_id_t cyclic = caller_computed(c);
  *caller_word(c, cyclic, SK_N_FLAGS) |= SK_CYCLIC;
  caller_link(c, s.effect, 0, IDS(first, second, cyclic));
  caller_sync(c);
  c->released_len = 0;
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, 64), 0);
  caller_link(c, s.effect, 0, NO_IDS);
  caller_link(c, first, 0, IDS(second, cyclic));
  caller_link(c, second, 0, IDS(first));
  caller_link(c, cyclic, 0, IDS(first));
  caller_sync(c);
  CHECK_EQ(c->released_len, 3);
  caller_sync(c);
  CHECK_EQ(caller_stats(c).nodes, 1);
  CHECK_EQ(caller_stats(c).edges, 0);
  caller_close(c);
}

const test_t circle_tests[] = {
    {"circles: a circle goes together", goes_together},
    {"circles: it goes with the last effect", goes_with_the_last_effect},
    {"circles: it goes with those that only read it", goes_with_those_that_only_read_it},
    {"circles: it stays while it is pinned", stays_while_it_is_pinned},
    {"circles: a broken circle is none", a_broken_circle_is_none},
    {"circles: circles that touch go together", circles_that_touch_go_together},
    {"circles: orphans in a circle go with it", orphans_in_a_circle_go_with_it},
    TEST_END,
};
