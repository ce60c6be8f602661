/*
 * faults.c - memory of the WebAssembly module that can be refused: a part of the build for tests, which the
 * linker makes ask here first (--wrap). The module that is published does not know of it.
 */
#include <stdbool.h>
#include <stdint.h>

#include "heap.h"

/* Requests for memory so far; the one that is refused, 0 for none; whether those after it are, too. */
static uint32_t requests;
static uint32_t refuse_at;
static bool refuse_on;

/* The names are the linker's. */
void *__real_sk_heap_resize(sk_heap_t *heap, void *old, size_t old_bytes, size_t new_bytes);
void *__wrap_sk_heap_resize(sk_heap_t *heap, void *old, size_t old_bytes, size_t new_bytes);

void *__wrap_sk_heap_resize(sk_heap_t *heap, void *old, size_t old_bytes, size_t new_bytes) {
  if (new_bytes > 0) {
    uint32_t request = ++requests;
    if (refuse_at != 0 && (request == refuse_at || (refuse_on && request > refuse_at))) return NULL;
  }
  return __real_sk_heap_resize(heap, old, old_bytes, new_bytes);
}

/* As the addon's: how many requests there were since the last call. From here on the nth is refused, counted
   from 1; 0: none is. */
__attribute__((export_name("refuse"), used)) uint32_t sk_wasm_refuse(uint32_t nth, bool and_later) {
  uint32_t before = requests;
  requests = 0;
  refuse_at = nth;
  refuse_on = and_later;
  return before;
}
