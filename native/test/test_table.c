/*
 * test_table.c - tests of tables of handles, on a table of their own: generations, retirement, limit.
 */
#include "caller.h"
#include "kernel.h"

#define LAST_GENERATION ((1u << 29) - 1u)

typedef struct thing {
  sk__entry_t entry;
  uint64_t payload;
} thing_t;

/* The host takes note of the kind of block; which one it is does not matter here. */
static sk__table_t empty_table(void) {
  sk__table_t table = {0};
  table.size = sizeof(thing_t);
  table.block = SK_BLOCK_TASKS;
  return table;
}

static uint64_t take(caller_t *c, sk__table_t *table) {
  uint64_t handle = 0;
  CHECK_EQ(sk__table_take(c->kernel, table, &handle), 0);
  CHECK(handle != 0 && handle < (uint64_t)1 << 53);
  thing_t *thing = sk__table_find(table, handle);
  CHECK(thing != NULL);
  CHECK_EQ(thing->payload, 0);
  thing->payload = handle;
  return handle;
}

static void is_sound(const sk__table_t *table) {
  const char *fault = sk__table_check(table);
  if (fault != NULL) test_fail(__FILE__, __LINE__, "does not hold: %s", fault);
}

static void set_generation(sk__table_t *table, uint64_t handle, uint32_t generation) {
  ((thing_t *)table->at)[sk__table_index(handle)].entry.generation = generation;
}

static void end(caller_t *c, sk__table_t *table) {
  is_sound(table);
  sk__table_close(c->kernel, table);
  caller_close(c);
}

static void an_empty_one_finds_nothing(void) {
  caller_t *c = caller_open();
  sk__table_t table = empty_table();
  is_sound(&table);
  CHECK(sk__table_find(&table, 0) == NULL);
  CHECK(sk__table_find(&table, 1) == NULL);
  CHECK(sk__table_find(&table, UINT64_MAX) == NULL);
  end(c, &table);
}

static void what_was_given_back_is_used_again(void) {
  caller_t *c = caller_open();
  sk__table_t table = empty_table();
  uint64_t first = take(c, &table);
  uint64_t second = take(c, &table);
  CHECK(first != second);
  sk__table_give(&table, first);
  is_sound(&table);
  CHECK(sk__table_find(&table, first) == NULL);
  CHECK(sk__table_find(&table, second) != NULL);
  uint64_t third = take(c, &table);
  CHECK_EQ(sk__table_index(third), sk__table_index(first));
  CHECK_EQ(third >> 24, (first >> 24) + 1);
  CHECK(sk__table_find(&table, first) == NULL);
  CHECK_EQ(table.live, 2);
  end(c, &table);
}

/* A handle that differs in any bit from a live one is not that. */
static void every_bit_of_a_handle_counts(void) {
  caller_t *c = caller_open();
  sk__table_t table = empty_table();
  uint64_t handle = take(c, &table);
  sk__table_give(&table, handle);
  handle = take(c, &table);
  for (int bit = 0; bit < 64; bit++)
    CHECK(sk__table_find(&table, handle ^ (uint64_t)1 << bit) == NULL);
  CHECK(sk__table_find(&table, handle) != NULL);
  end(c, &table);
}

static void many_come_and_go(void) {
  enum { SIZE = 500, STEPS = 20000 };
  caller_t *c = caller_open();
  sk__table_t table = empty_table();
  test_random_t random = test_random_of(5);
  uint64_t live[SIZE] = {0};
  uint64_t gone[SIZE] = {0};
  uint32_t count = 0;
  for (int i = 0; i < STEPS; i++) {
    uint32_t at = test_random_below(&random, SIZE);
    if (live[at] == 0) {
      live[at] = take(c, &table);
      count++;
    } else {
      const thing_t *thing = sk__table_find(&table, live[at]);
      CHECK(thing != NULL);
      CHECK_EQ(thing->payload, live[at]);
      sk__table_give(&table, live[at]);
      gone[at] = live[at];
      live[at] = 0;
      count--;
    }
    CHECK(gone[at] == 0 || sk__table_find(&table, gone[at]) == NULL);
    CHECK_EQ(table.live, count);
    if (i % 100 == 0) is_sound(&table);
  }
  CHECK(table.used <= SIZE + 1);
  end(c, &table);
}

static void an_entry_retires_with_its_last_generation(void) {
  caller_t *c = caller_open();
  sk__table_t table = empty_table();
  uint64_t first = take(c, &table);
  sk__table_give(&table, first);
  set_generation(&table, first, LAST_GENERATION - 1);
  uint64_t last_but_one = take(c, &table);
  CHECK_EQ(last_but_one >> 24, LAST_GENERATION - 1);
  sk__table_give(&table, last_but_one);
  is_sound(&table);
  uint64_t last = take(c, &table);
  CHECK_EQ(sk__table_index(last), sk__table_index(first));
  CHECK_EQ(last >> 24, LAST_GENERATION);
  sk__table_give(&table, last);
  is_sound(&table);
  CHECK_EQ(table.free, 0);
  CHECK(sk__table_find(&table, last) == NULL);
  uint64_t next = take(c, &table);
  CHECK(sk__table_index(next) != sk__table_index(first));
  CHECK_EQ(next >> 24, 0);
  CHECK(sk__table_find(&table, first) == NULL);
  end(c, &table);
}

/* Retired ones among others: the free list goes on without them. */
static void the_others_go_on_without_a_retired_one(void) {
  caller_t *c = caller_open();
  sk__table_t table = empty_table();
  uint64_t handles[20];
  for (int i = 0; i < 20; i++) handles[i] = take(c, &table);
  for (int i = 0; i < 20; i += 3) {
    set_generation(&table, handles[i], LAST_GENERATION);
    handles[i] = (uint64_t)LAST_GENERATION << 24 | sk__table_index(handles[i]);
  }
  for (int i = 0; i < 20; i++) sk__table_give(&table, handles[i]);
  is_sound(&table);
  CHECK_EQ(table.live, 0);
  uint32_t used = table.used;
  for (int i = 0; i < 13; i++) CHECK(sk__table_index(take(c, &table)) % 3 != 1);
  CHECK_EQ(table.used, used);
  take(c, &table);
  CHECK_EQ(table.used, used + 1);
  end(c, &table);
}

/* 2^24 entries would take half a gigabyte; the test says that so many were handed out. */
static void entries_end_with_a_limit(void) {
  caller_t *c = caller_open();
  sk__table_t table = empty_table();
  uint64_t kept = take(c, &table);
  uint64_t given = take(c, &table);
  uint32_t used = table.used;
  uint64_t refused = 7;
  table.used = 1u << 24;
  CHECK_EQ(sk__table_take(c->kernel, &table, &refused), SK_E_LIMIT);
  CHECK_EQ(refused, 7);
  CHECK_EQ(table.live, 2);
  /* What is given back can be taken even then. */
  sk__table_give(&table, given);
  CHECK_EQ(sk__table_index(take(c, &table)), sk__table_index(given));
  CHECK_EQ(sk__table_take(c->kernel, &table, &refused), SK_E_LIMIT);
  table.used = used;
  CHECK(sk__table_find(&table, kept) != NULL);
  end(c, &table);
}

static void without_memory_nothing_is_taken(void) {
  caller_t *c = caller_open();
  sk__table_t table = empty_table();
  uint64_t refused = 7;
  c->host.limit = 1;
  CHECK_EQ(sk__table_take(c->kernel, &table, &refused), SK_E_NO_MEMORY);
  CHECK_EQ(refused, 7);
  CHECK_EQ(table.used, 0);
  is_sound(&table);
  test_host_relieve(&c->host);
  uint64_t first = take(c, &table);
  while (table.used < table.capacity) take(c, &table);
  uint32_t used = table.used;
  c->host.limit = 1;
  CHECK_EQ(sk__table_take(c->kernel, &table, &refused), SK_E_NO_MEMORY);
  CHECK_EQ(table.used, used);
  CHECK(sk__table_find(&table, first) != NULL);
  test_host_relieve(&c->host);
  CHECK_EQ(sk__table_index(take(c, &table)), used);
  end(c, &table);
}

const test_t table_tests[] = {
    {"table: an empty one finds nothing", an_empty_one_finds_nothing},
    {"table: what was given back is used again", what_was_given_back_is_used_again},
    {"table: every bit of a handle counts", every_bit_of_a_handle_counts},
    {"table: many come and go", many_come_and_go},
    {"table: an entry retires with its last generation", an_entry_retires_with_its_last_generation},
    {"table: the others go on without a retired one", the_others_go_on_without_a_retired_one},
    {"table: entries end with a limit", entries_end_with_a_limit},
    {"table: without memory nothing is taken", without_memory_nothing_is_taken},
    TEST_END,
};
