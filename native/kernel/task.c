/*
 * task.c - asynchronous cells: which run is the newest, and which outcome may become visible.
 *
 *                  start                    emit (stream)
 *      any state ---------> pending  ------------------->  streaming
 *                              |                               |
 *                              +---- settle ----> success, error
 *                              +---- cancel ----> cancelled
 *
 *      any state -- seed --> idle, success, error, cancelled: what a run elsewhere has come to
 *
 * Every start takes the next version. An outcome is handed in with the version of its run:
 *
 *   1  of a run that is not the newest: stale, whatever the order of arrival
 *   2  of the newest, when it was cancelled or has settled before: cancelled, or stale
 *   3  of the newest, in flight: commit, and then the run is in flight no longer
 *
 * Invariant: at most one run of a task is in flight, and it is the newest; so a version commits at
 * most once as final, and versions commit in growing order.
 */
#include "kernel.h"

/* Versions are handed to callers as doubles too. */
#define MAX_VERSION ((uint64_t)1 << 53)

static sk__task_t *find(const sk_kernel_t *k, sk_task_t task) {
  return (sk__task_t *)sk__table_find(&k->tasks, task);
}

int sk_task_create(sk_kernel_t *k, enum sk_task_kind kind, sk_task_t *out) {
  assert(out != NULL);
  if (kind != SK_TASK_SINGLE && kind != SK_TASK_STREAM) return SK_E_INVALID;
  int status = sk__table_take(k, &k->tasks, out);
  if (status != 0) return status;
  sk__task_t *task = find(k, *out);
  task->kind = (uint8_t)kind;
  task->state = SK_TASK_IDLE;
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

int sk_task_seed(sk_kernel_t *k, sk_task_t handle, uint64_t version, enum sk_task_state state,
                 uint64_t *newest) {
  assert(newest != NULL);
  sk__task_t *task = find(k, handle);
  if (task == NULL) return SK_E_DISPOSED;
  if (state != SK_TASK_IDLE && state != SK_TASK_SUCCESS && state != SK_TASK_ERROR &&
      state != SK_TASK_CANCELLED)
    return SK_E_INVALID;
  if (version >= MAX_VERSION) return SK_E_LIMIT;
  int superseded = task->in_flight;
  if (version > task->version) task->version = version;
  task->state = (uint8_t)state;
  task->in_flight = 0;
  *newest = task->version;
  return superseded;
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
  if (find(k, handle) == NULL) return SK_E_DISPOSED;
  sk__table_give(&k->tasks, handle);
  return 0;
}
