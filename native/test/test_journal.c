/*
 * test_journal.c - tests of the journal: the order of its entries, and words that make no sense.
 *
 * A malformed entry is refused as SK_E_INVALID, the rest of its journal is dropped, and the kernel
 * stays as the entries before it made it.
 */
#include <string.h>

#include "caller.h"

/* A small graph that must survive everything. */
typedef struct scene {
  caller_t *c;
  sk_id_t signal;
  sk_id_t computed;
  sk_id_t effect;
  sk_id_t taken;
  sk_id_t freed;
} scene_t;

static scene_t scene_open(void) {
  scene_t s;
  s.c = caller_open();
  s.signal = caller_signal(s.c);
  s.computed = caller_computed(s.c);
  s.effect = caller_effect(s.c, 0);
  sk_id_t gone = caller_effect(s.c, 0);
  caller_link(s.c, s.computed, 0, IDS(s.signal));
  caller_link(s.c, s.effect, 0, IDS(s.computed, s.signal));
  caller_link(s.c, gone, 0, IDS(s.signal));
  caller_sync(s.c);
  s.freed = gone;
  s.taken = caller_take(s.c);
  caller_dispose(s.c, gone);
  /* Not through FRESH again: it has been full since the take. */
  CHECK_EQ(caller_reserve(s.c, SK_BLOCK_JOURNAL, 128), 0);
  caller_sync(s.c);
  return s;
}

/* Checks that the graph is as it was and works, and ends the scene. */
static void scene_close(scene_t *s) {
  caller_t *c = s->c;
  CHECK(caller_reads(c, s->computed, IDS(s->signal)));
  CHECK(caller_reads(c, s->effect, IDS(s->computed, s->signal)));
  CHECK(caller_is_read(c, s->signal, IDS(s->computed, s->effect)));
  CHECK_EQ(caller_stats(c).edges, 3);
  CHECK_EQ(*caller_header(c, SK_H_JOURNAL_LEN), 0);
  caller_write(c, s->signal);
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_next(c), s->effect);
  caller_settle(c, s->effect);
  caller_close(c);
}

static void refused(scene_t *s, const char *what, uint32_t count, const uint32_t *words) {
  test_note("%s", what);
  caller_entry(s->c, count, words);
  CHECK_EQ(caller_call(s->c, sk_sync), SK_E_INVALID);
  CHECK_EQ(*caller_header(s->c, SK_H_JOURNAL_LEN), 0);
  CHECK_EQ(caller_call(s->c, sk_sync), 0);
}

static void entries_of_no_known_shape_are_refused(void) {
  scene_t s = scene_open();
  uint32_t g = caller_generation(s.c, s.effect);
  refused(&s, "operation 0", IDS(0, s.effect, g));
  refused(&s, "operation 5", IDS(5, s.effect, g));
  refused(&s, "operation 2^32-1", IDS(UINT32_MAX, s.effect, g));
  refused(&s, "EFFECT cut off", IDS(SK_OP_EFFECT, s.taken));
  refused(&s, "DISPOSE cut off", IDS(SK_OP_DISPOSE, s.effect));
  refused(&s, "WAKE cut off", IDS(SK_OP_WAKE));
  refused(&s, "LINK cut off", IDS(SK_OP_LINK, s.effect, g, 0));
  refused(&s, "LINK of more sources than there are words",
          IDS(SK_OP_LINK, s.effect, g, 0, 2, s.signal));
  refused(&s, "LINK of 2^32-1 sources", IDS(SK_OP_LINK, s.effect, g, 0, UINT32_MAX, s.signal));
  refused(&s, "LINK of 2^32-5 sources", IDS(SK_OP_LINK, s.effect, g, 0, UINT32_MAX - 4, s.signal));
  scene_close(&s);
}

/* Counts that wrap around when the words in front are added, with ids behind that all make sense.
 */
static void a_count_does_not_lead_out_of_the_journal(void) {
  scene_t s = scene_open();
  uint32_t *journal = s.c->words[SK_BLOCK_JOURNAL];
  for (size_t i = 0; i < s.c->length[SK_BLOCK_JOURNAL]; i++) journal[i] = s.signal;
  uint32_t g = caller_generation(s.c, s.effect);
  for (uint32_t count = UINT32_MAX - 6; count != 0; count++)
    refused(&s, "a count that wraps", IDS(SK_OP_LINK, s.effect, g, 0, count));
  scene_close(&s);
}

static void sources_that_are_none_are_refused(void) {
  scene_t s = scene_open();
  caller_t *c = s.c;
  uint32_t g = caller_generation(c, s.effect);
  const struct {
    const char *what;
    sk_id_t id;
  } bad[] = {
      {"no slot", 0},
      {"not aligned", s.signal + 1},
      {"not aligned by 7", s.signal + 7},
      {"an effect", s.effect},
      {"an edge", caller_edge(c, s.effect, 0)},
      {"taken, not yet a node", s.taken},
      {"a free slot", s.freed},
      {"in FRESH", c->words[SK_BLOCK_FRESH][0]},
      {"behind the last slot", (uint32_t)c->length[SK_BLOCK_SLOTS]},
      {"far behind it", UINT32_MAX - 7},
      {"2^31", 1u << 31},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    refused(&s, bad[i].what, IDS(SK_OP_LINK, s.effect, g, 0, 1, bad[i].id));
    refused(&s, bad[i].what, IDS(SK_OP_LINK, s.effect, g, 0, 3, s.signal, s.computed, bad[i].id));
  }
  scene_close(&s);
}

static void edges_of_others_cannot_be_kept(void) {
  scene_t s = scene_open();
  caller_t *c = s.c;
  uint32_t g = caller_generation(c, s.effect);
  const struct {
    const char *what;
    sk_id_t id;
  } bad[] = {
      {"the edge of another reader", caller_edge(c, s.computed, 0)},
      {"not aligned", caller_edge(c, s.effect, 0) + 1},
      {"the reader itself", s.effect},
      {"a signal", s.signal},
      {"a free slot", s.freed},
      {"behind the last slot", (uint32_t)c->length[SK_BLOCK_SLOTS]},
      {"far behind it", UINT32_MAX - 7},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    refused(&s, bad[i].what, IDS(SK_OP_LINK, s.effect, g, bad[i].id, 1, s.signal));
  scene_close(&s);
}

static void only_a_taken_slot_becomes_an_effect(void) {
  scene_t s = scene_open();
  caller_t *c = s.c;
  refused(&s, "a signal", IDS(SK_OP_EFFECT, s.signal, 0));
  refused(&s, "an effect", IDS(SK_OP_EFFECT, s.effect, 0));
  refused(&s, "an edge", IDS(SK_OP_EFFECT, caller_edge(c, s.effect, 0), 0));
  refused(&s, "no slot", IDS(SK_OP_EFFECT, 0, 0));
  refused(&s, "not aligned", IDS(SK_OP_EFFECT, s.taken + 4, 0));
  refused(&s, "behind the last slot", IDS(SK_OP_EFFECT, UINT32_MAX - 7, 0));
  CHECK_EQ(caller_stats(c).effects, 1);
  scene_close(&s);
}

/* What disposes, wakes or relinks a handle that is gone finds nobody, which is no damage. */
static void ids_that_are_gone_are_passed_over(void) {
  scene_t s = scene_open();
  caller_t *c = s.c;
  static const uint32_t OPS[] = {SK_OP_DISPOSE, SK_OP_WAKE, SK_OP_LINK};
  const sk_id_t gone[] = {0,        s.signal + 1,  s.freed, s.taken, caller_edge(c, s.effect, 0),
                          1u << 31, UINT32_MAX - 7};
  for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
    for (int op = 0; op < 3; op++) {
      uint32_t entry[] = {OPS[op], gone[i], 0, 0, 0};
      caller_entry(c, OPS[op] == SK_OP_LINK ? 5 : 3, entry);
    }
  }
  /* The right id with another generation. */
  caller_entry(c, IDS(SK_OP_DISPOSE, s.effect, caller_generation(c, s.effect) + 1));
  caller_entry(c, IDS(SK_OP_LINK, s.effect, caller_generation(c, s.effect) - 1, 0, 0));
  CHECK_EQ(caller_flush(c), 0);
  scene_close(&s);
}

static void entries_before_a_malformed_one_are_done(void) {
  scene_t s = scene_open();
  caller_t *c = s.c;
  sk_id_t made = caller_effect(c, 0);
  caller_link(c, made, 0, IDS(s.computed));
  caller_wake(c, made);
  caller_entry(c, IDS(77, 0, 0));
  caller_dispose(c, s.effect);
  CHECK_EQ(caller_call(c, sk_sync), SK_E_INVALID);
  CHECK(caller_reads(c, made, IDS(s.computed)));
  CHECK_EQ(caller_stats(c).effects, 2);
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_next(c), made);
  caller_dispose(c, made);
  caller_sync(c);
  scene_close(&s);
}

/* A kernel whose journal was refused has still released what the entries before had dropped. */
static void a_refused_journal_leaves_no_orphans(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(s));
  caller_sync(c);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, 64), 0);
  caller_link(c, e, 0, NO_IDS);
  caller_entry(c, IDS(0));
  CHECK_EQ(caller_call(c, sk_sync), SK_E_INVALID);
  CHECK_EQ(c->released_len, 1);
  CHECK_EQ(c->released[0], s);
  caller_sync(c);
  CHECK_EQ(caller_stats(c).nodes, 1);
  caller_close(c);
}

static void entries_are_done_in_order(void) {
  caller_t *c = caller_open();
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, 64), 0);
  sk_id_t s = caller_signal(c);
  sk_id_t d = caller_computed(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(s));
  caller_link(c, e, 0, IDS(d));
  caller_link(c, d, 0, IDS(s));
  caller_wake(c, e);
  caller_dispose(c, e);
  caller_wake(c, e);
  caller_link(c, e, 0, IDS(s));
  CHECK_EQ(caller_flush(c), 0);
  CHECK_EQ(caller_stats(c).effects, 0);
  CHECK_EQ(c->released_len, 2);
  CHECK_EQ(c->released[0], d);
  CHECK_EQ(c->released[1], s);
  caller_close(c);
}

/* PENDING names what was written, which may be gone by now. */
static void written_ids_that_are_gone_are_passed_over(void) {
  scene_t s = scene_open();
  caller_t *c = s.c;
  const sk_id_t gone[] = {0,
                          s.signal + 1,
                          s.freed,
                          s.taken,
                          caller_edge(c, s.effect, 0),
                          1u << 31,
                          s.effect,
                          UINT32_MAX - 7,
                          (uint32_t)c->length[SK_BLOCK_SLOTS]};
  for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) caller_write(c, gone[i]);
  CHECK_EQ(caller_flush(c), 0);
  CHECK_EQ(*caller_header(c, SK_H_PENDING_LEN), 0);
  CHECK_EQ(caller_stats(c).marks, 0);
  scene_close(&s);
}

/* Random words, a million of them in all; the graph need not survive, the kernel must. */
static void noise_does_no_harm(void) {
  for (uint64_t seed = 1; seed <= 20; seed++) {
    test_note("seed %u", (unsigned)seed);
    test_random_t random = test_random_of(seed);
    scene_t s = scene_open();
    caller_t *c = s.c;
    for (int round = 0; round < 400; round++) {
      uint32_t entry[24];
      uint32_t count = 1 + test_random_below(&random, 24);
      for (uint32_t i = 0; i < count; i++) {
        uint32_t kind = test_random_below(&random, 8);
        entry[i] = kind < 3   ? test_random_below(&random, 6)
                   : kind < 7 ? test_random_below(&random, 40) * SK_SLOT_WORDS
                              : test_random_next(&random);
      }
      entry[0] = 1 + test_random_below(&random, 5);
      if (entry[0] == SK_OP_EFFECT && count > 1) entry[1] = caller_take(c);
      caller_entry(c, count, entry);
      caller_write(c, test_random_below(&random, 40) * SK_SLOT_WORDS);
      int status = caller_call(c, sk_flush);
      CHECK(status >= 0 || status == SK_E_INVALID);
      while (status > 0 && caller_next(c) != 0) status--;
    }
    caller_close(c);
  }
}

const test_t journal_tests[] = {
    {"journal: entries of no known shape are refused", entries_of_no_known_shape_are_refused},
    {"journal: a count does not lead out of the journal", a_count_does_not_lead_out_of_the_journal},
    {"journal: sources that are none are refused", sources_that_are_none_are_refused},
    {"journal: edges of others cannot be kept", edges_of_others_cannot_be_kept},
    {"journal: only a taken slot becomes an effect", only_a_taken_slot_becomes_an_effect},
    {"journal: ids that are gone are passed over", ids_that_are_gone_are_passed_over},
    {"journal: entries before a malformed one are done", entries_before_a_malformed_one_are_done},
    {"journal: a refused journal leaves no orphans", a_refused_journal_leaves_no_orphans},
    {"journal: entries are done in order", entries_are_done_in_order},
    {"journal: written ids that are gone are passed over",
     written_ids_that_are_gone_are_passed_over},
    {"journal: noise does no harm", noise_does_no_harm},
    TEST_END,
};
