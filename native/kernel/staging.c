/*
 * staging.c - what asynchronous transactions have read and written, and whether that still holds.
 *
 *      staging     first -> touch -> touch -> touch        in the order of touching
 *      buckets     [ . -> touch -> touch | . | . -> touch ]  by (transaction, signal)
 *      VERSIONS    [ low high touches - ]                    one record for each signal touched
 *
 * A transaction that began at the clock B conflicts on a signal when that was written after B:
 *
 *   1  outermost: when the signal's record in VERSIONS, which the caller keeps, is later than B
 *   2  inner: when the outer transaction's own touch of the signal has a stamp later than B; what
 *      was committed outside meanwhile is the outer one's affair, since the touch becomes its own
 *
 * So a check looks at each touch once, and costs the size of the set whatever else is open.
 *
 * Invariants: a pair of transaction and signal has at most one touch; the third word of a record is
 * the number of touches of its signal, each of which is also one of its pins; a record is free
 * exactly when that is 0, and then no slot names it.
 */
#include "kernel.h"

static sk__staging_t *find(const sk_kernel_t *k, sk_staging_t staging) {
  return (sk__staging_t *)sk__table_find(&k->stagings, staging);
}

static uint32_t bucket_of(const sk_kernel_t *k, uint32_t staging, sk_id_t node) {
  /* Fibonacci hashing of both words; ids are multiples of the slot size. */
  uint32_t hash = (node / SK_SLOT_WORDS ^ staging * 0x85EBCA6Bu) * 0x9E3779B9u;
  return (hash ^ hash >> 15) & (k->touches.bucket_capacity - 1);
}

/* Index of the touch of `node` by a transaction, 0 for none. */
static uint32_t lookup(const sk_kernel_t *k, uint32_t staging, sk_id_t node) {
  const sk__touches_t *t = &k->touches;
  if (t->live == 0) return 0;
  uint32_t at = t->buckets[bucket_of(k, staging, node)];
  while (at != 0 && (t->at[at].staging != staging || t->at[at].node != node))
    at = t->at[at].chained;
  return at;
}

static void chain(sk_kernel_t *k, uint32_t at) {
  sk__touches_t *t = &k->touches;
  uint32_t *bucket = &t->buckets[bucket_of(k, t->at[at].staging, t->at[at].node)];
  t->at[at].chained = *bucket;
  *bucket = at;
}

static void unchain(sk_kernel_t *k, uint32_t at) {
  sk__touches_t *t = &k->touches;
  uint32_t *link = &t->buckets[bucket_of(k, t->at[at].staging, t->at[at].node)];
  while (*link != at) link = &t->at[*link].chained;
  *link = t->at[at].chained;
}

/* Makes the buckets at least as many as the entries. */
static int reserve_buckets(sk_kernel_t *k) {
  sk__touches_t *t = &k->touches;
  if (t->live < t->bucket_capacity) return 0;
  void *at = t->buckets;
  int status =
      sk__memory_grow(k, SK_BLOCK_BUCKETS, &at, &t->bucket_capacity, t->live + 1, sizeof(uint32_t));
  if (status != 0) return status;
  t->buckets = (uint32_t *)at;
  memset(t->buckets, 0, t->bucket_capacity * sizeof(uint32_t));
  for (uint32_t i = 1; i < t->used; i++)
    if (t->at[i].node != 0) chain(k, i);
  return 0;
}

static int reserve_touch(sk_kernel_t *k) {
  sk__touches_t *t = &k->touches;
  int status = reserve_buckets(k);
  if (status != 0 || t->free != 0) return status;
  uint32_t used = t->used == 0 ? 1 : t->used;
  void *at = t->at;
  status = sk__memory_grow(k, SK_BLOCK_TOUCHES, &at, &t->capacity, used + 1, sizeof(sk__touch_t));
  if (status != 0) return status;
  t->at = (sk__touch_t *)at;
  return 0;
}

/* Makes sure that there is a free record in VERSIONS. */
static int reserve_version(sk_kernel_t *k) {
  if (k->version_free != 0) return 0;
  return sk__memory_block(k, SK_BLOCK_VERSIONS, k->versions_used + SK_VERSION_WORDS);
}

static uint32_t take_version(sk_kernel_t *k) {
  uint32_t *versions = k->block[SK_BLOCK_VERSIONS].at;
  uint32_t record = k->version_free;
  if (record != 0) {
    k->version_free = versions[record + SK_V_NEXT];
  } else {
    record = k->versions_used;
    k->versions_used += SK_VERSION_WORDS;
  }
  memset(versions + record, 0, SK_VERSION_WORDS * sizeof(uint32_t));
  return record;
}

/* Makes the touch the last one of a transaction, whose index is `index`. */
static void append(sk_kernel_t *k, sk__staging_t *staging, uint32_t index, uint32_t at) {
  sk__touches_t *t = &k->touches;
  t->at[at].staging = index;
  t->at[at].next = 0;
  if (staging->last != 0)
    t->at[staging->last].next = at;
  else
    staging->first = at;
  staging->last = at;
  staging->count++;
  chain(k, at);
}

/* Appends a new touch to the list of its transaction. */
static uint32_t take_touch(sk_kernel_t *k, sk__staging_t *staging, uint32_t index, sk_id_t node) {
  sk__touches_t *t = &k->touches;
  uint32_t at = t->free;
  if (at != 0) {
    t->free = t->at[at].next;
  } else {
    at = t->used == 0 ? 1 : t->used;
    t->used = at + 1;
  }
  memset(&t->at[at], 0, sizeof(sk__touch_t));
  t->at[at].node = node;
  append(k, staging, index, at);
  t->live++;
  return at;
}

static uint32_t *record_of(const sk_kernel_t *k, sk_id_t node) {
  return k->block[SK_BLOCK_VERSIONS].at + SK__SLOTS(k)[node + SK_N_VERSION];
}

/* Lets go of a signal that one touch less names. */
static void unpin(sk_kernel_t *k, sk_id_t node) {
  uint32_t *slot = SK__SLOTS(k) + node;
  uint32_t record = slot[SK_N_VERSION];
  uint32_t *version = k->block[SK_BLOCK_VERSIONS].at + record;
  if (--version[SK_V_TOUCHES] == 0) {
    slot[SK_N_VERSION] = 0;
    version[SK_V_NEXT] = k->version_free;
    k->version_free = record;
  }
  if (slot[SK_N_PINS] > 0) slot[SK_N_PINS]--;
  if (slot[SK_N_PINS] == 0 && slot[SK_N_SUBS] == 0) sk__graph_orphan(k, node);
}

/* Frees a touch that was unchained and that no list needs any more. */
static void give_touch(sk_kernel_t *k, uint32_t at) {
  sk__touches_t *t = &k->touches;
  unpin(k, t->at[at].node);
  t->at[at].node = 0;
  t->at[at].next = t->free;
  t->free = at;
  t->live--;
}

int sk_staging_open(sk_kernel_t *k, sk_staging_t parent, uint64_t clock, sk_staging_t *out) {
  assert(out != NULL);
  if (parent != 0 && find(k, parent) == NULL) return SK_E_DISPOSED;
  int status = sk__table_take(k, &k->stagings, out);
  if (status != 0) return status;
  sk__staging_t *staging = find(k, *out);
  staging->parent = parent;
  staging->began = clock;
  SK__CHECKED(k, 0);
  return 0;
}

static bool is_how(uint32_t how) {
  return how != 0 && (how & ~(uint32_t)(SK_TOUCH_READ | SK_TOUCH_WRITE)) == 0;
}

int sk_staging_touch(sk_kernel_t *k, sk_staging_t handle, sk_id_t id, uint32_t how,
                     uint64_t clock) {
  sk__staging_t *staging = find(k, handle);
  if (staging == NULL) return SK_E_DISPOSED;
  if (!is_how(how)) return SK_E_INVALID;
  if (!sk__graph_is(k, id, 1u << SK_SIGNAL)) return SK_E_INVALID;
  uint32_t index = sk__table_index(handle);
  uint32_t at = lookup(k, index, id);
  if (at == 0) {
    uint32_t *slot = SK__SLOTS(k) + id;
    int status = reserve_touch(k);
    if (status == 0 && slot[SK_N_VERSION] == 0) status = reserve_version(k);
    if (status != 0) return status;
    if (slot[SK_N_VERSION] == 0) slot[SK_N_VERSION] = take_version(k);
    k->block[SK_BLOCK_VERSIONS].at[slot[SK_N_VERSION] + SK_V_TOUCHES]++;
    slot[SK_N_PINS]++;
    at = take_touch(k, staging, index, id);
  }
  k->touches.at[at].how |= how;
  if ((how & SK_TOUCH_WRITE) != 0) k->touches.at[at].stamp = clock;
  SK__CHECKED(k, 0);
  return (int)SK__SLOTS(k)[id + SK_N_VERSION];
}

/* When the signal of a touch was last written by somebody else; see rules 1 and 2. */
static uint64_t written_at(const sk_kernel_t *k, const sk__staging_t *staging, sk_id_t node) {
  if (staging->parent != 0) {
    uint32_t at = lookup(k, sk__table_index(staging->parent), node);
    return at == 0 ? 0 : k->touches.at[at].stamp;
  }
  const uint32_t *record = record_of(k, node);
  return (uint64_t)record[SK_V_HIGH] << 32 | record[SK_V_LOW];
}

int sk_staging_check(sk_kernel_t *k, sk_staging_t handle, uint32_t how) {
  const sk__staging_t *staging = find(k, handle);
  if (staging == NULL) return SK_E_DISPOSED;
  /* The entry of an outer one that has ended may be somebody else's by now. */
  if (staging->parent != 0 && find(k, staging->parent) == NULL) return SK_E_DISPOSED;
  if (!is_how(how)) return SK_E_INVALID;
  int status = sk__memory_block(k, SK_BLOCK_CONFLICTS, staging->count);
  if (status != 0) return status;
  uint32_t *conflicts = k->block[SK_BLOCK_CONFLICTS].at;
  uint32_t len = 0;
  for (uint32_t at = staging->first; at != 0; at = k->touches.at[at].next) {
    const sk__touch_t *touch = &k->touches.at[at];
    if ((touch->how & how) != 0 && written_at(k, staging, touch->node) > staging->began)
      conflicts[len++] = touch->node;
  }
  SK__CHECKED(k, 0);
  return (int)len;
}

/* Ends a transaction; its touches are no concern of anybody's any more. */
static void forget(sk_kernel_t *k, sk_staging_t handle, sk__staging_t *staging) {
  for (uint32_t at = staging->first; at != 0;) {
    uint32_t next = k->touches.at[at].next;
    unchain(k, at);
    give_touch(k, at);
    at = next;
  }
  sk__table_give(&k->stagings, handle);
}

/* Gives what an inner transaction has touched to the outer one. Needs no memory: a touch changes
   hands, or is one too many. */
static void merge(sk_kernel_t *k, sk__staging_t *inner, sk_staging_t outer, uint64_t clock) {
  sk__touches_t *t = &k->touches;
  sk__staging_t *staging = find(k, outer);
  uint32_t index = sk__table_index(outer);
  for (uint32_t at = inner->first; at != 0;) {
    sk__touch_t *touch = &t->at[at];
    uint32_t next = touch->next;
    uint32_t known = lookup(k, index, touch->node);
    bool writes = (touch->how & SK_TOUCH_WRITE) != 0;
    unchain(k, at);
    if (known != 0) {
      t->at[known].how |= touch->how;
      if (writes) t->at[known].stamp = clock;
      give_touch(k, at);
    } else {
      if (writes) touch->stamp = clock;
      append(k, staging, index, at);
    }
    at = next;
  }
  inner->first = 0;
}

int sk_staging_commit(sk_kernel_t *k, sk_staging_t handle, uint64_t clock, uint64_t *order) {
  assert(order != NULL);
  sk__staging_t *staging = find(k, handle);
  if (staging == NULL) return SK_E_DISPOSED;
  if (staging->parent != 0) {
    if (find(k, staging->parent) == NULL) return SK_E_DISPOSED;
    merge(k, staging, staging->parent, clock);
    *order = 0;
  } else {
    *order = ++k->commits;
  }
  forget(k, handle, staging);
  SK__CHECKED(k, 0);
  return 0;
}

int sk_staging_discard(sk_kernel_t *k, sk_staging_t handle) {
  sk__staging_t *staging = find(k, handle);
  if (staging == NULL) return SK_E_DISPOSED;
  forget(k, handle, staging);
  SK__CHECKED(k, 0);
  return 0;
}

/* The buckets hold every touch once, and nothing else. */
static const char *check_buckets(const sk_kernel_t *k) {
  const sk__touches_t *t = &k->touches;
  uint32_t chained = 0;
  for (uint32_t i = 0; i < t->bucket_capacity; i++) {
    for (uint32_t at = t->buckets[i]; at != 0; at = t->at[at].chained) {
      HOLDS(at < t->used && t->at[at].node != 0, "a bucket holds touches only");
      HOLDS(bucket_of(k, t->at[at].staging, t->at[at].node) == i, "a touch is in its bucket");
      HOLDS(++chained <= t->live, "a bucket ends");
    }
  }
  HOLDS(chained == t->live, "every touch is in a bucket");
  return NULL;
}

static const char *check_touches(const sk_kernel_t *k) {
  const sk__touches_t *t = &k->touches;
  uint32_t live = 0;
  uint32_t freed = 0;
  for (uint32_t i = 1; i < t->used; i++) {
    const sk__touch_t *touch = &t->at[i];
    if (touch->node == 0) continue;
    live++;
    HOLDS(sk__graph_is(k, touch->node, 1u << SK_SIGNAL), "a transaction touches signals only");
    HOLDS(lookup(k, touch->staging, touch->node) == i, "a signal is touched once");
    HOLDS(SK__SLOTS(k)[touch->node + SK_N_VERSION] != 0, "a touched signal has a version");
    HOLDS(is_how(touch->how), "a touch reads, writes or does both");
    HOLDS((touch->how & SK_TOUCH_WRITE) != 0 || touch->stamp == 0, "only a write has a stamp");
  }
  HOLDS(live == t->live, "the count of touches is their number");
  for (uint32_t at = t->free; at != 0; at = t->at[at].next) {
    HOLDS(at < t->used && t->at[at].node == 0, "the free touches are free");
    HOLDS(++freed < t->used, "the list of free touches ends");
  }
  HOLDS(t->used == 0 || freed + live + 1 == t->used, "a touch is free or in use");
  return NULL;
}

/* Each transaction's list holds its own touches, and together the lists hold all. */
static const char *check_sets(const sk_kernel_t *k) {
  const sk__touches_t *t = &k->touches;
  uint32_t listed = 0;
  for (uint32_t i = 1; i < k->stagings.used; i++) {
    const sk__staging_t *staging = (const sk__staging_t *)k->stagings.at + i;
    uint32_t before = listed;
    uint32_t last = 0;
    if (!staging->entry.live) continue;
    for (uint32_t at = staging->first; at != 0; at = t->at[at].next) {
      HOLDS(at < t->used && t->at[at].node != 0, "a transaction lists touches only");
      HOLDS(t->at[at].staging == i, "a transaction lists its own touches");
      HOLDS(++listed <= t->live, "the list of a transaction ends");
      last = at;
    }
    HOLDS(staging->last == last, "the last touch of a transaction ends its list");
    HOLDS(staging->count == listed - before, "the count of a transaction is that of its touches");
  }
  HOLDS(listed == t->live, "every touch is listed by its transaction");
  return NULL;
}

/* A record in use is named by one signal, and counts its touches; the others are free. Between calls
   the last word of a record in use is 0: here the touches are counted in it. */
static const char *check_versions(const sk_kernel_t *k) {
  uint32_t end = k->slots_used * SK_SLOT_WORDS;
  uint32_t records = 1;
  for (uint32_t pass = 0; pass < 2; pass++) {
    for (sk_id_t id = SK_SLOT_WORDS; id < end; id += SK_SLOT_WORDS) {
      const uint32_t *slot = SK__SLOTS(k) + id;
      uint32_t at = slot[SK_N_VERSION];
      if ((slot[SK_N_FLAGS] & SK_TAG_MASK) != SK_SIGNAL || at == 0) continue;
      HOLDS(at < k->versions_used && at % SK_VERSION_WORDS == 0, "a version is a record");
      uint32_t *record = record_of(k, id);
      HOLDS(record[SK_V_NEXT] == (pass == 0 ? 0 : record[SK_V_TOUCHES]),
            "a record counts the touches of one signal");
      HOLDS(record[SK_V_TOUCHES] > 0, "a record without touches is free");
      HOLDS(record[SK_V_TOUCHES] <= slot[SK_N_PINS], "every touch of a signal pins it");
      record[SK_V_NEXT] = 0;
      records += pass;
    }
    for (uint32_t i = 1; i < k->touches.used && pass == 0; i++)
      if (k->touches.at[i].node != 0) record_of(k, k->touches.at[i].node)[SK_V_NEXT]++;
  }
  const uint32_t *versions = k->block[SK_BLOCK_VERSIONS].at;
  for (uint32_t at = k->version_free; at != 0; at = versions[at + SK_V_NEXT]) {
    HOLDS(at < k->versions_used && at % SK_VERSION_WORDS == 0, "a free version is a record");
    HOLDS(versions[at + SK_V_TOUCHES] == 0, "a free version has no touches");
    HOLDS(++records <= k->versions_used / SK_VERSION_WORDS, "the list of free versions ends");
  }
  HOLDS(records == k->versions_used / SK_VERSION_WORDS, "a version is free or in use");
  return NULL;
}

const char *sk__staging_check(const sk_kernel_t *k) {
  const char *fault = check_buckets(k);
  if (fault == NULL) fault = check_touches(k);
  if (fault == NULL) fault = check_sets(k);
  if (fault == NULL) fault = check_versions(k);
  return fault;
}

void sk__staging_close(sk_kernel_t *k) {
  sk__touches_t *t = &k->touches;
  sk__table_close(k, &k->stagings);
  sk__memory_free(k, SK_BLOCK_TOUCHES, t->at, t->capacity, sizeof(sk__touch_t));
  sk__memory_free(k, SK_BLOCK_BUCKETS, t->buckets, t->bucket_capacity, sizeof(uint32_t));
}
