/*
 * oracle.c - see oracle.h. Nothing here is fast, and everything is as the public header says it.
 */
#include "oracle.h"

#include <string.h>

#include "test.h"

bool oracle_has(const oracle_list_t *list, uint32_t index) {
  for (uint32_t i = 0; i < list->len; i++)
    if (list->at[i] == index) return true;
  return false;
}

void oracle_add(oracle_list_t *list, uint32_t index) {
  CHECK(list->len < ORACLE_LIST);
  list->at[list->len++] = index;
}

static void take_out(oracle_list_t *list, uint32_t index) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < list->len; i++)
    if (list->at[i] != index) list->at[kept++] = list->at[i];
  CHECK_EQ(list->len - kept, 1);
  list->len = kept;
}

uint32_t oracle_make(oracle_t *o, enum sk_tag tag) {
  for (uint32_t i = 0; i < ORACLE_NODES; i++) {
    oracle_node_t *node = &o->nodes[i];
    if (node->tag != SK_FREE) continue;
    memset(node, 0, sizeof *node);
    node->tag = tag;
    node->alive = tag != SK_EFFECT;
    node->serial = ++o->last_serial;
    return i;
  }
  CHECK(!"the oracle has an unused index");
  return 0;
}

oracle_entry_t *oracle_enter(oracle_t *o, enum sk_op op, uint32_t node, uint32_t serial) {
  CHECK(o->entries_len < ORACLE_ENTRIES);
  oracle_entry_t *entry = &o->entries[o->entries_len++];
  memset(entry, 0, sizeof *entry);
  entry->op = op;
  entry->node = node;
  entry->serial = serial;
  return entry;
}

/* Marks a node, and when it was not marked before, whatever is behind it. */
static void visit(oracle_t *o, uint32_t index) {
  oracle_node_t *node = &o->nodes[index];
  if (node->tag == SK_EFFECT) {
    o->marks += !node->due;
    node->due = true;
    return;
  }
  if (node->stale) return;
  o->marks++;
  node->stale = true;
  for (uint32_t i = 0; i < node->readers.len; i++) visit(o, node->readers.at[i]);
}

void oracle_mark(oracle_t *o, uint32_t source) {
  const oracle_node_t *node = &o->nodes[source];
  for (uint32_t i = 0; i < node->readers.len; i++) visit(o, node->readers.at[i]);
}

static void stop_reading(oracle_t *o, uint32_t reader, uint32_t source) {
  oracle_node_t *node = &o->nodes[source];
  take_out(&node->readers, reader);
  if (node->readers.len == 0 || node->cyclic) node->orphan = true;
}

static void take_link(oracle_t *o, const oracle_entry_t *entry) {
  oracle_node_t *reader = &o->nodes[entry->node];
  oracle_list_t old = reader->deps;
  oracle_list_t now = {{0}, 0};
  for (uint32_t i = 0; i < entry->keep; i++) oracle_add(&now, old.at[i]);
  for (uint32_t i = 0; i < entry->deps.len; i++)
    if (!oracle_has(&now, entry->deps.at[i])) oracle_add(&now, entry->deps.at[i]);
  bool is_stale = false;
  for (uint32_t i = 0; i < now.len; i++) {
    if (oracle_has(&old, now.at[i])) continue;
    oracle_add(&o->nodes[now.at[i]].readers, entry->node);
    o->links++;
    is_stale |= o->nodes[now.at[i]].stale;
  }
  for (uint32_t i = 0; i < old.len; i++)
    if (!oracle_has(&now, old.at[i])) stop_reading(o, entry->node, old.at[i]);
  reader->deps = now;
  if (is_stale) visit(o, entry->node);
}

static void take_dispose(oracle_t *o, uint32_t index) {
  oracle_node_t *node = &o->nodes[index];
  for (uint32_t i = 0; i < node->deps.len; i++) stop_reading(o, index, node->deps.at[i]);
  node->alive = false;
  node->tag = SK_FREE;
}

static void take_entry(oracle_t *o, const oracle_entry_t *entry) {
  oracle_node_t *node = &o->nodes[entry->node];
  if (node->tag == SK_FREE || node->serial != entry->serial) return;
  switch (entry->op) {
    case SK_OP_EFFECT:
      node->alive = true;
      node->created = ++o->last_created;
      node->priority = entry->priority;
      break;
    case SK_OP_LINK:
      take_link(o, entry);
      break;
    case SK_OP_DISPOSE:
      take_dispose(o, entry->node);
      break;
    case SK_OP_WAKE:
      visit(o, entry->node);
      break;
  }
}

/* Adds a node and whatever reads it, directly or not. Whether one of them is an effect, or pinned. */
static bool is_needed(const oracle_t *o, uint32_t index, oracle_list_t *seen) {
  const oracle_node_t *node = &o->nodes[index];
  bool needed = node->tag == SK_EFFECT || node->pins > 0;
  if (oracle_has(seen, index)) return false;
  oracle_add(seen, index);
  for (uint32_t i = 0; i < node->readers.len; i++)
    needed |= is_needed(o, node->readers.at[i], seen);
  return needed;
}

static void release(oracle_t *o, uint32_t index) {
  oracle_node_t *node = &o->nodes[index];
  /* Its dependencies stay to be compared; the index is free again when the driver says so. */
  node->alive = false;
  oracle_add(&o->released, index);
  for (uint32_t j = 0; j < node->deps.len; j++) stop_reading(o, index, node->deps.at[j]);
}

static bool release_one(oracle_t *o) {
  for (uint32_t i = 0; i < ORACLE_NODES; i++) {
    oracle_node_t *node = &o->nodes[i];
    if (!node->alive || !node->orphan) continue;
    oracle_list_t circle = {{0}, 0};
    node->orphan = false;
    if (node->pins > 0 || (node->readers.len > 0 && !node->cyclic)) continue;
    if (node->readers.len > 0 && is_needed(o, i, &circle)) continue;
    if (node->readers.len == 0) oracle_add(&circle, i);
    for (uint32_t j = 0; j < circle.len; j++) release(o, circle.at[j]);
    return true;
  }
  return false;
}

void oracle_sync(oracle_t *o) {
  o->released.len = 0;
  for (uint32_t i = 0; i < o->entries_len; i++) take_entry(o, &o->entries[i]);
  o->entries_len = 0;
  while (release_one(o)) continue;
}

uint32_t oracle_first_due(const oracle_t *o) {
  uint32_t first = ORACLE_NODES;
  for (uint32_t i = 0; i < ORACLE_NODES; i++) {
    const oracle_node_t *node = &o->nodes[i];
    if (!node->alive || !node->due) continue;
    const oracle_node_t *best = first == ORACLE_NODES ? NULL : &o->nodes[first];
    if (best == NULL || node->priority < best->priority ||
        (node->priority == best->priority && node->created < best->created))
      first = i;
  }
  return first;
}

void oracle_settle(oracle_t *o, uint32_t reader) {
  oracle_node_t *node = &o->nodes[reader];
  node->stale = false;
  for (uint32_t i = 0; i < node->deps.len; i++)
    if (o->nodes[node->deps.at[i]].stale) oracle_settle(o, node->deps.at[i]);
}

void oracle_log(oracle_t *o, uint32_t source) {
  CHECK(o->log_len < ORACLE_LOG);
  o->log[o->log_len++] = source;
  o->nodes[source].pins++;
}

static void cut(oracle_t *o, uint32_t len) {
  while (o->log_len > len) {
    oracle_node_t *node = &o->nodes[o->log[--o->log_len]];
    CHECK(node->alive && node->pins > 0);
    if (--node->pins == 0 && (node->readers.len == 0 || node->cyclic)) node->orphan = true;
  }
}

uint32_t oracle_begin(oracle_t *o) {
  CHECK(o->frames_len < ORACLE_LOG);
  o->frames[o->frames_len++] = o->log_len;
  return o->frames_len;
}

uint32_t oracle_commit(oracle_t *o) {
  CHECK(o->frames_len > 0);
  if (--o->frames_len == 0) cut(o, 0);
  return o->log_len;
}

uint32_t oracle_rollback(oracle_t *o) {
  CHECK(o->frames_len > 0);
  cut(o, o->frames[--o->frames_len]);
  return o->log_len;
}
