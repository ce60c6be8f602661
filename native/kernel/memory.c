/*
 * memory.c - the one door to the host's memory, and the slots of the graph.
 *
 * Invariant: every slot below slots_used is a node, an edge, taken (in FRESH) or on the free list,
 * and its word 0 says which. A generation only ever grows; a slot whose generation is exhausted is
 * never handed out again, so that a stale (id, generation) pair cannot become valid.
 *
 * The free list is last in, first out: what was used just now is in the cache. A program that builds
 * and disposes again and again would shuffle it until neighbours in the graph lie all over the memory;
 * so it is put in the order of addresses when half of the slots have been given back since the last
 * time, which is a constant cost for each.
 */
#include "kernel.h"

int sk__memory_grow(sk_kernel_t *k, enum sk_block block, void **at, uint32_t *count, uint32_t want,
                    size_t size) {
  assert(size > 0);
  if (want <= *count) return 0;
  uint32_t next = *count < SK_FIRST_LIST ? SK_FIRST_LIST : *count;
  while (next < want) {
    if (next > UINT32_MAX / 2) return SK_E_LIMIT;
    next *= 2;
  }
  if (next > SIZE_MAX / size) return SK_E_LIMIT;
  void *grown = k->host.resize(k->host.context, block, *at, *count * size, next * size);
  if (grown == NULL) return SK_E_NO_MEMORY;
  k->bytes += (uint64_t)(next - *count) * size;
  *at = grown;
  *count = next;
  return 0;
}

void sk__memory_free(sk_kernel_t *k, enum sk_block block, void *at, uint32_t count, size_t size) {
  if (at == NULL) return;
  k->host.resize(k->host.context, block, at, count * size, 0);
  k->bytes -= (uint64_t)count * size;
}

int sk__memory_block(sk_kernel_t *k, enum sk_block block, uint32_t words) {
  assert(block < SK_BLOCK_SHARED_COUNT);
  sk__block_t *b = &k->block[block];
  if (words <= b->words) return 0;
  void *at = b->at;
  int status = sk__memory_grow(k, block, &at, &b->words, words, sizeof(uint32_t));
  if (status != 0) return status;
  b->at = (uint32_t *)at;
  if (block != SK_BLOCK_HEADER) SK__HEADER(k)[SK_H_REMADE] |= 1u << block;
  return 0;
}

int sk__memory_reserve_slots(sk_kernel_t *k, uint32_t count) {
  uint32_t capacity = k->block[SK_BLOCK_SLOTS].words / SK_SLOT_WORDS;
  if (count <= k->free_count || count - k->free_count <= capacity - k->slots_used) return 0;
  uint32_t missing = count - k->free_count;
  if (missing > SK_MAX_SLOTS - k->slots_used) return SK_E_LIMIT;
  return sk__memory_block(k, SK_BLOCK_SLOTS, (k->slots_used + missing) * SK_SLOT_WORDS);
}

sk_id_t sk__memory_take(sk_kernel_t *k) {
  uint32_t *slots = SK__SLOTS(k);
  sk_id_t id = k->free_slot;
  if (id == 0) {
    assert(k->slots_used < k->block[SK_BLOCK_SLOTS].words / SK_SLOT_WORDS);
    id = k->slots_used++ * SK_SLOT_WORDS;
    memset(slots + id, 0, SK_SLOT_WORDS * sizeof(uint32_t));
    return id;
  }
  assert(slots[id] == SK_FREE);
  k->free_slot = slots[id + 1];
  k->free_count--;
  memset(slots + id, 0, SK_N_GENERATION * sizeof(uint32_t));
  return id;
}

void sk__memory_give(sk_kernel_t *k, sk_id_t id) {
  uint32_t *slot = SK__SLOTS(k) + id;
  bool was_node = (slot[SK_N_FLAGS] & SK_TAG_MASK) != SK_EDGE;
  slot[0] = SK_FREE;
  slot[1] = 0;
  if (was_node && ++slot[SK_N_GENERATION] == UINT32_MAX) return; /* retired */
  slot[1] = k->free_slot;
  k->free_slot = id;
  k->free_count++;
  k->given++;
}

void sk__memory_tidy(sk_kernel_t *k) {
  if (k->given < k->slots_used / 2) return;
  k->given = 0;
  uint32_t *slots = SK__SLOTS(k);
  k->free_slot = 0;
  for (sk_id_t id = (k->slots_used - 1) * SK_SLOT_WORDS; id != 0; id -= SK_SLOT_WORDS) {
    if (slots[id] != SK_FREE || slots[id + SK_N_GENERATION] == UINT32_MAX) continue;
    slots[id + 1] = k->free_slot;
    k->free_slot = id;
  }
}
