/*
 * propagate.c - from what was written to everything that may have to run again.
 *
 * Recursively, the whole module is
 *
 *     mark(source): for each reader r of source
 *                     if r is an effect and not due:     r becomes due
 *                     if r is a computed and not stale:  r becomes stale; mark(r)
 *
 * Invariant: whatever reads a stale computed is itself stale or due, so marking stops where it meets
 * a mark, and each node is visited once between two settlings.
 *
 * The loop goes on with the first computed that it marks, and keeps the others to be visited in a list
 * through their scratch word: a chain is followed without the list, and a graph of any depth is marked
 * without a stack and without memory.
 */
#include "kernel.h"

/* First in, first out. The last entry points to itself, so that 0 keeps meaning "not in the list". */
typedef struct worklist {
  sk_id_t head;
  sk_id_t tail;
} worklist_t;

static void put(uint32_t *slots, worklist_t *list, sk_id_t node) {
  if (list->head == 0)
    list->head = node;
  else
    slots[list->tail + SK_N_SCRATCH] = node;
  slots[node + SK_N_SCRATCH] = node;
  list->tail = node;
}

/* The first of the list, which must not be empty. */
static sk_id_t take(uint32_t *slots, worklist_t *list) {
  sk_id_t node = list->head;
  sk_id_t next = slots[node + SK_N_SCRATCH];
  slots[node + SK_N_SCRATCH] = 0;
  list->head = next == node ? 0 : next;
  return node;
}

/* Marks a reader. Returns whether it is a computed that was not marked yet. */
static inline bool visit(sk_kernel_t *k, uint32_t *slots, sk_id_t node) {
  uint32_t flags = slots[node + SK_N_FLAGS];
  if ((flags & SK_TAG_MASK) == SK_COMPUTED) {
    if ((flags & SK_STALE) != 0) return false;
    k->marks++;
    slots[node + SK_N_FLAGS] = flags | SK_STALE;
    return true;
  }
  if ((flags & SK_QUEUED) != 0) return false;
  k->marks++;
  sk__schedule_push(k, node);
  return false;
}

void sk__propagate_from(sk_kernel_t *k, sk_id_t source) {
  uint32_t *slots = SK__SLOTS(k);
  worklist_t list = {0, 0};
  sk_id_t node = source;
  for (;;) {
    sk_id_t next = 0;
    for (sk_id_t edge = slots[node + SK_N_SUBS]; edge != 0; edge = slots[edge + SK_E_NEXT_SUB]) {
      sk_id_t sub = slots[edge + SK_E_SUB];
      if (!visit(k, slots, sub)) continue;
      if (next == 0)
        next = sub;
      else
        put(slots, &list, sub);
    }
    if (next == 0 && list.head == 0) return;
    node = next != 0 ? next : take(slots, &list);
  }
}

void sk__propagate_node(sk_kernel_t *k, sk_id_t node) {
  if (visit(k, SK__SLOTS(k), node)) sk__propagate_from(k, node);
}
