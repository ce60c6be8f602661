/*
 * schedule.c - which effects run, and in what order: least (priority, order of creation) first.
 *
 * Invariants: an effect is named once by the queue or by the part of RUN that was not taken exactly
 * when its SK_QUEUED is set; lane[head, tail) is sorted; heap is a binary heap. Every list has room
 * for all effects that hold a slot, so waking never allocates and cannot fail.
 *
 * RUN is cut short when its predecessor was not used up: an effect that writes makes the rest of a
 * list stale, and a list of a million made anew after each of a million writing effects would be
 * quadratic. The limit doubles each time, so the calls of a long flush stay logarithmic. What is given
 * back goes in front of the lane again, where it was before everything that is still there.
 *
 * A caller that never lets the queue become empty starves what is late in the order. Therefore effects
 * remember when they became due, and the caller may ask for the one that has waited longest. If it asks
 * in every Nth of its turns, an effect in front of which m others became due runs in the N * (m + 1)th
 * turn at the latest, whatever becomes due meanwhile.
 */
#include "kernel.h"

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
  if (q->incoming_len > 0 &&
      sk__schedule_is_before(SK__SLOTS(k), effect, q->incoming[q->incoming_len - 1]))
    q->unsorted = true;
  q->incoming[q->incoming_len++] = effect;
}

void sk__schedule_push(sk_kernel_t *k, sk_id_t effect) {
  uint32_t *node = SK__SLOTS(k) + effect;
  node[SK_N_FLAGS] |= SK_QUEUED;
  node[SK_N_SINCE] = ++k->wakes;
  k->queued++;
  append(k, effect);
}

/* dst = the sorted a and b merged. Effects mostly become due almost in order: then nothing overlaps. */
static void merge(const uint32_t *slots, const uint32_t *a, uint32_t an, const uint32_t *b,
                  uint32_t bn, uint32_t *dst) {
  bool overlap = an > 0 && bn > 0 && sk__schedule_is_before(slots, b[0], a[an - 1]);
  while (overlap && an > 0 && bn > 0) {
    if (sk__schedule_is_before(slots, *b, *a)) {
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

/* `effect` takes the place `at` of the heap, or one nearer to the top. */
static void heap_rise(sk_kernel_t *k, uint32_t at, sk_id_t effect) {
  uint32_t *heap = k->queue.heap;
  const uint32_t *slots = SK__SLOTS(k);
  while (at > 0 && sk__schedule_is_before(slots, effect, heap[(at - 1) / 2])) {
    heap[at] = heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  heap[at] = effect;
}

/* `effect` takes the place `at` of the heap, or one further from the top. Returns which. */
static uint32_t heap_sink(sk_kernel_t *k, uint32_t at, sk_id_t effect) {
  sk__queue_t *q = &k->queue;
  const uint32_t *slots = SK__SLOTS(k);
  for (;;) {
    uint32_t child = 2 * at + 1;
    if (child >= q->heap_len) break;
    if (child + 1 < q->heap_len &&
        sk__schedule_is_before(slots, q->heap[child + 1], q->heap[child]))
      child++;
    if (!sk__schedule_is_before(slots, q->heap[child], effect)) break;
    q->heap[at] = q->heap[child];
    at = child;
  }
  q->heap[at] = effect;
  return at;
}

/* Takes the effect at the place `at` out of the heap. */
static sk_id_t heap_take(sk_kernel_t *k, uint32_t at) {
  sk__queue_t *q = &k->queue;
  sk_id_t effect = q->heap[at];
  sk_id_t last = q->heap[--q->heap_len];
  if (at < q->heap_len && heap_sink(k, at, last) == at) heap_rise(k, at, last);
  return effect;
}

/* Incoming becomes part of the lane, or of the heap when it is short against the lane. */
static void admit(sk_kernel_t *k) {
  sk__queue_t *q = &k->queue;
  uint32_t left = q->lane_tail - q->lane_head;
  if (q->incoming_len == 0) return;
  if (left / 16 > q->incoming_len) {
    for (uint32_t i = 0; i < q->incoming_len; i++) heap_rise(k, q->heap_len++, q->incoming[i]);
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

/*
 * Puts back what was handed out in order and not taken: it goes before all that waits, save incoming,
 * so its place is in front of the lane. There is room when it came from there, or when the lane is empty.
 */
static void give_back(sk_kernel_t *k, const uint32_t *effects, uint32_t count) {
  sk__queue_t *q = &k->queue;
  if (q->lane_head == q->lane_tail) q->lane_head = q->lane_tail = count;
  if (!k->run_is_oldest && q->lane_head >= count) {
    q->lane_head -= count;
    memcpy(q->lane + q->lane_head, effects, count * sizeof *effects);
    return;
  }
  for (uint32_t i = 0; i < count; i++) append(k, effects[i]);
}

/* How far a list was used up tells how long the next one should be. */
static void adapt_limit(sk_kernel_t *k, uint32_t len, uint32_t taken) {
  if (len == 0 || k->run_is_oldest || k->run_is_plan) return;
  if (taken < len)
    k->run_limit = taken < 1 ? 2 : taken * 2;
  else
    k->run_limit = k->run_limit > UINT32_MAX / 2 ? UINT32_MAX : k->run_limit * 2;
}

/* How many effects became due after this one; none has waited for 2^32 of them. */
static uint32_t age(const sk_kernel_t *k, sk_id_t effect) {
  return k->wakes - SK__SLOTS(k)[effect + SK_N_SINCE];
}

/*
 * What the caller left in RUN is due again; what it took and had been disposed is buried. It left what is
 * queued, and not only since RUN was made. The count in the header is not asked: what the queue named
 * twice would need more room than there is.
 */
static void take_back(sk_kernel_t *k) {
  uint32_t *header = SK__HEADER(k);
  uint32_t *run = k->block[SK_BLOCK_RUN].at;
  const uint32_t *slots = SK__SLOTS(k);
  uint32_t len = k->run_len;
  uint32_t left = 0;
  for (uint32_t i = 0; i < len; i++) {
    uint32_t flags = slots[run[i] + SK_N_FLAGS];
    if ((flags & SK_TAG_MASK) != SK_EFFECT) continue; /* disposed after it ran, and used again */
    if ((flags & SK_QUEUED) == 0) {
      if ((flags & SK_DEAD) != 0) bury(k, run[i]);
    } else if (age(k, run[i]) >= k->wakes - k->run_wakes) {
      run[left++] = run[i];
    }
  }
  k->queued -= len - left;
  if (left > 0) give_back(k, run, left);
  adapt_limit(k, len, len - left);
  k->run_len = 0;
  header[SK_H_RUN_LEN] = 0;
  header[SK_H_RUN_TAKEN] = 0;
}

static bool is_later(const sk_kernel_t *k, sk_id_t effect, int32_t up_to) {
  return (int32_t)SK__SLOTS(k)[effect + SK_N_PRIORITY] > up_to;
}

/* The first in order, or 0 when it is later than `up_to`. */
static sk_id_t pop(sk_kernel_t *k, int32_t up_to) {
  sk__queue_t *q = &k->queue;
  bool has_lane = q->lane_head != q->lane_tail;
  if (!has_lane && q->heap_len == 0) return 0;
  bool from_heap = !has_lane || (q->heap_len > 0 && sk__schedule_is_before(SK__SLOTS(k), q->heap[0],
                                                                           q->lane[q->lane_head]));
  sk_id_t first = from_heap ? q->heap[0] : q->lane[q->lane_head];
  if (is_later(k, first, up_to)) return 0;
  return from_heap ? heap_take(k, 0) : q->lane[q->lane_head++];
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

static uint32_t hand_out_in_order(sk_kernel_t *k, uint32_t want, int32_t up_to) {
  uint32_t len = 0;
  admit(k);
  while (len < want) {
    sk_id_t effect = pop(k, up_to);
    if (effect == 0) break;
    len = hand_out(k, effect, len);
  }
  return len;
}

/* Where in list[from, to) the effect stands that is later than `up_to` and due longest; `to`: nowhere. */
static uint32_t find_oldest(const sk_kernel_t *k, const uint32_t *list, uint32_t from, uint32_t to,
                            int32_t up_to) {
  uint32_t oldest = to;
  for (uint32_t i = from; i < to; i++)
    if (is_later(k, list[i], up_to) && (oldest == to || age(k, list[i]) > age(k, list[oldest])))
      oldest = i;
  return oldest;
}

/* Takes the `at`th out of the lane: those in front of it move up. */
static sk_id_t lane_take(sk_kernel_t *k, uint32_t at) {
  sk__queue_t *q = &k->queue;
  sk_id_t effect = q->lane[at];
  memmove(q->lane + q->lane_head + 1, q->lane + q->lane_head,
          (at - q->lane_head) * sizeof *q->lane);
  q->lane_head++;
  return effect;
}

/* Looks at all that wait, which is less work than marking them was. */
static uint32_t hand_out_oldest(sk_kernel_t *k, int32_t up_to) {
  const sk__queue_t *q = &k->queue;
  uint32_t len = 0;
  admit(k);
  while (len == 0) {
    uint32_t in_lane = find_oldest(k, q->lane, q->lane_head, q->lane_tail, up_to);
    uint32_t in_heap = find_oldest(k, q->heap, 0, q->heap_len, up_to);
    bool has_lane = in_lane != q->lane_tail;
    bool has_heap = in_heap != q->heap_len;
    if (!has_lane && !has_heap) break;
    bool from_heap = !has_lane || (has_heap && age(k, q->heap[in_heap]) > age(k, q->lane[in_lane]));
    len = hand_out(k, from_heap ? heap_take(k, in_heap) : lane_take(k, in_lane), 0);
  }
  return len;
}

/* Of all that are due, in order. */
static uint32_t hand_out_all(sk_kernel_t *k, uint32_t want) {
  const sk__queue_t *q = &k->queue;
  bool alone = q->lane_head == q->lane_tail && q->heap_len == 0 && q->incoming_len <= want;
  uint32_t len = alone ? hand_out_incoming(k) : hand_out_in_order(k, want, INT32_MAX);
  if (len == 0) k->run_limit = UINT32_MAX;
  return len;
}

/* Writes to the header what RUN has. */
static int tell(sk_kernel_t *k, uint32_t len) {
  uint32_t *header = SK__HEADER(k);
  k->run_len = len;
  k->run_wakes = k->wakes;
  header[SK_H_OLDEST] = 0;
  header[SK_H_RUN_LEN] = len;
  header[SK_H_QUEUED] = k->queued - len;
  return (int)len;
}

int sk__schedule_plan(sk_kernel_t *k) {
  take_back(k);
  k->run_is_oldest = false;
  k->run_is_plan = true;
  k->run_up_to = INT32_MAX;
  return tell(k, hand_out_all(k, k->queued));
}

int sk__schedule_fill(sk_kernel_t *k) {
  const uint32_t *header = SK__HEADER(k);
  int32_t up_to = (int32_t)header[SK_H_UP_TO];
  take_back(k);
  uint32_t want = k->queued < k->run_limit ? k->queued : k->run_limit;
  uint32_t len = 0;
  assert(want <= k->block[SK_BLOCK_RUN].words);
  k->run_is_oldest = header[SK_H_OLDEST] != 0;
  k->run_is_plan = false;
  k->run_up_to = up_to;
  if (k->run_is_oldest)
    len = hand_out_oldest(k, up_to);
  else if (up_to == INT32_MAX)
    len = hand_out_all(k, want);
  else
    len = hand_out_in_order(k, want, up_to);
  return tell(k, len);
}
