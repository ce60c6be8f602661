/*
 * caller.h - the least that can stand in for JavaScript: it takes ids, writes entries, makes calls, and
 * takes the effects that a flush lists. What it does itself is not counted, only what the kernel does.
 */
#ifndef SK_GUARD_CALLER_H
#define SK_GUARD_CALLER_H

#include <stdint.h>

#include "signal_kernel.h"

typedef struct caller {
  sk_kernel_t *kernel;
  uint32_t *words[SK_BLOCK_SHARED_COUNT];
} caller_t;

void caller_open(caller_t *caller);
void caller_close(caller_t *caller);

sk_id_t caller_signal(caller_t *caller);
/* Over `count` sources. */
sk_id_t caller_computed(caller_t *caller, uint32_t count, const sk_id_t *sources);
sk_id_t caller_effect(caller_t *caller, int32_t priority, uint32_t count, const sk_id_t *sources);
/* Its dependencies become these. */
void caller_link(caller_t *caller, sk_id_t reader, uint32_t count, const sk_id_t *sources);
void caller_dispose(caller_t *caller, sk_id_t effect);
void caller_write(caller_t *caller, sk_id_t source);
/* Into the log of the innermost transaction. */
void caller_log(caller_t *caller, sk_id_t source);
void caller_sync(caller_t *caller);
/* Flushes until nothing is due, and takes back every mark. Returns how many effects were due. */
uint32_t caller_flush(caller_t *caller);

#endif
