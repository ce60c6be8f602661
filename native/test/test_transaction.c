/*
 * test_transaction.c - tests of the write log: frames, indices, pins, what goes at the end.
 */
#include "caller.h"

/* A source that an effect reads: it stays whatever the log does. */
static sk_id_t observed_signal(caller_t *c) {
  sk_id_t s = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(s));
  return s;
}

static void without_a_transaction_there_is_none_to_end(void) {
  caller_t *c = caller_open();
  CHECK_EQ(caller_call(c, sk_txn_commit), SK_E_STATE);
  CHECK_EQ(caller_call(c, sk_txn_rollback), SK_E_STATE);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  CHECK_EQ(caller_call(c, sk_txn_commit), 0);
  CHECK_EQ(caller_call(c, sk_txn_commit), SK_E_STATE);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 0);
  CHECK_EQ(caller_call(c, sk_txn_rollback), SK_E_STATE);
  caller_close(c);
}

static void a_commit_empties_the_log(void) {
  caller_t *c = caller_open();
  sk_id_t s = observed_signal(c);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  for (int i = 0; i < 3; i++) caller_log(c, s);
  CHECK_EQ(*caller_header(c, SK_H_TXN_LEN), 3);
  CHECK_EQ(*caller_word(c, s, SK_N_PINS), 3);
  CHECK_EQ(caller_call(c, sk_txn_commit), 0);
  CHECK_EQ(*caller_header(c, SK_H_TXN_LEN), 0);
  CHECK_EQ(*caller_word(c, s, SK_N_PINS), 0);
  CHECK_EQ(caller_flush(c), 1);
  caller_close(c);
}

static void a_rollback_cuts_its_own_entries(void) {
  caller_t *c = caller_open();
  sk_id_t a = observed_signal(c);
  sk_id_t b = observed_signal(c);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, a);
  caller_log(c, b);
  CHECK_EQ(caller_call(c, sk_txn_begin), 2);
  caller_log(c, a);
  CHECK_EQ(caller_call(c, sk_txn_begin), 3);
  caller_log(c, b);
  caller_log(c, a);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 3);
  CHECK_EQ(*caller_header(c, SK_H_TXN_LEN), 3);
  CHECK_EQ(*caller_word(c, a, SK_N_PINS), 2);
  CHECK_EQ(*caller_word(c, b, SK_N_PINS), 1);
  /* What was cut off can still be read: the caller puts the values back from there. */
  CHECK_EQ(c->words[SK_BLOCK_TXN][3], b);
  CHECK_EQ(c->words[SK_BLOCK_TXN][4], a);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 2);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 0);
  CHECK_EQ(*caller_word(c, a, SK_N_PINS), 0);
  CHECK_EQ(*caller_word(c, b, SK_N_PINS), 0);
  CHECK_EQ(*caller_header(c, SK_H_TXN_LEN), 0);
  caller_close(c);
}

static void an_inner_commit_leaves_its_entries_to_the_outer_one(void) {
  caller_t *c = caller_open();
  sk_id_t a = observed_signal(c);
  sk_id_t b = observed_signal(c);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, a);
  CHECK_EQ(caller_call(c, sk_txn_begin), 2);
  caller_log(c, b);
  CHECK_EQ(caller_call(c, sk_txn_begin), 3);
  caller_log(c, a);
  CHECK_EQ(caller_call(c, sk_txn_commit), 3);
  CHECK_EQ(caller_call(c, sk_txn_commit), 3);
  CHECK_EQ(*caller_word(c, a, SK_N_PINS), 2);
  CHECK_EQ(caller_call(c, sk_txn_begin), 2);
  caller_log(c, b);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 3);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 0);
  CHECK_EQ(*caller_word(c, a, SK_N_PINS), 0);
  CHECK_EQ(*caller_word(c, b, SK_N_PINS), 0);
  caller_close(c);
}

static void an_empty_transaction_has_no_entries(void) {
  caller_t *c = caller_open();
  sk_id_t s = observed_signal(c);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, s);
  CHECK_EQ(caller_call(c, sk_txn_begin), 2);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 1);
  CHECK_EQ(caller_call(c, sk_txn_begin), 2);
  CHECK_EQ(caller_call(c, sk_txn_commit), 1);
  CHECK_EQ(caller_call(c, sk_txn_commit), 0);
  caller_close(c);
}

/* Nobody reads it, but it may have to be put back: it keeps its id until the log lets go. */
static void a_written_source_is_kept_without_readers(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, s);
  caller_mark(c);
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  CHECK_EQ(caller_stats(c).nodes, 1);
  CHECK_EQ(caller_call(c, sk_txn_commit), 0);
  caller_sync(c);
  CHECK_EQ(c->released_len, 1);
  CHECK_EQ(c->released[0], s);
  CHECK_EQ(caller_stats(c).nodes, 0);
  caller_close(c);
}

static void a_rollback_lets_go_as_well(void) {
  caller_t *c = caller_open();
  sk_id_t outer = caller_signal(c);
  sk_id_t inner = caller_signal(c);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, outer);
  CHECK_EQ(caller_call(c, sk_txn_begin), 2);
  caller_log(c, inner);
  caller_log(c, outer);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 1);
  caller_sync(c);
  CHECK_EQ(c->released_len, 1);
  CHECK_EQ(c->released[0], inner);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 0);
  caller_sync(c);
  CHECK_EQ(c->released_len, 2);
  CHECK_EQ(c->released[1], outer);
  caller_close(c);
}

static void a_source_that_loses_its_readers_meanwhile_is_kept(void) {
  caller_t *c = caller_open();
  sk_id_t below = caller_signal(c);
  sk_id_t d = caller_computed(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, d, 0, IDS(below));
  caller_link(c, e, 0, IDS(d));
  caller_sync(c);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, d);
  caller_dispose(c, e);
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  CHECK(caller_reads(c, d, IDS(below)));
  CHECK(caller_is_read(c, below, IDS(d)));
  CHECK_EQ(caller_call(c, sk_txn_commit), 0);
  caller_sync(c);
  CHECK_EQ(c->released_len, 2);
  CHECK_EQ(c->released[0], d);
  CHECK_EQ(c->released[1], below);
  caller_close(c);
}

/* The link that takes it up may still wait in the journal when the transaction ends. */
static void a_link_in_the_journal_takes_it_up(void) {
  for (int rolls_back = 0; rolls_back < 2; rolls_back++) {
    caller_t *c = caller_open();
    sk_id_t s = caller_signal(c);
    CHECK_EQ(caller_call(c, sk_txn_begin), 1);
    caller_log(c, s);
    caller_mark(c);
    sk_id_t e = caller_effect(c, 0);
    caller_link(c, e, 0, IDS(s));
    CHECK_EQ(caller_call(c, rolls_back ? sk_txn_rollback : sk_txn_commit), 0);
    caller_sync(c);
    CHECK_EQ(c->released_len, 0);
    CHECK(caller_is_read(c, s, IDS(e)));
    caller_close(c);
  }
}

static void a_link_after_the_end_takes_it_up(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, s);
  caller_mark(c);
  CHECK_EQ(caller_call(c, sk_txn_commit), 0);
  caller_link(c, e, 0, IDS(s));
  caller_sync(c);
  CHECK_EQ(c->released_len, 0);
  CHECK(caller_is_read(c, s, IDS(e)));
  /* Pinned again while it waits to be released, it stays as well. */
  caller_link(c, e, 0, NO_IDS);
  caller_sync(c);
  CHECK_EQ(c->released_len, 1);
  s = caller_signal(c);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, s);
  CHECK_EQ(caller_call(c, sk_txn_commit), 0);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, s);
  caller_mark(c);
  CHECK_EQ(c->released_len, 1);
  CHECK_EQ(caller_call(c, sk_txn_rollback), 0);
  caller_sync(c);
  CHECK_EQ(c->released_len, 2);
  CHECK_EQ(c->released[1], s);
  caller_close(c);
}

/* The entries of each depth, counted by the depth that they come from. */
static void many_frames_many_entries(void) {
  enum { DEPTH = 300 };
  caller_t *c = caller_open();
  sk_id_t s = observed_signal(c);
  uint32_t begins[DEPTH];
  for (uint32_t depth = 0; depth < DEPTH; depth++) {
    begins[depth] = *caller_header(c, SK_H_TXN_LEN);
    CHECK_EQ(caller_call(c, sk_txn_begin), depth + 1);
    for (uint32_t i = 0; i < depth % 5; i++) caller_log(c, s);
  }
  uint32_t len = *caller_header(c, SK_H_TXN_LEN);
  for (uint32_t depth = DEPTH; depth-- > 0;) {
    if (depth % 3 == 1) {
      CHECK_EQ(caller_call(c, sk_txn_rollback), begins[depth]);
      len = begins[depth];
    } else {
      if (depth == 0) len = 0;
      CHECK_EQ(caller_call(c, sk_txn_commit), len);
    }
    CHECK_EQ(*caller_header(c, SK_H_TXN_LEN), len);
    CHECK_EQ(*caller_word(c, s, SK_N_PINS), len);
  }
  CHECK_EQ(caller_call(c, sk_txn_commit), SK_E_STATE);
  caller_close(c);
}

static void a_damaged_log_is_refused(void) {
  caller_t *c = caller_open();
  sk_id_t s = observed_signal(c);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, s);
  CHECK_EQ(caller_call(c, sk_txn_begin), 2);
  const uint32_t lengths[] = {0, (uint32_t)c->length[SK_BLOCK_TXN] + 1, UINT32_MAX};
  for (int i = 0; i < 3; i++) {
    *caller_header(c, SK_H_TXN_LEN) = lengths[i];
    CHECK_EQ(sk_txn_commit(c->kernel), SK_E_INVALID);
    CHECK_EQ(sk_txn_rollback(c->kernel), SK_E_INVALID);
  }
  *caller_header(c, SK_H_TXN_LEN) = 1;
  CHECK_EQ(caller_call(c, sk_txn_commit), 1);
  /* An entry that names nothing is passed over when the log is cut. */
  CHECK_EQ(caller_reserve(c, SK_BLOCK_TXN, 2), 0);
  c->words[SK_BLOCK_TXN][1] = UINT32_MAX - 7;
  c->words[SK_BLOCK_TXN][2] = *caller_word(c, s, SK_N_SUBS);
  *caller_header(c, SK_H_TXN_LEN) = 3;
  CHECK_EQ(caller_call(c, sk_txn_rollback), 0);
  CHECK_EQ(*caller_word(c, s, SK_N_PINS), 0);
  caller_close(c);
}

const test_t transaction_tests[] = {
    {"transaction: without one there is none to end", without_a_transaction_there_is_none_to_end},
    {"transaction: a commit empties the log", a_commit_empties_the_log},
    {"transaction: a rollback cuts its own entries", a_rollback_cuts_its_own_entries},
    {"transaction: an inner commit leaves its entries to the outer one",
     an_inner_commit_leaves_its_entries_to_the_outer_one},
    {"transaction: an empty one has no entries", an_empty_transaction_has_no_entries},
    {"transaction: a written source is kept without readers",
     a_written_source_is_kept_without_readers},
    {"transaction: a rollback lets go as well", a_rollback_lets_go_as_well},
    {"transaction: a source that loses its readers meanwhile is kept",
     a_source_that_loses_its_readers_meanwhile_is_kept},
    {"transaction: a link in the journal takes it up", a_link_in_the_journal_takes_it_up},
    {"transaction: a link after the end takes it up", a_link_after_the_end_takes_it_up},
    {"transaction: many frames, many entries", many_frames_many_entries},
    {"transaction: a damaged log is refused", a_damaged_log_is_refused},
    TEST_END,
};
