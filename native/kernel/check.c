/*
 * check.c - the graph checker: walks every invariant that the other files state.
 *
 * It trusts no count and follows no link further than the number of slots, so it ends on damaged
 * words too. Each check returns the sentence that does not hold.
 */
#include "kernel.h"

typedef struct census {
  uint64_t nodes;
  uint64_t effects;
  uint64_t effect_slots;
  uint64_t edges;
  uint64_t dead_edges; /* of released nodes: in a list of dependencies only */
  uint64_t by_deps;
  uint64_t by_subs;
  uint64_t queued;
  uint64_t flagged; /* effects that say that they are queued */
  uint64_t waiting; /* of RUN: those that the caller has not taken */
  uint64_t orphans;
} census_t;

static uint32_t word(const sk_kernel_t *k, sk_id_t id, uint32_t at) {
  return SK__SLOTS(k)[id + at];
}

static bool is_slot(const sk_kernel_t *k, sk_id_t id) {
  return id != 0 && id % SK_SLOT_WORDS == 0 && id / SK_SLOT_WORDS < k->slots_used;
}

static uint32_t tag(const sk_kernel_t *k, sk_id_t id) {
  return word(k, id, SK_N_FLAGS) & SK_TAG_MASK;
}

static const char *check_dependencies(const sk_kernel_t *k, sk_id_t id, census_t *seen) {
  bool dead = (word(k, id, SK_N_FLAGS) & SK_DEAD) != 0;
  uint32_t steps = 0;
  for (sk_id_t edge = word(k, id, SK_N_DEPS); edge != 0; edge = word(k, edge, SK_E_NEXT_DEP)) {
    HOLDS(is_slot(k, edge) && tag(k, edge) == SK_EDGE, "a dependency list holds edges only");
    HOLDS(word(k, edge, SK_E_SUB) == id, "an edge of a dependency list belongs to its reader");
    HOLDS(word(k, edge, SK_E_SCRATCH) == 0, "the scratch word of an edge is 0 between calls");
    HOLDS(++steps <= k->slots_used, "a dependency list ends");
    if (dead)
      seen->dead_edges++;
    else
      seen->by_deps++;
  }
  return NULL;
}

static const char *check_readers(const sk_kernel_t *k, sk_id_t id, census_t *seen) {
  sk_id_t prev = 0;
  uint32_t steps = 0;
  for (sk_id_t edge = word(k, id, SK_N_SUBS); edge != 0; edge = word(k, edge, SK_E_NEXT_SUB)) {
    HOLDS(is_slot(k, edge) && tag(k, edge) == SK_EDGE, "a reader list holds edges only");
    HOLDS(word(k, edge, SK_E_DEP) == id, "an edge of a reader list belongs to its source");
    HOLDS(word(k, edge, SK_E_PREV_SUB) == prev, "a reader list is linked both ways");
    HOLDS(++steps <= k->slots_used, "a reader list ends");
    sk_id_t sub = word(k, edge, SK_E_SUB);
    HOLDS(sk__graph_is(k, sub, 1u << SK_COMPUTED | 1u << SK_EFFECT), "a reader is alive");
    seen->by_subs++;
    prev = edge;
  }
  HOLDS(word(k, id, SK_N_SUBS_TAIL) == prev, "the tail of a reader list is its last edge");
  return NULL;
}

static const char *check_node(const sk_kernel_t *k, sk_id_t id, census_t *seen) {
  uint32_t flags = word(k, id, SK_N_FLAGS);
  HOLDS(word(k, id, SK_N_SCRATCH) == 0, "the scratch word of a node is 0 between calls");
  if ((flags & SK_ORPHAN) != 0) seen->orphans++;
  if ((flags & SK_DEAD) == 0) seen->nodes++;
  const char *fault = tag(k, id) == SK_SIGNAL ? NULL : check_dependencies(k, id, seen);
  if (fault != NULL) return fault;
  if (tag(k, id) != SK_EFFECT) {
    HOLDS((flags & SK_QUEUED) == 0, "only an effect is queued");
    HOLDS((flags & SK_DEAD) == 0 || word(k, id, SK_N_SUBS) == 0, "a released node has no reader");
    return check_readers(k, id, seen);
  }
  seen->effect_slots++;
  if ((flags & SK_QUEUED) != 0) seen->flagged++;
  if ((flags & SK_DEAD) == 0) seen->effects++;
  HOLDS((flags & SK_STALE) == 0, "an effect is due, not stale");
  return NULL;
}

static const char *check_slots(const sk_kernel_t *k, census_t *seen) {
  uint32_t taken = 0;
  for (uint32_t i = 1; i < k->slots_used; i++) {
    sk_id_t id = i * SK_SLOT_WORDS;
    const char *fault = NULL;
    switch (tag(k, id)) {
      case SK_EDGE:
        seen->edges++;
        break;
      case SK_FREE:
        break;
      case SK_TAKEN:
        taken++;
        seen->nodes++;
        break;
      case SK_SIGNAL:
      case SK_COMPUTED:
      case SK_EFFECT:
        fault = check_node(k, id, seen);
        break;
      default:
        return "a slot has a known tag";
    }
    if (fault != NULL) return fault;
  }
  HOLDS(taken >= SK__HEADER(k)[SK_H_FRESH_LEN], "every id in FRESH is a taken slot");
  return NULL;
}

/* Ids in FRESH are taken slots, which are numbered in the order in which they are taken out. */
static const char *check_fresh(const sk_kernel_t *k) {
  const uint32_t *fresh = k->block[SK_BLOCK_FRESH].at;
  uint32_t len = SK__HEADER(k)[SK_H_FRESH_LEN];
  HOLDS(len <= k->fresh_len && len <= k->block[SK_BLOCK_FRESH].words, "FRESH only gets shorter");
  for (uint32_t i = 0; i < len; i++) {
    uint32_t flags = SK_TAKEN | (k->tickets - 1 - i) << SK__TICKET_SHIFT;
    HOLDS(is_slot(k, fresh[i]), "FRESH names slots only");
    HOLDS(word(k, fresh[i], SK_N_FLAGS) == flags, "an id in FRESH is not the caller's yet");
  }
  return NULL;
}

static const char *check_free_list(const sk_kernel_t *k) {
  uint32_t count = 0;
  for (sk_id_t id = k->free_slot; id != 0; id = word(k, id, 1)) {
    HOLDS(is_slot(k, id) && word(k, id, 0) == SK_FREE, "the free list holds free slots only");
    HOLDS(++count <= k->free_count, "the free list is as long as its count");
  }
  HOLDS(count == k->free_count, "the free count is the length of the free list");
  return NULL;
}

/* Whether `effect`, named by the queue, is an effect that is queued; counts it. */
static const char *check_queued(const sk_kernel_t *k, sk_id_t effect, census_t *seen) {
  HOLDS(is_slot(k, effect) && tag(k, effect) == SK_EFFECT, "the queue names effects only");
  HOLDS((word(k, effect, SK_N_FLAGS) & SK_QUEUED) != 0, "what the queue names is queued");
  /* Halfway around the clock of wake-ups is later than now. */
  HOLDS(k->wakes - word(k, effect, SK_N_SINCE) <= INT32_MAX,
        "a queued effect became due before now");
  seen->queued++;
  return NULL;
}

/* Of two neighbours: the first runs before the second. */
static bool is_ordered(const sk_kernel_t *k, sk_id_t first, sk_id_t second) {
  return sk__schedule_is_before(SK__SLOTS(k), first, second);
}

/* What the caller has taken of RUN is its own affair. */
static const char *check_run(const sk_kernel_t *k, census_t *seen) {
  const uint32_t *run = k->block[SK_BLOCK_RUN].at;
  HOLDS(k->run_len <= k->block[SK_BLOCK_RUN].words, "RUN fits its block");
  HOLDS(!k->run_is_oldest || k->run_len <= 1, "the oldest effect is handed out alone");
  sk_id_t before = 0;
  for (uint32_t i = 0; i < k->run_len; i++) {
    HOLDS(is_slot(k, run[i]), "RUN names slots only");
    bool is_queued = tag(k, run[i]) == SK_EFFECT && (word(k, run[i], SK_N_FLAGS) & SK_QUEUED) != 0;
    if (!is_queued || k->wakes - word(k, run[i], SK_N_SINCE) < k->wakes - k->run_wakes) continue;
    seen->waiting++;
    bool is_later = (int32_t)word(k, run[i], SK_N_PRIORITY) > k->run_up_to;
    HOLDS(is_later == k->run_is_oldest, "RUN is on the side of SK_H_UP_TO that was asked for");
    HOLDS(before == 0 || is_ordered(k, before, run[i]), "RUN is in order");
    before = run[i];
  }
  return NULL;
}

static const char *check_queue(const sk_kernel_t *k, census_t *seen) {
  const sk__queue_t *q = &k->queue;
  const char *fault = NULL;
  HOLDS(q->lane_head <= q->lane_tail && q->lane_tail <= q->capacity, "the lane is inside its room");
  HOLDS(q->incoming_len <= q->capacity && q->heap_len <= q->capacity, "the queue fits its room");
  for (uint32_t i = 0; i < q->incoming_len && fault == NULL; i++)
    fault = check_queued(k, q->incoming[i], seen);
  for (uint32_t i = q->lane_head; i < q->lane_tail && fault == NULL; i++)
    fault = check_queued(k, q->lane[i], seen);
  for (uint32_t i = 0; i < q->heap_len && fault == NULL; i++)
    fault = check_queued(k, q->heap[i], seen);
  if (fault == NULL) fault = check_run(k, seen);
  if (fault != NULL) return fault;
  for (uint32_t i = q->lane_head; i + 1 < q->lane_tail; i++)
    HOLDS(is_ordered(k, q->lane[i], q->lane[i + 1]), "the lane is in order");
  for (uint32_t i = 1; i < q->heap_len; i++)
    HOLDS(is_ordered(k, q->heap[(i - 1) / 2], q->heap[i]), "the heap is a heap");
  HOLDS(seen->queued + seen->waiting == seen->flagged, "a queued effect is named once");
  seen->queued += k->run_len;
  HOLDS(seen->queued == k->queued, "the queue is as long as its count");
  return NULL;
}

static const char *check_released(const sk_kernel_t *k) {
  uint32_t steps = 0;
  for (sk_id_t id = k->released; id != 0; id = word(k, id, SK_N_NEXT)) {
    HOLDS(is_slot(k, id) && (word(k, id, SK_N_FLAGS) & SK_DEAD) != 0, "a released node is dead");
    HOLDS(++steps <= k->slots_used, "the list of released nodes ends");
    HOLDS(word(k, id, SK_N_NEXT) != 0 || k->released_tail == id, "its tail is its last node");
  }
  return NULL;
}

static const char *check_log(const sk_kernel_t *k) {
  uint32_t len = SK__HEADER(k)[SK_H_TXN_LEN];
  HOLDS(len <= k->block[SK_BLOCK_TXN].words, "the transaction log fits its block");
  for (uint32_t i = 0; i < k->frame_len; i++) {
    uint32_t end = i + 1 < k->frame_len ? k->frames[i + 1] : len;
    HOLDS(k->frames[i] <= end, "the frames of the open transactions are nested");
  }
  HOLDS(k->frame_len > 0 || len == 0, "without an open transaction the log is empty");
  return NULL;
}

static const char *check_orphans(const sk_kernel_t *k, const census_t *seen) {
  uint64_t listed = 0;
  for (sk_id_t id = k->orphan; id != 0; id = word(k, id, SK_N_NEXT)) {
    HOLDS(is_slot(k, id) && (word(k, id, SK_N_FLAGS) & SK_ORPHAN) != 0, "an orphan says so");
    HOLDS(++listed <= seen->orphans, "the list of orphans ends");
  }
  HOLDS(listed == seen->orphans, "every orphan is in the list of orphans");
  return NULL;
}

const char *sk_kernel_check(sk_kernel_t *k) {
  census_t seen;
  memset(&seen, 0, sizeof seen);
  const char *fault = check_slots(k, &seen);
  if (fault == NULL) fault = check_fresh(k);
  if (fault == NULL) fault = check_free_list(k);
  if (fault == NULL) fault = check_queue(k, &seen);
  if (fault == NULL) fault = check_released(k);
  if (fault == NULL) fault = check_orphans(k, &seen);
  if (fault == NULL) fault = check_log(k);
  if (fault == NULL) fault = sk__table_check(&k->tasks);
  if (fault == NULL) fault = sk__table_check(&k->stagings);
  if (fault == NULL) fault = sk__staging_check(k);
  if (fault != NULL) return fault;
  HOLDS(SK__HEADER(k)[SK_H_ABI] == SK_ABI, "the header begins with the ABI");
  HOLDS(seen.by_deps == seen.by_subs, "an edge is in one list of each kind");
  HOLDS(seen.by_deps == k->edges, "the edge count is the number of linked edges");
  HOLDS(seen.edges == k->edges + seen.dead_edges, "every edge slot is in a dependency list");
  HOLDS(seen.effects == k->effects, "the effect count is the number of live effects");
  HOLDS(seen.effect_slots == k->effect_slots, "the effect slots are the live and the queued dead");
  HOLDS(seen.nodes == k->nodes_taken, "the node count is that of live nodes and FRESH");
  return NULL;
}
