/*
 * kernel.c - the life of a kernel, and the calls that put the modules together.
 *
 * Each call that needs the graph does, in this order: free what the caller has reaped, take the
 * journal, fill FRESH; then its own work. That order is what makes deferred work safe: an id in
 * PENDING was given before the call, so its links are in the graph before it is marked.
 */
#include "kernel.h"

static int open_blocks(sk_kernel_t *k) {
  int status = sk__memory_block(k, SK_BLOCK_HEADER, SK_H_WORDS);
  if (status != 0) return status;
  memset(SK__HEADER(k), 0, SK_H_WORDS * sizeof(uint32_t));
  status = sk__memory_block(k, SK_BLOCK_SLOTS, SK_FIRST_SLOTS * SK_SLOT_WORDS);
  if (status == 0) status = sk__memory_block(k, SK_BLOCK_JOURNAL, SK_FIRST_JOURNAL);
  if (status == 0) status = sk__memory_block(k, SK_BLOCK_PENDING, SK_FIRST_LIST);
  if (status == 0) status = sk__memory_block(k, SK_BLOCK_RUN, SK_FIRST_LIST);
  if (status == 0) status = sk__memory_block(k, SK_BLOCK_FRESH, SK_FIRST_FRESH);
  if (status == 0) status = sk__memory_block(k, SK_BLOCK_TXN, SK_FIRST_LIST);
  if (status == 0) status = sk__memory_block(k, SK_BLOCK_VERSIONS, SK_FIRST_VERSIONS);
  if (status == 0) status = sk__memory_block(k, SK_BLOCK_CONFLICTS, SK_FIRST_LIST);
  if (status == 0) status = sk__memory_block(k, SK_BLOCK_PICTURE, SK_FIRST_LIST);
  return status;
}

static void tell_capacities(sk_kernel_t *k) {
  uint32_t *header = SK__HEADER(k);
  header[SK_H_JOURNAL_CAP] = k->block[SK_BLOCK_JOURNAL].words;
  header[SK_H_PENDING_CAP] = k->block[SK_BLOCK_PENDING].words;
  header[SK_H_TXN_CAP] = k->block[SK_BLOCK_TXN].words;
}

/* Hands out slots until `want` are in FRESH. */
static int fill_fresh(sk_kernel_t *k, uint32_t want) {
  uint32_t *header = SK__HEADER(k);
  uint32_t len = header[SK_H_FRESH_LEN];
  if (len > k->fresh_len) return SK_E_INVALID;
  if (len >= want) return 0;
  sk__memory_tidy(k);
  int status = sk__memory_reserve_slots(k, want - len);
  if (status == 0) status = sk__memory_block(k, SK_BLOCK_FRESH, want);
  if (status != 0) return status;
  uint32_t *fresh = k->block[SK_BLOCK_FRESH].at;
  k->nodes_taken += want - len;
  /* Taken from the end by the caller: nodes made together then lie together, in order. */
  memmove(fresh + (want - len), fresh, len * sizeof *fresh);
  for (uint32_t at = want - len; at > 0; at--) {
    fresh[at - 1] = sk__memory_take(k);
    SK__SLOTS(k)[fresh[at - 1] + SK_N_FLAGS] = SK_TAKEN | k->tickets++ << SK__TICKET_SHIFT;
  }
  header[SK_H_FRESH_LEN] = want;
  k->fresh_len = want;
  return 0;
}

int sk_kernel_open(const sk_host_t *host, sk_kernel_t **out) {
  assert(host != NULL && host->resize != NULL && out != NULL);
  *out = NULL;
  sk_kernel_t *k =
      (sk_kernel_t *)host->resize(host->context, SK_BLOCK_KERNEL, NULL, 0, sizeof(sk_kernel_t));
  if (k == NULL) return SK_E_NO_MEMORY;
  memset(k, 0, sizeof *k);
  k->host = *host;
  k->bytes = sizeof *k;
  k->slots_used = 1; /* slot 0 is no slot */
  k->run_limit = UINT32_MAX;
  k->tasks.size = sizeof(sk__task_t);
  k->tasks.block = SK_BLOCK_TASKS;
  k->stagings.size = sizeof(sk__staging_t);
  k->stagings.block = SK_BLOCK_STAGINGS;
  k->versions_used = SK_VERSION_WORDS; /* record 0 is no record */
  k->run_up_to = INT32_MAX;
  int status = open_blocks(k);
  if (status == 0) {
    memset(SK__SLOTS(k), 0, SK_SLOT_WORDS * sizeof(uint32_t));
    SK__HEADER(k)[SK_H_ABI] = SK_ABI;
    SK__HEADER(k)[SK_H_UP_TO] = INT32_MAX;
    status = fill_fresh(k, SK_FIRST_FRESH);
  }
  if (status != 0) {
    sk_kernel_close(k);
    return status;
  }
  tell_capacities(k);
  *out = k;
  return 0;
}

void sk_kernel_close(sk_kernel_t *k) {
  if (k == NULL) return;
  sk_host_t host = k->host;
  sk__table_close(k, &k->tasks);
  sk__staging_close(k);
  sk__txn_close(k);
  sk__schedule_close(k);
  for (int block = SK_BLOCK_SHARED_COUNT - 1; block >= 0; block--)
    sk__memory_free(k, (enum sk_block)block, k->block[block].at, k->block[block].words,
                    sizeof(uint32_t));
  host.resize(host.context, SK_BLOCK_KERNEL, k, sizeof *k, 0);
}

uint32_t *sk_kernel_words(sk_kernel_t *k, enum sk_block block, size_t *words) {
  bool is_shared = (unsigned)block < SK_BLOCK_SHARED_COUNT;
  if (words != NULL) *words = is_shared ? k->block[block].words : 0;
  return is_shared ? k->block[block].at : NULL;
}

/* a - b, where b is a word that the caller may have damaged. */
static uint64_t less(uint64_t a, uint64_t b) {
  return b < a ? a - b : 0;
}

void sk_kernel_stats(const sk_kernel_t *k, sk_stats_t *out) {
  memset(out, 0, sizeof *out);
  out->nodes = less(k->nodes_taken, SK__HEADER(k)[SK_H_FRESH_LEN]);
  out->edges = k->edges;
  out->tasks = k->tasks.live;
  out->transactions = k->stagings.live;
  out->effects = k->effects;
  out->queued = less(k->queued, SK__HEADER(k)[SK_H_RUN_TAKEN]);
  out->bytes = k->bytes;
  out->marks = k->marks;
  out->links = k->links;
}

/* Most flushes find nothing to do here, and find that out by three comparisons. */
static int sync(sk_kernel_t *k) {
  const uint32_t *header = SK__HEADER(k);
  int status = 0;
  if (header[SK_H_REAPED] != 0) sk__graph_reap(k);
  if ((header[SK_H_JOURNAL_LEN] | k->journal_at | k->orphan) != 0) status = sk__journal_take(k);
  if (status == 0 && header[SK_H_FRESH_LEN] != SK_FIRST_FRESH)
    status = fill_fresh(k, SK_FIRST_FRESH);
  return status;
}

int sk_sync(sk_kernel_t *k) {
  int status = sync(k);
  SK__CHECKED(k, status);
  return status;
}

static int mark(sk_kernel_t *k) {
  uint32_t *header = SK__HEADER(k);
  const uint32_t *pending = k->block[SK_BLOCK_PENDING].at;
  uint32_t len = header[SK_H_PENDING_LEN];
  header[SK_H_PENDING_LEN] = 0;
  if (len > k->block[SK_BLOCK_PENDING].words) return SK_E_INVALID;
  for (uint32_t i = 0; i < len; i++)
    /* A source that was released since it was written has no readers to mark. */
    if (sk__graph_is(k, pending[i], 1u << SK_SIGNAL | 1u << SK_COMPUTED))
      sk__propagate_from(k, pending[i]);
  return 0;
}

int sk_mark(sk_kernel_t *k) {
  int status = sync(k);
  if (status == 0) status = mark(k);
  SK__CHECKED(k, status);
  return status;
}

/* Marks, and lists the due effects in RUN, by `list`. */
static int list_due(sk_kernel_t *k, int (*list)(sk_kernel_t *)) {
  int status = sync(k);
  /* Every effect may become due. */
  if (status == 0 && k->effect_slots > k->block[SK_BLOCK_RUN].words)
    status = sk__memory_block(k, SK_BLOCK_RUN, k->effect_slots);
  if (status == 0) status = mark(k);
  if (status == 0) status = list(k);
  SK__CHECKED(k, status);
  return status;
}

int sk_flush(sk_kernel_t *k) {
  return list_due(k, sk__schedule_fill);
}

int sk_plan(sk_kernel_t *k) {
  return list_due(k, sk__schedule_plan);
}

int sk_inspect(sk_kernel_t *k) {
  int status = sync(k);
  if (status == 0) status = sk__inspect_reserve(k);
  if (status == 0) status = mark(k);
  if (status == 0) sk__inspect_fill(k);
  SK__CHECKED(k, status);
  return status;
}

/* Room for `words` more behind the `used` ones, whose number the caller writes. */
static int reserve_behind(sk_kernel_t *k, enum sk_block block, uint32_t used, uint32_t words) {
  if (used > k->block[block].words) return SK_E_INVALID;
  if (words > UINT32_MAX - used) return SK_E_LIMIT;
  return sk__memory_block(k, block, used + words);
}

/* An edge needs a word of the journal: so all that waits there finds its slots, too. */
static int reserve_edges(sk_kernel_t *k, uint32_t count) {
  uint32_t waiting = SK__HEADER(k)[SK_H_JOURNAL_LEN];
  if (waiting > k->block[SK_BLOCK_JOURNAL].words) return SK_E_INVALID;
  if (count > SK_MAX_SLOTS) return SK_E_LIMIT;
  return sk__memory_reserve_slots(k, waiting + count);
}

int sk_reserve(sk_kernel_t *k, enum sk_block block, uint32_t words) {
  const uint32_t *header = SK__HEADER(k);
  int status = SK_E_INVALID;
  if (block == SK_BLOCK_FRESH)
    status = fill_fresh(k, words);
  else if (block == SK_BLOCK_SLOTS)
    status = reserve_edges(k, words);
  else if (block == SK_BLOCK_JOURNAL)
    status = reserve_behind(k, block, header[SK_H_JOURNAL_LEN], words);
  else if (block == SK_BLOCK_PENDING)
    status = reserve_behind(k, block, header[SK_H_PENDING_LEN], words);
  else if (block == SK_BLOCK_TXN)
    status = reserve_behind(k, block, header[SK_H_TXN_LEN], words);
  tell_capacities(k);
  SK__CHECKED(k, status);
  return status;
}
