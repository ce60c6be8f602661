/*
 * test_release.c - tests of how nodes go: released, disposed, or named by a stale id.
 */
#include "caller.h"

static bool was_released(caller_t *c, sk_id_t id) {
  for (uint32_t i = 0; i < c->released_len; i++)
    if (c->released[i] == id) return true;
  return false;
}

static void the_last_reader_takes_all_with_it(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t left = caller_computed(c);
  sk_id_t right = caller_computed(c);
  sk_id_t both = caller_computed(c);
  sk_id_t e1 = caller_effect(c, 0);
  sk_id_t e2 = caller_effect(c, 0);
  caller_link(c, left, 0, IDS(s));
  caller_link(c, right, 0, IDS(s));
  caller_link(c, both, 0, IDS(left, right));
  caller_link(c, e1, 0, IDS(both));
  caller_link(c, e2, 0, IDS(right));
  caller_sync(c);
  caller_dispose(c, e1);
  caller_sync(c);
  CHECK_EQ(c->released_len, 2);
  CHECK_EQ(c->released[0], both);
  CHECK_EQ(c->released[1], left);
  CHECK(caller_is_read(c, s, IDS(right)));
  CHECK(caller_is_read(c, right, IDS(e2)));
  CHECK_EQ(caller_stats(c).nodes, 3);
  CHECK_EQ(caller_stats(c).edges, 2);
  caller_link(c, e2, 0, NO_IDS);
  caller_sync(c);
  CHECK_EQ(c->released_len, 4);
  CHECK_EQ(c->released[2], right);
  CHECK_EQ(c->released[3], s);
  CHECK_EQ(caller_stats(c).nodes, 1);
  CHECK_EQ(caller_stats(c).edges, 0);
  caller_close(c);
}

/* The caller goes on with a released computed by itself, so it has to learn what it read. */
static void released_nodes_are_readable_until_reaped(void) {
  caller_t *c = caller_open();
  sk_id_t a = caller_signal(c);
  sk_id_t b = caller_signal(c);
  sk_id_t d = caller_computed(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, d, 0, IDS(b, a));
  caller_link(c, e, 0, IDS(d));
  caller_sync(c);
  c->reaps = false;
  uint32_t generation = caller_generation(c, d);
  caller_dispose(c, e);
  for (int calls = 0; calls < 3; calls++) {
    caller_sync(c);
    CHECK_EQ(*caller_header(c, SK_H_RELEASED), d);
    CHECK(caller_reads(c, d, IDS(b, a)));
    CHECK_EQ(caller_generation(c, d), generation);
    CHECK_EQ(caller_stats(c).nodes, 0);
  }
  *caller_header(c, SK_H_REAPED) = 1;
  caller_sync(c);
  CHECK_EQ(*caller_header(c, SK_H_RELEASED), 0);
  CHECK_EQ(*caller_header(c, SK_H_REAPED), 0);
  CHECK(caller_generation(c, d) != generation);
  caller_close(c);
}

static void the_list_goes_on_while_it_is_not_reaped(void) {
  caller_t *c = caller_open();
  sk_id_t effects[3];
  sk_id_t sources[3];
  for (int i = 0; i < 3; i++) {
    sources[i] = caller_signal(c);
    effects[i] = caller_effect(c, 0);
    caller_link(c, effects[i], 0, IDS(sources[i]));
  }
  caller_sync(c);
  c->reaps = false;
  for (int i = 0; i < 3; i++) {
    caller_dispose(c, effects[i]);
    caller_sync(c);
  }
  sk_id_t id = *caller_header(c, SK_H_RELEASED);
  for (int i = 0; i < 3; i++) {
    CHECK_EQ(id, sources[i]);
    id = *caller_word(c, id, SK_N_NEXT);
  }
  CHECK_EQ(id, 0);
  *caller_header(c, SK_H_REAPED) = 1;
  caller_sync(c);
  CHECK_EQ(*caller_header(c, SK_H_RELEASED), 0);
  caller_close(c);
}

static void an_orphan_that_is_taken_up_again_survives(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t d = caller_computed(c);
  sk_id_t e1 = caller_effect(c, 0);
  sk_id_t e2 = caller_effect(c, 0);
  caller_link(c, d, 0, IDS(s));
  caller_link(c, e1, 0, IDS(d));
  caller_sync(c);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, 64), 0);
  sk_id_t edge = caller_edge(c, d, 0);
  caller_link(c, e1, 0, NO_IDS);
  caller_link(c, e2, 0, IDS(d));
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  CHECK(caller_is_read(c, d, IDS(e2)));
  CHECK_EQ(caller_edge(c, d, 0), edge);
  /* Dropped, taken up, dropped and taken up; then dropped for good, all in one journal. */
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, 64), 0);
  caller_link(c, e2, 0, NO_IDS);
  caller_link(c, e1, 0, IDS(d));
  caller_link(c, e1, 0, NO_IDS);
  caller_link(c, e2, 0, IDS(d));
  caller_dispose(c, e2);
  caller_sync(c);
  CHECK_EQ(c->released_len, 2);
  CHECK_EQ(c->released[0], d);
  CHECK_EQ(c->released[1], s);
  caller_close(c);
}

/* An orphan that only another orphan reads is not taken up. */
static void orphans_do_not_keep_each_other(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t d = caller_computed(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, d, 0, IDS(s));
  caller_link(c, e, 0, IDS(s, d));
  caller_sync(c);
  caller_link(c, e, 0, NO_IDS);
  caller_sync(c);
  CHECK_EQ(c->released_len, 2);
  CHECK_EQ(c->released[0], d);
  CHECK_EQ(c->released[1], s);
  CHECK_EQ(caller_stats(c).nodes, 1);
  caller_close(c);
}

static void a_reader_is_listed_before_what_it_read(void) {
  enum { LAYERS = 12, WIDTH = 7 };
  caller_t *c = caller_open();
  test_random_t random = test_random_of(7);
  sk_id_t nodes[LAYERS][WIDTH];
  for (int layer = 0; layer < LAYERS; layer++) {
    for (int i = 0; i < WIDTH; i++) {
      nodes[layer][i] = layer == 0 ? caller_signal(c) : caller_computed(c);
      if (layer == 0) continue;
      sk_id_t deps[5];
      for (int j = 0; j < 5; j++)
        deps[j] = (&nodes[0][0])[test_random_below(&random, (uint32_t)layer * WIDTH)];
      caller_link(c, nodes[layer][i], 0, 5, deps);
    }
  }
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, LAYERS * WIDTH, &nodes[0][0]);
  caller_sync(c);
  caller_dispose(c, e);
  caller_sync(c);
  CHECK_EQ(c->released_len, LAYERS * WIDTH);
  uint32_t place[1024];
  for (uint32_t i = 0; i < c->released_len; i++) place[caller_label(c, c->released[i])] = i;
  for (uint32_t i = 0; i < c->released_len; i++) {
    sk_id_t deps[8];
    uint32_t count = caller_dependencies(c, c->released[i], deps, 8);
    for (uint32_t j = 0; j < count; j++) CHECK(place[caller_label(c, deps[j])] > i);
  }
  caller_close(c);
}

static void disposing_twice_is_disposing_once(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  sk_id_t other = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(s));
  caller_link(c, other, 0, IDS(s));
  caller_sync(c);
  uint32_t generation = caller_generation(c, e);
  caller_dispose(c, e);
  caller_dispose(c, e);
  caller_sync(c);
  caller_entry(c, IDS(SK_OP_DISPOSE, e, generation));
  caller_sync(c);
  CHECK_EQ(caller_stats(c).effects, 1);
  CHECK(caller_is_read(c, s, IDS(other)));
  caller_close(c);
}

/* The slot of a disposed effect has a new owner; the old handle must not reach it. */
static void a_stale_generation_reaches_nobody(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t keeper = caller_effect(c, 0);
  caller_link(c, keeper, 0, IDS(s));
  sk_id_t old = caller_effect(c, 0);
  caller_sync(c);
  uint32_t generation = caller_generation(c, old);
  caller_dispose(c, old);
  caller_sync(c);
  sk_id_t owner = 0;
  for (int i = 0; i < 2000 && owner != old; i++) {
    owner = caller_effect(c, 0);
    caller_sync(c);
  }
  CHECK_EQ(owner, old);
  CHECK(caller_generation(c, owner) != generation);
  uint64_t effects = caller_stats(c).effects;
  caller_entry(c, IDS(SK_OP_WAKE, old, generation));
  caller_entry(c, IDS(SK_OP_LINK, old, generation, 0, 1, s));
  caller_entry(c, IDS(SK_OP_DISPOSE, old, generation));
  CHECK_EQ(caller_flush(c), 0);
  CHECK_EQ(caller_stats(c).effects, effects);
  CHECK(caller_reads(c, owner, NO_IDS));
  CHECK(caller_is_read(c, s, IDS(keeper)));
  /* And the right one does. */
  caller_wake(c, owner);
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_next(c), owner);
  caller_close(c);
}

static void a_released_node_is_no_source_and_no_reader(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t d = caller_computed(c);
  sk_id_t e = caller_effect(c, 0);
  sk_id_t other = caller_effect(c, 0);
  caller_link(c, d, 0, IDS(s));
  caller_link(c, e, 0, IDS(d));
  caller_link(c, other, 0, IDS(s));
  caller_sync(c);
  c->reaps = false;
  caller_dispose(c, e);
  caller_sync(c);
  CHECK_EQ(*caller_header(c, SK_H_RELEASED), d);
  caller_link(c, d, 0, NO_IDS);
  caller_sync(c);
  CHECK(caller_reads(c, d, IDS(s)));
  caller_link(c, other, 0, IDS(s, d));
  CHECK_EQ(caller_call(c, sk_sync), SK_E_INVALID);
  CHECK(caller_is_read(c, s, IDS(other)));
  caller_write(c, d);
  CHECK_EQ(caller_flush(c), 0);
  caller_close(c);
}

static void disposed_while_queued_never_runs(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t effects[4];
  for (int i = 0; i < 4; i++) {
    effects[i] = caller_effect(c, 0);
    caller_link(c, effects[i], 0, IDS(s));
  }
  caller_write(c, s);
  caller_mark(c);
  CHECK_EQ(caller_stats(c).queued, 4);
  caller_dispose(c, effects[1]);
  CHECK_EQ(caller_flush(c), 3);
  CHECK_EQ(caller_next(c), effects[0]);
  /* Listed in RUN and disposed there: it is passed over. */
  caller_dispose(c, effects[2]);
  caller_sync(c);
  CHECK(caller_has(c, effects[2], SK_DEAD));
  CHECK_EQ(caller_next(c), effects[3]);
  CHECK_EQ(caller_flush(c), 0);
  CHECK_EQ(caller_stats(c).effects, 2);
  CHECK_EQ(caller_stats(c).nodes, 3);
  CHECK_EQ(caller_stats(c).queued, 0);
  CHECK(!was_released(c, s));
  caller_dispose(c, effects[0]);
  caller_dispose(c, effects[3]);
  caller_sync(c);
  CHECK(was_released(c, s));
  caller_close(c);
}

/* Taken, woken again and disposed, or taken and disposed: the slot is given back exactly once. */
static void disposed_by_itself_while_it_runs(void) {
  caller_t *c = caller_open();
  for (int round = 0; round < 300; round++) {
    sk_id_t a = caller_effect(c, 0);
    sk_id_t b = caller_effect(c, 1);
    sk_id_t d = caller_effect(c, 2);
    caller_wake(c, a);
    caller_wake(c, b);
    caller_wake(c, d);
    CHECK_EQ(caller_flush(c), 3);
    CHECK_EQ(caller_next(c), a);
    caller_dispose(c, a);
    caller_sync(c);
    CHECK_EQ(caller_next(c), b);
    caller_wake(c, b);
    caller_sync(c);
    caller_dispose(c, b);
    caller_sync(c);
    sk_id_t fresh = caller_effect(c, 0);
    caller_wake(c, fresh);
    caller_dispose(c, d);
    CHECK_EQ(caller_flush(c), 1);
    CHECK_EQ(caller_next(c), fresh);
    caller_dispose(c, fresh);
    CHECK_EQ(caller_flush(c), 0);
    CHECK_EQ(caller_stats(c).nodes, 0);
    CHECK_EQ(caller_stats(c).queued, 0);
  }
  caller_close(c);
}

const test_t release_tests[] = {
    {"release: the last reader takes all with it", the_last_reader_takes_all_with_it},
    {"release: released nodes are readable until reaped", released_nodes_are_readable_until_reaped},
    {"release: the list goes on while it is not reaped", the_list_goes_on_while_it_is_not_reaped},
    {"release: an orphan that is taken up again survives",
     an_orphan_that_is_taken_up_again_survives},
    {"release: orphans do not keep each other", orphans_do_not_keep_each_other},
    {"release: a reader is listed before what it read", a_reader_is_listed_before_what_it_read},
    {"release: disposing twice is disposing once", disposing_twice_is_disposing_once},
    {"release: a stale generation reaches nobody", a_stale_generation_reaches_nobody},
    {"release: a released node is no source and no reader",
     a_released_node_is_no_source_and_no_reader},
    {"release: disposed while queued never runs", disposed_while_queued_never_runs},
    {"release: disposed by itself while it runs", disposed_by_itself_while_it_runs},
    TEST_END,
};
