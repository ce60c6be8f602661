/*
 * stagings.c - see stagings.h.
 */
#include "stagings.h"

#include "kernel.h"

static void mix(uint64_t *digest, uint64_t value) {
  *digest = (*digest ^ value) * 0x100000001B3u;
}

/* All that a failed call must leave as it was; capacities may have grown. */
static uint64_t digest_of(const caller_t *c) {
  const sk_kernel_t *k = c->kernel;
  uint64_t digest = 0xCBF29CE484222325u;
  for (uint32_t i = SK_SLOT_WORDS; i < k->slots_used * SK_SLOT_WORDS; i++)
    mix(&digest, k->block[SK_BLOCK_SLOTS].at[i]);
  for (uint32_t i = SK_VERSION_WORDS; i < k->versions_used; i++)
    mix(&digest, k->block[SK_BLOCK_VERSIONS].at[i]);
  for (uint32_t i = 1; i < k->touches.used; i++) {
    const sk__touch_t *touch = &k->touches.at[i];
    mix(&digest, touch->stamp);
    mix(&digest, touch->staging);
    mix(&digest, touch->node);
    mix(&digest, touch->how);
    mix(&digest, touch->next);
  }
  for (uint32_t i = 1; i < k->stagings.used; i++) {
    const sk__staging_t *staging = (const sk__staging_t *)k->stagings.at + i;
    mix(&digest, staging->entry.generation);
    mix(&digest, staging->entry.live);
    mix(&digest, staging->first);
    mix(&digest, staging->count);
    mix(&digest, staging->began);
  }
  const uint64_t counts[] = {k->stagings.used, k->stagings.free, k->stagings.live, k->touches.used,
                             k->touches.free,  k->touches.live,  k->version_free,  k->versions_used,
                             k->commits,       k->orphan,        k->nodes_taken,   k->frame_len};
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) mix(&digest, counts[i]);
  return digest;
}

/* After a call: what must hold, and whether to make it again. */
static bool again(caller_t *c, int status, uint32_t refused, uint64_t before) {
  if (status < 0) CHECK(digest_of(c) == before);
  return caller_repeats(c, status, refused);
}

/* Makes `call` until it has not run out of memory; its answer is `status`. */
#define ANSWER(c, status, call)    \
  int status;                      \
  uint32_t refused_;               \
  uint64_t before_ = digest_of(c); \
  do {                             \
    refused_ = (c)->host.refused;  \
    status = (call);               \
  } while (again(c, status, refused_, before_))

int stagings_open(caller_t *c, sk_staging_t parent, uint64_t clock, sk_staging_t *out) {
  sk_staging_t made = 0;
  ANSWER(c, status, sk_staging_open(c->kernel, parent, clock, &made));
  CHECK_EQ(status == 0, made != 0);
  CHECK(made < (uint64_t)1 << 53);
  if (status == 0) *out = made;
  return status;
}

sk_staging_t stagings_begin(caller_t *c, sk_staging_t parent, uint64_t clock) {
  sk_staging_t staging = 0;
  CHECK_EQ(stagings_open(c, parent, clock, &staging), 0);
  return staging;
}

int stagings_touch(caller_t *c, sk_staging_t staging, sk_id_t id, uint32_t how, uint64_t clock) {
  ANSWER(c, status, sk_staging_touch(c->kernel, staging, id, how, clock));
  if (status >= 0) {
    CHECK_EQ(status, *caller_word(c, id, SK_N_VERSION));
    CHECK(status > 0 && (uint32_t)status % SK_VERSION_WORDS == 0);
    CHECK((size_t)status + SK_VERSION_WORDS <= c->length[SK_BLOCK_VERSIONS]);
  }
  return status;
}

int stagings_check(caller_t *c, sk_staging_t staging, uint32_t how) {
  uint64_t unchanged = digest_of(c);
  ANSWER(c, status, sk_staging_check(c->kernel, staging, how));
  CHECK(digest_of(c) == unchanged);
  return status;
}

int stagings_commit(caller_t *c, sk_staging_t staging, uint64_t clock, uint64_t *order) {
  uint64_t place = UINT64_MAX;
  ANSWER(c, status, sk_staging_commit(c->kernel, staging, clock, &place));
  CHECK_EQ(status == 0, place != UINT64_MAX);
  CHECK(status != SK_E_NO_MEMORY);
  if (status == 0) *order = place;
  return status;
}

int stagings_discard(caller_t *c, sk_staging_t staging) {
  ANSWER(c, status, sk_staging_discard(c->kernel, staging));
  CHECK(status != SK_E_NO_MEMORY);
  return status;
}

bool stagings_conflict(caller_t *c, sk_staging_t staging, uint32_t how, uint32_t count,
                       const sk_id_t *ids) {
  if (stagings_check(c, staging, how) != (int)count) return false;
  for (uint32_t i = 0; i < count; i++)
    if (c->words[SK_BLOCK_CONFLICTS][i] != ids[i]) return false;
  return true;
}

/* ---- records */

static uint32_t *record_of(caller_t *c, sk_id_t signal) {
  return c->words[SK_BLOCK_VERSIONS] + *caller_word(c, signal, SK_N_VERSION);
}

void stagings_wrote(caller_t *c, sk_id_t signal, uint64_t clock) {
  if (*caller_word(c, signal, SK_N_VERSION) == 0) return;
  record_of(c, signal)[SK_V_LOW] = (uint32_t)clock;
  record_of(c, signal)[SK_V_HIGH] = (uint32_t)(clock >> 32);
}

uint64_t stagings_written(caller_t *c, sk_id_t signal) {
  const uint32_t *record = record_of(c, signal);
  return (uint64_t)record[SK_V_HIGH] << 32 | record[SK_V_LOW];
}

uint32_t stagings_touches(caller_t *c, sk_id_t signal) {
  if (*caller_word(c, signal, SK_N_VERSION) == 0) return 0;
  return record_of(c, signal)[SK_V_TOUCHES];
}

/* ---- shorthands */

sk_id_t stagings_observed(caller_t *c) {
  sk_id_t s = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(s));
  caller_sync(c);
  return s;
}

void stagings_touch_at(caller_t *c, sk_staging_t staging, sk_id_t id, uint32_t how, uint64_t clock,
                       uint64_t written) {
  CHECK(stagings_touch(c, staging, id, how, clock) > 0);
  stagings_wrote(c, id, written);
}

uint64_t stagings_end(caller_t *c, sk_staging_t staging, uint64_t clock) {
  uint64_t order = UINT64_MAX;
  CHECK_EQ(stagings_commit(c, staging, clock, &order), 0);
  return order;
}

void stagings_drop(caller_t *c, sk_staging_t staging) {
  CHECK_EQ(stagings_discard(c, staging), 0);
}

void stagings_none_left(caller_t *c) {
  CHECK_EQ(caller_stats(c).transactions, 0);
  CHECK_EQ(c->kernel->touches.live, 0);
  uint32_t records = 1;
  for (uint32_t at = c->kernel->version_free; at != 0; records++)
    at = c->words[SK_BLOCK_VERSIONS][at + SK_V_NEXT];
  CHECK_EQ(records * SK_VERSION_WORDS, c->kernel->versions_used);
}
