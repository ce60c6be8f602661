/*
 * journal.c - what the caller did since the last call, taken in order.
 *
 * The caller creates, links and disposes without a call by appending entries to JOURNAL; they are
 * done here, when a call needs the graph to be true. An entry is done wholly or, when memory is out,
 * stays with all that follow it for the next call; only disposals do not wait, they make room.
 *
 * An entry that cannot be done means that the words were damaged, and the call is refused. One that names
 * what is not there is left out. One without a shape tells no more where the next begins: the rest is
 * dropped. Whatever waited for an entry that was lost waits no longer, and what only that would have
 * read is released.
 *
 * Orphans are released only after the last entry: one entry may drop what a later one takes up.
 */
#include "kernel.h"

static const uint32_t SOURCES = 1u << SK_SIGNAL | 1u << SK_COMPUTED;
static const uint32_t READERS = 1u << SK_COMPUTED | 1u << SK_EFFECT;

static bool is_current(const sk_kernel_t *k, sk_id_t id, uint32_t generation, uint32_t tags) {
  return sk__graph_is(k, id, tags) && SK__SLOTS(k)[id + SK_N_GENERATION] == generation;
}

/* Whether `keep` is 0 or an edge by which `id` reads. */
static bool is_edge_of(const sk_kernel_t *k, sk_id_t keep, sk_id_t id) {
  return keep == 0 || (sk__graph_is(k, keep, 1u << SK_EDGE) && SK__SLOTS(k)[keep + SK_E_SUB] == id);
}

static int take_effect(sk_kernel_t *k, const uint32_t *entry) {
  if (!sk__graph_is_taken(k, entry[1])) return SK_E_INVALID;
  return sk__graph_effect(k, entry[1], (int32_t)entry[2]);
}

/* The reader is gone: sources that nobody else took up are let go. */
static void let_go(sk_kernel_t *k, const uint32_t *deps, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!sk__graph_is(k, deps[i], SOURCES)) continue;
    const uint32_t *node = SK__SLOTS(k) + deps[i];
    if (node[SK_N_SUBS] == 0 && node[SK_N_PINS] == 0) sk__graph_orphan(k, deps[i]);
  }
}

static int take_link(sk_kernel_t *k, const uint32_t *entry) {
  sk_id_t id = entry[1];
  uint32_t count = entry[4];
  if (!is_current(k, id, entry[2], READERS)) {
    let_go(k, entry + 5, count);
    return 0;
  }
  if (!is_edge_of(k, entry[3], id)) return SK_E_INVALID;
  for (uint32_t i = 0; i < count; i++)
    if (!sk__graph_is(k, entry[5 + i], SOURCES)) return SK_E_INVALID;
  int status = sk__graph_link(k, id, entry[3], entry + 5, count);
  if (status == 0) SK__SLOTS(k)[id + SK_N_FLAGS] &= ~(uint32_t)SK_RELINKED;
  return status;
}

static int take_dispose(sk_kernel_t *k, const uint32_t *entry) {
  if (is_current(k, entry[1], entry[2], 1u << SK_EFFECT)) sk__graph_dispose(k, entry[1]);
  return 0;
}

static int take_wake(sk_kernel_t *k, const uint32_t *entry) {
  if (is_current(k, entry[1], entry[2], 1u << SK_EFFECT)) sk__propagate_node(k, entry[1]);
  return 0;
}

/* Words of the entry at `entry`, of which `left` exist; 0 when it is malformed. */
static uint32_t entry_words(const uint32_t *entry, uint32_t left) {
  uint32_t words = 0;
  switch (entry[0]) {
    case SK_OP_LINK:
      if (left < 5 || entry[4] > left - 5) return 0;
      words = 5 + entry[4];
      break;
    case SK_OP_EFFECT:
    case SK_OP_DISPOSE:
    case SK_OP_WAKE:
      words = 3;
      break;
    default:
      return 0;
  }
  return words <= left ? words : 0;
}

static int take_entry(sk_kernel_t *k, const uint32_t *entry) {
  switch (entry[0]) {
    case SK_OP_EFFECT:
      return take_effect(k, entry);
    case SK_OP_LINK:
      return take_link(k, entry);
    case SK_OP_DISPOSE:
      return take_dispose(k, entry);
    default:
      return take_wake(k, entry);
  }
}

/* An entry ran out of room: what later entries dispose makes some. It is disposed ahead of its turn,
   when its entry is void. Returns whether there was any. */
static bool dispose_ahead(sk_kernel_t *k, const uint32_t *journal, uint32_t at, uint32_t len) {
  uint64_t before = k->effects;
  while (at < len) {
    const uint32_t *entry = journal + at;
    uint32_t words = entry_words(entry, len - at);
    if (words == 0) break;
    if (entry[0] == SK_OP_DISPOSE) take_dispose(k, entry);
    at += words;
  }
  return k->effects != before;
}

/* After a failure: what still has a LINK entry to come is flagged again. */
static void flag_waiting(sk_kernel_t *k, const uint32_t *journal, uint32_t at, uint32_t len) {
  while (at < len) {
    const uint32_t *entry = journal + at;
    uint32_t words = entry_words(entry, len - at);
    if (words == 0) return;
    if (entry[0] == SK_OP_LINK && is_current(k, entry[1], entry[2], READERS))
      SK__SLOTS(k)[entry[1] + SK_N_FLAGS] |= SK_RELINKED;
    at += words;
  }
}

/* The entry at journal_at was not done. Without room for it, what is disposed behind it may make some; one
   that names what is not there is left out. 0, or why the journal ends here. */
static int take_otherwise(sk_kernel_t *k, const uint32_t *journal, uint32_t len, uint32_t words,
                          int status) {
  if (status != SK_E_INVALID && dispose_ahead(k, journal, k->journal_at + words, len))
    status = take_entry(k, journal + k->journal_at);
  if (status != SK_E_INVALID) return status;
  k->journal_is_faulty = true;
  return 0;
}

int sk__journal_take(sk_kernel_t *k) {
  uint32_t *header = SK__HEADER(k);
  const uint32_t *journal = k->block[SK_BLOCK_JOURNAL].at;
  uint32_t len = header[SK_H_JOURNAL_LEN];
  int status = len > k->block[SK_BLOCK_JOURNAL].words || len < k->journal_at ? SK_E_INVALID : 0;
  while (status == 0 && k->journal_at < len) {
    const uint32_t *entry = journal + k->journal_at;
    uint32_t words = entry_words(entry, len - k->journal_at);
    status = words == 0 ? SK_E_INVALID : take_entry(k, entry);
    if (status != 0 && words != 0) status = take_otherwise(k, journal, len, words, status);
    if (status == 0) k->journal_at += words;
  }
  if (status != 0 && status != SK_E_INVALID) {
    flag_waiting(k, journal, k->journal_at, len);
    return status;
  }
  if (k->journal_is_faulty || status != 0) {
    k->journal_is_faulty = false;
    sk__graph_mend(k);
    status = SK_E_INVALID;
  }
  k->journal_at = 0;
  header[SK_H_JOURNAL_LEN] = 0;
  sk__graph_release(k);
  return status;
}
