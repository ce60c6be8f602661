/*
 * words.c - every call of the header with arguments of any kind, over words that no honest caller would
 * write, and with memory that is refused.
 *
 * What the header says that the kernel trusts is kept: flags of nodes of the caller's own. Everything else
 * in the shared words is written at random. No call may crash; each answers 0 or more, or one of its
 * codes; and whatever was damaged, once HEADER is put right the kernel is sound, and a new effect runs.
 *
 * A `wild` program also damages what only spoils the caller's own plans (which ids it takes, what its
 * log says, pins): the graph need not be what anybody meant then, and is not checked.
 */
#include "fuzz.h"
#include "host.h"
#include "test.h"

enum { IDS = 64, HANDLES = 12, RESERVED = 3000 };

typedef struct world {
  test_host_t host;
  sk_kernel_t *kernel;
  test_random_t random;
  bool wild;
  sk_id_t ids[IDS]; /* taken so far, the newest over the oldest */
  uint32_t ids_len;
  int depth; /* of open transactions */
  uint64_t stagings[HANDLES];
  uint64_t tasks[HANDLES];
  /* A word of HEADER that is damaged for the next call, and what it was. */
  uint32_t damaged;
  uint32_t was;
  uint32_t now;
} world_t;

static uint32_t below(world_t *w, uint32_t bound) {
  return test_random_below(&w->random, bound);
}

static uint32_t *words(world_t *w, enum sk_block block, size_t *length) {
  return sk_kernel_words(w->kernel, block, length);
}

static uint32_t *header(world_t *w, enum sk_header at) {
  return words(w, SK_BLOCK_HEADER, NULL) + at;
}

static uint32_t *slot(world_t *w, sk_id_t id) {
  size_t length = 0;
  uint32_t *slots = words(w, SK_BLOCK_SLOTS, &length);
  return id != 0 && id % SK_SLOT_WORDS == 0 && id < length ? slots + id : NULL;
}

static uint32_t tag(world_t *w, sk_id_t id) {
  const uint32_t *at = slot(w, id);
  return at == NULL || (at[0] & SK_TAG_MASK) == SK_EDGE ? (uint32_t)SK_EDGE : at[0] & SK_TAG_MASK;
}

static sk_id_t an_id(world_t *w) {
  uint32_t what = below(w, 16);
  if (what < 13) return w->ids[below(w, IDS)];
  if (what == 13) return below(w, 600) * SK_SLOT_WORDS;
  return test_random_next(&w->random);
}

/* Small, around a limit, or anything. */
static uint32_t a_number(world_t *w) {
  static const uint32_t LIMITS[] = {0, 255, 256, 257, 4095, 4096, 1u << 27, INT32_MAX, 1u << 31};
  uint32_t what = below(w, 4);
  if (what == 0) return test_random_next(&w->random);
  if (what == 1) return LIMITS[below(w, 9)] + below(w, 3) - 1;
  return below(w, 64);
}

/* ---- words */

static void take(world_t *w) {
  static const uint32_t TAGS[] = {SK_SIGNAL, SK_SIGNAL, SK_COMPUTED, SK_COMPUTED, SK_TAKEN};
  size_t length = 0;
  const uint32_t *fresh = words(w, SK_BLOCK_FRESH, &length);
  uint32_t left = *header(w, SK_H_FRESH_LEN);
  uint32_t kind = TAGS[below(w, 5)];
  if (left == 0 || left > length) return;
  sk_id_t id = fresh[--*header(w, SK_H_FRESH_LEN)];
  if (tag(w, id) != SK_TAKEN) return;
  if (kind != SK_TAKEN) *slot(w, id) = kind;
  w->ids[w->ids_len++ % IDS] = id;
}

/* An entry that may be right: its words are the caller's own ids, or anything. */
static void enter(world_t *w) {
  size_t room = 0;
  uint32_t *journal = words(w, SK_BLOCK_JOURNAL, &room);
  uint32_t *len = header(w, SK_H_JOURNAL_LEN);
  uint32_t entry[16];
  uint32_t count = below(w, 8);
  sk_id_t id = an_id(w);
  const uint32_t *node = slot(w, id);
  entry[0] = 1 + below(w, 4);
  if (below(w, 32) == 0) entry[0] = a_number(w);
  entry[1] = id;
  entry[2] = node == NULL || below(w, 16) == 0 ? a_number(w) : node[SK_N_GENERATION];
  if (entry[0] == SK_OP_EFFECT) entry[2] = below(w, 5) - 2;
  entry[3] = below(w, 3) != 0 || node == NULL ? 0 : node[SK_N_DEPS];
  if (below(w, 32) == 0) entry[3] = an_id(w);
  entry[4] = below(w, 32) == 0 ? a_number(w) : count;
  for (uint32_t i = 0; i < count; i++) entry[5 + i] = an_id(w);
  uint32_t size = entry[0] == SK_OP_LINK ? 5 + count : 3;
  for (uint32_t i = 0; i < size && *len < room; i++) journal[(*len)++] = entry[i];
  if (entry[0] == SK_OP_LINK && (tag(w, id) == SK_COMPUTED || tag(w, id) == SK_EFFECT))
    *slot(w, id) |= SK_RELINKED;
}

static void write_one(world_t *w) {
  size_t room = 0;
  uint32_t *pending = words(w, SK_BLOCK_PENDING, &room);
  uint32_t *len = header(w, SK_H_PENDING_LEN);
  if (*len < room) pending[(*len)++] = an_id(w);
}

static bool is_live_source(world_t *w, sk_id_t id) {
  uint32_t kind = tag(w, id);
  return (kind == SK_SIGNAL || kind == SK_COMPUTED) && (*slot(w, id) & SK_DEAD) == 0;
}

/* An entry of the log, with its pin; a wild one of anything, or without. */
static void append_to_log(world_t *w) {
  size_t room = 0;
  uint32_t *log = words(w, SK_BLOCK_TXN, &room);
  uint32_t *len = header(w, SK_H_TXN_LEN);
  sk_id_t id = an_id(w);
  if (*len >= room || (w->depth == 0 && !w->wild)) return;
  if (is_live_source(w, id))
    slot(w, id)[SK_N_PINS]++;
  else if (!w->wild)
    return;
  log[(*len)++] = id;
  if (w->wild && below(w, 4) == 0 && slot(w, id) != NULL && is_live_source(w, id))
    slot(w, id)[SK_N_PINS] = a_number(w);
}

static void take_from_run(world_t *w, uint32_t most) {
  size_t length = 0;
  const uint32_t *run = words(w, SK_BLOCK_RUN, &length);
  for (; most > 0; most--) {
    uint32_t at = *header(w, SK_H_RUN_TAKEN);
    if (at >= *header(w, SK_H_RUN_LEN) || at >= length || tag(w, run[at]) != SK_EFFECT) return;
    *slot(w, run[at]) &= ~(uint32_t)SK_QUEUED;
    *header(w, SK_H_RUN_TAKEN) = at + 1;
  }
}

static void flag(world_t *w) {
  sk_id_t id = an_id(w);
  if (tag(w, id) == SK_COMPUTED) *slot(w, id) ^= (below(w, 2) == 0 ? SK_STALE : SK_CYCLIC);
}

static void write_version(world_t *w) {
  size_t length = 0;
  uint32_t *versions = words(w, SK_BLOCK_VERSIONS, &length);
  uint32_t at = below(w, 16) * SK_VERSION_WORDS;
  if (at + SK_V_HIGH < length) versions[at + below(w, 2)] = a_number(w);
}

/* One word of HEADER for the length of a call. What would have the caller name an id twice, or another
   part of its log, is for the wild. */
static void damage(world_t *w) {
  static const uint32_t TAME[] = {
      SK_H_ABI,         SK_H_REMADE, SK_H_JOURNAL_LEN, SK_H_JOURNAL_CAP, SK_H_PENDING_LEN,
      SK_H_PENDING_CAP, SK_H_QUEUED, SK_H_RUN_TAKEN,   SK_H_TXN_CAP,     SK_H_RELEASED,
      SK_H_REAPED,      SK_H_UP_TO,  SK_H_OLDEST};
  uint32_t what = below(w, 16);
  uint32_t at = what < 13 ? TAME[what] : what == 13 ? SK_H_FRESH_LEN : SK_H_TXN_LEN;
  uint32_t value = a_number(w);
  size_t room = 0;
  if (!w->wild && what >= 13) {
    words(w, at == SK_H_TXN_LEN ? SK_BLOCK_TXN : SK_BLOCK_FRESH, &room);
    if (value <= room) value += (uint32_t)room + 1;
  }
  w->damaged = at;
  w->was = *header(w, (enum sk_header)at);
  w->now = *header(w, (enum sk_header)at) = value;
}

/* Words of FRESH and TXN, which the kernel does not have to understand. */
static void damage_lists(world_t *w) {
  size_t length = 0;
  uint32_t *at = words(w, below(w, 2) == 0 ? SK_BLOCK_FRESH : SK_BLOCK_TXN, &length);
  uint32_t value = an_id(w);
  at[below(w, 64) % length] = value;
}

/* ---- calls */

static int call_staging(world_t *w, uint32_t what) {
  uint64_t *handle = &w->stagings[below(w, HANDLES)];
  uint64_t clock = a_number(w);
  uint64_t other = below(w, 8) == 0 ? (uint64_t)a_number(w) << below(w, 33) : *handle;
  uint64_t order = 0;
  if (what == 0) return sk_staging_open(w->kernel, below(w, 2) == 0 ? 0 : other, clock, handle);
  if (what == 1) return sk_staging_commit(w->kernel, other, clock, &order);
  if (what == 2) return sk_staging_discard(w->kernel, other);
  if (what == 3) return sk_staging_check(w->kernel, other, below(w, 5));
  return sk_staging_touch(w->kernel, other, an_id(w), below(w, 5), clock);
}

static int call_task(world_t *w) {
  uint64_t *handle = &w->tasks[below(w, HANDLES)];
  uint64_t version = a_number(w);
  enum sk_task_state state = (enum sk_task_state)a_number(w);
  switch (below(w, 8)) {
    case 0:
      return sk_task_create(w->kernel, (enum sk_task_kind)below(w, 3), handle);
    case 1:
      return sk_task_start(w->kernel, *handle, &version);
    case 2:
      return sk_task_emit(w->kernel, *handle, version);
    case 3:
      return sk_task_settle(w->kernel, *handle, version, state);
    case 4:
      return sk_task_cancel(w->kernel, *handle);
    case 5:
      return sk_task_seed(w->kernel, *handle, version, state, &version);
    case 6:
      return sk_task_inspect(w->kernel, *handle, &state, &version);
    default:
      return sk_task_dispose(w->kernel, (uint64_t)a_number(w) << below(w, 33) | *handle);
  }
}

static int call_reserve(world_t *w) {
  enum sk_block block = (enum sk_block)below(w, SK_BLOCK_COUNT + 2);
  uint32_t count = a_number(w);
  /* What could be had is kept small, or the checker takes long. */
  if (count > RESERVED && count < 1u << 24) count %= RESERVED;
  w->host.limit = 1u << 22;
  int status = sk_reserve(w->kernel, block, count);
  w->host.limit = 0;
  return status;
}

static int call_transaction(world_t *w, uint32_t what) {
  int status = what == 0   ? sk_txn_begin(w->kernel)
               : what == 1 ? sk_txn_commit(w->kernel)
                           : sk_txn_rollback(w->kernel);
  if (what > 0 && status == SK_E_STATE) CHECK_EQ(w->depth, 0);
  if (what > 0 && status >= 0) w->depth--;
  if (what == 0 && status > 0) CHECK_EQ(status, ++w->depth);
  return status;
}

static int call(world_t *w) {
  static int (*const PLAIN[])(sk_kernel_t *) = {sk_sync,  sk_sync,  sk_mark, sk_flush,
                                                sk_flush, sk_flush, sk_plan};
  uint32_t what = below(w, 20);
  if (below(w, 8) == 0) w->host.refuse_at = w->host.requests + 1 + below(w, 3);
  int status = what < 7    ? PLAIN[what](w->kernel)
               : what < 10 ? call_transaction(w, what - 7)
               : what < 17 ? call_staging(w, what - 10)
               : what < 19 ? call_reserve(w)
                           : call_task(w);
  test_host_relieve(&w->host);
  return status;
}

/* ---- programs */

/* The words that the caller can put right, it does. */
static void repair(world_t *w) {
  if (w->damaged < SK_H_WORDS && *header(w, (enum sk_header)w->damaged) == w->now)
    *header(w, (enum sk_header)w->damaged) = w->was;
  w->damaged = SK_H_WORDS;
}

static void look(world_t *w, int status) {
  sk_stats_t stats;
  CHECK(status >= SK_E_STATE);
  sk_kernel_stats(w->kernel, &stats);
  CHECK_EQ(stats.bytes, w->host.bytes);
  repair(w);
  const char *fault = sk_kernel_check(w->kernel);
  if (fault != NULL && !w->wild) test_fail(__FILE__, __LINE__, "does not hold: %s", fault);
}

static void step(world_t *w) {
  static void (*const STEPS[])(world_t *) = {take,  take,      take,          enter, enter,
                                             enter, write_one, append_to_log, flag,  write_version};
  uint32_t what = below(w, 16);
  if (what < 10)
    STEPS[what](w);
  else if (what == 10)
    take_from_run(w, below(w, 4));
  else if (what == 11 && w->damaged == SK_H_WORDS)
    damage(w);
  else if (what == 12 && w->wild)
    damage_lists(w);
  else if (what == 13)
    *header(w, SK_H_REAPED) = 1;
  else
    look(w, call(w));
}

static void enter_words(world_t *w, uint32_t count, const uint32_t *entry) {
  uint32_t *journal = words(w, SK_BLOCK_JOURNAL, NULL) + *header(w, SK_H_JOURNAL_LEN);
  for (uint32_t i = 0; i < count; i++) journal[i] = entry[i];
  *header(w, SK_H_JOURNAL_LEN) += count;
}

/* A new signal, an effect that reads it, a write: the effect is among those that are due. */
static void works(world_t *w) {
  CHECK(sk_sync(w->kernel) >= SK_E_INVALID);
  CHECK_EQ(sk_sync(w->kernel), 0);
  const uint32_t *fresh = words(w, SK_BLOCK_FRESH, NULL);
  sk_id_t signal = fresh[--*header(w, SK_H_FRESH_LEN)];
  sk_id_t effect = fresh[--*header(w, SK_H_FRESH_LEN)];
  *slot(w, signal) = SK_SIGNAL;
  enter_words(w, 3, (const uint32_t[]){SK_OP_EFFECT, effect, 0});
  enter_words(
      w, 6, (const uint32_t[]){SK_OP_LINK, effect, slot(w, effect)[SK_N_GENERATION], 0, 1, signal});
  CHECK_EQ(sk_sync(w->kernel), 0);
  CHECK_EQ(*header(w, SK_H_JOURNAL_LEN), 0);
  *header(w, SK_H_PENDING_LEN) = 1;
  words(w, SK_BLOCK_PENDING, NULL)[0] = signal;
  *header(w, SK_H_UP_TO) = INT32_MAX;
  bool ran = false;
  for (int count = sk_flush(w->kernel); count != 0; count = sk_flush(w->kernel)) {
    CHECK(count > 0);
    for (int i = 0; i < count; i++) ran |= words(w, SK_BLOCK_RUN, NULL)[i] == effect;
    take_from_run(w, UINT32_MAX);
  }
  CHECK(ran);
}

void fuzz_words(const unsigned char *bytes, size_t length) {
  world_t *w = test_alloc(sizeof *w);
  test_host_open(&w->host);
  w->random = (test_random_t){0, bytes, length};
  w->wild = below(w, 4) == 0;
  w->damaged = SK_H_WORDS;
  CHECK_EQ(sk_kernel_open(&w->host.host, &w->kernel), 0);
  for (uint32_t at = 0; at < 1000 && test_random_has(&w->random); at++) {
    test_note("step %u", (unsigned)at);
    step(w);
  }
  repair(w);
  if (!w->wild) works(w);
  sk_kernel_close(w->kernel);
  test_host_close(&w->host);
}
