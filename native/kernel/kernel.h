/*
 * kernel.h - the one structure that holds a kernel, and what its modules offer each other.
 *
 * Include hierarchy: public header <- kernel.h <- every module. A module's functions carry its name:
 * sk__memory_, sk__graph_, sk__propagate_, sk__schedule_, sk__inspect_, sk__txn_, sk__staging_, sk__table_,
 * sk__task_.
 */
#ifndef SK_KERNEL_H
#define SK_KERNEL_H

#include "signal_kernel.h"

/* The kernel is freestanding: these are the compiler's, or the host C library's where there is one. */
#include <assert.h>
#include <stdbool.h>
#include <string.h>

/* Most slots a kernel may have. A build flag lowers it so that a test can reach it. */
#ifndef SK_MAX_SLOTS
#define SK_MAX_SLOTS (1u << 27)
#endif

/* First capacities, in words or entries. The stress build makes them tiny, so that everything moves. */
#ifdef SK_STRESS
#define SK_FIRST_SLOTS 4u
#define SK_FIRST_JOURNAL 16u
#define SK_FIRST_LIST 2u
#define SK_FIRST_FRESH 2u
#define SK_FIRST_VERSIONS 4u
#else
#define SK_FIRST_SLOTS 1024u
#define SK_FIRST_JOURNAL 16384u
#define SK_FIRST_LIST 256u
#define SK_FIRST_FRESH 256u
#define SK_FIRST_VERSIONS 256u
#endif

/* A growable array in memory of the host. `words` is 32-bit words for shared blocks, else bytes / 4. */
typedef struct sk__block {
  uint32_t *at;
  uint32_t words;
} sk__block_t;

/*
 * Effects that are due, least (priority, order) first:
 *
 *   incoming [ e e e ]               woken since the last fill, in any order
 *   lane     [ . . head -> e e e ]   a sorted run, taken from the head
 *   heap     [ e e e ... ]           binary heap of latecomers, few against the lane
 *
 * A burst that wakes a million effects is sorted once and goes through the lane, where taking one
 * costs nothing; an effect that wakes another in the middle of that goes through the heap.
 */
typedef struct sk__queue {
  uint32_t *incoming;
  uint32_t *lane;
  uint32_t *heap;
  uint32_t *spare;   /* room to merge in */
  uint32_t grown[4]; /* capacity of each, in the order above */
  uint32_t capacity; /* the least of them: every effect that holds a slot fits */
  uint32_t incoming_len;
  uint32_t lane_head;
  uint32_t lane_tail;
  uint32_t heap_len;
  bool unsorted; /* incoming is not in order */
} sk__queue_t;

/* What every entry of a table begins with. */
typedef struct sk__entry {
  uint32_t generation; /* 29 bits used */
  uint32_t next_free;  /* index of the next free entry, when free */
  uint32_t live;
} sk__entry_t;

/* Entries that callers hold by handles; see table.c. */
typedef struct sk__table {
  void *at;
  size_t size; /* of an entry, in bytes */
  enum sk_block block;
  uint32_t capacity;
  uint32_t used; /* entries ever handed out; 0 is never used */
  uint32_t free; /* first free entry, 0 for none */
  uint32_t live;
} sk__table_t;

typedef struct sk__task {
  sk__entry_t entry;
  uint8_t kind;
  uint8_t state;
  uint8_t in_flight;
  uint64_t version; /* of the newest run */
} sk__task_t;

/* An asynchronous transaction; see staging.c. */
typedef struct sk__staging {
  sk__entry_t entry;
  uint32_t first; /* the signals that it has touched, in order; 0 for none */
  uint32_t last;
  uint32_t count;
  uint64_t parent; /* handle of the transaction that it is part of, 0 for none */
  uint64_t began;  /* the caller's clock when it began */
} sk__staging_t;

/* A signal that a transaction has read or written. */
typedef struct sk__touch {
  uint64_t stamp;   /* the caller's clock at its newest write, 0 for none */
  uint32_t staging; /* index of the transaction */
  sk_id_t node;     /* the signal, 0 when this entry is free */
  uint32_t how;     /* SK_TOUCH_* */
  uint32_t next;    /* of the same transaction; of a free one the next free */
  uint32_t chained; /* of the same bucket */
} sk__touch_t;

/*
 * What all open transactions have touched, found by (transaction, signal): chained hashing, the
 * entries of one bucket linked by `chained`.
 */
typedef struct sk__touches {
  sk__touch_t *at;
  uint32_t *buckets; /* index of the first entry; a power of two of them */
  uint32_t capacity;
  uint32_t bucket_capacity;
  uint32_t used; /* entries ever handed out; 0 is never used */
  uint32_t free;
  uint32_t live;
} sk__touches_t;

struct sk_kernel {
  sk_host_t host;
  sk__block_t block[SK_BLOCK_SHARED_COUNT];
  uint64_t bytes;

  /* memory: slots */
  uint32_t slots_used; /* slots ever handed out, slot 0 included */
  uint32_t free_slot;  /* id of the first free slot */
  uint32_t free_count;
  uint32_t given;     /* slots given back since the free list was in order */
  uint32_t fresh_len; /* ids that were in FRESH when it was filled last */
  uint32_t tickets;   /* ids that were ever put into FRESH; wraps around */

  /* graph */
  uint64_t order;        /* creation order of the last effect */
  uint64_t effects;      /* live ones */
  uint32_t effect_slots; /* those and the dead that are still queued */
  uint64_t edges;
  uint64_t links;
  uint32_t journal_at;    /* where a journal that ran out of memory goes on */
  bool journal_is_faulty; /* an entry of it was refused */
  uint32_t orphan;        /* list of nodes that lost their last reader, by SK_N_NEXT */
  uint32_t released;      /* what HEADER[SK_H_RELEASED] is; by SK_N_NEXT */
  uint32_t released_tail;
  uint64_t nodes_taken; /* live nodes, and slots in FRESH */

  /* propagate, schedule */
  uint64_t marks;
  uint32_t run_limit; /* most effects of the next RUN; see sk__schedule_fill */
  uint32_t run_len;   /* effects in RUN */
  int32_t run_up_to;  /* SK_H_UP_TO when RUN was filled */
  bool run_is_plan;   /* RUN was made to be looked at, not to be run */
  bool run_is_oldest; /* RUN has the one that waited longest, and what is before it may wait */
  uint32_t queued;    /* entries of the queue and of RUN not yet taken */
  uint32_t wakes;     /* effects that became due since the start; wraps around */
  uint32_t run_wakes; /* those when RUN was made */
  sk__queue_t queue;

  /* transaction */
  uint32_t *frames; /* where each open transaction's entries begin in TXN */
  uint32_t frame_len;
  uint32_t frame_cap;

  /* staging */
  sk__table_t stagings;
  sk__touches_t touches;
  uint32_t versions_used; /* words of VERSIONS ever handed out */
  uint32_t version_free;  /* first free record, by SK_V_NEXT */
  uint64_t commits;       /* asynchronous transactions committed so far */

  sk__table_t tasks;
};

/* The place of an id in the order of FRESH stands in word 0 of its slot, above all flags. */
#define SK__TICKET_SHIFT 9

#define SK__HEADER(k) ((k)->block[SK_BLOCK_HEADER].at)
#define SK__SLOTS(k) ((k)->block[SK_BLOCK_SLOTS].at)

/* ---- memory.c */

/* Grows the host memory `*at` from *count to `want` items of `size` bytes; *count follows. */
int sk__memory_grow(sk_kernel_t *k, enum sk_block block, void **at, uint32_t *count, uint32_t want,
                    size_t size);
void sk__memory_free(sk_kernel_t *k, enum sk_block block, void *at, uint32_t count, size_t size);
/* Grows a shared block to at least `words`, by doubling, and says so in the header. */
int sk__memory_block(sk_kernel_t *k, enum sk_block block, uint32_t words);
/* Makes sure that the next `count` sk__memory_take calls succeed. */
int sk__memory_reserve_slots(sk_kernel_t *k, uint32_t count);
/* A free slot; one must have been reserved. Its words but the generation are 0. */
sk_id_t sk__memory_take(sk_kernel_t *k);
/* Gives a slot back. A node's generation is moved on, and at the last one the slot retires. */
void sk__memory_give(sk_kernel_t *k, sk_id_t id);
/* Puts the free list in the order of addresses when it has become disorderly. */
void sk__memory_tidy(sk_kernel_t *k);

/* ---- graph.c */

/* Whether `id` is a slot that holds one of the tags in `tags` (bit 1 << tag). Here, because every id
   that comes from the caller is looked at. */
static inline bool sk__graph_is(const sk_kernel_t *k, sk_id_t id, uint32_t tags) {
  if (id == 0 || id % SK_SLOT_WORDS != 0 || id / SK_SLOT_WORDS >= k->slots_used) return false;
  uint32_t flags = SK__SLOTS(k)[id + SK_N_FLAGS];
  uint32_t tag = flags & SK_TAG_MASK;
  if ((tags >> tag & 1u) == 0) return false;
  return tag == SK_EDGE || (flags & SK_DEAD) == 0; /* word 0 of an edge is an id, not flags */
}
/* Whether `id` was taken out of FRESH and is not yet a node. */
bool sk__graph_is_taken(const sk_kernel_t *k, sk_id_t id);
int sk__graph_effect(sk_kernel_t *k, sk_id_t id, int32_t priority);
int sk__graph_link(sk_kernel_t *k, sk_id_t id, sk_id_t keep, const uint32_t *deps, uint32_t count);
void sk__graph_dispose(sk_kernel_t *k, sk_id_t id);
/* Releases the orphans that nobody took up again, and what only they read. */
void sk__graph_release(sk_kernel_t *k);
/* Frees the released nodes once the caller has read them. */
void sk__graph_reap(sk_kernel_t *k);
/* Lists a source without readers as an orphan. */
void sk__graph_orphan(sk_kernel_t *k, sk_id_t id);
/* After a journal that was damaged: nobody waits for an entry of it any more, and what it left without
   a reader is listed as an orphan. Linear in the slots. */
void sk__graph_mend(sk_kernel_t *k);

/* ---- journal.c */

/* Does what JOURNAL says and releases what nobody reads any more. */
int sk__journal_take(sk_kernel_t *k);

/* ---- propagate.c */

/* Marks every reader of `source`, and theirs: computeds stale, effects due. */
void sk__propagate_from(sk_kernel_t *k, sk_id_t source);
/* Marks one node, which must be a reader of something stale, and everything behind it. */
void sk__propagate_node(sk_kernel_t *k, sk_id_t node);

/* ---- schedule.c */

/* Whether effect `a` runs before `b`. Here, because the checker looks at the order, too. */
static inline bool sk__schedule_is_before(const uint32_t *slots, sk_id_t a, sk_id_t b) {
  int32_t pa = (int32_t)slots[a + SK_N_PRIORITY];
  int32_t pb = (int32_t)slots[b + SK_N_PRIORITY];
  if (pa != pb) return pa < pb;
  uint32_t ha = slots[a + SK_N_ORDER_HIGH];
  uint32_t hb = slots[b + SK_N_ORDER_HIGH];
  if (ha != hb) return ha < hb;
  return slots[a + SK_N_ORDER_LOW] < slots[b + SK_N_ORDER_LOW];
}
/* Makes room for every effect that holds a slot and one more. */
int sk__schedule_reserve(sk_kernel_t *k);
void sk__schedule_push(sk_kernel_t *k, sk_id_t effect);
/* Takes back what the caller left in RUN, then fills RUN, which must have room for all effects, with
   what SK_H_UP_TO and SK_H_OLDEST ask for. Returns the number of effects. */
int sk__schedule_fill(sk_kernel_t *k);
/* As sk__schedule_fill, of all effects that are due, and only to be looked at. */
int sk__schedule_plan(sk_kernel_t *k);
void sk__schedule_close(sk_kernel_t *k);

/* ---- inspect.c */

/* Makes room in PICTURE for all that sk__inspect_fill will write. The journal must have been taken. */
int sk__inspect_reserve(sk_kernel_t *k);
void sk__inspect_fill(sk_kernel_t *k);

/* ---- table.c */

/* The live entry of a handle, or NULL. */
void *sk__table_find(const sk__table_t *table, uint64_t handle);
/* A new entry, zeroed behind its head. `size` and `block` of the table must be set. */
int sk__table_take(sk_kernel_t *k, sk__table_t *table, uint64_t *handle);
void sk__table_give(sk__table_t *table, uint64_t handle);
uint32_t sk__table_index(uint64_t handle);
/* The handle of a live entry. */
uint64_t sk__table_handle(const sk__entry_t *entry, uint32_t index);
void sk__table_close(sk_kernel_t *k, sk__table_t *table);
/* The sentence of an invariant of table.c that does not hold, or NULL. */
const char *sk__table_check(const sk__table_t *table);

/* ---- transaction.c, staging.c */

void sk__txn_close(sk_kernel_t *k);
void sk__staging_close(sk_kernel_t *k);
/* How many asynchronous transactions touch a node. */
static inline uint32_t sk__staging_touches(const sk_kernel_t *k, const uint32_t *node) {
  bool is_signal = (node[SK_N_FLAGS] & SK_TAG_MASK) == SK_SIGNAL;
  if (!is_signal || node[SK_N_VERSION] == 0) return 0;
  return k->block[SK_BLOCK_VERSIONS].at[node[SK_N_VERSION] + SK_V_TOUCHES];
}
/* The sentence of an invariant of staging.c that does not hold, or NULL. */
const char *sk__staging_check(const sk_kernel_t *k);

/* ---- check.c */

/* In a function that checks: the first sentence that does not hold is its answer. */
#define HOLDS(condition, sentence)     \
  do {                                 \
    if (!(condition)) return sentence; \
  } while (0)

/* After each public call in debug builds; but for one that refused what the caller has damaged. */
#ifdef SK_CHECK
#define SK__CHECKED(k, status) assert((status) == SK_E_INVALID || sk_kernel_check(k) == NULL)
#else
#define SK__CHECKED(k, status) ((void)(k), (void)(status))
#endif

#endif
