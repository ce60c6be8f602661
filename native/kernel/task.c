/*
 * task.c - asynchronous cells: which run is the newest, and which outcome may become visible.
 *
 *                  start                    emit (stream)
 *      any state ---------> pending  ------------------->  streaming
 *                              |                               |
 *                              +---- settle ----> success, error
 *                              +---- cancel ----> cancelled
 *
 * Every start takes the next version. An outcome is handed in with the version of its run:
 *
 *   1  of a run that is not the newest: stale, whatever the order of arrival
 *   2  of the newest, when it was cancelled or has settled before: cancelled, or stale
 *   3  of the newest, in flight: commit, and then the run is in flight no longer
 *
 * Invariant: at most one run of a task is in flight, and it is the newest; so a version commits at
 * most once as final, and versions commit in growing order.
 *
 * A handle is (generation << 24 | entry). An entry whose generation is exhausted is not reused.
 */
#include "kernel.h"

#define ENTRY_BITS 24u
#define MAX_ENTRIES (1u << ENTRY_BITS)
#define MAX_GENERATION ((1u << 29) - 1u)

/* Versions are handed to callers as doubles too. */
#define MAX_VERSION ((uint64_t)1 << 53)

static sk__task_t *find(const sk_kernel_t *k, sk_task_t task) {
  uint64_t entry = task & (MAX_ENTRIES - 1);
  if (entry == 0 || entry >= k->tasks.used) return NULL;
  sk__task_t *found = &k->tasks.at[entry];
  if (!found->live || found->generation != task >> ENTRY_BITS) return NULL;
  return found;
}

/* An entry that is free, or 0 with *status set. */
static uint32_t take_entry(sk_kernel_t *k, int *status) {
  sk__task_table_t *table = &k->tasks;
  uint32_t entry = table->free;
  *status = 0;
  if (entry != 0) {
    table->free = table->at[entry].next_free;
    return entry;
  }
  uint32_t used = table->used == 0 ? 1 : table->used; /* entry 0 is no entry */
  if (used >= MAX_ENTRIES) {
    *status = SK_E_LIMIT;
    return 0;
  }
  void *at = table->at;
  *status = sk__memory_grow(k, SK_BLOCK_TASKS, &at, &table->capacity, used + 1, sizeof(sk__task_t));
  if (*status != 0) return 0;
  table->at = (sk__task_t *)at;
  table->used = used + 1;
  memset(&table->at[used], 0, sizeof(sk__task_t));
  return used;
}

int sk_task_create(sk_kernel_t *k, enum sk_task_kind kind, sk_task_t *out) {
  assert(out != NULL);
  if (kind != SK_TASK_SINGLE && kind != SK_TASK_STREAM) return SK_E_INVALID;
  int status = 0;
  uint32_t entry = take_entry(k, &status);
  if (entry == 0) return status;
  sk__task_t *task = &k->tasks.at[entry];
  task->version = 0;
  task->next_free = 0;
  task->kind = (uint8_t)kind;
  task->state = SK_TASK_IDLE;
  task->in_flight = 0;
  task->live = 1;
  k->tasks.live++;
  *out = (sk_task_t)task->generation << ENTRY_BITS | entry;
  return 0;
}

int sk_task_start(sk_kernel_t *k, sk_task_t handle, uint64_t *version) {
  assert(version != NULL);
  sk__task_t *task = find(k, handle);
  if (task == NULL) return SK_E_DISPOSED;
  if (task->version + 1 >= MAX_VERSION) return SK_E_LIMIT;
  int superseded = task->in_flight;
  *version = ++task->version;
  task->state = SK_TASK_PENDING;
  task->in_flight = 1;
  return superseded;
}

/* Rules 1 to 3 of the head of this file. */
static int judge(const sk__task_t *task, uint64_t version) {
  if (version != task->version) return SK_IS_STALE;
  if (task->in_flight) return SK_COMMIT;
  return task->state == SK_TASK_CANCELLED ? SK_IS_CANCELLED : SK_IS_STALE;
}

int sk_task_emit(sk_kernel_t *k, sk_task_t handle, uint64_t version) {
  sk__task_t *task = find(k, handle);
  if (task == NULL) return SK_E_DISPOSED;
  if (task->kind != SK_TASK_STREAM) return SK_E_STATE;
  int verdict = judge(task, version);
  if (verdict == SK_COMMIT) task->state = SK_TASK_STREAMING;
  return verdict;
}

int sk_task_settle(sk_kernel_t *k, sk_task_t handle, uint64_t version, enum sk_task_state outcome) {
  sk__task_t *task = find(k, handle);
  if (task == NULL) return SK_E_DISPOSED;
  if (outcome != SK_TASK_SUCCESS && outcome != SK_TASK_ERROR) return SK_E_INVALID;
  int verdict = judge(task, version);
  if (verdict == SK_COMMIT) {
    task->state = (uint8_t)outcome;
    task->in_flight = 0;
  }
  return verdict;
}

int sk_task_cancel(sk_kernel_t *k, sk_task_t handle) {
  sk__task_t *task = find(k, handle);
  if (task == NULL) return SK_E_DISPOSED;
  if (!task->in_flight) return SK_IS_STALE;
  task->state = SK_TASK_CANCELLED;
  task->in_flight = 0;
  return SK_COMMIT;
}

int sk_task_inspect(const sk_kernel_t *k, sk_task_t handle, enum sk_task_state *state,
                    uint64_t *version) {
  assert(state != NULL && version != NULL);
  const sk__task_t *task = find(k, handle);
  if (task == NULL) return SK_E_DISPOSED;
  *state = (enum sk_task_state)task->state;
  *version = task->version;
  return 0;
}

int sk_task_dispose(sk_kernel_t *k, sk_task_t handle) {
  sk__task_t *task = find(k, handle);
  if (task == NULL) return SK_E_DISPOSED;
  task->live = 0;
  task->in_flight = 0;
  k->tasks.live--;
  if (task->generation == MAX_GENERATION) return 0; /* retired */
  task->generation++;
  task->next_free = k->tasks.free;
  k->tasks.free = (uint32_t)(handle & (MAX_ENTRIES - 1));
  return 0;
}

void sk__task_close(sk_kernel_t *k) {
  sk__memory_free(k, SK_BLOCK_TASKS, k->tasks.at, k->tasks.capacity, sizeof(sk__task_t));
}
