/*
 * schedule.c - which effects run, and in what order: least (priority, order of creation) first.
 *
 * Invariants: an effect is named once by the queue or by the part of RUN that was not taken exactly
 * when its SK_QUEUED is set; lane[head, tail) is sorted; heap is a binary heap. Every list has room
 * for all effects that hold a slot, so waking never allocates and cannot fail.
 *
 * RUN is cut short when its predecessor was not used up: an effect that writes makes the rest of a
 * list stale, and a list of a million made anew after each of a million writing effects would be
 * quadratic. The limit doubles each time, so the calls of a long flush stay logarithmic.
 */
#include "kernel.h"

static bool is_before(const uint32_t *slots, sk_id_t a, sk_id_t b) {
  int32_t pa = (int32_t)slots[a + SK_N_PRIORITY];
  int32_t pb = (int32_t)slots[b + SK_N_PRIORITY];
  if (pa != pb) return pa < pb;
  uint32_t ha = slots[a + SK_N_ORDER_HIGH];
  uint32_t hb = slots[b + SK_N_ORDER_HIGH];
  if (ha != hb) return ha < hb;
  return slots[a + SK_N_ORDER_LOW] < slots[b + SK_N_ORDER_LOW];
}

int sk__schedule_reserve(sk_kernel_t *k) {
  sk__queue_t *q = &k->queue;
  if (k->effect_slots < q->capacity) return 0;
  uint32_t **lists[] = {&q->incoming, &q->lane, &q->heap, &q->spare};
  uint32_t capacity = q->capacity;
  /* A list that grew although a later one could not is merely larger than it must be. */
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
    uint32_t grown = q->grown[i];
    void *at = *lists[i];
    int status =
        sk__memory_grow(k, SK_BLOCK_QUEUE, &at, &grown, k->effect_slots + 1, sizeof(uint32_t));
    if (status != 0) return status;
    *lists[i] = (uint32_t *)at;
    q->grown[i] = grown;
    capacity = i == 0 || grown < capacity ? grown : capacity;
  }
  q->capacity = capacity;
  return 0;
}

void sk__schedule_close(sk_kernel_t *k) {
  sk__queue_t *q = &k->queue;
  uint32_t *lists[] = {q->incoming, q->lane, q->heap, q->spare};
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
    sk__memory_free(k, SK_BLOCK_QUEUE, lists[i], q->grown[i], sizeof(uint32_t));
}

/* Adds to incoming an effect whose SK_QUEUED is set. */
static void append(sk_kernel_t *k, sk_id_t effect) {
  sk__queue_t *q = &k->queue;
  assert(q->incoming_len < q->capacity);
  if (q->incoming_len > 0 && is_before(SK__SLOTS(k), effect, q->incoming[q->incoming_len - 1]))
    q->unsorted = true;
  q->incoming[q->incoming_len++] = effect;
}

void sk__schedule_push(sk_kernel_t *k, sk_id_t effect) {
  SK__SLOTS(k)[effect + SK_N_FLAGS] |= SK_QUEUED;
  k->queued++;
  append(k, effect);
}

/* dst = the sorted a and b merged. */
static void merge(const uint32_t *slots, const uint32_t *a, uint32_t an, const uint32_t *b,
                  uint32_t bn, uint32_t *dst) {
  while (an > 0 && bn > 0) {
    if (is_before(slots, *b, *a)) {
      *dst++ = *b++;
      bn--;
    } else {
      *dst++ = *a++;
      an--;
    }
  }
  memcpy(dst, a, an * sizeof *a);
  memcpy(dst + an, b, bn * sizeof *b);
}

/* Bottom-up merge sort of incoming, with spare as the other half. */
static void sort_incoming(sk_kernel_t *k) {
  sk__queue_t *q = &k->queue;
  uint32_t len = q->incoming_len;
  if (!q->unsorted) return;
  for (uint32_t width = 1; width < len; width *= 2) {
    for (uint32_t at = 0; at < len; at += 2 * width) {
      uint32_t an = len - at < width ? len - at : width;
      uint32_t bn = len - at - an < width ? len - at - an : width;
      merge(SK__SLOTS(k), q->incoming + at, an, q->incoming + at + an, bn, q->spare + at);
    }
    uint32_t *sorted = q->spare;
    q->spare = q->incoming;
    q->incoming = sorted;
    uint32_t grown = q->grown[3];
    q->grown[3] = q->grown[0];
    q->grown[0] = grown;
  }
  q->unsorted = false;
}

static void heap_push(sk_kernel_t *k, sk_id_t effect) {
  sk__queue_t *q = &k->queue;
  const uint32_t *slots = SK__SLOTS(k);
  uint32_t at = q->heap_len++;
  while (at > 0 && is_before(slots, effect, q->heap[(at - 1) / 2])) {
    q->heap[at] = q->heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  q->heap[at] = effect;
}

static sk_id_t heap_pop(sk_kernel_t *k) {
  sk__queue_t *q = &k->queue;
  const uint32_t *slots = SK__SLOTS(k);
  sk_id_t first = q->heap[0];
  sk_id_t last = q->heap[--q->heap_len];
  uint32_t at = 0;
  for (;;) {
    uint32_t child = 2 * at + 1;
    if (child >= q->heap_len) break;
    if (child + 1 < q->heap_len && is_before(slots, q->heap[child + 1], q->heap[child])) child++;
    if (!is_before(slots, q->heap[child], last)) break;
    q->heap[at] = q->heap[child];
    at = child;
  }
  if (q->heap_len > 0) q->heap[at] = last;
  return first;
}

/* Incoming becomes part of the lane, or of the heap when it is short against the lane. */
static void admit(sk_kernel_t *k) {
  sk__queue_t *q = &k->queue;
  uint32_t left = q->lane_tail - q->lane_head;
  if (q->incoming_len == 0) return;
  if (left / 16 > q->incoming_len) {
    for (uint32_t i = 0; i < q->incoming_len; i++) heap_push(k, q->incoming[i]);
  } else {
    sort_incoming(k);
    merge(SK__SLOTS(k), q->lane + q->lane_head, left, q->incoming, q->incoming_len, q->spare);
    uint32_t *lane = q->spare;
    q->spare = q->lane;
    q->lane = lane;
    uint32_t grown = q->grown[3];
    q->grown[3] = q->grown[1];
    q->grown[1] = grown;
    q->lane_head = 0;
    q->lane_tail = left + q->incoming_len;
  }
  q->incoming_len = 0;
  q->unsorted = false;
}

/* An effect that was disposed while it was queued loses its slot here. */
static void bury(sk_kernel_t *k, sk_id_t effect) {
  k->effect_slots--;
  sk__memory_give(k, effect);
}

/* What the caller left in RUN is due again; what it took and had been disposed is buried. */
static void take_back(sk_kernel_t *k) {
  uint32_t *header = SK__HEADER(k);
  const uint32_t *run = k->block[SK_BLOCK_RUN].at;
  uint32_t *slots = SK__SLOTS(k);
  uint32_t len = k->run_len; /* the caller may have damaged its copy */
  uint32_t taken = header[SK_H_RUN_TAKEN] < len ? header[SK_H_RUN_TAKEN] : len;
  for (uint32_t i = 0; i < taken; i++) {
    uint32_t flags = slots[run[i] + SK_N_FLAGS];
    /* Only an effect that was disposed while it stood in RUN is dead and not queued. */
    if ((flags & (SK_TAG_MASK | SK_DEAD | SK_QUEUED)) == (SK_EFFECT | SK_DEAD)) bury(k, run[i]);
  }
  k->queued -= taken;
  for (uint32_t i = taken; i < len; i++) append(k, run[i]);
  if (taken == len)
    k->run_limit = k->run_limit > UINT32_MAX / 2 ? UINT32_MAX : k->run_limit * 2;
  else
    k->run_limit = taken < 1 ? 2 : taken * 2;
  k->run_len = 0;
  header[SK_H_RUN_LEN] = 0;
  header[SK_H_RUN_TAKEN] = 0;
}

static sk_id_t pop(sk_kernel_t *k) {
  sk__queue_t *q = &k->queue;
  if (q->lane_head == q->lane_tail) return q->heap_len > 0 ? heap_pop(k) : 0;
  if (q->heap_len > 0 && is_before(SK__SLOTS(k), q->heap[0], q->lane[q->lane_head]))
    return heap_pop(k);
  return q->lane[q->lane_head++];
}

/* Puts an effect that was popped into RUN, of which `len` are used, unless it is dead. */
static uint32_t hand_out(sk_kernel_t *k, sk_id_t effect, uint32_t len) {
  if ((SK__SLOTS(k)[effect + SK_N_FLAGS] & SK_DEAD) == 0) {
    k->block[SK_BLOCK_RUN].at[len] = effect;
    return len + 1;
  }
  k->queued--;
  bury(k, effect);
  return len;
}

/* Nothing waits but incoming, and all of it fits: it need not pass through the lane. */
static uint32_t hand_out_incoming(sk_kernel_t *k) {
  sk__queue_t *q = &k->queue;
  uint32_t len = 0;
  sort_incoming(k);
  for (uint32_t i = 0; i < q->incoming_len; i++) len = hand_out(k, q->incoming[i], len);
  q->incoming_len = 0;
  return len;
}

static uint32_t hand_out_in_order(sk_kernel_t *k, uint32_t want) {
  uint32_t len = 0;
  admit(k);
  while (len < want) {
    sk_id_t effect = pop(k);
    if (effect == 0) break;
    len = hand_out(k, effect, len);
  }
  return len;
}

int sk__schedule_fill(sk_kernel_t *k) {
  take_back(k);
  sk__queue_t *q = &k->queue;
  uint32_t want = k->queued < k->run_limit ? k->queued : k->run_limit;
  assert(want <= k->block[SK_BLOCK_RUN].words);
  bool alone = q->lane_head == q->lane_tail && q->heap_len == 0 && q->incoming_len <= want;
  uint32_t len = alone ? hand_out_incoming(k) : hand_out_in_order(k, want);
  if (len == 0) k->run_limit = UINT32_MAX;
  k->run_len = len;
  SK__HEADER(k)[SK_H_RUN_LEN] = len;
  SK__HEADER(k)[SK_H_QUEUED] = k->queued - len;
  return (int)len;
}
