/*
 * test_graph.c - tests of linking and relinking: who reads whom, in which order, by which edges.
 */
#include <string.h>

#include "caller.h"

static void dependencies_stand_in_the_order_of_reading(void) {
  caller_t *c = caller_open();
  sk_id_t a = caller_signal(c);
  sk_id_t b = caller_signal(c);
  sk_id_t d = caller_computed(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, d, 0, IDS(b, a));
  caller_link(c, e, 0, IDS(d, a, b));
  caller_sync(c);
  CHECK(caller_reads(c, d, IDS(b, a)));
  CHECK(caller_reads(c, e, IDS(d, a, b)));
  CHECK_EQ(caller_stats(c).edges, 5);
  CHECK_EQ(caller_stats(c).links, 5);
  CHECK_EQ(caller_stats(c).nodes, 4);
  CHECK_EQ(caller_stats(c).effects, 1);
  caller_close(c);
}

static void readers_stand_in_the_order_of_linking(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t e1 = caller_effect(c, 0);
  sk_id_t e2 = caller_effect(c, 0);
  sk_id_t e3 = caller_effect(c, 0);
  caller_link(c, e3, 0, IDS(s));
  caller_link(c, e1, 0, IDS(s));
  caller_link(c, e2, 0, IDS(s));
  caller_sync(c);
  CHECK(caller_is_read(c, s, IDS(e3, e1, e2)));
  /* To stop and to start again is to come last. */
  caller_link(c, e3, 0, NO_IDS);
  caller_link(c, e3, 0, IDS(s));
  caller_sync(c);
  CHECK(caller_is_read(c, s, IDS(e1, e2, e3)));
  caller_dispose(c, e2);
  caller_sync(c);
  CHECK(caller_is_read(c, s, IDS(e1, e3)));
  caller_close(c);
}

static void a_kept_prefix_is_not_touched(void) {
  caller_t *c = caller_open();
  sk_id_t s[6];
  for (int i = 0; i < 6; i++) s[i] = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  sk_id_t other = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(s[0], s[1], s[2], s[3]));
  caller_link(c, other, 0, IDS(s[0], s[1], s[2], s[3], s[4], s[5]));
  caller_sync(c);
  sk_id_t first = caller_edge(c, e, 0);
  sk_id_t second = caller_edge(c, e, 1);
  caller_link(c, e, second, IDS(s[4], s[5]));
  caller_sync(c);
  CHECK(caller_reads(c, e, IDS(s[0], s[1], s[4], s[5])));
  CHECK_EQ(caller_edge(c, e, 0), first);
  CHECK_EQ(caller_edge(c, e, 1), second);
  CHECK(caller_is_read(c, s[0], IDS(e, other)));
  CHECK(caller_is_read(c, s[2], IDS(other)));
  CHECK(caller_is_read(c, s[4], IDS(other, e)));
  caller_link(c, e, caller_edge(c, e, 3), NO_IDS);
  caller_sync(c);
  CHECK(caller_reads(c, e, IDS(s[0], s[1], s[4], s[5])));
  caller_link(c, e, first, NO_IDS);
  caller_sync(c);
  CHECK(caller_reads(c, e, IDS(s[0])));
  CHECK_EQ(caller_stats(c).edges, 7);
  caller_close(c);
}

/* Ids are numbers whose bits also mean flags; `keep` must work for the edge to any of them. */
static void any_edge_can_be_kept(void) {
  enum { COUNT = 200 };
  caller_t *c = caller_open();
  sk_id_t sources[COUNT];
  for (int i = 0; i < COUNT; i++) sources[i] = caller_signal(c);
  sk_id_t extra = caller_signal(c);
  sk_id_t keeper = caller_effect(c, 0);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, keeper, 0, COUNT, sources);
  caller_link(c, keeper, 0, COUNT, sources);
  caller_link(c, e, 0, COUNT, sources);
  caller_sync(c);
  for (uint32_t i = COUNT; i-- > 0;) {
    test_note("source %u", (unsigned)sources[i]);
    caller_link(c, e, caller_edge(c, e, i), IDS(extra));
    caller_sync(c);
    CHECK_EQ(caller_dependencies(c, e, NULL, 0), i + 2);
    CHECK_EQ(*caller_word(c, caller_edge(c, e, i + 1), SK_E_DEP), extra);
  }
  caller_close(c);
}

static void relinking_uses_the_edges_that_stay(void) {
  caller_t *c = caller_open();
  sk_id_t a = caller_signal(c);
  sk_id_t b = caller_signal(c);
  sk_id_t d = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  sk_id_t later = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(a, b, d));
  caller_link(c, later, 0, IDS(a, b, d));
  caller_sync(c);
  sk_id_t to_a = caller_edge(c, e, 0);
  sk_id_t to_b = caller_edge(c, e, 1);
  sk_id_t to_d = caller_edge(c, e, 2);
  uint64_t links = caller_stats(c).links;
  caller_link(c, e, 0, IDS(d, a, b));
  caller_sync(c);
  CHECK(caller_reads(c, e, IDS(d, a, b)));
  CHECK_EQ(caller_edge(c, e, 0), to_d);
  CHECK_EQ(caller_edge(c, e, 1), to_a);
  CHECK_EQ(caller_edge(c, e, 2), to_b);
  CHECK_EQ(caller_stats(c).links, links);
  /* To go on reading is not to start again: the place among the readers stays. */
  CHECK(caller_is_read(c, a, IDS(e, later)));
  caller_link(c, e, 0, IDS(b));
  caller_sync(c);
  CHECK_EQ(caller_edge(c, e, 0), to_b);
  CHECK(caller_is_read(c, d, IDS(later)));
  CHECK_EQ(caller_stats(c).edges, 4);
  CHECK_EQ(caller_stats(c).links, links);
  caller_close(c);
}

static void a_source_read_twice_is_linked_once(void) {
  caller_t *c = caller_open();
  sk_id_t a = caller_signal(c);
  sk_id_t b = caller_signal(c);
  sk_id_t d = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(a, a, b, a, b, a));
  caller_sync(c);
  CHECK(caller_reads(c, e, IDS(a, b)));
  /* Repetitions of what the kept prefix has, of what was there behind it, and of what is new. */
  caller_link(c, e, caller_edge(c, e, 0), IDS(a, d, b, d, a, b, d));
  caller_sync(c);
  CHECK(caller_reads(c, e, IDS(a, d, b)));
  caller_link(c, e, caller_edge(c, e, 2), IDS(b, a, d));
  caller_sync(c);
  CHECK(caller_reads(c, e, IDS(a, d, b)));
  CHECK_EQ(caller_stats(c).edges, 3);
  CHECK_EQ(caller_stats(c).links, 3);
  caller_close(c);
}

/* Every list of up to four of three sources, after every other: against what a set would do. */
static void every_small_relinking(void) {
  enum { LISTS = 1 + 3 + 9 + 27 + 81 };
  uint32_t lists[LISTS][4];
  uint32_t lengths[LISTS];
  uint32_t count = 0;
  for (uint32_t length = 0; length <= 4; length++) {
    uint32_t combinations = 1;
    for (uint32_t i = 0; i < length; i++) combinations *= 3;
    for (uint32_t n = 0; n < combinations; n++, count++) {
      uint32_t rest = n;
      lengths[count] = length;
      for (uint32_t i = 0; i < length; i++, rest /= 3) lists[count][i] = rest % 3;
    }
  }
  CHECK_EQ(count, LISTS);
  caller_t *c = caller_open();
  sk_id_t s[3];
  for (int i = 0; i < 3; i++) s[i] = caller_signal(c);
  sk_id_t keeper = caller_effect(c, 0);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, keeper, 0, IDS(s[0], s[1], s[2]));
  for (uint32_t from = 0; from < LISTS; from++) {
    for (uint32_t to = 0; to < LISTS; to += 5) {
      test_note("list %u after list %u", (unsigned)to, (unsigned)from);
      sk_id_t ids[4];
      for (uint32_t i = 0; i < lengths[from]; i++) ids[i] = s[lists[from][i]];
      caller_link(c, e, 0, lengths[from], ids);
      caller_sync(c);
      sk_id_t expected[8];
      uint32_t kept = caller_dependencies(c, e, expected, 8);
      if (kept > 0) kept = (from + to) % (kept + 1);
      sk_id_t keep = kept == 0 ? 0 : caller_edge(c, e, kept - 1);
      uint32_t length = kept;
      for (uint32_t i = 0; i < lengths[to]; i++) {
        ids[i] = s[lists[to][i]];
        bool known = false;
        for (uint32_t j = 0; j < length; j++) known |= expected[j] == ids[i];
        if (!known) expected[length++] = ids[i];
      }
      caller_link(c, e, keep, lengths[to], ids);
      caller_sync(c);
      CHECK(caller_reads(c, e, length, expected));
      CHECK_EQ(caller_stats(c).edges, 3 + length);
    }
  }
  caller_close(c);
}

/* Only running can tell that a computed reads itself, so the kernel must live with such edges. */
static void reading_in_a_circle_is_safe(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t a = caller_computed(c);
  sk_id_t b = caller_computed(c);
  sk_id_t self = caller_computed(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, a, 0, IDS(s, b));
  caller_link(c, b, 0, IDS(a));
  caller_link(c, self, 0, IDS(self, s));
  caller_link(c, e, 0, IDS(a, self));
  caller_write(c, s);
  CHECK_EQ(caller_flush(c), 1);
  CHECK(caller_has(c, a, SK_STALE));
  CHECK(caller_has(c, b, SK_STALE));
  CHECK(caller_has(c, self, SK_STALE));
  CHECK(caller_reads(c, self, IDS(self, s)));
  caller_settle(c, caller_next(c));
  CHECK(!caller_has(c, b, SK_STALE));
  /* The circle is broken: everything goes as if it had never been. */
  caller_link(c, b, 0, NO_IDS);
  caller_link(c, self, 0, IDS(s));
  caller_dispose(c, e);
  caller_sync(c);
  caller_sync(c);
  CHECK_EQ(caller_stats(c).nodes, 0);
  CHECK_EQ(caller_stats(c).edges, 0);
  caller_close(c);
}

static void fan_out_of_100000(void) {
  enum { COUNT = 100000 };
  caller_t *c = caller_open();
  sk_id_t *effects = test_alloc(COUNT * sizeof(sk_id_t));
  CHECK_EQ(caller_reserve(c, SK_BLOCK_FRESH, COUNT + 1), 0);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, COUNT * 9), 0);
  sk_id_t s = caller_signal(c);
  for (uint32_t i = 0; i < COUNT; i++) {
    effects[i] = caller_effect(c, 0);
    caller_link(c, effects[i], 0, IDS(s));
  }
  caller_write(c, s);
  CHECK_EQ(caller_flush(c), COUNT);
  for (uint32_t i = 0; i < COUNT; i++) CHECK_EQ(caller_next(c), effects[i]);
  CHECK_EQ(caller_next(c), 0);
  CHECK_EQ(caller_flush(c), 0);
  for (uint32_t i = 0; i < COUNT; i++) caller_dispose(c, effects[i]);
  caller_sync(c);
  CHECK_EQ(c->released_len, 1);
  CHECK_EQ(c->released[0], s);
  CHECK_EQ(caller_stats(c).edges, 0);
  CHECK_EQ(caller_stats(c).nodes, 0);
  caller_close(c);
}

static void fan_in_of_100000(void) {
  enum { COUNT = 100000 };
  caller_t *c = caller_open();
  sk_id_t *sources = test_alloc(COUNT * sizeof(sk_id_t));
  CHECK_EQ(caller_reserve(c, SK_BLOCK_FRESH, COUNT + 2), 0);
  for (uint32_t i = 0; i < COUNT; i++) sources[i] = caller_signal(c);
  sk_id_t d = caller_computed(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, d, 0, COUNT, sources);
  caller_link(c, e, 0, IDS(d));
  for (uint32_t i = 0; i < COUNT; i += 1000) caller_write(c, sources[i]);
  CHECK_EQ(caller_flush(c), 1);
  CHECK(caller_has(c, d, SK_STALE));
  CHECK_EQ(caller_stats(c).marks, 2);
  caller_settle(c, caller_next(c));
  /* All of them again but backwards, which moves every edge and makes none. */
  for (uint32_t i = 0; i < COUNT / 2; i++) {
    sk_id_t id = sources[i];
    sources[i] = sources[COUNT - 1 - i];
    sources[COUNT - 1 - i] = id;
  }
  caller_link(c, d, 0, COUNT, sources);
  caller_sync(c);
  sk_id_t *found = test_alloc(COUNT * sizeof(sk_id_t));
  CHECK_EQ(caller_dependencies(c, d, found, COUNT), COUNT);
  CHECK_EQ(memcmp(found, sources, COUNT * sizeof(sk_id_t)), 0);
  CHECK_EQ(caller_stats(c).links, COUNT + 1);
  caller_dispose(c, e);
  caller_sync(c);
  CHECK_EQ(c->released_len, COUNT + 1);
  CHECK_EQ(c->released[0], d);
  CHECK_EQ(caller_stats(c).nodes, 0);
  caller_close(c);
}

/* Marked, settled and released without a stack; recursion would need hundreds of megabytes. */
static void chain_of_1000000(void) {
  enum { COUNT = 1000000 };
  caller_t *c = caller_open();
  CHECK_EQ(caller_reserve(c, SK_BLOCK_FRESH, COUNT + 2), 0);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, COUNT * 6 + 100), 0);
  sk_id_t s = caller_signal(c);
  sk_id_t last = s;
  for (uint32_t i = 0; i < COUNT; i++) {
    sk_id_t next = caller_computed(c);
    caller_link(c, next, 0, IDS(last));
    last = next;
  }
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(last));
  caller_write(c, s);
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_stats(c).marks, COUNT + 1);
  CHECK(caller_has(c, last, SK_STALE));
  caller_settle(c, caller_next(c));
  CHECK(!caller_has(c, last, SK_STALE));
  caller_dispose(c, e);
  caller_sync(c);
  CHECK_EQ(c->released_len, COUNT + 1);
  CHECK_EQ(c->released[0], last);
  CHECK_EQ(c->released[COUNT], s);
  caller_sync(c);
  CHECK_EQ(caller_stats(c).nodes, 0);
  CHECK_EQ(caller_stats(c).edges, 0);
  caller_close(c);
}

const test_t graph_tests[] = {
    {"graph: dependencies stand in the order of reading",
     dependencies_stand_in_the_order_of_reading},
    {"graph: readers stand in the order of linking", readers_stand_in_the_order_of_linking},
    {"graph: a kept prefix is not touched", a_kept_prefix_is_not_touched},
    {"graph: any edge can be kept", any_edge_can_be_kept},
    {"graph: relinking uses the edges that stay", relinking_uses_the_edges_that_stay},
    {"graph: a source read twice is linked once", a_source_read_twice_is_linked_once},
    {"graph: every small relinking", every_small_relinking},
    {"graph: reading in a circle is safe", reading_in_a_circle_is_safe},
    {"graph: fan-out of 100,000", fan_out_of_100000},
    {"graph: fan-in of 100,000", fan_in_of_100000},
    {"graph: chain of 1,000,000", chain_of_1000000},
    TEST_END,
};
