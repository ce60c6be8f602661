/*
 * caller.h - plays the part of JavaScript: knows ids, reads and writes the shared words, and makes
 * the calls. It evaluates nothing; what it settles just stops being stale.
 *
 * After every call it checks what must hold whatever the call was: the invariants of the kernel;
 * that a block moved exactly when its bit says so; that the kernel counts its memory as the host
 * does.
 */
#ifndef SK_TEST_CALLER_H
#define SK_TEST_CALLER_H

#include "host.h"
#include "signal_kernel.h"
#include "test.h"

typedef struct caller {
  test_host_t host;
  sk_kernel_t *kernel;
  uint32_t *words[SK_BLOCK_SHARED_COUNT];
  size_t length[SK_BLOCK_SHARED_COUNT];

  bool reaps;        /* reads the released nodes after each call; on from the start */
  bool repeats;      /* a call that ran out of memory is made again, with memory */
  uint32_t patience; /* how many of them are made again without */
  uint32_t repeated;

  uint32_t *labels; /* by slot: the how manieth node it was made as, from 1 */
  uint32_t labels_len;
  uint32_t last_label;

  /* Called for each released node while its dependencies are still to be read; may be NULL. */
  void (*on_release)(void *context, sk_id_t id);
  void *context;
  sk_id_t *released; /* what was read from the list of released nodes, oldest first */
  uint32_t released_len;
  uint32_t released_cap;
} caller_t;

caller_t *caller_open(void);
/* With memory that may be refused; 0 or SK_E_NO_MEMORY. `caller` has its host open. */
int caller_open_kernel(caller_t *caller);
/* Closes the kernel and checks that the host has everything back. */
void caller_close(caller_t *caller);

/* ---- words */

static inline uint32_t *caller_header(caller_t *caller, enum sk_header at) {
  return caller->words[SK_BLOCK_HEADER] + at;
}
static inline uint32_t *caller_word(caller_t *caller, sk_id_t id, uint32_t at) {
  return caller->words[SK_BLOCK_SLOTS] + id + at;
}
static inline bool caller_has(caller_t *caller, sk_id_t id, enum sk_flag flag) {
  return (*caller_word(caller, id, SK_N_FLAGS) & (uint32_t)flag) != 0;
}
static inline uint32_t caller_generation(caller_t *caller, sk_id_t id) {
  return *caller_word(caller, id, SK_N_GENERATION);
}
static inline uint32_t caller_label(caller_t *caller, sk_id_t id) {
  return caller->labels[id / SK_SLOT_WORDS];
}
/* The edge by which `reader` reads its dependency number `at`, counted from 0. */
sk_id_t caller_edge(caller_t *caller, sk_id_t reader, uint32_t at);
/* Writes at most `max` ids to `out` and returns how many there are. */
uint32_t caller_dependencies(caller_t *caller, sk_id_t reader, sk_id_t *out, uint32_t max);
uint32_t caller_readers(caller_t *caller, sk_id_t source, sk_id_t *out, uint32_t max);
/* Whether `reader` reads exactly these, in this order. */
bool caller_reads(caller_t *caller, sk_id_t reader, uint32_t count, const sk_id_t *sources);
/* Whether exactly these read `source`, in this order. */
bool caller_is_read(caller_t *caller, sk_id_t source, uint32_t count, const sk_id_t *readers);
sk_stats_t caller_stats(caller_t *caller);

/* ---- journal and lists; none of these needs a call as long as there is room */

sk_id_t caller_take(caller_t *caller);
sk_id_t caller_signal(caller_t *caller);
sk_id_t caller_computed(caller_t *caller);
sk_id_t caller_effect(caller_t *caller, int32_t priority);
/* Any words as an entry. */
void caller_entry(caller_t *caller, uint32_t count, const uint32_t *words);
void caller_link(caller_t *caller, sk_id_t reader, sk_id_t keep, uint32_t count,
                 const sk_id_t *sources);
void caller_dispose(caller_t *caller, sk_id_t effect);
void caller_wake(caller_t *caller, sk_id_t effect);
/* Puts a source on the list of written ones. */
void caller_write(caller_t *caller, sk_id_t source);
/* Writes a source inside a transaction: into the log, with its pin, and PENDING. */
void caller_log(caller_t *caller, sk_id_t source);

/* How many ids follow, and where they are: for the functions above. */
#define IDS(...)                                                                            \
  (uint32_t)(sizeof((const sk_id_t[]){__VA_ARGS__}) / sizeof(sk_id_t)), (const sk_id_t[]) { \
    __VA_ARGS__                                                                             \
  }
#define NO_IDS 0, NULL

/* ---- calls */

/* One of sk_sync, sk_mark, sk_flush, sk_txn_begin, sk_txn_commit, sk_txn_rollback. */
int caller_call(caller_t *caller, int (*call)(sk_kernel_t *));
int caller_reserve(caller_t *caller, enum sk_block block, uint32_t words);
/* After a call made elsewhere that came back with `status`; `refused` is host.refused before it. Looks
   at everything, and says whether the call is to be made again. */
bool caller_repeats(caller_t *caller, int status, uint32_t refused);
void caller_sync(caller_t *caller);
void caller_mark(caller_t *caller);
uint32_t caller_flush(caller_t *caller);
/* Only what is not later than this priority. */
uint32_t caller_flush_up_to(caller_t *caller, int32_t up_to);
/* Only the one that has waited longest of those that are later. */
uint32_t caller_flush_oldest(caller_t *caller, int32_t later_than);

/* ---- the run loop */

/* Takes the next effect of RUN; 0 when there is none left. Passes over disposed ones. */
sk_id_t caller_next(caller_t *caller);
/* Everything that `reader` reads, and `reader` itself, stops being stale. */
void caller_settle(caller_t *caller, sk_id_t reader);
/* Flushes until nothing is due, settling each effect; writes what ran, returns how many did. */
uint32_t caller_drain(caller_t *caller, sk_id_t *ran, uint32_t max);

#endif
