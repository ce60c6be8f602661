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
 * The loop keeps the computeds still to be visited in a list through their scratch word: a graph of
 * any depth is marked without a stack and without memory.
 */
#include "kernel.h"

/* The list's last entry points to itself, so that 0 keeps meaning "not in the list". */
typedef struct worklist {
  sk_id_t head;
  sk_id_t tail;
} worklist_t;

static void visit(sk_kernel_t *k, uint32_t *slots, worklist_t *list, sk_id_t node) {
  uint32_t flags = slots[node + SK_N_FLAGS];
  if ((flags & SK_TAG_MASK) == SK_EFFECT) {
    if ((flags & SK_QUEUED) == 0) {
      k->marks++;
      sk__schedule_push(k, node);
    }
    return;
  }
  if ((flags & SK_STALE) != 0) return;
  k->marks++;
  slots[node + SK_N_FLAGS] = flags | SK_STALE;
  if (list->tail != 0)
    slots[list->tail + SK_N_SCRATCH] = node;
  else
    list->head = node;
  slots[node + SK_N_SCRATCH] = node;
  list->tail = node;
}

static void drain(sk_kernel_t *k, uint32_t *slots, worklist_t *list) {
  while (list->head != 0) {
    sk_id_t node = list->head;
    for (sk_id_t edge = slots[node + SK_N_SUBS]; edge != 0; edge = slots[edge + SK_E_NEXT_SUB])
      visit(k, slots, list, slots[edge + SK_E_SUB]);
    sk_id_t next = slots[node + SK_N_SCRATCH];
    slots[node + SK_N_SCRATCH] = 0;
    list->head = next == node ? 0 : next;
  }
  list->tail = 0;
}

void sk__propagate_from(sk_kernel_t *k, sk_id_t source) {
  uint32_t *slots = SK__SLOTS(k);
  worklist_t list = {0, 0};
  for (sk_id_t edge = slots[source + SK_N_SUBS]; edge != 0; edge = slots[edge + SK_E_NEXT_SUB])
    visit(k, slots, &list, slots[edge + SK_E_SUB]);
  drain(k, slots, &list);
}

void sk__propagate_node(sk_kernel_t *k, sk_id_t node) {
  uint32_t *slots = SK__SLOTS(k);
  worklist_t list = {0, 0};
  visit(k, slots, &list, node);
  drain(k, slots, &list);
}
