/*
 * test_memory.c - tests of blocks, slots and FRESH: growth, limits, reuse, giving everything back.
 */
#include <string.h>

#include "caller.h"
#include "kernel.h"

static void closing_gives_everything_back(void) {
  caller_t *c = caller_open();
  CHECK(c->host.blocks > 0);
  CHECK_EQ(caller_stats(c).bytes, c->host.bytes);
  sk_stats_t stats = caller_stats(c);
  CHECK_EQ(stats.nodes + stats.edges + stats.tasks + stats.effects + stats.queued, 0);
  caller_close(c);
  sk_kernel_close(NULL);
}

/* Everything that a kernel can be in the middle of when its owner goes away. */
static void closing_in_the_middle_of_everything(void) {
  caller_t *c = caller_open();
  sk_id_t source = caller_signal(c);
  sk_id_t kept = caller_computed(c);
  caller_link(c, kept, 0, IDS(source));
  for (int i = 0; i < 300; i++) {
    sk_id_t effect = caller_effect(c, i % 7);
    caller_link(c, effect, 0, IDS(kept));
    if (i % 3 == 0) caller_wake(c, effect);
  }
  CHECK(caller_flush(c) > 0);
  caller_dispose(c, caller_next(c));
  caller_dispose(c, c->words[SK_BLOCK_RUN][1]);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  CHECK_EQ(caller_call(c, sk_txn_begin), 2);
  caller_log(c, source);
  sk_task_t task;
  uint64_t version;
  for (int i = 0; i < 300; i++) CHECK_EQ(sk_task_create(c->kernel, SK_TASK_STREAM, &task), 0);
  CHECK_EQ(sk_task_start(c->kernel, task, &version), 0);
  caller_mark(c);
  caller_link(c, kept, 0, NO_IDS);
  caller_close(c);
}

static void growth_keeps_the_content(void) {
  enum { COUNT = 3000 };
  caller_t *c = caller_open();
  sk_id_t *sources = test_alloc(COUNT * sizeof(sk_id_t));
  sk_id_t reader = caller_effect(c, 0);
  for (uint32_t i = 0; i < COUNT; i++) sources[i] = caller_signal(c);
  caller_link(c, reader, 0, COUNT, sources);
  caller_sync(c);
  uint32_t before = c->host.of_block[SK_BLOCK_SLOTS];
  CHECK_EQ(caller_reserve(c, SK_BLOCK_FRESH, 20000), 0);
  CHECK(c->host.of_block[SK_BLOCK_SLOTS] > before);
  sk_id_t *found = test_alloc(COUNT * sizeof(sk_id_t));
  CHECK_EQ(caller_dependencies(c, reader, found, COUNT), COUNT);
  CHECK_EQ(memcmp(found, sources, COUNT * sizeof(sk_id_t)), 0);
  for (uint32_t i = 0; i < COUNT; i++) CHECK(caller_is_read(c, sources[i], IDS(reader)));
  caller_close(c);
}

/* That the bit is set for no other block is what the caller checks after each call. */
static void a_block_that_moved_says_so(void) {
  static const enum sk_block BLOCKS[] = {SK_BLOCK_JOURNAL, SK_BLOCK_PENDING, SK_BLOCK_TXN,
                                         SK_BLOCK_FRESH};
  caller_t *c = caller_open();
  for (size_t i = 0; i < sizeof BLOCKS / sizeof BLOCKS[0]; i++) {
    uint32_t *old = c->words[BLOCKS[i]];
    uint32_t want = (uint32_t)c->length[BLOCKS[i]] + 1;
    CHECK_EQ(sk_reserve(c->kernel, BLOCKS[i], want), 0);
    CHECK((*caller_header(c, SK_H_REMADE) >> BLOCKS[i] & 1u) != 0);
    CHECK_EQ(caller_reserve(c, BLOCKS[i], 1), 0);
    CHECK(c->words[BLOCKS[i]] != old);
    CHECK(c->length[BLOCKS[i]] >= want);
    CHECK_EQ(*caller_header(c, SK_H_REMADE), 0);
  }
  caller_close(c);
}

static void reserving_counts_from_what_is_used(void) {
  static const uint32_t WAKE_NOBODY[] = {SK_OP_WAKE, 0, 0};
  caller_t *c = caller_open();
  caller_entry(c, 3, WAKE_NOBODY);
  sk_id_t source = caller_signal(c);
  caller_write(c, source);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  caller_log(c, source);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, 30000), 0);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_PENDING, 30000), 0);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_TXN, 30000), 0);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_FRESH, 30000), 0);
  CHECK(c->length[SK_BLOCK_JOURNAL] >= 30003);
  CHECK(c->length[SK_BLOCK_PENDING] >= 30002);
  CHECK(c->length[SK_BLOCK_TXN] >= 30001);
  CHECK(*caller_header(c, SK_H_FRESH_LEN) >= 30000);
  CHECK_EQ(c->words[SK_BLOCK_JOURNAL][0], SK_OP_WAKE);
  CHECK_EQ(c->words[SK_BLOCK_PENDING][0], source);
  CHECK_EQ(c->words[SK_BLOCK_TXN][0], source);
  caller_close(c);
}

static void reserving_refuses_other_blocks(void) {
  caller_t *c = caller_open();
  for (int block = 0; block < SK_BLOCK_COUNT; block++) {
    if (block == SK_BLOCK_JOURNAL || block == SK_BLOCK_PENDING || block == SK_BLOCK_FRESH ||
        block == SK_BLOCK_TXN || block == SK_BLOCK_SLOTS)
      continue;
    CHECK_EQ(caller_reserve(c, (enum sk_block)block, 1), SK_E_INVALID);
  }
  caller_close(c);
}

/* More than 32 bits can count, or than there may be slots: refused before memory is asked for. */
static void reserving_the_impossible_is_a_limit(void) {
  caller_t *c = caller_open();
  sk_id_t source = caller_signal(c);
  caller_write(c, source);
  size_t bytes = c->host.bytes;
  CHECK_EQ(caller_reserve(c, SK_BLOCK_PENDING, UINT32_MAX), SK_E_LIMIT);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, UINT32_MAX), SK_E_LIMIT);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_TXN, UINT32_MAX), SK_E_LIMIT);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_FRESH, UINT32_MAX), SK_E_LIMIT);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_FRESH, SK_MAX_SLOTS + 1), SK_E_LIMIT);
  CHECK_EQ(c->host.bytes, bytes);
  CHECK_EQ(c->words[SK_BLOCK_PENDING][0], source);
  caller_close(c);
}

static void fresh_ids_are_distinct_empty_slots(void) {
  enum { COUNT = 5000 };
  caller_t *c = caller_open();
  for (uint32_t label = 1; label <= COUNT; label++) {
    sk_id_t id = caller_signal(c);
    CHECK_EQ(caller_label(c, id), label);
  }
  uint32_t labels = 0;
  for (uint32_t slot = 0; slot < c->labels_len; slot++) labels += c->labels[slot] != 0;
  CHECK_EQ(labels, COUNT);
  CHECK_EQ(caller_stats(c).nodes, COUNT);
  caller_close(c);
}

static void freed_slots_are_used_again(void) {
  caller_t *c = caller_open();
  size_t bytes = 0;
  for (int round = 0; round < 200; round++) {
    sk_id_t effects[100];
    sk_id_t source = caller_signal(c);
    for (int i = 0; i < 100; i++) {
      sk_id_t computed = caller_computed(c);
      effects[i] = caller_effect(c, 0);
      caller_link(c, computed, 0, IDS(source));
      caller_link(c, effects[i], 0, IDS(computed, source));
    }
    caller_sync(c);
    for (int i = 0; i < 100; i++) caller_dispose(c, effects[i]);
    caller_sync(c);
    caller_sync(c);
    CHECK_EQ(caller_stats(c).nodes, 0);
    CHECK_EQ(caller_stats(c).edges, 0);
    if (round == 2) bytes = c->host.bytes;
    if (round > 2) CHECK_EQ(c->host.bytes, bytes);
  }
  caller_close(c);
}

/* The last generation of a slot is never given: an old (id, generation) is never right again. */
static void a_slot_retires_with_its_last_generation(void) {
  caller_t *c = caller_open();
  sk_id_t worn = caller_take(c);
  *caller_word(c, worn, SK_N_GENERATION) = UINT32_MAX - 2;
  caller_entry(c, IDS(SK_OP_EFFECT, worn, 0));
  caller_sync(c);
  uint32_t seen = 0;
  caller_dispose(c, worn);
  for (int i = 0; i < 3000; i++) {
    sk_id_t effect = caller_effect(c, 0);
    if (effect == worn) {
      CHECK_EQ(caller_generation(c, effect), UINT32_MAX - 1);
      seen++;
    }
    caller_sync(c);
    caller_dispose(c, effect);
    caller_sync(c);
  }
  CHECK_EQ(seen, 1);
  CHECK_EQ(caller_stats(c).nodes, 0);
  caller_close(c);
}

/* A server that runs into its limit: what is refused is refused, what is there goes on. */
static void a_kernel_at_its_byte_limit_goes_on(void) {
  caller_t *c = caller_open();
  sk_id_t source = caller_signal(c);
  sk_id_t first = caller_effect(c, 0);
  caller_link(c, first, 0, IDS(source));
  caller_sync(c);
  c->host.limit = c->host.bytes + 4096;
  uint32_t made = 0;
  int status = 0;
  while (status == 0) {
    if (*caller_header(c, SK_H_FRESH_LEN) == 0) status = caller_call(c, sk_sync);
    if (status != 0) break;
    caller_effect(c, 0);
    made++;
    status = caller_call(c, sk_sync);
  }
  CHECK_EQ(status, SK_E_NO_MEMORY);
  CHECK(made > 0);
  for (int i = 0; i < 3; i++) CHECK_EQ(caller_call(c, sk_mark), SK_E_NO_MEMORY);
  test_host_relieve(&c->host);
  caller_write(c, source);
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_next(c), first);
  CHECK_EQ(caller_stats(c).effects, made + 1);
  caller_close(c);
}

static void damaged_lengths_are_refused(void) {
  static const enum sk_header LENGTHS[] = {SK_H_JOURNAL_LEN, SK_H_PENDING_LEN};
  static const enum sk_block BLOCKS[] = {SK_BLOCK_JOURNAL, SK_BLOCK_PENDING};
  for (int i = 0; i < 2; i++) {
    for (int huge = 0; huge < 2; huge++) {
      caller_t *c = caller_open();
      *caller_header(c, LENGTHS[i]) = huge ? UINT32_MAX : (uint32_t)c->length[BLOCKS[i]] + 1;
      CHECK_EQ(caller_call(c, sk_mark), SK_E_INVALID);
      CHECK_EQ(*caller_header(c, LENGTHS[i]), 0);
      caller_mark(c);
      caller_close(c);
    }
  }
}

static void a_damaged_length_of_run_is_not_believed(void) {
  caller_t *c = caller_open();
  sk_id_t source = caller_signal(c);
  sk_id_t reader = caller_effect(c, 0);
  caller_link(c, reader, 0, IDS(source));
  caller_write(c, source);
  CHECK_EQ(caller_flush(c), 1);
  *caller_header(c, SK_H_RUN_LEN) = UINT32_MAX;
  *caller_header(c, SK_H_RUN_TAKEN) = UINT32_MAX;
  *caller_word(c, reader, SK_N_FLAGS) &= ~(uint32_t)SK_QUEUED;
  CHECK_EQ(caller_flush(c), 0);
  caller_write(c, source);
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_next(c), reader);
  caller_close(c);
}

#if SK_MAX_SLOTS <= 1 << 16
/* Built with few slots allowed, a kernel can be filled to its limit in a moment. */
static void slots_end_with_a_limit(void) {
  caller_t *c = caller_open();
  sk_id_t source = caller_signal(c);
  sk_id_t keeper = caller_effect(c, 0);
  caller_link(c, keeper, 0, IDS(source));
  sk_id_t effects[SK_MAX_SLOTS];
  uint32_t made = 0;
  int status = 0;
  while (*caller_header(c, SK_H_FRESH_LEN) > 0) {
    CHECK(made < SK_MAX_SLOTS);
    effects[made++] = caller_effect(c, 0);
    int now = caller_call(c, sk_sync);
    CHECK(now == status || (status == 0 && now == SK_E_LIMIT));
    status = now;
  }
  CHECK_EQ(status, SK_E_LIMIT);
  CHECK_EQ(made, SK_MAX_SLOTS - 4); /* slot 0, the source, its reader and their edge */
  CHECK_EQ(caller_call(c, sk_mark), SK_E_LIMIT);
  CHECK_EQ(caller_stats(c).effects, made + 1);
  /* Room comes back by disposing; no call is needed for that but the one that takes the journal. */
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, 3 * made), 0);
  for (uint32_t i = 0; i < made; i++) caller_dispose(c, effects[i]);
  caller_sync(c);
  caller_write(c, source);
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_next(c), keeper);
  CHECK_EQ(caller_stats(c).nodes, 2);
  caller_close(c);
}

/* A link without slots to spare waits; it must not hold up the disposal that would make room. */
static void a_link_beyond_the_limit_can_be_given_up(void) {
  caller_t *c = caller_open();
  sk_id_t source = caller_signal(c);
  sk_id_t keeper = caller_effect(c, 0);
  caller_link(c, keeper, 0, IDS(source));
  sk_id_t sources[SK_MAX_SLOTS / 2];
  for (uint32_t i = 0; i < SK_MAX_SLOTS / 2; i++) sources[i] = caller_signal(c);
  sk_id_t wide = caller_effect(c, 0);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, SK_MAX_SLOTS), 0);
  caller_link(c, wide, 0, SK_MAX_SLOTS / 2, sources);
  CHECK_EQ(caller_call(c, sk_sync), SK_E_LIMIT);
  caller_dispose(c, wide);
  caller_write(c, source);
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_next(c), keeper);
  caller_close(c);
}
#endif

const test_t memory_tests[] = {
    {"memory: closing gives everything back", closing_gives_everything_back},
    {"memory: closing in the middle of everything", closing_in_the_middle_of_everything},
    {"memory: growth keeps the content", growth_keeps_the_content},
    {"memory: a block that moved says so", a_block_that_moved_says_so},
    {"memory: reserving counts from what is used", reserving_counts_from_what_is_used},
    {"memory: reserving refuses other blocks", reserving_refuses_other_blocks},
    {"memory: reserving the impossible is a limit", reserving_the_impossible_is_a_limit},
    {"memory: fresh ids are distinct empty slots", fresh_ids_are_distinct_empty_slots},
    {"memory: freed slots are used again", freed_slots_are_used_again},
    {"memory: a slot retires with its last generation", a_slot_retires_with_its_last_generation},
    {"memory: a kernel at its byte limit goes on", a_kernel_at_its_byte_limit_goes_on},
    {"memory: damaged lengths are refused", damaged_lengths_are_refused},
    {"memory: a damaged length of RUN is not believed", a_damaged_length_of_run_is_not_believed},
#if SK_MAX_SLOTS <= 1 << 16
    {"memory: slots end with a limit", slots_end_with_a_limit},
    {"memory: a link beyond the limit can be given up", a_link_beyond_the_limit_can_be_given_up},
#endif
    TEST_END,
};
