/*
 * test_task.c - tests of asynchronous cells: transitions, verdicts, and handles that are gone.
 */
#include "caller.h"
#include "kernel.h"

static sk_task_t task_of(caller_t *c, enum sk_task_kind kind) {
  sk_task_t task = 0;
  CHECK_EQ(sk_task_create(c->kernel, kind, &task), 0);
  return task;
}

static void is_in(caller_t *c, sk_task_t task, enum sk_task_state state, uint64_t version) {
  enum sk_task_state actual = SK_TASK_IDLE;
  uint64_t newest = 0;
  CHECK_EQ(sk_task_inspect(c->kernel, task, &actual, &newest), 0);
  CHECK_EQ(actual, state);
  CHECK_EQ(newest, version);
}

static uint64_t start(caller_t *c, sk_task_t task, int superseded) {
  uint64_t version = 0;
  CHECK_EQ(sk_task_start(c->kernel, task, &version), superseded);
  return version;
}

static void a_run_commits_once(void) {
  caller_t *c = caller_open();
  static const enum sk_task_state OUTCOMES[] = {SK_TASK_SUCCESS, SK_TASK_ERROR};
  for (int i = 0; i < 2; i++) {
    sk_task_t task = task_of(c, SK_TASK_SINGLE);
    is_in(c, task, SK_TASK_IDLE, 0);
    CHECK_EQ(start(c, task, 0), 1);
    is_in(c, task, SK_TASK_PENDING, 1);
    CHECK_EQ(sk_task_settle(c->kernel, task, 1, OUTCOMES[i]), SK_COMMIT);
    is_in(c, task, OUTCOMES[i], 1);
    CHECK_EQ(sk_task_settle(c->kernel, task, 1, OUTCOMES[i]), SK_IS_STALE);
    CHECK_EQ(sk_task_settle(c->kernel, task, 1, OUTCOMES[1 - i]), SK_IS_STALE);
    CHECK_EQ(sk_task_cancel(c->kernel, task), SK_IS_STALE);
    is_in(c, task, OUTCOMES[i], 1);
    CHECK_EQ(start(c, task, 0), 2);
    is_in(c, task, SK_TASK_PENDING, 2);
  }
  caller_close(c);
}

static void only_the_newest_run_commits(void) {
  caller_t *c = caller_open();
  sk_task_t task = task_of(c, SK_TASK_SINGLE);
  CHECK_EQ(start(c, task, 0), 1);
  for (uint64_t version = 2; version <= 1000; version++) CHECK_EQ(start(c, task, 1), version);
  for (uint64_t version = 0; version <= 1010; version++) {
    if (version == 1000) continue;
    CHECK_EQ(sk_task_settle(c->kernel, task, version, SK_TASK_ERROR), SK_IS_STALE);
    is_in(c, task, SK_TASK_PENDING, 1000);
  }
  CHECK_EQ(sk_task_settle(c->kernel, task, 1000, SK_TASK_SUCCESS), SK_COMMIT);
  CHECK_EQ(sk_task_settle(c->kernel, task, 999, SK_TASK_ERROR), SK_IS_STALE);
  is_in(c, task, SK_TASK_SUCCESS, 1000);
  caller_close(c);
}

static void a_cancelled_run_never_commits(void) {
  caller_t *c = caller_open();
  sk_task_t task = task_of(c, SK_TASK_SINGLE);
  CHECK_EQ(sk_task_cancel(c->kernel, task), SK_IS_STALE);
  is_in(c, task, SK_TASK_IDLE, 0);
  CHECK_EQ(start(c, task, 0), 1);
  CHECK_EQ(sk_task_cancel(c->kernel, task), SK_COMMIT);
  is_in(c, task, SK_TASK_CANCELLED, 1);
  CHECK_EQ(sk_task_cancel(c->kernel, task), SK_IS_STALE);
  CHECK_EQ(sk_task_settle(c->kernel, task, 1, SK_TASK_SUCCESS), SK_IS_CANCELLED);
  CHECK_EQ(sk_task_settle(c->kernel, task, 1, SK_TASK_ERROR), SK_IS_CANCELLED);
  is_in(c, task, SK_TASK_CANCELLED, 1);
  /* Cancelled is not in flight: the next run supersedes nobody. */
  CHECK_EQ(start(c, task, 0), 2);
  CHECK_EQ(sk_task_settle(c->kernel, task, 1, SK_TASK_SUCCESS), SK_IS_STALE);
  is_in(c, task, SK_TASK_PENDING, 2);
  CHECK_EQ(sk_task_settle(c->kernel, task, 2, SK_TASK_SUCCESS), SK_COMMIT);
  caller_close(c);
}

static void a_stream_commits_many_times_and_ends_once(void) {
  caller_t *c = caller_open();
  sk_task_t task = task_of(c, SK_TASK_STREAM);
  CHECK_EQ(sk_task_emit(c->kernel, task, 0), SK_IS_STALE);
  CHECK_EQ(start(c, task, 0), 1);
  for (int i = 0; i < 10; i++) {
    CHECK_EQ(sk_task_emit(c->kernel, task, 1), SK_COMMIT);
    is_in(c, task, SK_TASK_STREAMING, 1);
  }
  CHECK_EQ(sk_task_settle(c->kernel, task, 1, SK_TASK_SUCCESS), SK_COMMIT);
  is_in(c, task, SK_TASK_SUCCESS, 1);
  CHECK_EQ(sk_task_emit(c->kernel, task, 1), SK_IS_STALE);
  is_in(c, task, SK_TASK_SUCCESS, 1);
  /* Failed half way, superseded half way, cancelled half way. */
  CHECK_EQ(start(c, task, 0), 2);
  CHECK_EQ(sk_task_emit(c->kernel, task, 2), SK_COMMIT);
  CHECK_EQ(sk_task_settle(c->kernel, task, 2, SK_TASK_ERROR), SK_COMMIT);
  CHECK_EQ(sk_task_emit(c->kernel, task, 2), SK_IS_STALE);
  is_in(c, task, SK_TASK_ERROR, 2);
  CHECK_EQ(start(c, task, 0), 3);
  CHECK_EQ(sk_task_emit(c->kernel, task, 3), SK_COMMIT);
  CHECK_EQ(start(c, task, 1), 4);
  is_in(c, task, SK_TASK_PENDING, 4);
  CHECK_EQ(sk_task_emit(c->kernel, task, 3), SK_IS_STALE);
  is_in(c, task, SK_TASK_PENDING, 4);
  CHECK_EQ(sk_task_emit(c->kernel, task, 4), SK_COMMIT);
  CHECK_EQ(sk_task_cancel(c->kernel, task), SK_COMMIT);
  CHECK_EQ(sk_task_emit(c->kernel, task, 4), SK_IS_CANCELLED);
  CHECK_EQ(sk_task_settle(c->kernel, task, 4, SK_TASK_SUCCESS), SK_IS_CANCELLED);
  is_in(c, task, SK_TASK_CANCELLED, 4);
  caller_close(c);
}

static void a_seeded_task_goes_on_from_its_version(void) {
  static const enum sk_task_state STATES[] = {SK_TASK_IDLE, SK_TASK_SUCCESS, SK_TASK_ERROR,
                                              SK_TASK_CANCELLED};
  caller_t *c = caller_open();
  for (size_t i = 0; i < sizeof STATES / sizeof STATES[0]; i++) {
    sk_task_t task = task_of(c, SK_TASK_STREAM);
    uint64_t newest = 0;
    CHECK_EQ(sk_task_seed(c->kernel, task, 41, STATES[i], &newest), 0);
    CHECK_EQ(newest, 41);
    is_in(c, task, STATES[i], 41);
    CHECK(sk_task_settle(c->kernel, task, 41, SK_TASK_SUCCESS) != SK_COMMIT);
    CHECK(sk_task_emit(c->kernel, task, 41) != SK_COMMIT);
    CHECK_EQ(sk_task_cancel(c->kernel, task), SK_IS_STALE);
    is_in(c, task, STATES[i], 41);
    CHECK_EQ(start(c, task, 0), 42);
    CHECK_EQ(sk_task_settle(c->kernel, task, 42, SK_TASK_SUCCESS), SK_COMMIT);
  }
  caller_close(c);
}

static void a_seed_supersedes_and_never_goes_back(void) {
  caller_t *c = caller_open();
  sk_task_t task = task_of(c, SK_TASK_SINGLE);
  uint64_t newest = 0;
  CHECK_EQ(start(c, task, 0), 1);
  CHECK_EQ(start(c, task, 1), 2);
  CHECK_EQ(sk_task_seed(c->kernel, task, 1, SK_TASK_SUCCESS, &newest), 1);
  CHECK_EQ(newest, 2);
  for (uint64_t version = 0; version < 4; version++)
    CHECK_EQ(sk_task_settle(c->kernel, task, version, SK_TASK_ERROR), SK_IS_STALE);
  is_in(c, task, SK_TASK_SUCCESS, 2);
  CHECK_EQ(start(c, task, 0), 3);
  CHECK_EQ(sk_task_seed(c->kernel, task, 3, SK_TASK_ERROR, &newest), 1);
  CHECK_EQ(newest, 3);
  CHECK_EQ(sk_task_settle(c->kernel, task, 3, SK_TASK_SUCCESS), SK_IS_STALE);
  is_in(c, task, SK_TASK_ERROR, 3);
  CHECK_EQ(sk_task_seed(c->kernel, task, 0, SK_TASK_IDLE, &newest), 0);
  CHECK_EQ(newest, 3);
  is_in(c, task, SK_TASK_IDLE, 3);
  caller_close(c);
}

static void a_seed_that_is_refused_changes_nothing(void) {
  static const int OTHERS[] = {SK_TASK_PENDING, SK_TASK_STREAMING, 6, 255, 1 << 20};
  caller_t *c = caller_open();
  sk_task_t task = task_of(c, SK_TASK_STREAM);
  uint64_t newest = 7;
  CHECK_EQ(start(c, task, 0), 1);
  for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++)
    CHECK_EQ(sk_task_seed(c->kernel, task, 9, (enum sk_task_state)OTHERS[i], &newest),
             SK_E_INVALID);
  CHECK_EQ(sk_task_seed(c->kernel, task, (uint64_t)1 << 53, SK_TASK_IDLE, &newest), SK_E_LIMIT);
  CHECK_EQ(sk_task_seed(c->kernel, task, UINT64_MAX, SK_TASK_IDLE, &newest), SK_E_LIMIT);
  CHECK_EQ(newest, 7);
  is_in(c, task, SK_TASK_PENDING, 1);
  CHECK_EQ(sk_task_settle(c->kernel, task, 1, SK_TASK_SUCCESS), SK_COMMIT);
  /* The highest version is the last: it is taken over, and no run follows it. */
  CHECK_EQ(sk_task_seed(c->kernel, task, ((uint64_t)1 << 53) - 1, SK_TASK_SUCCESS, &newest), 0);
  uint64_t refused = 0;
  CHECK_EQ(sk_task_start(c->kernel, task, &refused), SK_E_LIMIT);
  is_in(c, task, SK_TASK_SUCCESS, ((uint64_t)1 << 53) - 1);
  caller_close(c);
}

static void a_stream_may_end_without_a_step(void) {
  caller_t *c = caller_open();
  sk_task_t task = task_of(c, SK_TASK_STREAM);
  CHECK_EQ(start(c, task, 0), 1);
  CHECK_EQ(sk_task_settle(c->kernel, task, 1, SK_TASK_SUCCESS), SK_COMMIT);
  is_in(c, task, SK_TASK_SUCCESS, 1);
  caller_close(c);
}

static void a_single_shot_has_no_steps(void) {
  caller_t *c = caller_open();
  sk_task_t task = task_of(c, SK_TASK_SINGLE);
  CHECK_EQ(sk_task_emit(c->kernel, task, 0), SK_E_STATE);
  uint64_t version = start(c, task, 0);
  CHECK_EQ(sk_task_emit(c->kernel, task, version), SK_E_STATE);
  is_in(c, task, SK_TASK_PENDING, 1);
  CHECK_EQ(sk_task_settle(c->kernel, task, version, SK_TASK_SUCCESS), SK_COMMIT);
  caller_close(c);
}

static void only_success_and_error_are_outcomes(void) {
  static const int OTHERS[] = {
      SK_TASK_IDLE, SK_TASK_PENDING, SK_TASK_STREAMING, SK_TASK_CANCELLED, 6, 255, 1 << 20};
  caller_t *c = caller_open();
  sk_task_t task = task_of(c, SK_TASK_STREAM);
  uint64_t version = start(c, task, 0);
  for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++) {
    enum sk_task_state outcome = (enum sk_task_state)OTHERS[i];
    CHECK_EQ(sk_task_settle(c->kernel, task, version, outcome), SK_E_INVALID);
    is_in(c, task, SK_TASK_PENDING, 1);
  }
  caller_close(c);
}

static void refuses_every_call(caller_t *c, sk_task_t task) {
  uint64_t version = 77;
  enum sk_task_state state = SK_TASK_ERROR;
  CHECK_EQ(sk_task_start(c->kernel, task, &version), SK_E_DISPOSED);
  CHECK_EQ(sk_task_emit(c->kernel, task, 1), SK_E_DISPOSED);
  CHECK_EQ(sk_task_settle(c->kernel, task, 1, SK_TASK_SUCCESS), SK_E_DISPOSED);
  CHECK_EQ(sk_task_cancel(c->kernel, task), SK_E_DISPOSED);
  CHECK_EQ(sk_task_seed(c->kernel, task, 1, SK_TASK_SUCCESS, &version), SK_E_DISPOSED);
  CHECK_EQ(sk_task_inspect(c->kernel, task, &state, &version), SK_E_DISPOSED);
  CHECK_EQ(sk_task_dispose(c->kernel, task), SK_E_DISPOSED);
}

static void a_disposed_task_refuses_every_call(void) {
  caller_t *c = caller_open();
  sk_task_t task = task_of(c, SK_TASK_STREAM);
  CHECK_EQ(start(c, task, 0), 1);
  CHECK_EQ(caller_stats(c).tasks, 1);
  CHECK_EQ(sk_task_dispose(c->kernel, task), 0);
  CHECK_EQ(caller_stats(c).tasks, 0);
  refuses_every_call(c, task);
  caller_close(c);
}

static void forged_handles_are_refused(void) {
  caller_t *c = caller_open();
  refuses_every_call(c, 0);
  refuses_every_call(c, 1);
  sk_task_t task = task_of(c, SK_TASK_STREAM);
  const sk_task_t forged[] = {0,
                              task + 1,
                              task + (1u << 24),
                              task | (sk_task_t)1 << 52,
                              task | (sk_task_t)1 << 56,
                              task | (sk_task_t)1 << 63,
                              UINT64_MAX,
                              (sk_task_t)1 << 24,
                              0xFFFFFF};
  for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++) refuses_every_call(c, forged[i]);
  is_in(c, task, SK_TASK_IDLE, 0);
  caller_close(c);
}

/* A million lives of one slot: the old handles reach none of the later ones. */
static void a_handle_is_never_given_twice(void) {
  enum { ROUNDS = 1000000 };
  caller_t *c = caller_open();
  sk_task_t other = task_of(c, SK_TASK_SINGLE);
  sk_task_t first = task_of(c, SK_TASK_SINGLE);
  CHECK_EQ(sk_task_dispose(c->kernel, first), 0);
  sk_task_t previous = first;
  size_t bytes = c->host.bytes;
  for (int i = 0; i < ROUNDS; i++) {
    sk_task_t task = task_of(c, SK_TASK_SINGLE);
    CHECK(task != previous && task != first && task != other);
    CHECK((uint64_t)task < (uint64_t)1 << 53);
    uint64_t version = 0;
    if (i % 1000 == 0) {
      CHECK_EQ(sk_task_start(c->kernel, previous, &version), SK_E_DISPOSED);
      is_in(c, task, SK_TASK_IDLE, 0);
    }
    if (i % 1000 == 500) CHECK_EQ(start(c, task, 0), 1);
    CHECK_EQ(sk_task_dispose(c->kernel, task), 0);
    previous = task;
  }
  refuses_every_call(c, first);
  CHECK_EQ(c->host.bytes, bytes);
  is_in(c, other, SK_TASK_IDLE, 0);
  caller_close(c);
}

/* 2^29 lives would take minutes; the test sets the generation of the entry to its last but one. */
static void an_entry_retires_with_its_last_generation(void) {
  caller_t *c = caller_open();
  sk_task_t first = task_of(c, SK_TASK_SINGLE);
  uint32_t entry = (uint32_t)(first & 0xFFFFFF);
  CHECK_EQ(sk_task_dispose(c->kernel, first), 0);
  ((sk__task_t *)c->kernel->tasks.at)[entry].entry.generation = (1u << 29) - 2;
  sk_task_t last_but_one = task_of(c, SK_TASK_SINGLE);
  CHECK_EQ(last_but_one & 0xFFFFFF, entry);
  CHECK_EQ(last_but_one >> 24, (1u << 29) - 2);
  CHECK_EQ(sk_task_dispose(c->kernel, last_but_one), 0);
  sk_task_t last = task_of(c, SK_TASK_SINGLE);
  CHECK_EQ(last & 0xFFFFFF, entry);
  CHECK((uint64_t)last < (uint64_t)1 << 53);
  CHECK_EQ(sk_task_dispose(c->kernel, last), 0);
  sk_task_t next = task_of(c, SK_TASK_SINGLE);
  CHECK((next & 0xFFFFFF) != entry);
  refuses_every_call(c, last);
  refuses_every_call(c, first);
  CHECK_EQ(caller_stats(c).tasks, 1);
  caller_close(c);
}

/* A version that a double cannot hold would not be the version that comes back. */
static void versions_end_with_a_limit(void) {
  caller_t *c = caller_open();
  sk_task_t task = task_of(c, SK_TASK_SINGLE);
  ((sk__task_t *)sk__table_find(&c->kernel->tasks, task))->version = ((uint64_t)1 << 53) - 2;
  uint64_t version = start(c, task, 0);
  CHECK_EQ(version, ((uint64_t)1 << 53) - 1);
  CHECK_EQ(sk_task_settle(c->kernel, task, version - 1, SK_TASK_SUCCESS), SK_IS_STALE);
  uint64_t refused = 0;
  CHECK_EQ(sk_task_start(c->kernel, task, &refused), SK_E_LIMIT);
  is_in(c, task, SK_TASK_PENDING, version);
  CHECK_EQ(sk_task_settle(c->kernel, task, version, SK_TASK_SUCCESS), SK_COMMIT);
  caller_close(c);
}

/* 2^24 tasks would take half a gigabyte; the test says that so many entries were handed out. */
static void tasks_end_with_a_limit(void) {
  caller_t *c = caller_open();
  sk_task_t kept = task_of(c, SK_TASK_SINGLE);
  uint32_t used = c->kernel->tasks.used;
  c->kernel->tasks.used = 1u << 24;
  sk_task_t refused = 7;
  CHECK_EQ(sk_task_create(c->kernel, SK_TASK_SINGLE, &refused), SK_E_LIMIT);
  c->kernel->tasks.used = used;
  CHECK_EQ(refused, 7);
  CHECK_EQ(caller_stats(c).tasks, 1);
  is_in(c, kept, SK_TASK_IDLE, 0);
  caller_close(c);
}

static void tasks_do_not_know_each_other(void) {
  enum { COUNT = 5000 };
  caller_t *c = caller_open();
  sk_task_t *tasks = test_alloc(COUNT * sizeof(sk_task_t));
  for (uint32_t i = 0; i < COUNT; i++) {
    tasks[i] = task_of(c, i % 2 == 0 ? SK_TASK_SINGLE : SK_TASK_STREAM);
    for (uint32_t j = 0; j < i % 7; j++) start(c, tasks[i], j > 0);
  }
  CHECK_EQ(caller_stats(c).tasks, COUNT);
  for (uint32_t i = 0; i < COUNT; i += 2) CHECK_EQ(sk_task_dispose(c->kernel, tasks[i]), 0);
  for (uint32_t i = 1; i < COUNT; i += 2)
    is_in(c, tasks[i], i % 7 == 0 ? SK_TASK_IDLE : SK_TASK_PENDING, i % 7);
  CHECK_EQ(caller_stats(c).tasks, COUNT / 2);
  CHECK_EQ(caller_stats(c).bytes, c->host.bytes);
  caller_close(c);
}

static void kinds_that_do_not_exist_are_refused(void) {
  caller_t *c = caller_open();
  sk_task_t task = 5;
  CHECK_EQ(sk_task_create(c->kernel, (enum sk_task_kind)2, &task), SK_E_INVALID);
  CHECK_EQ(sk_task_create(c->kernel, (enum sk_task_kind)256, &task), SK_E_INVALID);
  CHECK_EQ(task, 5);
  CHECK_EQ(caller_stats(c).tasks, 0);
  caller_close(c);
}

const test_t task_tests[] = {
    {"task: a run commits once", a_run_commits_once},
    {"task: only the newest run commits", only_the_newest_run_commits},
    {"task: a cancelled run never commits", a_cancelled_run_never_commits},
    {"task: a stream commits many times and ends once", a_stream_commits_many_times_and_ends_once},
    {"task: a seeded task goes on from its version", a_seeded_task_goes_on_from_its_version},
    {"task: a seed supersedes and never goes back", a_seed_supersedes_and_never_goes_back},
    {"task: a seed that is refused changes nothing", a_seed_that_is_refused_changes_nothing},
    {"task: a stream may end without a step", a_stream_may_end_without_a_step},
    {"task: a single shot has no steps", a_single_shot_has_no_steps},
    {"task: only success and error are outcomes", only_success_and_error_are_outcomes},
    {"task: a disposed task refuses every call", a_disposed_task_refuses_every_call},
    {"task: forged handles are refused", forged_handles_are_refused},
    {"task: a handle is never given twice", a_handle_is_never_given_twice},
    {"task: an entry retires with its last generation", an_entry_retires_with_its_last_generation},
    {"task: versions end with a limit", versions_end_with_a_limit},
    {"task: tasks end with a limit", tasks_end_with_a_limit},
    {"task: tasks do not know each other", tasks_do_not_know_each_other},
    {"task: kinds that do not exist are refused", kinds_that_do_not_exist_are_refused},
    TEST_END,
};
