/*
 * heap.h - the memory of a kernel inside of one contiguous region that can grow at its end, as the
 * memory of a WebAssembly instance can.
 *
 * It has the kernel's few blocks and nothing else: some twenty, most of them large, each resized by
 * doubling, each given back with its size. So a block needs no header, and a list of the free pieces is
 * short enough to be walked.
 */
#ifndef SK_WASM_HEAP_H
#define SK_WASM_HEAP_H

#include <stddef.h>

/* Lies in the free memory itself. */
typedef struct sk_heap_piece {
  size_t bytes;
  struct sk_heap_piece *next; /* at a higher address */
} sk_heap_piece_t;

/* What the size of every piece and block is a multiple of: 8 in wasm32, and so is the alignment. */
#define SK_HEAP_GRAIN sizeof(sk_heap_piece_t)

typedef struct sk_heap {
  sk_heap_piece_t *free; /* in the order of addresses; no two of them touch */
  unsigned char *end;    /* of the region */
  void *context;
  /* Makes the region longer by at least `bytes`. Returns by how much, or 0 when that is refused. */
  size_t (*extend)(void *context, size_t bytes);
} sk_heap_t;

/* The region is [start, end), aligned to SK_HEAP_GRAIN on both sides. context and extend must be set. */
void sk_heap_open(sk_heap_t *heap, unsigned char *start, unsigned char *end);

/* As the resize of sk_host_t: `old_bytes` of `old` become `new_bytes`; NULL when memory is out. */
void *sk_heap_resize(sk_heap_t *heap, void *old, size_t old_bytes, size_t new_bytes);

#endif
