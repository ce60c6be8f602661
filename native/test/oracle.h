/*
 * oracle.h - the kernel's contract once more, in the plainest way: arrays, searches and recursion.
 *
 * Entries wait in a list until a call takes them, as in the journal. A node is named by its index;
 * an index is used again, so what may be out of date carries the serial number too.
 */
#ifndef SK_TEST_ORACLE_H
#define SK_TEST_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#include "signal_kernel.h"

enum { ORACLE_NODES = 96, ORACLE_ENTRIES = 4096, ORACLE_LIST = ORACLE_NODES, ORACLE_LOG = 4096 };

typedef struct oracle_list {
  uint32_t at[ORACLE_LIST];
  uint32_t len;
} oracle_list_t;

typedef struct oracle_node {
  enum sk_tag tag; /* SK_FREE: the index is unused */
  bool alive;
  bool stale;
  bool due;
  bool orphan;
  bool cyclic; /* the caller has said so */
  int32_t priority;
  uint32_t serial;
  uint64_t created;
  uint32_t pins;
  oracle_list_t deps;    /* in the order of reading */
  oracle_list_t readers; /* in the order of linking */
} oracle_node_t;

typedef struct oracle_entry {
  enum sk_op op;
  uint32_t node;
  uint32_t serial;
  int32_t priority;
  uint32_t keep; /* how many dependencies stay in front */
  oracle_list_t deps;
} oracle_entry_t;

typedef struct oracle {
  oracle_node_t nodes[ORACLE_NODES];
  oracle_entry_t entries[ORACLE_ENTRIES];
  uint32_t entries_len;
  uint32_t log[ORACLE_LOG];
  uint32_t log_len;
  uint32_t frames[ORACLE_LOG];
  uint32_t frames_len;
  oracle_list_t released; /* by the last call that took the journal */
  uint32_t last_serial;
  uint64_t last_created;
  uint64_t marks;
  uint64_t links;
} oracle_t;

bool oracle_has(const oracle_list_t *list, uint32_t index);
void oracle_add(oracle_list_t *list, uint32_t index);

/* A node with an unused index; there must be one. An effect lives from its entry on. */
uint32_t oracle_make(oracle_t *oracle, enum sk_tag tag);
/* An empty entry, to be filled in. */
oracle_entry_t *oracle_enter(oracle_t *oracle, enum sk_op op, uint32_t node, uint32_t serial);

/* What sk_sync does. */
void oracle_sync(oracle_t *oracle);
/* What sk_mark does for one id, after the journal was taken. */
void oracle_mark(oracle_t *oracle, uint32_t source);
/* The due effect that comes next, or ORACLE_NODES. */
uint32_t oracle_first_due(const oracle_t *oracle);
void oracle_settle(oracle_t *oracle, uint32_t reader);

void oracle_log(oracle_t *oracle, uint32_t source);
uint32_t oracle_begin(oracle_t *oracle);
uint32_t oracle_commit(oracle_t *oracle);
uint32_t oracle_rollback(oracle_t *oracle);

#endif
