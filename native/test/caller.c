/*
 * caller.c - see caller.h.
 */
#include "caller.h"

#include <string.h>

/* Above so many words of slots only the build flag checks: checking is linear. */
enum { CHECKED_WORDS = 1 << 19 };

/* Views, capacities and memory after a call. */
static void look_again(caller_t *c) {
  uint32_t *header = sk_kernel_words(c->kernel, SK_BLOCK_HEADER, &c->length[SK_BLOCK_HEADER]);
  CHECK(c->words[SK_BLOCK_HEADER] == NULL || c->words[SK_BLOCK_HEADER] == header);
  c->words[SK_BLOCK_HEADER] = header;
  for (int block = SK_BLOCK_HEADER + 1; block < SK_BLOCK_SHARED_COUNT; block++) {
    size_t length = 0;
    uint32_t *at = sk_kernel_words(c->kernel, (enum sk_block)block, &length);
    bool moved = at != c->words[block] || length != c->length[block];
    CHECK_EQ(header[SK_H_REMADE] >> block & 1u, moved);
    c->words[block] = at;
    c->length[block] = length;
  }
  header[SK_H_REMADE] = 0;
  CHECK_EQ(header[SK_H_JOURNAL_CAP], c->length[SK_BLOCK_JOURNAL]);
  CHECK_EQ(header[SK_H_PENDING_CAP], c->length[SK_BLOCK_PENDING]);
  CHECK_EQ(header[SK_H_TXN_CAP], c->length[SK_BLOCK_TXN]);
  sk_stats_t stats = caller_stats(c);
  CHECK_EQ(stats.bytes, c->host.bytes);
}

static void reap(caller_t *c) {
  for (sk_id_t id = *caller_header(c, SK_H_RELEASED); id != 0;
       id = *caller_word(c, id, SK_N_NEXT)) {
    CHECK(caller_has(c, id, SK_DEAD));
    if (c->on_release != NULL) c->on_release(c->context, id);
    if (c->released_len == c->released_cap) {
      uint32_t cap = c->released_cap == 0 ? 64 : c->released_cap * 2;
      c->released =
          test_grow(c->released, c->released_cap * sizeof(sk_id_t), cap * sizeof(sk_id_t));
      c->released_cap = cap;
    }
    c->released[c->released_len++] = id;
  }
  *caller_header(c, SK_H_REAPED) = 1;
}

static void after_call(caller_t *c) {
  look_again(c);
  uint32_t slots = (uint32_t)(c->length[SK_BLOCK_SLOTS] / SK_SLOT_WORDS);
  if (slots > c->labels_len) {
    c->labels = test_grow(c->labels, c->labels_len * sizeof(uint32_t), slots * sizeof(uint32_t));
    c->labels_len = slots;
  }
  if (c->length[SK_BLOCK_SLOTS] <= CHECKED_WORDS) CHECK_SOUND(c->kernel);
  if (c->reaps && *caller_header(c, SK_H_RELEASED) != 0 && *caller_header(c, SK_H_REAPED) == 0)
    reap(c);
}

int caller_open_kernel(caller_t *c) {
  uint32_t refused = c->host.refused;
  int status = sk_kernel_open(&c->host.host, &c->kernel);
  /* The other way round does not hold: what the journal disposes may make the room. */
  if (status == SK_E_NO_MEMORY) CHECK(c->host.refused != refused);
  CHECK_EQ(status == 0, c->kernel != NULL);
  if (status != 0) return status;
  after_call(c);
  CHECK_EQ(*caller_header(c, SK_H_ABI), SK_ABI);
  return 0;
}

caller_t *caller_open(void) {
  caller_t *c = test_alloc(sizeof *c);
  test_host_open(&c->host);
  c->reaps = true;
  CHECK_EQ(caller_open_kernel(c), 0);
  return c;
}

void caller_close(caller_t *c) {
  CHECK_SOUND(c->kernel);
  sk_kernel_close(c->kernel);
  c->kernel = NULL;
  test_host_close(&c->host);
}

/* ---- words */

sk_id_t caller_edge(caller_t *c, sk_id_t reader, uint32_t at) {
  sk_id_t edge = *caller_word(c, reader, SK_N_DEPS);
  while (at-- > 0) edge = *caller_word(c, edge, SK_E_NEXT_DEP);
  return edge;
}

uint32_t caller_dependencies(caller_t *c, sk_id_t reader, sk_id_t *out, uint32_t max) {
  uint32_t count = 0;
  for (sk_id_t edge = caller_edge(c, reader, 0); edge != 0;
       edge = *caller_word(c, edge, SK_E_NEXT_DEP)) {
    if (count < max) out[count] = *caller_word(c, edge, SK_E_DEP);
    count++;
  }
  return count;
}

uint32_t caller_readers(caller_t *c, sk_id_t source, sk_id_t *out, uint32_t max) {
  uint32_t count = 0;
  for (sk_id_t edge = *caller_word(c, source, SK_N_SUBS); edge != 0;
       edge = *caller_word(c, edge, SK_E_NEXT_SUB)) {
    if (count < max) out[count] = *caller_word(c, edge, SK_E_SUB);
    count++;
  }
  return count;
}

bool caller_reads(caller_t *c, sk_id_t reader, uint32_t count, const sk_id_t *sources) {
  sk_id_t found[64];
  CHECK(count <= 64);
  return caller_dependencies(c, reader, found, 64) == count &&
         (count == 0 || memcmp(found, sources, count * sizeof(sk_id_t)) == 0);
}

bool caller_is_read(caller_t *c, sk_id_t source, uint32_t count, const sk_id_t *readers) {
  sk_id_t found[64];
  CHECK(count <= 64);
  return caller_readers(c, source, found, 64) == count &&
         (count == 0 || memcmp(found, readers, count * sizeof(sk_id_t)) == 0);
}

sk_stats_t caller_stats(caller_t *c) {
  sk_stats_t stats;
  sk_kernel_stats(c->kernel, &stats);
  return stats;
}

/* ---- calls */

bool caller_repeats(caller_t *c, int status, uint32_t refused) {
  after_call(c);
  /* The other way round does not hold: what the journal disposes may make the room. */
  if (status == SK_E_NO_MEMORY) CHECK(c->host.refused != refused);
  if (status != SK_E_NO_MEMORY || !c->repeats) return false;
  if (c->patience > 0)
    c->patience--;
  else
    test_host_relieve(&c->host);
  c->repeated++;
  return true;
}

int caller_call(caller_t *c, int (*call)(sk_kernel_t *)) {
  for (;;) {
    uint32_t refused = c->host.refused;
    int status = call(c->kernel);
    if (!caller_repeats(c, status, refused)) return status;
  }
}

int caller_reserve(caller_t *c, enum sk_block block, uint32_t words) {
  for (;;) {
    uint32_t refused = c->host.refused;
    int status = sk_reserve(c->kernel, block, words);
    if (!caller_repeats(c, status, refused)) return status;
  }
}

void caller_sync(caller_t *c) {
  CHECK_EQ(caller_call(c, sk_sync), 0);
}

void caller_mark(caller_t *c) {
  CHECK_EQ(caller_call(c, sk_mark), 0);
}

uint32_t caller_flush(caller_t *c) {
  int count = caller_call(c, sk_flush);
  CHECK(count >= 0);
  CHECK_EQ(*caller_header(c, SK_H_RUN_LEN), count);
  CHECK_EQ(*caller_header(c, SK_H_RUN_TAKEN), 0);
  CHECK_EQ(*caller_header(c, SK_H_QUEUED) + (uint32_t)count, caller_stats(c).queued);
  return (uint32_t)count;
}

uint32_t caller_flush_up_to(caller_t *c, int32_t up_to) {
  *caller_header(c, SK_H_UP_TO) = (uint32_t)up_to;
  uint32_t listed = caller_flush(c);
  *caller_header(c, SK_H_UP_TO) = INT32_MAX;
  return listed;
}

uint32_t caller_flush_oldest(caller_t *c, int32_t later_than) {
  *caller_header(c, SK_H_OLDEST) = 1;
  uint32_t listed = caller_flush_up_to(c, later_than);
  CHECK_EQ(*caller_header(c, SK_H_OLDEST), 0);
  CHECK(listed <= 1);
  return listed;
}

/* ---- journal and lists */

sk_id_t caller_take(caller_t *c) {
  if (*caller_header(c, SK_H_FRESH_LEN) == 0) caller_sync(c);
  uint32_t left = --*caller_header(c, SK_H_FRESH_LEN);
  sk_id_t id = c->words[SK_BLOCK_FRESH][left];
  CHECK(id != 0 && id % SK_SLOT_WORDS == 0 && id < c->length[SK_BLOCK_SLOTS]);
  CHECK_EQ(*caller_word(c, id, SK_N_FLAGS) & SK_TAG_MASK, SK_TAKEN);
  for (uint32_t at = SK_N_DEPS; at < SK_N_GENERATION; at++) CHECK_EQ(*caller_word(c, id, at), 0);
  c->labels[id / SK_SLOT_WORDS] = ++c->last_label;
  return id;
}

sk_id_t caller_signal(caller_t *c) {
  sk_id_t id = caller_take(c);
  *caller_word(c, id, SK_N_FLAGS) = SK_SIGNAL;
  return id;
}

sk_id_t caller_computed(caller_t *c) {
  sk_id_t id = caller_take(c);
  *caller_word(c, id, SK_N_FLAGS) = SK_COMPUTED;
  return id;
}

/* Room for `count` words: by a call that takes the journal, and by a longer one if need be. */
static uint32_t *journal_room(caller_t *c, uint32_t count) {
  if (*caller_header(c, SK_H_JOURNAL_LEN) + count > *caller_header(c, SK_H_JOURNAL_CAP)) {
    caller_sync(c);
    if (count > *caller_header(c, SK_H_JOURNAL_CAP))
      CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, count), 0);
  }
  uint32_t *at = c->words[SK_BLOCK_JOURNAL] + *caller_header(c, SK_H_JOURNAL_LEN);
  *caller_header(c, SK_H_JOURNAL_LEN) += count;
  return at;
}

void caller_entry(caller_t *c, uint32_t count, const uint32_t *words) {
  memcpy(journal_room(c, count), words, count * sizeof *words);
}

sk_id_t caller_effect(caller_t *c, int32_t priority) {
  sk_id_t id = caller_take(c);
  caller_entry(c, IDS(SK_OP_EFFECT, id, (uint32_t)priority));
  return id;
}

void caller_link(caller_t *c, sk_id_t reader, sk_id_t keep, uint32_t count,
                 const sk_id_t *sources) {
  uint32_t *entry = journal_room(c, 5 + count);
  *caller_word(c, reader, SK_N_FLAGS) |= SK_RELINKED;
  entry[0] = SK_OP_LINK;
  entry[1] = reader;
  entry[2] = caller_generation(c, reader);
  entry[3] = keep;
  entry[4] = count;
  if (count > 0) memcpy(entry + 5, sources, count * sizeof *sources);
}

void caller_dispose(caller_t *c, sk_id_t effect) {
  caller_entry(c, IDS(SK_OP_DISPOSE, effect, caller_generation(c, effect)));
}

void caller_wake(caller_t *c, sk_id_t effect) {
  caller_entry(c, IDS(SK_OP_WAKE, effect, caller_generation(c, effect)));
}

void caller_write(caller_t *c, sk_id_t source) {
  if (*caller_header(c, SK_H_PENDING_LEN) == *caller_header(c, SK_H_PENDING_CAP))
    CHECK_EQ(caller_reserve(c, SK_BLOCK_PENDING, 1), 0);
  c->words[SK_BLOCK_PENDING][(*caller_header(c, SK_H_PENDING_LEN))++] = source;
}

void caller_log(caller_t *c, sk_id_t source) {
  if (*caller_header(c, SK_H_TXN_LEN) == *caller_header(c, SK_H_TXN_CAP))
    CHECK_EQ(caller_reserve(c, SK_BLOCK_TXN, 1), 0);
  c->words[SK_BLOCK_TXN][(*caller_header(c, SK_H_TXN_LEN))++] = source;
  ++*caller_word(c, source, SK_N_PINS);
  caller_write(c, source);
}

/* ---- the run loop */

sk_id_t caller_next(caller_t *c) {
  while (*caller_header(c, SK_H_RUN_TAKEN) < *caller_header(c, SK_H_RUN_LEN)) {
    sk_id_t effect = c->words[SK_BLOCK_RUN][(*caller_header(c, SK_H_RUN_TAKEN))++];
    uint32_t *flags = caller_word(c, effect, SK_N_FLAGS);
    CHECK_EQ(*flags & SK_TAG_MASK, SK_EFFECT);
    CHECK((*flags & SK_QUEUED) != 0);
    *flags &= ~(uint32_t)SK_QUEUED;
    if ((*flags & SK_DEAD) == 0) return effect;
  }
  return 0;
}

/* The nodes whose dependencies are still to be looked at; a chain of any depth fits. */
typedef struct stack {
  sk_id_t *at;
  uint32_t len;
  uint32_t cap;
} stack_t;

static void stack_push(stack_t *stack, sk_id_t id) {
  if (stack->len == stack->cap) {
    uint32_t cap = stack->cap == 0 ? 64 : stack->cap * 2;
    stack->at = test_grow(stack->at, stack->cap * sizeof(sk_id_t), cap * sizeof(sk_id_t));
    stack->cap = cap;
  }
  stack->at[stack->len++] = id;
}

void caller_settle(caller_t *c, sk_id_t reader) {
  stack_t stack = {NULL, 0, 0};
  *caller_word(c, reader, SK_N_FLAGS) &= ~(uint32_t)SK_STALE;
  sk_id_t node = reader;
  for (;;) {
    for (sk_id_t edge = caller_edge(c, node, 0); edge != 0;
         edge = *caller_word(c, edge, SK_E_NEXT_DEP)) {
      sk_id_t dep = *caller_word(c, edge, SK_E_DEP);
      if (!caller_has(c, dep, SK_STALE)) continue;
      *caller_word(c, dep, SK_N_FLAGS) &= ~(uint32_t)SK_STALE;
      stack_push(&stack, dep);
    }
    if (stack.len == 0) return;
    node = stack.at[--stack.len];
  }
}

uint32_t caller_drain(caller_t *c, sk_id_t *ran, uint32_t max) {
  uint32_t count = 0;
  while (caller_flush(c) > 0) {
    for (sk_id_t effect = caller_next(c); effect != 0; effect = caller_next(c)) {
      caller_settle(c, effect);
      if (count < max) ran[count] = effect;
      count++;
    }
  }
  return count;
}
