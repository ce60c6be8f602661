/*
 * graph.c - nodes and edges: who reads whom.
 *
 *        source s                      reader r
 *        subs head -> [edge s<-r1] -> [edge s<-r2]         along next sub
 *        deps head -> [edge s1<-r] -> [edge s2<-r]         along next dep, in the order of reading
 *
 * Invariants: an edge is in exactly one list of each kind; a reader has at most one edge to a source;
 * a source that has no reader and no pin is an orphan until the end of the call, and is released
 * then; so is a circle of computeds that only read each other, when the caller says SK_CYCLIC. A
 * released node keeps its dependency list until the caller has read it, so that the caller can go on
 * with the cached value without the kernel.
 *
 * Relinking keeps the prefix that the last run read unchanged and reconciles the rest in one pass,
 * with one word of scratch on each source:
 *
 *   1  each source of the kept prefix is tagged SK__KEPT, each source of the old rest with its edge
 *   2  each new source: tagged SK__KEPT, it is a repetition; tagged with an edge, the edge is moved;
 *      untagged, it gets a new edge. Then it is SK__KEPT
 *   3  what still has its edge as tag was not read again: that edge goes. All tags are cleared
 */
#include "kernel.h"

/* Not the id of any edge: ids are multiples of SK_SLOT_WORDS. */
#define SK__KEPT 1u

/*
 * Ids are taken out of FRESH in the order in which they were put in. The slot of each has the number
 * that it had in that order, or the low bits of it; the number of the next to be taken follows from the
 * length. So there are few places, and mostly none, where FRESH may have the id.
 */
bool sk__graph_is_taken(const sk_kernel_t *k, sk_id_t id) {
  if (id == 0 || id % SK_SLOT_WORDS != 0 || id / SK_SLOT_WORDS >= k->slots_used) return false;
  const uint32_t *fresh = k->block[SK_BLOCK_FRESH].at;
  uint32_t flags = SK__SLOTS(k)[id + SK_N_FLAGS];
  uint32_t left = SK__HEADER(k)[SK_H_FRESH_LEN];
  uint32_t mask = UINT32_MAX >> SK__TICKET_SHIFT;
  if ((flags & SK_TAG_MASK) != SK_TAKEN || left > k->fresh_len) return false;
  uint32_t ahead = ((flags >> SK__TICKET_SHIFT) - (k->tickets - left)) & mask;
  for (; ahead < left; ahead += mask + 1)
    if (fresh[left - 1 - ahead] == id) return false;
  return true;
}

int sk__graph_effect(sk_kernel_t *k, sk_id_t id, int32_t priority) {
  int status = sk__schedule_reserve(k);
  if (status != 0) return status;
  uint32_t *node = SK__SLOTS(k) + id;
  uint64_t order = ++k->order;
  node[SK_N_FLAGS] = SK_EFFECT;
  node[SK_N_ORDER_LOW] = (uint32_t)order;
  node[SK_N_ORDER_HIGH] = (uint32_t)(order >> 32);
  node[SK_N_PRIORITY] = (uint32_t)priority;
  k->effects++;
  k->effect_slots++;
  return 0;
}

void sk__graph_orphan(sk_kernel_t *k, sk_id_t id) {
  uint32_t *node = SK__SLOTS(k) + id;
  if ((node[SK_N_FLAGS] & (SK_ORPHAN | SK_DEAD)) != 0) return;
  node[SK_N_FLAGS] |= SK_ORPHAN;
  node[SK_N_NEXT] = k->orphan;
  k->orphan = id;
}

/* Adds the edge to the end of its source's list of readers. */
static void attach(uint32_t *slots, sk_id_t edge, sk_id_t dep, sk_id_t sub) {
  sk_id_t tail = slots[dep + SK_N_SUBS_TAIL];
  slots[edge + SK_E_DEP] = dep;
  slots[edge + SK_E_SUB] = sub;
  slots[edge + SK_E_NEXT_SUB] = 0;
  slots[edge + SK_E_PREV_SUB] = tail;
  if (tail != 0)
    slots[tail + SK_E_NEXT_SUB] = edge;
  else
    slots[dep + SK_N_SUBS] = edge;
  slots[dep + SK_N_SUBS_TAIL] = edge;
}

/* Takes the edge out of its source's list of readers. */
static void detach(sk_kernel_t *k, sk_id_t edge) {
  uint32_t *slots = SK__SLOTS(k);
  sk_id_t dep = slots[edge + SK_E_DEP];
  sk_id_t next = slots[edge + SK_E_NEXT_SUB];
  sk_id_t prev = slots[edge + SK_E_PREV_SUB];
  if (next != 0)
    slots[next + SK_E_PREV_SUB] = prev;
  else
    slots[dep + SK_N_SUBS_TAIL] = prev;
  if (prev != 0)
    slots[prev + SK_E_NEXT_SUB] = next;
  else
    slots[dep + SK_N_SUBS] = next;
  k->edges--;
  /* The readers that a node of a circle has left may be those of the circle itself. */
  if (slots[dep + SK_N_SUBS] == 0 || (slots[dep + SK_N_FLAGS] & SK_CYCLIC) != 0)
    sk__graph_orphan(k, dep);
}

/* Step 1: tags the sources of the reader's present edges. Returns the first edge after `keep`. */
static sk_id_t tag_present(uint32_t *slots, sk_id_t id, sk_id_t keep) {
  sk_id_t edge = slots[id + SK_N_DEPS];
  if (keep != 0) {
    for (;; edge = slots[edge + SK_E_NEXT_DEP]) {
      slots[slots[edge + SK_E_DEP] + SK_N_SCRATCH] = SK__KEPT;
      if (edge == keep) break;
    }
    edge = slots[keep + SK_E_NEXT_DEP];
  }
  sk_id_t rest = edge;
  for (; edge != 0; edge = slots[edge + SK_E_NEXT_DEP]) {
    slots[slots[edge + SK_E_DEP] + SK_N_SCRATCH] = edge;
    slots[edge + SK_E_SCRATCH] = slots[edge + SK_E_NEXT_DEP];
  }
  return rest;
}

/* Step 2: the chain after `keep` becomes `deps`. Returns whether a new edge leads to a stale node. */
static bool chain(sk_kernel_t *k, sk_id_t id, sk_id_t keep, const uint32_t *deps, uint32_t count) {
  uint32_t *slots = SK__SLOTS(k);
  uint32_t *link = keep != 0 ? &slots[keep + SK_E_NEXT_DEP] : &slots[id + SK_N_DEPS];
  bool stale = false;
  for (uint32_t i = 0; i < count; i++) {
    sk_id_t dep = deps[i];
    sk_id_t edge = slots[dep + SK_N_SCRATCH];
    if (edge == SK__KEPT) continue;
    if (edge == 0) {
      edge = sk__memory_take(k);
      attach(slots, edge, dep, id);
      k->edges++;
      k->links++;
      stale |= (slots[dep + SK_N_FLAGS] & SK_STALE) != 0;
    }
    slots[dep + SK_N_SCRATCH] = SK__KEPT;
    *link = edge;
    link = &slots[edge + SK_E_NEXT_DEP];
  }
  *link = 0;
  return stale;
}

int sk__graph_link(sk_kernel_t *k, sk_id_t id, sk_id_t keep, const uint32_t *deps, uint32_t count) {
  int status = sk__memory_reserve_slots(k, count);
  if (status != 0) return status;
  uint32_t *slots = SK__SLOTS(k);
  sk_id_t rest = tag_present(slots, id, keep);
  bool stale = chain(k, id, keep, deps, count);
  while (rest != 0) { /* step 3 */
    sk_id_t next = slots[rest + SK_E_SCRATCH];
    sk_id_t dep = slots[rest + SK_E_DEP];
    slots[rest + SK_E_SCRATCH] = 0;
    if (slots[dep + SK_N_SCRATCH] == rest) {
      slots[dep + SK_N_SCRATCH] = 0;
      detach(k, rest);
      sk__memory_give(k, rest);
    }
    rest = next;
  }
  for (sk_id_t edge = slots[id + SK_N_DEPS]; edge != 0; edge = slots[edge + SK_E_NEXT_DEP])
    slots[slots[edge + SK_E_DEP] + SK_N_SCRATCH] = 0;
  if (stale) sk__propagate_node(k, id);
  return 0;
}

/* Takes the reader out of all its sources' lists; its own list stays. */
static void detach_all(sk_kernel_t *k, sk_id_t id) {
  uint32_t *slots = SK__SLOTS(k);
  for (sk_id_t edge = slots[id + SK_N_DEPS]; edge != 0; edge = slots[edge + SK_E_NEXT_DEP])
    detach(k, edge);
}

static void give_edges(sk_kernel_t *k, sk_id_t id) {
  uint32_t *slots = SK__SLOTS(k);
  for (sk_id_t edge = slots[id + SK_N_DEPS]; edge != 0;) {
    sk_id_t next = slots[edge + SK_E_NEXT_DEP];
    sk__memory_give(k, edge);
    edge = next;
  }
  slots[id + SK_N_DEPS] = 0;
}

void sk__graph_dispose(sk_kernel_t *k, sk_id_t id) {
  uint32_t *slots = SK__SLOTS(k);
  detach_all(k, id);
  give_edges(k, id);
  k->effects--;
  k->nodes_taken--;
  if ((slots[id + SK_N_FLAGS] & SK_QUEUED) != 0) {
    slots[id + SK_N_FLAGS] |= SK_DEAD; /* the queue still names it */
    return;
  }
  k->effect_slots--;
  sk__memory_give(k, id);
}

/* Whether an open transaction holds a node: no wrong count of pins frees what is touched. */
static bool is_held(const sk_kernel_t *k, const uint32_t *node) {
  return node[SK_N_PINS] != 0 || sk__staging_touches(k, node) != 0;
}

/*
 * Whether an effect or an open transaction needs `id`, directly or not. What was visited is left as a
 * list through the scratch words, from `id` to the node that points to itself.
 */
static bool is_needed(const sk_kernel_t *k, sk_id_t id) {
  uint32_t *slots = SK__SLOTS(k);
  sk_id_t tail = id;
  slots[id + SK_N_SCRATCH] = id;
  for (sk_id_t node = id;; node = slots[node + SK_N_SCRATCH]) {
    if (is_held(k, slots + node)) return true;
    for (sk_id_t edge = slots[node + SK_N_SUBS]; edge != 0; edge = slots[edge + SK_E_NEXT_SUB]) {
      sk_id_t sub = slots[edge + SK_E_SUB];
      if ((slots[sub + SK_N_FLAGS] & SK_TAG_MASK) == SK_EFFECT) return true;
      if (slots[sub + SK_N_SCRATCH] != 0) continue;
      slots[tail + SK_N_SCRATCH] = sub;
      slots[sub + SK_N_SCRATCH] = sub;
      tail = sub;
    }
    if (node == tail) return false;
  }
}

/* Appends a node to the released ones: a reader comes before what it read, but for a circle. */
static void release(sk_kernel_t *k, sk_id_t id) {
  uint32_t *slots = SK__SLOTS(k);
  slots[id + SK_N_FLAGS] |= SK_DEAD;
  k->nodes_taken--;
  if (k->released == 0)
    k->released = SK__HEADER(k)[SK_H_RELEASED] = id;
  else
    slots[k->released_tail + SK_N_NEXT] = id;
  k->released_tail = id;
  slots[id + SK_N_NEXT] = 0;
  detach_all(k, id);
}

/* Takes the list apart that is_needed has left; releases its nodes when nobody needs them. */
static void end_visit(sk_kernel_t *k, sk_id_t id, bool needed) {
  uint32_t *slots = SK__SLOTS(k);
  for (;;) {
    sk_id_t next = slots[id + SK_N_SCRATCH];
    slots[id + SK_N_SCRATCH] = 0;
    uint32_t *flags = slots + id + SK_N_FLAGS;
    /* One that is listed as an orphan, too, has its turn there; what read it may be part of a circle. */
    if (!needed && (*flags & SK_ORPHAN) != 0) *flags |= SK_CYCLIC;
    if (!needed && (*flags & (SK_DEAD | SK_ORPHAN)) == 0) release(k, id);
    if (next == id) return;
    id = next;
  }
}

void sk__graph_release(sk_kernel_t *k) {
  uint32_t *slots = SK__SLOTS(k);
  while (k->orphan != 0) {
    sk_id_t id = k->orphan;
    uint32_t *node = slots + id;
    k->orphan = node[SK_N_NEXT];
    node[SK_N_NEXT] = 0;
    node[SK_N_FLAGS] &= ~(uint32_t)SK_ORPHAN;
    if (is_held(k, node)) continue;
    if (node[SK_N_SUBS] == 0) {
      release(k, id);
    } else if ((node[SK_N_FLAGS] & SK_CYCLIC) != 0) {
      end_visit(k, id, is_needed(k, id));
    }
  }
}

void sk__graph_mend(sk_kernel_t *k) {
  uint32_t *slots = SK__SLOTS(k);
  for (sk_id_t id = SK_SLOT_WORDS; id < k->slots_used * SK_SLOT_WORDS; id += SK_SLOT_WORDS) {
    uint32_t *node = slots + id;
    uint32_t tag = node[SK_N_FLAGS] & SK_TAG_MASK;
    if (tag == SK_COMPUTED || tag == SK_EFFECT) node[SK_N_FLAGS] &= ~(uint32_t)SK_RELINKED;
    if ((tag == SK_SIGNAL || tag == SK_COMPUTED) && node[SK_N_SUBS] == 0) sk__graph_orphan(k, id);
  }
}

void sk__graph_reap(sk_kernel_t *k) {
  uint32_t *header = SK__HEADER(k);
  if (header[SK_H_REAPED] == 0) return;
  header[SK_H_REAPED] = 0;
  sk_id_t id = k->released;
  header[SK_H_RELEASED] = 0;
  k->released = 0;
  k->released_tail = 0;
  while (id != 0) {
    sk_id_t next = SK__SLOTS(k)[id + SK_N_NEXT];
    give_edges(k, id);
    sk__memory_give(k, id);
    id = next;
  }
}
