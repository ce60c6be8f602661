/*
 * table.c - tables of things that callers hold by a handle: tasks, asynchronous transactions.
 *
 *      handle   generation << 24 | index        below 2^53, so that a double holds it
 *
 * Invariant: a generation only ever grows, and an entry whose generation is exhausted is not used
 * again: a handle that was given back never becomes valid another time. Entry 0 is no entry.
 */
#include "kernel.h"

#define INDEX_BITS 24u
#define MAX_ENTRIES (1u << INDEX_BITS)
#define MAX_GENERATION ((1u << 29) - 1u)

static sk__entry_t *entry_at(const sk__table_t *table, uint32_t index) {
  return (sk__entry_t *)(void *)((unsigned char *)table->at + (size_t)index * table->size);
}

uint32_t sk__table_index(uint64_t handle) {
  return (uint32_t)(handle & (MAX_ENTRIES - 1));
}

uint64_t sk__table_handle(const sk__entry_t *entry, uint32_t index) {
  return (uint64_t)entry->generation << INDEX_BITS | index;
}

void *sk__table_find(const sk__table_t *table, uint64_t handle) {
  uint32_t index = sk__table_index(handle);
  if (index == 0 || index >= table->used) return NULL;
  sk__entry_t *entry = entry_at(table, index);
  if (!entry->live || entry->generation != handle >> INDEX_BITS) return NULL;
  return entry;
}

/* Makes room for one more entry at the end. */
static int extend(sk_kernel_t *k, sk__table_t *table) {
  uint32_t used = table->used == 0 ? 1 : table->used;
  if (used >= MAX_ENTRIES) return SK_E_LIMIT;
  void *at = table->at;
  int status = sk__memory_grow(k, table->block, &at, &table->capacity, used + 1, table->size);
  if (status != 0) return status;
  table->at = at;
  table->used = used + 1;
  memset(entry_at(table, used), 0, table->size);
  return 0;
}

int sk__table_take(sk_kernel_t *k, sk__table_t *table, uint64_t *handle) {
  uint32_t index = table->free;
  if (index == 0) {
    int status = extend(k, table);
    if (status != 0) return status;
    index = table->used - 1;
  } else {
    table->free = entry_at(table, index)->next_free;
  }
  sk__entry_t *entry = entry_at(table, index);
  uint32_t generation = entry->generation;
  memset(entry, 0, table->size);
  entry->generation = generation;
  entry->live = 1;
  table->live++;
  *handle = sk__table_handle(entry, index);
  return 0;
}

void sk__table_give(sk__table_t *table, uint64_t handle) {
  uint32_t index = sk__table_index(handle);
  sk__entry_t *entry = entry_at(table, index);
  assert(entry->live);
  entry->live = 0;
  table->live--;
  if (entry->generation == MAX_GENERATION) return; /* retired */
  entry->generation++;
  entry->next_free = table->free;
  table->free = index;
}

void sk__table_close(sk_kernel_t *k, sk__table_t *table) {
  sk__memory_free(k, table->block, table->at, table->capacity, table->size);
}

const char *sk__table_check(const sk__table_t *table) {
  uint32_t live = 0;
  uint32_t freed = 0;
  uint32_t exhausted = 0;
  for (uint32_t i = 1; i < table->used; i++) {
    const sk__entry_t *entry = entry_at(table, i);
    live += entry->live != 0;
    exhausted += !entry->live && entry->generation == MAX_GENERATION;
    HOLDS(entry->generation <= MAX_GENERATION, "a generation fits a handle");
  }
  HOLDS(live == table->live, "the count of a table is that of its live entries");
  for (uint32_t at = table->free; at != 0; at = entry_at(table, at)->next_free) {
    HOLDS(at < table->used && !entry_at(table, at)->live, "the free entries are not live");
    HOLDS(++freed < table->used, "the list of free entries ends");
  }
  uint32_t retired = table->used == 0 ? 0 : table->used - 1 - live - freed;
  HOLDS(retired <= exhausted, "an entry is live, free or at its last generation");
  return NULL;
}
