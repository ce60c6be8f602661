/*
 * scenarios.c - what the kernel is counted doing. Each scenario builds what it needs, begins to count,
 * works, and hands the counts to callgrind under its name; guard.mjs adds up those of the kernel's code.
 */
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

#include "caller.h"

enum { MANY = 10000, SOME = 1000, LAYERS = 10, WIDTH = 100 };

static void begin(void) {
  CALLGRIND_START_INSTRUMENTATION;
  CALLGRIND_ZERO_STATS;
}

static void end(const char *name) {
  CALLGRIND_DUMP_STATS_AT(name);
  CALLGRIND_STOP_INSTRUMENTATION;
}

static void expect(uint32_t found, uint32_t wanted, const char *name) {
  if (found == wanted) return;
  fprintf(stderr, "guard: %s: expected %u, found %u\n", name, wanted, found);
  exit(1);
}

/* ---- graphs */

static void effects_on(caller_t *c, sk_id_t source, uint32_t count, sk_id_t *out) {
  for (uint32_t i = 0; i < count; i++) {
    sk_id_t effect = caller_effect(c, 0, 1, &source);
    if (out != NULL) out[i] = effect;
  }
}

static void chain_on(caller_t *c, sk_id_t source, uint32_t length) {
  sk_id_t last = source;
  for (uint32_t i = 0; i < length; i++) last = caller_computed(c, 1, &last);
  caller_effect(c, 0, 1, &last);
}

/* WIDTH signals, LAYERS times WIDTH computeds over three neighbours each, WIDTH effects. */
static void layers(caller_t *c, sk_id_t *sources) {
  sk_id_t layer[WIDTH];
  sk_id_t next[WIDTH];
  for (int i = 0; i < WIDTH; i++) layer[i] = sources[i] = caller_signal(c);
  for (int l = 0; l < LAYERS; l++) {
    for (int i = 0; i < WIDTH; i++) {
      const sk_id_t read[] = {layer[i], layer[(i + 1) % WIDTH], layer[(i + 2) % WIDTH]};
      next[i] = caller_computed(c, 3, read);
    }
    for (int i = 0; i < WIDTH; i++) layer[i] = next[i];
  }
  for (int i = 0; i < WIDTH; i++) caller_effect(c, 0, 1, &layer[i]);
}

/* ---- scenarios */

static void life(caller_t *c) {
  caller_close(c);
  begin();
  for (int i = 0; i < 100; i++) {
    caller_open(c);
    caller_close(c);
  }
  end("open-close");
  caller_open(c);
}

static void build(caller_t *c) {
  sk_id_t sources[WIDTH];
  begin();
  layers(c, sources);
  caller_sync(c);
  end("build-layers");
  begin();
  for (int i = 0; i < WIDTH; i++) caller_write(c, sources[i]);
  uint32_t due = caller_flush(c);
  end("flush-layers");
  expect(due, WIDTH, "flush-layers");
}

static void wide(caller_t *c) {
  static sk_id_t effects[MANY];
  sk_id_t source = caller_signal(c);
  begin();
  effects_on(c, source, MANY, effects);
  caller_sync(c);
  end("build-wide");
  begin();
  caller_write(c, source);
  uint32_t due = caller_flush(c);
  end("flush-wide");
  expect(due, MANY, "flush-wide");
  begin();
  for (int i = 0; i < MANY; i++) caller_dispose(c, effects[i]);
  caller_sync(c);
  caller_sync(c);
  end("dispose-wide");
}

static void chain(caller_t *c) {
  sk_id_t source = caller_signal(c);
  begin();
  chain_on(c, source, MANY);
  caller_sync(c);
  end("build-chain");
  begin();
  caller_write(c, source);
  uint32_t due = caller_flush(c);
  end("flush-chain");
  expect(due, 1, "flush-chain");
}

static void small_flushes(caller_t *c) {
  sk_id_t source = caller_signal(c);
  caller_effect(c, 0, 1, &source);
  caller_sync(c);
  uint32_t due = 0;
  begin();
  for (int i = 0; i < SOME; i++) {
    caller_write(c, source);
    due += caller_flush(c);
  }
  end("flush-one");
  expect(due, SOME, "flush-one");
}

static void priorities(caller_t *c) {
  sk_id_t source = caller_signal(c);
  for (int i = 0; i < SOME; i++) caller_effect(c, i * 7 % 5 - 2, 1, &source);
  caller_sync(c);
  begin();
  caller_write(c, source);
  uint32_t due = caller_flush(c);
  end("flush-priorities");
  expect(due, SOME, "flush-priorities");
}

static void relinking(caller_t *c) {
  sk_id_t sources[8];
  for (int i = 0; i < 8; i++) sources[i] = caller_signal(c);
  sk_id_t always = caller_effect(c, 0, 8, sources);
  sk_id_t effect = caller_effect(c, 0, 4, sources);
  caller_sync(c);
  expect(always != effect, 1, "relink");
  begin();
  for (uint32_t i = 0; i < SOME; i++) {
    caller_link(c, effect, 4, sources + (i & 1) * 4);
    caller_sync(c);
  }
  end("relink-others");
  begin();
  for (uint32_t i = 0; i < SOME; i++) {
    caller_link(c, effect, 4, sources);
    caller_sync(c);
  }
  end("relink-same");
}

static void transactions(caller_t *c) {
  sk_id_t sources[8];
  for (int i = 0; i < 8; i++) sources[i] = caller_signal(c);
  caller_effect(c, 0, 8, sources);
  caller_sync(c);
  begin();
  for (int i = 0; i < SOME; i++) {
    sk_txn_begin(c->kernel);
    for (int s = 0; s < 8; s++) caller_log(c, sources[s]);
    if (i & 1)
      sk_txn_commit(c->kernel);
    else
      sk_txn_rollback(c->kernel);
  }
  end("transactions");
}

static void stagings(caller_t *c) {
  sk_id_t sources[8];
  for (int i = 0; i < 8; i++) sources[i] = caller_signal(c);
  caller_effect(c, 0, 8, sources);
  caller_sync(c);
  begin();
  for (uint64_t i = 1; i <= SOME; i++) {
    sk_staging_t staging = 0;
    uint64_t order = 0;
    sk_staging_open(c->kernel, 0, i, &staging);
    for (int s = 0; s < 8; s++)
      sk_staging_touch(c->kernel, staging, sources[s], s & 1 ? SK_TOUCH_WRITE : SK_TOUCH_READ, i);
    expect((uint32_t)sk_staging_check(c->kernel, staging, SK_TOUCH_READ | SK_TOUCH_WRITE), 0,
           "conflicts");
    sk_staging_commit(c->kernel, staging, i, &order);
  }
  end("stagings");
}

static void tasks(caller_t *c) {
  sk_task_t task = 0;
  sk_task_create(c->kernel, SK_TASK_SINGLE, &task);
  uint64_t version = 0;
  begin();
  for (int i = 0; i < MANY; i++) {
    sk_task_start(c->kernel, task, &version);
    sk_task_settle(c->kernel, task, version, SK_TASK_SUCCESS);
  }
  end("task-runs");
  begin();
  for (int i = 0; i < MANY; i++) sk_task_start(c->kernel, task, &version);
  end("task-supersede");
  sk_task_t stream = 0;
  sk_task_create(c->kernel, SK_TASK_STREAM, &stream);
  sk_task_start(c->kernel, stream, &version);
  begin();
  for (int i = 0; i < MANY; i++) sk_task_emit(c->kernel, stream, version);
  end("task-emit");
}

int main(void) {
  void (*const scenarios[])(caller_t *) = {life,          build,      wide,      chain,
                                           small_flushes, priorities, relinking, transactions,
                                           stagings,      tasks};
  for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
    caller_t c;
    caller_open(&c);
    scenarios[i](&c);
    caller_close(&c);
  }
  return 0;
}
