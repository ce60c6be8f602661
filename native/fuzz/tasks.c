/*
 * tasks.c - random calls on the table of asynchronous cells, compared with a model: the newest run in
 * flight commits, once, and a handle that was given back is nobody's for ever.
 */
#include "fuzz.h"
#include "host.h"
#include "test.h"

enum { CELLS = 48 };

static const uint64_t MAX_VERSION = (uint64_t)1 << 53;

typedef struct cell {
  sk_task_t handle;
  bool alive;
  bool in_flight;
  enum sk_task_kind kind;
  enum sk_task_state state;
  uint64_t version;
} cell_t;

typedef struct world {
  test_host_t host;
  sk_kernel_t *kernel;
  test_random_t random;
  cell_t cells[CELLS];
  uint64_t alive;
} world_t;

static uint32_t below(world_t *w, uint32_t bound) {
  return test_random_below(&w->random, bound);
}

/* Mostly that of the newest run or one near to it, sometimes any number. */
static uint64_t a_version(world_t *w, const cell_t *cell) {
  uint32_t what = below(w, 8);
  if (what < 4) return cell->version;
  if (what < 7) return cell->version + what - 5;
  return (uint64_t)test_random_next(&w->random) << below(w, 33);
}

static void create(world_t *w, cell_t *cell) {
  enum sk_task_kind kind = (enum sk_task_kind)below(w, 3);
  sk_task_t handle = 0;
  if (cell->alive) return;
  if (below(w, 4) == 0) w->host.refuse_at = w->host.requests + 1;
  uint32_t refused = w->host.refused;
  int status = sk_task_create(w->kernel, kind, &handle);
  test_host_relieve(&w->host);
  if (kind != SK_TASK_SINGLE && kind != SK_TASK_STREAM) {
    CHECK_EQ(status, SK_E_INVALID);
  } else if (w->host.refused != refused) {
    CHECK_EQ(status, SK_E_NO_MEMORY);
  } else {
    CHECK_EQ(status, 0);
    for (int i = 0; i < CELLS; i++) CHECK(w->cells[i].handle != handle);
    *cell = (cell_t){.handle = handle, .alive = true, .kind = kind, .state = SK_TASK_IDLE};
    w->alive++;
  }
}

static void start(world_t *w, cell_t *cell) {
  uint64_t version = 0;
  int status = sk_task_start(w->kernel, cell->handle, &version);
  if (!cell->alive) {
    CHECK_EQ(status, SK_E_DISPOSED);
  } else if (cell->version + 1 >= MAX_VERSION) {
    CHECK_EQ(status, SK_E_LIMIT);
  } else {
    CHECK_EQ(status, cell->in_flight);
    CHECK_EQ(version, cell->version + 1);
    cell->version = version;
    cell->in_flight = true;
    cell->state = SK_TASK_PENDING;
  }
}

static int verdict_of(const cell_t *cell, uint64_t version) {
  if (version != cell->version) return SK_IS_STALE;
  if (cell->in_flight) return SK_COMMIT;
  return cell->state == SK_TASK_CANCELLED ? SK_IS_CANCELLED : SK_IS_STALE;
}

static void emit(world_t *w, cell_t *cell) {
  uint64_t version = a_version(w, cell);
  int status = sk_task_emit(w->kernel, cell->handle, version);
  if (!cell->alive) {
    CHECK_EQ(status, SK_E_DISPOSED);
  } else if (cell->kind != SK_TASK_STREAM) {
    CHECK_EQ(status, SK_E_STATE);
  } else {
    CHECK_EQ(status, verdict_of(cell, version));
    if (status == SK_COMMIT) cell->state = SK_TASK_STREAMING;
  }
}

static void settle(world_t *w, cell_t *cell) {
  uint64_t version = a_version(w, cell);
  enum sk_task_state outcome = (enum sk_task_state)below(w, 8);
  int status = sk_task_settle(w->kernel, cell->handle, version, outcome);
  if (!cell->alive) {
    CHECK_EQ(status, SK_E_DISPOSED);
  } else if (outcome != SK_TASK_SUCCESS && outcome != SK_TASK_ERROR) {
    CHECK_EQ(status, SK_E_INVALID);
  } else {
    CHECK_EQ(status, verdict_of(cell, version));
    if (status != SK_COMMIT) return;
    cell->state = outcome;
    cell->in_flight = false;
  }
}

static void cancel(world_t *w, cell_t *cell) {
  int status = sk_task_cancel(w->kernel, cell->handle);
  if (!cell->alive) {
    CHECK_EQ(status, SK_E_DISPOSED);
    return;
  }
  CHECK_EQ(status, cell->in_flight ? SK_COMMIT : SK_IS_STALE);
  if (!cell->in_flight) return;
  cell->state = SK_TASK_CANCELLED;
  cell->in_flight = false;
}

static void seed(world_t *w, cell_t *cell) {
  uint64_t version = a_version(w, cell);
  enum sk_task_state state = (enum sk_task_state)below(w, 8);
  uint64_t newest = 0;
  bool is_end = state == SK_TASK_IDLE || state == SK_TASK_SUCCESS || state == SK_TASK_ERROR ||
                state == SK_TASK_CANCELLED;
  int status = sk_task_seed(w->kernel, cell->handle, version, state, &newest);
  if (!cell->alive) {
    CHECK_EQ(status, SK_E_DISPOSED);
  } else if (!is_end) {
    CHECK_EQ(status, SK_E_INVALID);
  } else if (version >= MAX_VERSION) {
    CHECK_EQ(status, SK_E_LIMIT);
  } else {
    CHECK_EQ(status, cell->in_flight);
    if (version > cell->version) cell->version = version;
    CHECK_EQ(newest, cell->version);
    cell->state = state;
    cell->in_flight = false;
  }
}

static void dispose(world_t *w, cell_t *cell) {
  CHECK_EQ(sk_task_dispose(w->kernel, cell->handle), cell->alive ? 0 : SK_E_DISPOSED);
  w->alive -= cell->alive;
  cell->alive = false;
}

/* A handle that nobody ever got. */
static void use_another(world_t *w) {
  sk_task_t handle = (uint64_t)test_random_next(&w->random) << below(w, 33);
  uint64_t version = 0;
  for (int i = 0; i < CELLS; i++)
    if (w->cells[i].handle == handle) return;
  CHECK_EQ(sk_task_start(w->kernel, handle, &version), SK_E_DISPOSED);
  CHECK_EQ(sk_task_cancel(w->kernel, handle), SK_E_DISPOSED);
  CHECK_EQ(sk_task_dispose(w->kernel, handle), SK_E_DISPOSED);
}

static void compare(world_t *w, const cell_t *cell) {
  enum sk_task_state state = SK_TASK_IDLE;
  uint64_t version = 0;
  int status = sk_task_inspect(w->kernel, cell->handle, &state, &version);
  CHECK_EQ(status, cell->alive ? 0 : SK_E_DISPOSED);
  if (!cell->alive) return;
  CHECK_EQ(state, cell->state);
  CHECK_EQ(version, cell->version);
}

void fuzz_tasks(const unsigned char *bytes, size_t length) {
  static void (*const STEPS[])(world_t *, cell_t *) = {create, start,  start, emit,   settle,
                                                       settle, cancel, seed,  dispose};
  world_t *w = test_alloc(sizeof *w);
  test_host_open(&w->host);
  w->random = (test_random_t){0, bytes, length};
  CHECK_EQ(sk_kernel_open(&w->host.host, &w->kernel), 0);
  while (test_random_has(&w->random)) {
    cell_t *cell = &w->cells[below(w, CELLS)];
    uint32_t what = below(w, 10);
    if (what == 9)
      use_another(w);
    else
      STEPS[what](w, cell);
    compare(w, cell);
    sk_stats_t stats;
    sk_kernel_stats(w->kernel, &stats);
    CHECK_EQ(stats.tasks, w->alive);
    CHECK_EQ(stats.bytes, w->host.bytes);
    CHECK_SOUND(w->kernel);
  }
  sk_kernel_close(w->kernel);
  test_host_close(&w->host);
}
