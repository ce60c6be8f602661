/*
 * signal_kernel.h - the public interface of the signal kernel: a reactive graph, its scheduler, its
 * transaction log and its table of asynchronous tasks.
 *
 * The kernel knows 32-bit ids and 64-bit versions, never a value. Its caller (an N-API addon, a wasm
 * module, a C test) owns values and functions, and talks to the kernel in two ways:
 *
 *   calls    the functions below; each returns 0 or more, or a negative SK_E* code
 *   words    blocks of 32-bit words that both sides read and write without a call
 *
 *      HEADER   [ abi | remade | journal len, cap | pending len, cap | run len | ... ]   enum sk_header
 *      SLOTS    [ 8 words ][ 8 words ] ...   a node or an edge each; an id is the offset of its slot
 *      JOURNAL  [ op gen id ... ][ op ... ]  what the caller did since the last call      enum sk_op
 *      PENDING  [ id id id ... ]             sources written since the last call
 *      RUN      [ id id id ... ]             effects to run, in order; made by sk_flush
 *      FRESH    [ id id id ... ]             slots that the caller may take without a call
 *      TXN      [ id id id ... ]             what the open transactions wrote, oldest first
 *      VERSIONS [ 4 words ][ 4 words ] ...   when signals were last written that asynchronous
 *                                            transactions have touched        enum sk_version_word
 *      CONFLICTS [ id id id ... ]            what sk_staging_check found
 *      PICTURE  [ head | node deps | node deps | ... | task | task | ... ]   what sk_inspect found
 *
 * A block may move when it grows. The kernel then sets its bit in HEADER[SK_H_REMADE]; the caller
 * makes its view again and clears the bit. HEADER itself never moves.
 *
 * A call that fails changes nothing: what it needs is reserved first. The journal is the exception
 * that keeps this promise: a journal that ran out of memory half way stays, and its rest is done by
 * the next call.
 *
 * Which words the kernel trusts: whatever stands in HEADER, JOURNAL, PENDING, FRESH and TXN, and whatever
 * is passed to a call, can at worst be refused with SK_E_INVALID, or make the kernel do what the caller did
 * not mean. A length that was damaged is refused by each call that needs it until the caller has put it
 * right; those of JOURNAL and PENDING are put to 0, with what they counted lost. In SLOTS the caller writes
 * flags of nodes of its own, as said below, and pins; in VERSIONS two words of a record. All other words
 * of SLOTS, VERSIONS and RUN are the kernel's alone.
 *
 * There are no globals. A kernel must be used by one thread at a time.
 */
#ifndef SIGNAL_KERNEL_H
#define SIGNAL_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Compared at load by every engine; grows with each change of the words or calls below. */
#define SK_ABI 4u

/* X-macro of the error codes: C name, value, stable code of the JavaScript error. */
#define SK_ERRORS(X)                            \
  X(SK_E_NO_MEMORY, -1, "ERR_SK_OUT_OF_MEMORY") \
  X(SK_E_LIMIT, -2, "ERR_SK_LIMIT")             \
  X(SK_E_INVALID, -3, "ERR_SK_INVALID_ARG")     \
  X(SK_E_DISPOSED, -4, "ERR_SK_DISPOSED")       \
  X(SK_E_STATE, -5, "ERR_SK_STATE")

enum sk_error {
#define SK__ERROR_ENUM(name, value, code) name = (value),
  SK_ERRORS(SK__ERROR_ENUM)
#undef SK__ERROR_ENUM
};

typedef struct sk_kernel sk_kernel_t;

/* Word offset of a slot in SLOTS; a multiple of SK_SLOT_WORDS; 0 is no slot. */
typedef uint32_t sk_id_t;

/* ---- blocks and the host ------------------------------------------------------------------- */

enum sk_block {
  SK_BLOCK_HEADER,
  SK_BLOCK_SLOTS,
  SK_BLOCK_JOURNAL,
  SK_BLOCK_PENDING,
  SK_BLOCK_RUN,
  SK_BLOCK_FRESH,
  SK_BLOCK_TXN,
  SK_BLOCK_VERSIONS,
  SK_BLOCK_CONFLICTS,
  SK_BLOCK_PICTURE,
  SK_BLOCK_SHARED_COUNT, /* the blocks above are shared words, those below are the kernel's own */
  SK_BLOCK_QUEUE = SK_BLOCK_SHARED_COUNT,
  SK_BLOCK_FRAMES,
  SK_BLOCK_TASKS,
  SK_BLOCK_STAGINGS,
  SK_BLOCK_TOUCHES,
  SK_BLOCK_BUCKETS,
  SK_BLOCK_KERNEL,
  SK_BLOCK_COUNT
};

/*
 * What the kernel asks of its environment: one door for all memory.
 *
 * resize: old_bytes of `old` (NULL when 0) become new_bytes (0 frees). The content up to the
 * smaller size is kept, the rest is unspecified; 8-byte aligned. Returns NULL when memory is out,
 * and `old` is then untouched.
 */
typedef struct sk_host {
  void *context;
  void *(*resize)(void *context, enum sk_block block, void *old, size_t old_bytes,
                  size_t new_bytes);
} sk_host_t;

enum sk_header {
  SK_H_ABI,
  SK_H_REMADE,      /* bit (1 << block) for each block that moved; cleared by the caller */
  SK_H_JOURNAL_LEN, /* words; written by the caller, reset by the kernel */
  SK_H_JOURNAL_CAP,
  SK_H_PENDING_LEN, /* words; written by the caller, reset by the kernel */
  SK_H_PENDING_CAP,
  SK_H_RUN_LEN,   /* effects in RUN */
  SK_H_QUEUED,    /* effects that are due and were not put into RUN */
  SK_H_RUN_TAKEN, /* how many of them the caller has taken so far, in order */
  SK_H_FRESH_LEN, /* ids left in FRESH; the caller takes from the end */
  SK_H_TXN_LEN,   /* entries in TXN; appended by the caller, cut by the kernel */
  SK_H_TXN_CAP,
  SK_H_RELEASED, /* first of the released nodes, linked by SK_N_NEXT */
  SK_H_REAPED,   /* the caller sets 1 when it has read the released nodes */
  SK_H_UP_TO,  /* int32, written by the caller: sk_flush hands out no effect of a later priority */
  SK_H_OLDEST, /* set by the caller, reset by sk_flush: hand out the one that has waited longest */
  SK_H_WORDS = 32
};

/* ---- slots --------------------------------------------------------------------------------- */

#define SK_SLOT_WORDS 8u

/*
 *            0        1        2          3          4          5         6          7
 *   source   flags    deps     scratch    subs head  subs tail  next      pins       generation
 *   effect   flags    deps     scratch    order lo   order hi   since     priority   generation
 *   edge     dep      sub      next dep   next sub   prev sub   scratch   -          generation
 *   free     SK_FREE  next     -          -          -          -         -          generation
 *
 * deps: first edge of the node's list of dependencies, in the order in which its last run read them.
 * subs: list of the edges by which others read this node, in the order of linking.
 * A signal reads nothing: its word 1 is its record in VERSIONS, while a transaction touches it.
 * next: the list of orphans, or of released nodes. pins: entries of the transaction log, and touches
 * of asynchronous transactions, that name it.
 * since: of an effect that is queued, the how manieth wake-up of the kernel made it due; it wraps around.
 * scratch: 0 between calls.
 */
enum sk_node_word {
  SK_N_FLAGS,
  SK_N_DEPS,
  SK_N_SCRATCH,
  SK_N_SUBS,
  SK_N_SUBS_TAIL,
  SK_N_NEXT,
  SK_N_PINS,
  SK_N_GENERATION,
  SK_N_VERSION = SK_N_DEPS,
  SK_N_SINCE = SK_N_NEXT,
  SK_N_PRIORITY = SK_N_PINS,
  SK_N_ORDER_LOW = SK_N_SUBS,
  SK_N_ORDER_HIGH = SK_N_SUBS_TAIL
};

enum sk_edge_word { SK_E_DEP, SK_E_SUB, SK_E_NEXT_DEP, SK_E_NEXT_SUB, SK_E_PREV_SUB, SK_E_SCRATCH };

/* Word 0 of a slot: the low three bits tell what it is (an edge has an id there: 0). */
enum sk_tag {
  SK_EDGE = 0,
  SK_SIGNAL = 1,
  SK_COMPUTED = 2,
  SK_EFFECT = 3,
  SK_FREE = 4,
  SK_TAKEN = 5, /* in FRESH, or out of it and not yet a node; its other bits are the kernel's */
  SK_TAG_MASK = 7
};

enum sk_flag {
  SK_STALE = 8,      /* a computed that may have to run again; its readers are marked too */
  SK_QUEUED = 16,    /* an effect that is due, or in RUN and not yet taken */
  SK_DEAD = 32,      /* disposed while queued, or released and not yet reaped */
  SK_ORPHAN = 64,    /* lost its last reader during this journal */
  SK_RELINKED = 128, /* set by the caller: a LINK entry waits for it in the journal */
  SK_CYCLIC = 256    /* set by the caller: it was read while it ran, or its run ended in a cycle */
};

/* ---- journal -------------------------------------------------------------------------------- */

/*
 * What the caller did between two calls. Every entry is done as a whole, in order. One that names what
 * is not there is left out; one of no known shape ends the journal; in both cases the call says
 * SK_E_INVALID when it has done the others.
 *
 *   SK_OP_EFFECT   id priority                     a taken slot becomes an effect, last in creation order
 *   SK_OP_LINK     id generation keep n dep*n      the dependencies after edge `keep` (0: all of them)
 *                                                  become these n
 *   SK_OP_DISPOSE  id generation                   an effect goes; of a stale id nothing
 *   SK_OP_WAKE     id generation                   an effect becomes due whatever it read
 *
 * A taken slot becomes a signal or a computed when the caller writes SK_SIGNAL or SK_COMPUTED to
 * its word 0.
 */
enum sk_op { SK_OP_EFFECT = 1, SK_OP_LINK, SK_OP_DISPOSE, SK_OP_WAKE };

/* ---- life ------------------------------------------------------------------------------------ */

/* Makes a kernel in memory of `host`, which is copied. 0, or SK_E_NO_MEMORY. */
int sk_kernel_open(const sk_host_t *host, sk_kernel_t **out);

/* Gives every block back. `kernel` may be NULL. */
void sk_kernel_close(sk_kernel_t *kernel);

/* The shared block and its size in words; valid until the kernel says that it was remade. */
uint32_t *sk_kernel_words(sk_kernel_t *kernel, enum sk_block block, size_t *words);

typedef struct sk_stats {
  uint64_t nodes;        /* live signals, computeds and effects */
  uint64_t edges;        /* live edges */
  uint64_t tasks;        /* live tasks */
  uint64_t transactions; /* open asynchronous ones */
  uint64_t effects;      /* live effects, a part of nodes */
  uint64_t queued;       /* effects due, disposed ones that are still listed included */
  uint64_t bytes;        /* of memory got from the host */
  uint64_t marks;        /* nodes marked by propagation since the start */
  uint64_t links;        /* edges made since the start */
} sk_stats_t;

/* Counters, exact after a call that took the journal; never fails. */
void sk_kernel_stats(const sk_kernel_t *kernel, sk_stats_t *out);

/* ---- graph and schedule ------------------------------------------------------------------------ */

/*
 * Takes the journal and fills FRESH up. Nodes that nobody reads any more are released: they are
 * listed at HEADER[SK_H_RELEASED], with their dependencies still readable, until the caller has set
 * SK_H_REAPED and calls again. 0, SK_E_NO_MEMORY, SK_E_LIMIT, or SK_E_INVALID for a malformed entry.
 */
int sk_sync(sk_kernel_t *kernel);

/*
 * sk_sync, then marks everything behind the ids in PENDING: computeds become SK_STALE, effects due.
 */
int sk_mark(sk_kernel_t *kernel);

/*
 * sk_mark, then writes the due effects to RUN in the order (priority, creation). Returns how many
 * there are; not necessarily all that are due, 0 only when none is. As the caller takes each, in
 * order, it clears its SK_QUEUED and counts SK_H_RUN_TAKEN up; it does so for one that was disposed
 * meanwhile as well, and passes over it. Those not taken, because an effect wrote, stay due.
 *
 * Effects of a priority later than HEADER[SK_H_UP_TO] (INT32_MAX from the start: none is) stay queued
 * and are counted in SK_H_QUEUED; 0 then means that no other is due.
 *
 * With HEADER[SK_H_OLDEST] set, RUN gets at most one: of the effects later than SK_H_UP_TO the one that
 * became due first.
 */
int sk_flush(sk_kernel_t *kernel);

/*
 * sk_mark, then writes all effects that are due to RUN, in order, to be looked at and not to be taken:
 * the next sk_flush lists them again. Returns how many there are.
 */
int sk_plan(sk_kernel_t *kernel);

/*
 * sk_mark, then writes to PICTURE what the graph looks like: a head (enum sk_picture_word), all live
 * nodes in the order of their slots, and all live tasks. A node is SK_PICTURE_NODE_WORDS words (enum
 * sk_picture_node) and after them the ids of its dependencies, in the order in which its last run read
 * them; a task is SK_PICTURE_TASK_WORDS words (enum sk_picture_task). Nothing becomes due that was not,
 * and nothing is taken. 0, or the errors of sk_sync; a picture that finds no room changes nothing.
 */
int sk_inspect(sk_kernel_t *kernel);

#define SK_PICTURE_HEAD_WORDS 3u
#define SK_PICTURE_NODE_WORDS 5u
#define SK_PICTURE_TASK_WORDS 6u

enum sk_picture_word { SK_P_NODES, SK_P_EDGES, SK_P_TASKS };

/* Flags are those of the slot (enum sk_tag, enum sk_flag); the priority is 0 of what is no effect. */
enum sk_picture_node { SK_PN_ID, SK_PN_FLAGS, SK_PN_GENERATION, SK_PN_PRIORITY, SK_PN_DEPS };

enum sk_picture_task {
  SK_PT_LOW, /* of the handle */
  SK_PT_HIGH,
  SK_PT_KIND,
  SK_PT_STATE,
  SK_PT_VERSION_LOW, /* of the newest run */
  SK_PT_VERSION_HIGH
};

/*
 * Makes room for `words` more words in JOURNAL, PENDING or TXN; in FRESH, so many ids in all; in SLOTS, so
 * many edges more than the journal asks for: a LINK that is then written finds its room. 0, SK_E_NO_MEMORY,
 * SK_E_LIMIT, or SK_E_INVALID for another block.
 */
int sk_reserve(sk_kernel_t *kernel, enum sk_block block, uint32_t words);

/* ---- transactions -------------------------------------------------------------------------------- */

/*
 * Opens a transaction inside the innermost open one, and returns its depth (1 for the outermost).
 * The caller appends the id of what it writes to TXN, counts SK_N_PINS of that node up, and keeps
 * the old value itself.
 */
int sk_txn_begin(sk_kernel_t *kernel);

/*
 * Ends the innermost transaction and keeps its writes: they become the outer one's, so that it can
 * still undo them. At the outermost the log is emptied; what only the log kept is released when the
 * next journal is taken. Returns how many entries the log still has, or SK_E_STATE when none is open.
 */
int sk_txn_commit(sk_kernel_t *kernel);

/*
 * Ends the innermost transaction and cuts its entries off. Returns the index of the first of them:
 * the caller puts back the values from the former end of the log down to that index.
 */
int sk_txn_rollback(sk_kernel_t *kernel);

/* ---- asynchronous transactions --------------------------------------------------------------------- */

/*
 * What an asynchronous transaction writes is staged by the caller, beside the committed values. The
 * kernel has the sets of what it read and wrote, and says at the end whether somebody else came
 * before: optimistic concurrency control with backward validation (H. T. Kung, J. T. Robinson: On
 * Optimistic Methods for Concurrency Control, 1981).
 *
 * Time is the caller's clock of writes: below 2^53, growing, moved by every write. A signal that a
 * transaction has touched has a record in VERSIONS, at the offset SK_N_VERSION of its slot; the
 * caller writes there when that was last written: as the transaction touches it, and at each committed
 * write from then on.
 */
typedef uint64_t sk_staging_t;

#define SK_VERSION_WORDS 4u

enum sk_version_word { SK_V_LOW, SK_V_HIGH, SK_V_TOUCHES, SK_V_NEXT };

enum sk_touch { SK_TOUCH_READ = 1, SK_TOUCH_WRITE = 2 };

/* Opens a transaction at the time `clock`, inside of `parent` (0: of none). 0, SK_E_DISPOSED when the
   parent is not open, SK_E_NO_MEMORY or SK_E_LIMIT. */
int sk_staging_open(sk_kernel_t *kernel, sk_staging_t parent, uint64_t clock, sk_staging_t *out);

/* Adds the signal `id` to the read or write set (SK_TOUCH_*), at the time `clock`. Returns the offset
   of its record in VERSIONS, or SK_E_DISPOSED, SK_E_INVALID, SK_E_NO_MEMORY, SK_E_LIMIT. */
int sk_staging_touch(sk_kernel_t *kernel, sk_staging_t staging, sk_id_t id, uint32_t how,
                     uint64_t clock);

/* Lists in CONFLICTS the signals that it touched in one of the ways `how`, and that somebody else -
   of an inner transaction: the outer one - has written since it began. Returns how many there are, or
   SK_E_DISPOSED when it or its parent is not open, SK_E_INVALID, SK_E_NO_MEMORY, SK_E_LIMIT. */
int sk_staging_check(sk_kernel_t *kernel, sk_staging_t staging, uint32_t how);

/* Ends a transaction whose writes the caller has made. An inner one leaves its sets to the outer one,
   as of the time `clock`; of an outermost one *order becomes its place among all commits, from 1.
   0, or SK_E_DISPOSED when it or its parent is not open. */
int sk_staging_commit(sk_kernel_t *kernel, sk_staging_t staging, uint64_t clock, uint64_t *order);

/* Ends a transaction without a trace. 0 or SK_E_DISPOSED. */
int sk_staging_discard(sk_kernel_t *kernel, sk_staging_t staging);

/* ---- tasks ------------------------------------------------------------------------------------------ */

/* An asynchronous cell: slot in the low 24 bits, generation above; below 2^53, so a double holds it. */
typedef uint64_t sk_task_t;

enum sk_task_kind { SK_TASK_SINGLE, SK_TASK_STREAM };

enum sk_task_state {
  SK_TASK_IDLE,
  SK_TASK_PENDING,
  SK_TASK_STREAMING,
  SK_TASK_SUCCESS,
  SK_TASK_ERROR,
  SK_TASK_CANCELLED
};

/* What the kernel answers to an outcome. Only SK_COMMIT may become visible. */
enum sk_verdict { SK_COMMIT, SK_IS_STALE, SK_IS_CANCELLED };

/* A new idle task of version 0. 0, SK_E_NO_MEMORY or SK_E_LIMIT. */
int sk_task_create(sk_kernel_t *kernel, enum sk_task_kind kind, sk_task_t *out);

/* Starts a run: the state becomes pending and *version the next one, counted from 1. A run that was
 * in flight is superseded. Returns 1 when it superseded one, else 0, or SK_E_DISPOSED, SK_E_LIMIT. */
int sk_task_start(sk_kernel_t *kernel, sk_task_t task, uint64_t *version);

/* One visible step of the stream run `version`: pending becomes streaming. Returns a verdict, or
 * SK_E_DISPOSED, SK_E_STATE for a single-shot task. */
int sk_task_emit(sk_kernel_t *kernel, sk_task_t task, uint64_t version);

/* The outcome of the run `version`: SK_TASK_SUCCESS or SK_TASK_ERROR. Returns a verdict: only the
 * newest run, and only once, commits. SK_E_DISPOSED, SK_E_INVALID for another outcome. */
int sk_task_settle(sk_kernel_t *kernel, sk_task_t task, uint64_t version,
                   enum sk_task_state outcome);

/* Cancels the run in flight. SK_COMMIT when there was one, else SK_IS_STALE. */
int sk_task_cancel(sk_kernel_t *kernel, sk_task_t task);

/* Takes a state over that a run elsewhere has come to - in another process, say, before a snapshot. The
 * state becomes `state`: idle, success, error or cancelled. The newest version becomes `version`, unless
 * it is higher already, and *newest is what it is then: the next run gets the one after it. A run in
 * flight is superseded, and can never commit. Returns 1 when it superseded one, else 0, or SK_E_DISPOSED,
 * SK_E_INVALID for another state, SK_E_LIMIT for a version that is too high; nothing is changed then. */
int sk_task_seed(sk_kernel_t *kernel, sk_task_t task, uint64_t version, enum sk_task_state state,
                 uint64_t *newest);

/* State and newest version of a task. 0 or SK_E_DISPOSED. */
int sk_task_inspect(const sk_kernel_t *kernel, sk_task_t task, enum sk_task_state *state,
                    uint64_t *version);

/* Ends a task and frees its slot; its runs in flight can never commit. 0 or SK_E_DISPOSED. */
int sk_task_dispose(sk_kernel_t *kernel, sk_task_t task);

/* ---- checks ------------------------------------------------------------------------------------------ */

/*
 * Walks every invariant of every structure. Returns NULL when all hold, else a sentence that says
 * which does not. Linear in the size of the kernel; for tests and debug builds.
 */
const char *sk_kernel_check(sk_kernel_t *kernel);

#ifdef __cplusplus
}
#endif
#endif
