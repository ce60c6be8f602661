/*
 * caller.c - see caller.h. What fails ends the program: a count of something else is worth nothing.
 */
#include "caller.h"

#include <stdio.h>
#include <stdlib.h>

static void must(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "guard: %s\n", what);
  exit(1);
}

static void *resize(void *context, enum sk_block block, void *old, size_t old_bytes,
                    size_t new_bytes) {
  (void)context;
  (void)block;
  (void)old_bytes;
  if (new_bytes != 0) return realloc(old, new_bytes);
  free(old);
  return NULL;
}

static void look_again(caller_t *c) {
  for (int block = 0; block < SK_BLOCK_SHARED_COUNT; block++) {
    size_t length = 0;
    c->words[block] = sk_kernel_words(c->kernel, (enum sk_block)block, &length);
  }
  c->words[SK_BLOCK_HEADER][SK_H_REMADE] = 0;
}

static void after_call(caller_t *c, int status) {
  must(status >= 0, "a call of the kernel failed");
  uint32_t *header = c->words[SK_BLOCK_HEADER];
  if (header[SK_H_REMADE] != 0) look_again(c);
  if (header[SK_H_RELEASED] != 0) header[SK_H_REAPED] = 1;
}

void caller_open(caller_t *c) {
  sk_host_t host = {NULL, resize};
  must(sk_kernel_open(&host, &c->kernel) == 0, "no kernel");
  look_again(c);
}

void caller_close(caller_t *c) {
  sk_kernel_close(c->kernel);
  c->kernel = NULL;
}

void caller_sync(caller_t *c) {
  after_call(c, sk_sync(c->kernel));
}

static sk_id_t take(caller_t *c) {
  uint32_t *header = c->words[SK_BLOCK_HEADER];
  if (header[SK_H_FRESH_LEN] == 0) caller_sync(c);
  header = c->words[SK_BLOCK_HEADER];
  must(header[SK_H_FRESH_LEN] != 0, "no fresh ids");
  return c->words[SK_BLOCK_FRESH][--header[SK_H_FRESH_LEN]];
}

/* Room for an entry of so many words. */
static uint32_t *entry(caller_t *c, uint32_t words) {
  uint32_t *header = c->words[SK_BLOCK_HEADER];
  if (header[SK_H_JOURNAL_LEN] + words > header[SK_H_JOURNAL_CAP]) {
    caller_sync(c);
    if (words > header[SK_H_JOURNAL_CAP])
      after_call(c, sk_reserve(c->kernel, SK_BLOCK_JOURNAL, words));
  }
  uint32_t *at = c->words[SK_BLOCK_JOURNAL] + header[SK_H_JOURNAL_LEN];
  header[SK_H_JOURNAL_LEN] += words;
  return at;
}

static uint32_t *node(caller_t *c, sk_id_t id) {
  return c->words[SK_BLOCK_SLOTS] + id;
}

sk_id_t caller_signal(caller_t *c) {
  sk_id_t id = take(c);
  node(c, id)[SK_N_FLAGS] = SK_SIGNAL;
  return id;
}

void caller_link(caller_t *c, sk_id_t reader, uint32_t count, const sk_id_t *sources) {
  uint32_t *at = entry(c, count + 5);
  at[0] = SK_OP_LINK;
  at[1] = reader;
  at[2] = node(c, reader)[SK_N_GENERATION];
  at[3] = 0;
  at[4] = count;
  for (uint32_t i = 0; i < count; i++) at[5 + i] = sources[i];
  node(c, reader)[SK_N_FLAGS] |= SK_RELINKED;
}

sk_id_t caller_computed(caller_t *c, uint32_t count, const sk_id_t *sources) {
  sk_id_t id = take(c);
  node(c, id)[SK_N_FLAGS] = SK_COMPUTED;
  caller_link(c, id, count, sources);
  return id;
}

sk_id_t caller_effect(caller_t *c, int32_t priority, uint32_t count, const sk_id_t *sources) {
  sk_id_t id = take(c);
  uint32_t *at = entry(c, 3);
  at[0] = SK_OP_EFFECT;
  at[1] = id;
  at[2] = (uint32_t)priority;
  caller_link(c, id, count, sources);
  return id;
}

void caller_dispose(caller_t *c, sk_id_t effect) {
  uint32_t *at = entry(c, 3);
  at[0] = SK_OP_DISPOSE;
  at[1] = effect;
  at[2] = node(c, effect)[SK_N_GENERATION];
}

void caller_write(caller_t *c, sk_id_t source) {
  uint32_t *header = c->words[SK_BLOCK_HEADER];
  if (header[SK_H_PENDING_LEN] == header[SK_H_PENDING_CAP])
    after_call(c, sk_reserve(c->kernel, SK_BLOCK_PENDING, 1));
  c->words[SK_BLOCK_PENDING][header[SK_H_PENDING_LEN]++] = source;
}

void caller_log(caller_t *c, sk_id_t source) {
  uint32_t *header = c->words[SK_BLOCK_HEADER];
  if (header[SK_H_TXN_LEN] == header[SK_H_TXN_CAP])
    after_call(c, sk_reserve(c->kernel, SK_BLOCK_TXN, 1));
  c->words[SK_BLOCK_TXN][header[SK_H_TXN_LEN]++] = source;
  node(c, source)[SK_N_PINS]++;
}

/* What runs leave: nothing is stale. */
static void settle(caller_t *c) {
  size_t length = 0;
  uint32_t *slots = sk_kernel_words(c->kernel, SK_BLOCK_SLOTS, &length);
  for (size_t id = SK_SLOT_WORDS; id < length; id += SK_SLOT_WORDS)
    if ((slots[id] & SK_TAG_MASK) == SK_COMPUTED) slots[id] &= ~(uint32_t)SK_STALE;
}

uint32_t caller_flush(caller_t *c) {
  uint32_t due = 0;
  for (;;) {
    int count = sk_flush(c->kernel);
    after_call(c, count);
    if (count == 0) return due;
    uint32_t *header = c->words[SK_BLOCK_HEADER];
    for (int i = 0; i < count; i++) {
      sk_id_t id = c->words[SK_BLOCK_RUN][i];
      header[SK_H_RUN_TAKEN] = (uint32_t)i + 1;
      node(c, id)[SK_N_FLAGS] &= ~(uint32_t)SK_QUEUED;
    }
    settle(c);
    due += (uint32_t)count;
  }
}
