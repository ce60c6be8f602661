/*
 * transaction.c - the write log of the open transactions, and their savepoints.
 *
 *      TXN      [ a b | c a | d ]        ids written, oldest first
 *      frames   [ 0     2     4 ]        where each open transaction's own entries begin
 *
 * The caller appends and keeps the old values beside; the kernel says what belongs to whom. An inner
 * transaction that commits leaves its entries to the outer one; one that rolls back cuts them off.
 *
 * Invariant: SK_N_PINS of a source is the number of entries that name it, so that a source which
 * nobody reads keeps its id as long as an open transaction may have to put it back. What only the
 * log kept becomes an orphan, and is released when the next journal is taken: an entry of that
 * journal may be the link that takes it up.
 */
#include "kernel.h"

/* The caller writes the length: one that no log can have is a damaged header. */
static int check_log(const sk_kernel_t *k) {
  uint32_t len = SK__HEADER(k)[SK_H_TXN_LEN];
  uint32_t from = k->frame_len == 0 ? 0 : k->frames[k->frame_len - 1];
  uint32_t most = k->frame_len == 0 ? 0 : k->block[SK_BLOCK_TXN].words;
  return len < from || len > most ? SK_E_INVALID : 0;
}

int sk_txn_begin(sk_kernel_t *k) {
  void *at = k->frames;
  int status = check_log(k);
  if (status != 0) return status;
  status =
      sk__memory_grow(k, SK_BLOCK_FRAMES, &at, &k->frame_cap, k->frame_len + 1, sizeof(uint32_t));
  if (status != 0) return status;
  k->frames = (uint32_t *)at;
  k->frames[k->frame_len++] = SK__HEADER(k)[SK_H_TXN_LEN];
  return (int)k->frame_len;
}

/* Cuts the log to `len` entries and unpins what is cut off. */
static void cut(sk_kernel_t *k, uint32_t len) {
  uint32_t *header = SK__HEADER(k);
  const uint32_t *log = k->block[SK_BLOCK_TXN].at;
  for (uint32_t i = header[SK_H_TXN_LEN]; i > len; i--) {
    sk_id_t id = log[i - 1];
    if (!sk__graph_is(k, id, 1u << SK_SIGNAL | 1u << SK_COMPUTED)) continue;
    uint32_t *node = SK__SLOTS(k) + id;
    /* The log is the caller's: an entry that pinned nothing takes no pin of others. */
    if (node[SK_N_PINS] > sk__staging_touches(k, node)) node[SK_N_PINS]--;
    bool is_cyclic = (node[SK_N_FLAGS] & SK_CYCLIC) != 0;
    if (node[SK_N_PINS] == 0 && (node[SK_N_SUBS] == 0 || is_cyclic)) sk__graph_orphan(k, id);
  }
  header[SK_H_TXN_LEN] = len;
}

static int check_frame(const sk_kernel_t *k) {
  return k->frame_len == 0 ? (int)SK_E_STATE : check_log(k);
}

int sk_txn_commit(sk_kernel_t *k) {
  int status = check_frame(k);
  if (status != 0) return status;
  if (--k->frame_len == 0) cut(k, 0);
  SK__CHECKED(k, 0);
  return (int)SK__HEADER(k)[SK_H_TXN_LEN];
}

int sk_txn_rollback(sk_kernel_t *k) {
  int status = check_frame(k);
  if (status != 0) return status;
  uint32_t from = k->frames[--k->frame_len];
  cut(k, from);
  SK__CHECKED(k, 0);
  return (int)from;
}

void sk__txn_close(sk_kernel_t *k) {
  sk__memory_free(k, SK_BLOCK_FRAMES, k->frames, k->frame_cap, sizeof(uint32_t));
}
