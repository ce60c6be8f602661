/*
 * stagings.h - the calls of asynchronous transactions, made as caller.h makes the others.
 *
 * Beside what caller.h checks after every call: one that fails has changed nothing - no slot, no
 * record, no set, no handle.
 */
#ifndef SK_TEST_STAGINGS_H
#define SK_TEST_STAGINGS_H

#include "caller.h"

int stagings_open(caller_t *caller, sk_staging_t parent, uint64_t clock, sk_staging_t *out);
/* The same; it must succeed. */
sk_staging_t stagings_begin(caller_t *caller, sk_staging_t parent, uint64_t clock);
int stagings_touch(caller_t *caller, sk_staging_t staging, sk_id_t id, uint32_t how,
                   uint64_t clock);
int stagings_check(caller_t *caller, sk_staging_t staging, uint32_t how);
int stagings_commit(caller_t *caller, sk_staging_t staging, uint64_t clock, uint64_t *order);
int stagings_discard(caller_t *caller, sk_staging_t staging);

/* Whether the conflicts are exactly these, in this order. */
bool stagings_conflict(caller_t *caller, sk_staging_t staging, uint32_t how, uint32_t count,
                       const sk_id_t *ids);

/* ---- records */

/* Says that a signal was written at the time `clock`, if anybody wants to know. */
void stagings_wrote(caller_t *caller, sk_id_t signal, uint64_t clock);
uint64_t stagings_written(caller_t *caller, sk_id_t signal);
/* How many transactions touch a signal. */
uint32_t stagings_touches(caller_t *caller, sk_id_t signal);

/* ---- shorthands */

enum { READ = SK_TOUCH_READ, WRITE = SK_TOUCH_WRITE, BOTH = SK_TOUCH_READ | SK_TOUCH_WRITE };

/* A signal that an effect reads: it stays whatever the transactions do. */
sk_id_t stagings_observed(caller_t *caller);
/* Touches a signal that was last written at the time `written`. */
void stagings_touch_at(caller_t *caller, sk_staging_t staging, sk_id_t id, uint32_t how,
                       uint64_t clock, uint64_t written);
/* Commits, and returns the place among the commits. */
uint64_t stagings_end(caller_t *caller, sk_staging_t staging, uint64_t clock);
void stagings_drop(caller_t *caller, sk_staging_t staging);
/* Checks that no transaction is open, and that nothing is left of any. */
void stagings_none_left(caller_t *caller);

#endif
