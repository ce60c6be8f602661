/*
 * module.c - what the WebAssembly module exports: the calls of signal_kernel.h for one kernel.
 *
 * Numbers of 64 bits travel as doubles, which hold them: handles, versions and clocks are below 2^53.
 * A result that is one is negative when it is a status. lib/engine/wasm/kernel.ts has checked the arguments.
 *
 * There are no variables here either: the heap begins where the linker says that memory is unused, and
 * the caller keeps the kernel and passes it in.
 */
#include "heap.h"
#include "room.h"
#include "signal_kernel.h"

#define EXPORT(name) __attribute__((export_name(name), used))

/* Before whatever changes something: 8 KB of stack. Pointers to kernels are even. */
#define ROOM(kernel) sk_wasm_room((uintptr_t)(kernel), 3)

enum { PAGE = 65536 };

/* The end of the module's own data; given by the linker. */
extern unsigned char __heap_base[];

/* Asks for an eighth more than needed, since every growth costs the caller all of its views. */
static size_t extend(void *context, size_t bytes) {
  (void)context;
  size_t pages = bytes / PAGE + (bytes % PAGE != 0);
  size_t more = pages + __builtin_wasm_memory_size(0) / 8;
  if (__builtin_wasm_memory_grow(0, more) == SIZE_MAX) {
    more = pages;
    if (__builtin_wasm_memory_grow(0, more) == SIZE_MAX) return 0;
  }
  return more * PAGE;
}

static void *resize(void *context, enum sk_block block, void *old, size_t old_bytes,
                    size_t new_bytes) {
  (void)block;
  return sk_heap_resize((sk_heap_t *)context, old, old_bytes, new_bytes);
}

/* To be called once; NULL when memory is out. */
EXPORT("open") sk_kernel_t *sk_wasm_open(void) {
  uintptr_t base = ((uintptr_t)__heap_base + 15) / 16 * 16;
  sk_heap_t *heap = (sk_heap_t *)base;
  unsigned char *start = (unsigned char *)(base + (sizeof *heap + 15) / 16 * 16);
  uintptr_t end = __builtin_wasm_memory_size(0) * PAGE;
  heap->context = NULL;
  heap->extend = extend;
  sk_heap_open(heap, start, (unsigned char *)end);
  sk_host_t host = {heap, resize};
  sk_kernel_t *kernel = NULL;
  return sk_kernel_open(&host, &kernel) == 0 ? kernel : NULL;
}

EXPORT("abi") uint32_t sk_wasm_abi(void) {
  return SK_ABI;
}

/* ---- graph, schedule, shared words */

EXPORT("words") uint32_t *sk_wasm_words(sk_kernel_t *kernel, uint32_t block) {
  return sk_kernel_words(kernel, (enum sk_block)block, NULL);
}

EXPORT("length") size_t sk_wasm_length(sk_kernel_t *kernel, uint32_t block) {
  size_t words = 0;
  sk_kernel_words(kernel, (enum sk_block)block, &words);
  return words;
}

EXPORT("sync") int sk_wasm_sync(sk_kernel_t *kernel) {
  ROOM(kernel);
  return sk_sync(kernel);
}

EXPORT("mark") int sk_wasm_mark(sk_kernel_t *kernel) {
  ROOM(kernel);
  return sk_mark(kernel);
}

EXPORT("flush") int sk_wasm_flush(sk_kernel_t *kernel) {
  ROOM(kernel);
  return sk_flush(kernel);
}

EXPORT("plan") int sk_wasm_plan(sk_kernel_t *kernel) {
  ROOM(kernel);
  return sk_plan(kernel);
}

EXPORT("inspect") int sk_wasm_inspect(sk_kernel_t *kernel) {
  ROOM(kernel);
  return sk_inspect(kernel);
}

EXPORT("reserve") int sk_wasm_reserve(sk_kernel_t *kernel, uint32_t block, uint32_t words) {
  ROOM(kernel);
  return sk_reserve(kernel, (enum sk_block)block, words);
}

/* One counter, in the order in which sk_stats_t has them. */
EXPORT("count") double sk_wasm_count(const sk_kernel_t *kernel, uint32_t which) {
  sk_stats_t stats;
  sk_kernel_stats(kernel, &stats);
  return (double)((const uint64_t *)&stats)[which];
}

EXPORT("check") const char *sk_wasm_check(sk_kernel_t *kernel) {
  ROOM(kernel);
  return sk_kernel_check(kernel);
}

/* ---- transactions */

EXPORT("txnBegin") int sk_wasm_txn_begin(sk_kernel_t *kernel) {
  ROOM(kernel);
  return sk_txn_begin(kernel);
}

EXPORT("txnCommit") int sk_wasm_txn_commit(sk_kernel_t *kernel) {
  ROOM(kernel);
  return sk_txn_commit(kernel);
}

EXPORT("txnRollback") int sk_wasm_txn_rollback(sk_kernel_t *kernel) {
  ROOM(kernel);
  return sk_txn_rollback(kernel);
}

EXPORT("stagingOpen")
double sk_wasm_staging_open(sk_kernel_t *kernel, double parent, double clock) {
  ROOM(kernel);
  sk_staging_t staging = 0;
  int status = sk_staging_open(kernel, (sk_staging_t)parent, (uint64_t)clock, &staging);
  return status < 0 ? status : (double)staging;
}

EXPORT("stagingTouch")
int sk_wasm_staging_touch(sk_kernel_t *kernel, double staging, sk_id_t id, uint32_t how,
                          double clock) {
  ROOM(kernel);
  return sk_staging_touch(kernel, (sk_staging_t)staging, id, how, (uint64_t)clock);
}

EXPORT("stagingCheck")
int sk_wasm_staging_check(sk_kernel_t *kernel, double staging, uint32_t how) {
  ROOM(kernel);
  return sk_staging_check(kernel, (sk_staging_t)staging, how);
}

EXPORT("stagingCommit")
double sk_wasm_staging_commit(sk_kernel_t *kernel, double staging, double clock) {
  ROOM(kernel);
  uint64_t order = 0;
  int status = sk_staging_commit(kernel, (sk_staging_t)staging, (uint64_t)clock, &order);
  return status < 0 ? status : (double)order;
}

EXPORT("stagingDiscard") int sk_wasm_staging_discard(sk_kernel_t *kernel, double staging) {
  ROOM(kernel);
  return sk_staging_discard(kernel, (sk_staging_t)staging);
}

/* ---- tasks */

EXPORT("taskCreate") double sk_wasm_task_create(sk_kernel_t *kernel, uint32_t kind) {
  ROOM(kernel);
  sk_task_t task = 0;
  int status = sk_task_create(kernel, (enum sk_task_kind)kind, &task);
  return status < 0 ? status : (double)task;
}

EXPORT("taskStart") double sk_wasm_task_start(sk_kernel_t *kernel, double task) {
  ROOM(kernel);
  uint64_t version = 0;
  int status = sk_task_start(kernel, (sk_task_t)task, &version);
  return status < 0 ? status : (double)version;
}

EXPORT("taskEmit") int sk_wasm_task_emit(sk_kernel_t *kernel, double task, double version) {
  ROOM(kernel);
  return sk_task_emit(kernel, (sk_task_t)task, (uint64_t)version);
}

EXPORT("taskSettle")
int sk_wasm_task_settle(sk_kernel_t *kernel, double task, double version, uint32_t outcome) {
  ROOM(kernel);
  return sk_task_settle(kernel, (sk_task_t)task, (uint64_t)version, (enum sk_task_state)outcome);
}

EXPORT("taskCancel") int sk_wasm_task_cancel(sk_kernel_t *kernel, double task) {
  ROOM(kernel);
  return sk_task_cancel(kernel, (sk_task_t)task);
}

EXPORT("taskState") int sk_wasm_task_state(const sk_kernel_t *kernel, double task) {
  enum sk_task_state state = SK_TASK_IDLE;
  uint64_t version = 0;
  int status = sk_task_inspect(kernel, (sk_task_t)task, &state, &version);
  return status < 0 ? status : (int)state;
}

EXPORT("taskVersion") double sk_wasm_task_version(const sk_kernel_t *kernel, double task) {
  enum sk_task_state state = SK_TASK_IDLE;
  uint64_t version = 0;
  int status = sk_task_inspect(kernel, (sk_task_t)task, &state, &version);
  return status < 0 ? status : (double)version;
}

EXPORT("taskSeed")
double sk_wasm_task_seed(sk_kernel_t *kernel, double task, double version, uint32_t state) {
  ROOM(kernel);
  uint64_t newest = 0;
  int status =
      sk_task_seed(kernel, (sk_task_t)task, (uint64_t)version, (enum sk_task_state)state, &newest);
  return status < 0 ? status : (double)newest;
}

EXPORT("taskDispose") int sk_wasm_task_dispose(sk_kernel_t *kernel, double task) {
  ROOM(kernel);
  return sk_task_dispose(kernel, (sk_task_t)task);
}
