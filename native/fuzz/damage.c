/*
 * damage.c - the checker walks words that were damaged anywhere: it ends, reads nothing outside of the
 * blocks, and says that something does not hold, or that all does. Closing gives everything back.
 */
#include "fuzz.h"
#include "host.h"
#include "programs.h"
#include "stagings.h"

enum { SOURCES = 6, READERS = 6 };

/* A graph with all that the checker looks at: circles, orphans, due effects, transactions, tasks. */
static caller_t *a_graph(test_random_t *random) {
  caller_t *c = caller_open();
  sk_id_t sources[SOURCES];
  sk_id_t effects[READERS];
  sk_task_t task = 0;
  for (int i = 0; i < SOURCES; i++) sources[i] = i < 3 ? caller_signal(c) : caller_computed(c);
  for (int i = 3; i < SOURCES; i++)
    caller_link(c, sources[i], 0, IDS(sources[i - 1], sources[test_random_below(random, SOURCES)]));
  for (int i = 0; i < READERS; i++) {
    effects[i] = caller_effect(c, i % 3);
    caller_link(c, effects[i], 0, IDS(sources[i], sources[test_random_below(random, SOURCES)]));
  }
  caller_sync(c);
  CHECK_EQ(caller_call(c, sk_txn_begin), 1);
  for (int i = 0; i < 3; i++) caller_log(c, sources[i]);
  sk_staging_t staging = stagings_begin(c, stagings_begin(c, 0, 1), 2);
  for (uint32_t i = 0; i < 3; i++) CHECK(stagings_touch(c, staging, sources[i], i + 1, 2) > 0);
  for (int i = 0; i < 3; i++) CHECK_EQ(sk_task_create(c->kernel, SK_TASK_STREAM, &task), 0);
  CHECK_EQ(sk_task_dispose(c->kernel, task), 0);
  CHECK(caller_flush(c) > 0);
  c->reaps = false;
  caller_dispose(c, effects[test_random_below(random, READERS)]);
  caller_sync(c);
  return c;
}

void fuzz_damage(const unsigned char *bytes, size_t length) {
  static const enum sk_block BLOCKS[] = {SK_BLOCK_SLOTS,    SK_BLOCK_SLOTS,  SK_BLOCK_SLOTS,
                                         SK_BLOCK_VERSIONS, SK_BLOCK_HEADER, SK_BLOCK_RUN,
                                         SK_BLOCK_FRESH,    SK_BLOCK_TXN};
  test_random_t random = {0, bytes, length};
  caller_t *c = a_graph(&random);
  uint32_t used = 0;
  while (test_random_has(&random)) {
    size_t words = 0;
    uint32_t *at = sk_kernel_words(c->kernel, BLOCKS[test_random_below(&random, 8)], &words);
    uint32_t place = test_random_below(&random, 1u << 10) % (uint32_t)words;
    uint32_t how = test_random_below(&random, 4);
    at[place] = how == 0   ? test_random_next(&random)
                : how == 1 ? test_random_below(&random, 64) * SK_SLOT_WORDS
                : how == 2 ? at[place] ^ 1u << test_random_below(&random, 32)
                           : at[test_random_below(&random, 256) % words];
    used += sk_kernel_check(c->kernel) != NULL;
  }
  test_note("%u faults", (unsigned)used);
  sk_kernel_close(c->kernel);
  test_host_close(&c->host);
}
