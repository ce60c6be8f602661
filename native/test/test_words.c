/*
 * test_words.c - tests of what the kernel does with words that no honest caller writes: it refuses them,
 * nothing that it holds is damaged, and when the words are right again it goes on.
 */
#include "stagings.h"

/* Sets a word of HEADER, and puts it back after the call. The kernel must be sound then. */
static int call_with(caller_t *c, enum sk_header at, uint32_t value, int (*call)(sk_kernel_t *)) {
  uint32_t was = *caller_header(c, at);
  *caller_header(c, at) = value;
  int status = call(c->kernel);
  if (*caller_header(c, at) == value) *caller_header(c, at) = was;
  CHECK_SOUND(c->kernel);
  return status;
}

/* A signal, an effect that reads it, both in the graph. */
static sk_id_t observed(caller_t *c, sk_id_t *effect) {
  sk_id_t signal = caller_signal(c);
  *effect = caller_effect(c, 0);
  caller_link(c, *effect, 0, IDS(signal));
  caller_sync(c);
  return signal;
}

/* ---- journal */

static void an_id_in_fresh_becomes_no_effect(void) {
  caller_t *c = caller_open();
  uint32_t left = *caller_header(c, SK_H_FRESH_LEN);
  for (uint32_t at = 0; at < left; at++) {
    caller_entry(c, IDS(SK_OP_EFFECT, c->words[SK_BLOCK_FRESH][at], 0));
    CHECK_EQ(caller_call(c, sk_sync), SK_E_INVALID);
  }
  CHECK_EQ(caller_stats(c).effects, 0);
  sk_id_t taken = caller_take(c);
  caller_entry(c, IDS(SK_OP_EFFECT, taken, 0));
  caller_sync(c);
  CHECK_EQ(caller_stats(c).effects, 1);
  caller_close(c);
}

/* The places in FRESH are counted in few bits: ids taken long ago are still told from those in it. */
static void an_id_taken_long_ago_becomes_an_effect(void) {
  enum { COUNT = 3000 };
  caller_t *c = caller_open();
  CHECK_EQ(caller_reserve(c, SK_BLOCK_FRESH, COUNT), 0);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, 3 * COUNT), 0);
  for (uint32_t i = 0; i < COUNT; i++) caller_effect(c, 0);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_FRESH, COUNT), 0);
  caller_sync(c);
  CHECK_EQ(caller_stats(c).effects, COUNT);
  caller_close(c);
}

static void an_entry_that_names_nothing_is_left_out(void) {
  caller_t *c = caller_open();
  sk_id_t effect = 0;
  sk_id_t signal = observed(c, &effect);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, 64), 0);
  sk_id_t before = caller_effect(c, 0);
  caller_entry(c, IDS(SK_OP_EFFECT, signal, 0));
  caller_link(c, effect, 0, IDS(signal, before));
  caller_entry(c, IDS(SK_OP_LINK, effect, caller_generation(c, effect), before, 0));
  sk_id_t behind = caller_effect(c, 1);
  caller_link(c, behind, 0, IDS(signal));
  CHECK_EQ(caller_call(c, sk_sync), SK_E_INVALID);
  CHECK_EQ(caller_stats(c).effects, 3);
  CHECK(caller_reads(c, effect, IDS(signal)));
  CHECK(caller_reads(c, behind, IDS(signal)));
  CHECK_EQ(caller_call(c, sk_sync), 0);
  caller_close(c);
}

/* The caller goes by the flag: as long as it is set, an entry is on its way. */
static void nobody_waits_for_an_entry_that_was_lost(void) {
  for (int shapeless = 0; shapeless < 2; shapeless++) {
    caller_t *c = caller_open();
    sk_id_t effect = 0;
    sk_id_t signal = observed(c, &effect);
    sk_id_t computed = caller_computed(c);
    CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, 64), 0);
    if (shapeless) caller_entry(c, IDS(99));
    caller_link(c, effect, 0, IDS(computed, effect));
    caller_link(c, computed, 0, IDS(effect));
    CHECK_EQ(caller_call(c, sk_sync), SK_E_INVALID);
    CHECK(!caller_has(c, effect, SK_RELINKED));
    CHECK(caller_reads(c, effect, IDS(signal)));
    /* Only the lost entry would have read it. */
    CHECK_EQ(c->released_len, 1);
    CHECK_EQ(c->released[0], computed);
    caller_link(c, effect, 0, IDS(signal));
    caller_write(c, signal);
    CHECK_EQ(caller_flush(c), 1);
    caller_close(c);
  }
}

/* Memory ran out behind an entry that was refused: the answer to that is not forgotten. */
static void a_refusal_is_told_after_memory_ran_out(void) {
  caller_t *c = caller_open();
  sk_id_t effect = 0;
  sk_id_t signal = observed(c, &effect);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, 40000), 0);
  caller_entry(c, IDS(SK_OP_EFFECT, signal, 0));
  for (int i = 0; i < 3; i++) caller_reserve(c, SK_BLOCK_FRESH, 2000u << i);
  sk_id_t sources[4000];
  for (int i = 0; i < 4000; i++) sources[i] = caller_signal(c);
  caller_link(c, effect, 0, 4000, sources);
  c->host.limit = 1;
  CHECK_EQ(caller_call(c, sk_sync), SK_E_NO_MEMORY);
  test_host_relieve(&c->host);
  CHECK_EQ(caller_call(c, sk_sync), SK_E_INVALID);
  CHECK_EQ(caller_dependencies(c, effect, NULL, 0), 4000);
  CHECK_EQ(caller_call(c, sk_sync), 0);
  caller_close(c);
}

/* ---- header */

static void a_length_of_fresh_that_grew_is_refused(void) {
  caller_t *c = caller_open();
  uint32_t left = *caller_header(c, SK_H_FRESH_LEN);
  caller_signal(c);
  CHECK_EQ(call_with(c, SK_H_FRESH_LEN, left + 1, sk_sync), SK_E_INVALID);
  CHECK_EQ(call_with(c, SK_H_FRESH_LEN, UINT32_MAX, sk_flush), SK_E_INVALID);
  CHECK_EQ(caller_stats(c).nodes, 1);
  *caller_header(c, SK_H_FRESH_LEN) = UINT32_MAX;
  CHECK_EQ(caller_stats(c).nodes, 0);
  *caller_header(c, SK_H_FRESH_LEN) = left - 1;
  caller_sync(c);
  caller_close(c);
}

static void lengths_that_are_none_are_not_reserved_behind(void) {
  static const enum sk_header LENGTHS[] = {SK_H_JOURNAL_LEN, SK_H_PENDING_LEN, SK_H_TXN_LEN,
                                           SK_H_JOURNAL_LEN};
  static const enum sk_block BLOCKS[] = {SK_BLOCK_JOURNAL, SK_BLOCK_PENDING, SK_BLOCK_TXN,
                                         SK_BLOCK_SLOTS};
  caller_t *c = caller_open();
  for (int i = 0; i < 4; i++) {
    uint32_t requests = c->host.requests;
    *caller_header(c, LENGTHS[i]) = 1u << 30;
    CHECK_EQ(sk_reserve(c->kernel, BLOCKS[i], 1), SK_E_INVALID);
    *caller_header(c, LENGTHS[i]) = 0;
    CHECK_EQ(c->host.requests, requests);
    CHECK_EQ(caller_reserve(c, BLOCKS[i], 1), 0);
  }
  caller_close(c);
}

static void a_block_that_is_none_has_no_words(void) {
  caller_t *c = caller_open();
  size_t words = 1;
  CHECK(sk_kernel_words(c->kernel, SK_BLOCK_QUEUE, &words) == NULL);
  CHECK_EQ(words, 0);
  CHECK(sk_kernel_words(c->kernel, (enum sk_block)1000, NULL) == NULL);
  caller_close(c);
}

static void a_damaged_list_of_released_is_not_followed(void) {
  caller_t *c = caller_open();
  sk_id_t effect = 0;
  c->reaps = false;
  sk_id_t signal = observed(c, &effect);
  caller_link(c, effect, 0, NO_IDS);
  caller_sync(c);
  CHECK_EQ(*caller_header(c, SK_H_RELEASED), signal);
  *caller_header(c, SK_H_REAPED) = 1;
  CHECK_EQ(call_with(c, SK_H_RELEASED, UINT32_MAX - 7, sk_sync), 0);
  CHECK_EQ(caller_stats(c).nodes, 1);
  CHECK_EQ(*caller_header(c, SK_H_RELEASED), 0);
  caller_close(c);
}

/* The count says nobody was taken, or more than there are: who runs is told by the effects' own flags. */
static void a_damaged_count_of_taken_effects_queues_nobody_twice(void) {
  enum { EFFECTS = 5, ROUNDS = 40 };
  caller_t *c = caller_open();
  sk_id_t effects[EFFECTS];
  sk_id_t signal = caller_signal(c);
  for (int i = 0; i < EFFECTS; i++) {
    effects[i] = caller_effect(c, 0);
    caller_link(c, effects[i], 0, IDS(signal));
  }
  for (int round = 0; round < ROUNDS; round++) {
    caller_write(c, signal);
    CHECK_EQ(caller_flush(c), EFFECTS);
    for (int i = 0; i < 3; i++) CHECK_EQ(caller_next(c), effects[i]);
    caller_write(c, signal);
    caller_mark(c);
    *caller_header(c, SK_H_RUN_TAKEN) = round % 2 == 0 ? 0 : 1000;
    uint32_t seen[EFFECTS] = {0};
    while (caller_flush(c) > 0)
      for (sk_id_t id = caller_next(c); id != 0; id = caller_next(c))
        for (int i = 0; i < EFFECTS; i++) seen[i] += id == effects[i];
    for (int i = 0; i < EFFECTS; i++) CHECK_EQ(seen[i], 1);
    CHECK_EQ(caller_stats(c).queued, 0);
  }
  caller_close(c);
}

/* ---- transactions */

static void a_log_of_no_possible_length_is_refused(void) {
  caller_t *c = caller_open();
  sk_id_t signal = caller_signal(c);
  uint32_t room = *caller_header(c, SK_H_TXN_CAP);
  CHECK_EQ(call_with(c, SK_H_TXN_LEN, 1, sk_txn_begin), SK_E_INVALID);
  CHECK_EQ(caller_call(c, sk_txn_commit), SK_E_STATE);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, signal);
  CHECK_EQ(caller_call(c, sk_txn_begin), 2);
  int (*const calls[])(sk_kernel_t *) = {sk_txn_begin, sk_txn_commit, sk_txn_rollback};
  for (int i = 0; i < 3; i++) {
    CHECK_EQ(call_with(c, SK_H_TXN_LEN, 0, calls[i]), SK_E_INVALID);
    CHECK_EQ(call_with(c, SK_H_TXN_LEN, room + 1, calls[i]), SK_E_INVALID);
  }
  CHECK_EQ(caller_call(c, sk_txn_rollback), 1);
  CHECK_EQ(caller_call(c, sk_txn_commit), 0);
  CHECK_EQ(*caller_word(c, signal, SK_N_PINS), 0);
  caller_close(c);
}

/* Pins are the caller's to count; what a transaction has touched does not depend on it. */
static void a_log_without_pins_frees_nothing_that_is_touched(void) {
  caller_t *c = caller_open();
  sk_id_t signal = caller_signal(c);
  sk_staging_t staging = stagings_begin(c, 0, 1);
  CHECK(stagings_touch(c, staging, signal, SK_TOUCH_WRITE, 2) > 0);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_TXN, 3), 0);
  for (int i = 0; i < 3; i++) c->words[SK_BLOCK_TXN][(*caller_header(c, SK_H_TXN_LEN))++] = signal;
  CHECK_EQ(caller_call(c, sk_txn_rollback), 0);
  caller_sync(c);
  CHECK_EQ(*caller_word(c, signal, SK_N_PINS), 1);
  CHECK_EQ(c->released_len, 0);
  stagings_drop(c, staging);
  caller_sync(c);
  CHECK_EQ(c->released_len, 1);
  CHECK_EQ(c->released[0], signal);
  caller_close(c);
}

/* ---- room for links */

static void reserved_edges_are_there(void) {
  enum { COUNT = 3000 };
  caller_t *c = caller_open();
  sk_id_t *sources = test_alloc(COUNT * sizeof(sk_id_t));
  sk_id_t wide = caller_effect(c, 0);
  sk_id_t small = caller_effect(c, 0);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, 2 * COUNT), 0);
  for (int i = 0; i < COUNT; i++) sources[i] = caller_signal(c);
  caller_link(c, small, 0, COUNT / 3, sources);
  c->host.limit = 1;
  CHECK_EQ(caller_reserve(c, SK_BLOCK_SLOTS, COUNT), SK_E_NO_MEMORY);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_SLOTS, UINT32_MAX), SK_E_LIMIT);
  test_host_relieve(&c->host);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_SLOTS, COUNT), 0);
  caller_link(c, wide, 0, COUNT, sources);
  c->host.limit = 1;
  CHECK(caller_call(c, sk_sync) != SK_E_LIMIT);
  CHECK_EQ(caller_dependencies(c, wide, NULL, 0), COUNT);
  CHECK_EQ(caller_dependencies(c, small, NULL, 0), COUNT / 3);
  test_host_relieve(&c->host);
  caller_sync(c);
  caller_close(c);
}

const test_t words_tests[] = {
    {"words: an id in FRESH becomes no effect", an_id_in_fresh_becomes_no_effect},
    {"words: an id taken long ago becomes an effect", an_id_taken_long_ago_becomes_an_effect},
    {"words: an entry that names nothing is left out", an_entry_that_names_nothing_is_left_out},
    {"words: nobody waits for an entry that was lost", nobody_waits_for_an_entry_that_was_lost},
    {"words: a refusal is told after memory ran out", a_refusal_is_told_after_memory_ran_out},
    {"words: a length of FRESH that grew is refused", a_length_of_fresh_that_grew_is_refused},
    {"words: lengths that are none are not reserved behind",
     lengths_that_are_none_are_not_reserved_behind},
    {"words: a block that is none has no words", a_block_that_is_none_has_no_words},
    {"words: a damaged list of released nodes is not followed",
     a_damaged_list_of_released_is_not_followed},
    {"words: a damaged count of taken effects queues nobody twice",
     a_damaged_count_of_taken_effects_queues_nobody_twice},
    {"words: a log of no possible length is refused", a_log_of_no_possible_length_is_refused},
    {"words: a log without pins frees nothing that is touched",
     a_log_without_pins_frees_nothing_that_is_touched},
    {"words: reserved edges are there", reserved_edges_are_there},
    TEST_END,
};
