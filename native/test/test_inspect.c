/*
 * test_inspect.c - tests of the picture that sk_inspect writes.
 */
#include <string.h>

#include "caller.h"
#include "kernel.h"

/* One node of the picture. */
typedef struct seen {
  const uint32_t *words;
  const uint32_t *deps;
} seen_t;

static void inspect(caller_t *c) {
  CHECK_EQ(caller_call(c, sk_inspect), 0);
}

static uint32_t head(caller_t *c, enum sk_picture_word at) {
  return c->words[SK_BLOCK_PICTURE][at];
}

/* Node number `at` of the picture; where the tasks begin when it is the number of nodes. */
static seen_t node_at(caller_t *c, uint32_t at) {
  const uint32_t *words = c->words[SK_BLOCK_PICTURE] + SK_PICTURE_HEAD_WORDS;
  for (uint32_t i = 0; i < at; i++) words += SK_PICTURE_NODE_WORDS + words[SK_PN_DEPS];
  return (seen_t){words, words + SK_PICTURE_NODE_WORDS};
}

static seen_t node_of(caller_t *c, sk_id_t id) {
  for (uint32_t i = 0; i < head(c, SK_P_NODES); i++) {
    seen_t seen = node_at(c, i);
    if (seen.words[SK_PN_ID] == id) return seen;
  }
  return (seen_t){NULL, NULL};
}

static bool reads(caller_t *c, sk_id_t id, uint32_t count, const sk_id_t *deps) {
  seen_t seen = node_of(c, id);
  return seen.words != NULL && seen.words[SK_PN_DEPS] == count &&
         (count == 0 || memcmp(seen.deps, deps, count * sizeof *deps) == 0);
}

static void it_has_every_node_and_what_it_reads_in_order(void) {
  caller_t *c = caller_open();
  inspect(c);
  CHECK_EQ(head(c, SK_P_NODES) + head(c, SK_P_EDGES) + head(c, SK_P_TASKS), 0);
  sk_id_t a = caller_signal(c);
  sk_id_t b = caller_signal(c);
  sk_id_t sum = caller_computed(c);
  sk_id_t effect = caller_effect(c, -7);
  caller_link(c, effect, 0, IDS(sum, b));
  caller_link(c, sum, 0, IDS(b, a));
  /* It takes the journal itself. */
  inspect(c);
  CHECK_EQ(head(c, SK_P_NODES), 4);
  CHECK_EQ(head(c, SK_P_EDGES), 4);
  CHECK(reads(c, effect, IDS(sum, b)) && reads(c, sum, IDS(b, a)));
  CHECK(reads(c, a, NO_IDS) && reads(c, b, NO_IDS));
  CHECK_EQ((int32_t)node_of(c, effect).words[SK_PN_PRIORITY], -7);
  CHECK_EQ(node_of(c, a).words[SK_PN_PRIORITY], 0);
  CHECK_EQ(node_of(c, sum).words[SK_PN_FLAGS] & SK_TAG_MASK, SK_COMPUTED);
  CHECK_EQ(node_of(c, sum).words[SK_PN_GENERATION], caller_generation(c, sum));
  caller_close(c);
}

/* What is marked is due in the next flush as if nobody had looked. */
static void it_marks_and_takes_nothing(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t other = caller_signal(c);
  sk_id_t d = caller_computed(c);
  sk_id_t effect = caller_effect(c, 0);
  sk_id_t bystander = caller_effect(c, 0);
  caller_link(c, effect, 0, IDS(d));
  caller_link(c, d, 0, IDS(s));
  caller_link(c, bystander, 0, IDS(other));
  inspect(c);
  CHECK_EQ(node_of(c, d).words[SK_PN_FLAGS] & SK_STALE, 0);
  CHECK_EQ(node_of(c, effect).words[SK_PN_FLAGS] & SK_QUEUED, 0);
  caller_write(c, s);
  for (int i = 0; i < 2; i++) {
    inspect(c);
    CHECK((node_of(c, d).words[SK_PN_FLAGS] & SK_STALE) != 0);
    CHECK((node_of(c, effect).words[SK_PN_FLAGS] & SK_QUEUED) != 0);
    CHECK_EQ(node_of(c, bystander).words[SK_PN_FLAGS] & SK_QUEUED, 0);
  }
  CHECK_EQ(caller_flush(c), 1);
  inspect(c);
  CHECK_EQ(caller_next(c), effect);
  CHECK_EQ(caller_next(c), 0);
  caller_close(c);
}

static void what_is_gone_is_not_in_it(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t kept = caller_effect(c, 0);
  sk_id_t gone = caller_effect(c, 0);
  sk_id_t d = caller_computed(c);
  caller_link(c, kept, 0, IDS(s));
  caller_link(c, gone, 0, IDS(d));
  caller_link(c, d, 0, IDS(s));
  caller_write(c, s);
  caller_mark(c);
  /* It is queued, and its slot is kept until somebody takes it. */
  caller_dispose(c, gone);
  inspect(c);
  CHECK(node_of(c, gone).words == NULL && node_of(c, d).words == NULL);
  CHECK_EQ(head(c, SK_P_NODES), 2);
  CHECK_EQ(head(c, SK_P_EDGES), 1);
  caller_close(c);
}

/* A signal that a transaction has touched has its record where others have their first edge. */
static void a_record_of_a_version_is_no_dependency(void) {
  caller_t *c = caller_open();
  sk_staging_t staging = 0;
  CHECK_EQ(sk_staging_open(c->kernel, 0, 1, &staging), 0);
  sk_id_t s = caller_signal(c);
  CHECK(sk_staging_touch(c->kernel, staging, s, SK_TOUCH_WRITE, 1) > 0);
  CHECK(*caller_word(c, s, SK_N_VERSION) != 0);
  inspect(c);
  CHECK(reads(c, s, NO_IDS));
  CHECK_EQ(sk_staging_discard(c->kernel, staging), 0);
  caller_close(c);
}

static void it_has_the_live_tasks(void) {
  caller_t *c = caller_open();
  sk_task_t tasks[3];
  uint64_t version = 0;
  for (int i = 0; i < 3; i++)
    CHECK_EQ(sk_task_create(c->kernel, i == 2 ? SK_TASK_STREAM : SK_TASK_SINGLE, &tasks[i]), 0);
  CHECK_EQ(sk_task_dispose(c->kernel, tasks[1]), 0);
  CHECK_EQ(sk_task_seed(c->kernel, tasks[2], (1ull << 40) - 1, SK_TASK_SUCCESS, &version), 0);
  CHECK_EQ(sk_task_start(c->kernel, tasks[2], &version), 0);
  inspect(c);
  CHECK_EQ(head(c, SK_P_TASKS), 2);
  const uint32_t *task = node_at(c, head(c, SK_P_NODES)).words + SK_PICTURE_TASK_WORDS;
  CHECK_EQ((uint64_t)task[SK_PT_HIGH] << 32 | task[SK_PT_LOW], tasks[2]);
  CHECK_EQ(task[SK_PT_KIND], SK_TASK_STREAM);
  CHECK_EQ(task[SK_PT_STATE], SK_TASK_PENDING);
  CHECK_EQ((uint64_t)task[SK_PT_VERSION_HIGH] << 32 | task[SK_PT_VERSION_LOW], 1ull << 40);
  caller_close(c);
}

/* Against the lists themselves, while the graph is built, written and taken apart. */
static void it_agrees_with_the_graph(void) {
  enum { SOURCES = 40, EFFECTS = 60, ROUNDS = 60 };
  caller_t *c = caller_open();
  test_random_t random = test_random_of(11);
  sk_id_t sources[SOURCES];
  sk_id_t effects[EFFECTS] = {0};
  sk_id_t deps[SOURCES];
  for (int i = 0; i < SOURCES; i++) sources[i] = caller_signal(c);
  sk_id_t keeper = caller_effect(c, 0);
  caller_link(c, keeper, 0, SOURCES, sources);
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < 10; i++) {
      sk_id_t *effect = &effects[test_random_below(&random, EFFECTS)];
      if (*effect != 0) caller_dispose(c, *effect);
      *effect = caller_effect(c, (int32_t)test_random_below(&random, 3));
      uint32_t from = test_random_below(&random, SOURCES);
      caller_link(c, *effect, 0, test_random_below(&random, SOURCES - from + 1), sources + from);
    }
    caller_write(c, sources[test_random_below(&random, SOURCES)]);
    inspect(c);
    sk_stats_t stats = caller_stats(c);
    CHECK_EQ(head(c, SK_P_NODES), stats.nodes);
    CHECK_EQ(head(c, SK_P_EDGES), stats.edges);
    for (uint32_t i = 0; i < head(c, SK_P_NODES); i++) {
      seen_t seen = node_at(c, i);
      sk_id_t id = seen.words[SK_PN_ID];
      CHECK_EQ(seen.words[SK_PN_FLAGS], *caller_word(c, id, SK_N_FLAGS));
      uint32_t count = (seen.words[SK_PN_FLAGS] & SK_TAG_MASK) == SK_SIGNAL
                           ? 0
                           : caller_dependencies(c, id, deps, SOURCES);
      CHECK(reads(c, id, count, deps));
    }
    if (round % 3 == 0) caller_drain(c, NULL, 0);
  }
  caller_close(c);
}

static void a_refused_picture_changes_nothing(void) {
  enum { COUNT = 600 };
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  for (int i = 0; i < COUNT; i++) caller_link(c, caller_effect(c, 0), 0, IDS(s));
  caller_sync(c);
  caller_write(c, s);
  c->host.limit = 1;
  for (int i = 0; i < 3; i++) CHECK_EQ(sk_inspect(c->kernel), SK_E_NO_MEMORY);
  CHECK_EQ(*caller_header(c, SK_H_PENDING_LEN), 1);
  CHECK_EQ(caller_stats(c).queued, 0);
  test_host_relieve(&c->host);
  inspect(c);
  CHECK_EQ(head(c, SK_P_NODES), COUNT + 1);
  CHECK_EQ(caller_flush(c), COUNT);
  caller_close(c);
}

const test_t inspect_tests[] = {
    {"inspect: it has every node and what it reads, in order",
     it_has_every_node_and_what_it_reads_in_order},
    {"inspect: it marks and takes nothing", it_marks_and_takes_nothing},
    {"inspect: what is gone is not in it", what_is_gone_is_not_in_it},
    {"inspect: a record of a version is no dependency", a_record_of_a_version_is_no_dependency},
    {"inspect: it has the live tasks", it_has_the_live_tasks},
    {"inspect: it agrees with the graph", it_agrees_with_the_graph},
    {"inspect: a refused picture changes nothing", a_refused_picture_changes_nothing},
    TEST_END,
};
