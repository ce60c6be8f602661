/*
 * oom.h - scenarios that are played while memory runs out: the Nth request is refused, for every N.
 *
 * Each runs once with all the memory it wants and leaves a digest of what it saw. Then it runs again with
 * request 1, 2, 3 ... refused: the call says SK_E_NO_MEMORY, the kernel is sound, the same call made again
 * succeeds, and in the end the digest is the same.
 */
#ifndef SK_TEST_OOM_H
#define SK_TEST_OOM_H

#include "stagings.h"

typedef struct oom {
  caller_t *c;
  uint64_t digest;
} oom_t;

/* Adds to the digest: a number; what was released since; counters. */
void oom_note(oom_t *oom, uint64_t value);
void oom_note_released(oom_t *oom);
void oom_note_stats(oom_t *oom);
/* Flushes until nothing is due, and notes who ran. */
void oom_drain(oom_t *oom);

/* Plays a scenario with each request refused; once alone, and once with those that follow it. */
void oom_refuse_each(void (*play)(oom_t *));

/* How often a block was refused since the program began. */
uint32_t oom_refused_of(enum sk_block block);

#endif
