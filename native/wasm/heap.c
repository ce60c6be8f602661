/*
 * heap.c - first choice: grow in place; then the smallest free piece that fits; then a longer region.
 *
 * Invariant: every byte of the region is in one block or in one free piece, and two free pieces never
 * touch: what is given back is joined with its neighbours. So a block that doubles leaves a hole that
 * the next smaller blocks fit into, and at the end of the region nothing is copied at all.
 */
#include "heap.h"

#include <stdint.h>
#include <string.h>

/* The size that a block of `bytes` really has, or 0 when there is no such number. */
static size_t rounded(size_t bytes) {
  if (bytes > SIZE_MAX - SK_HEAP_GRAIN) return 0;
  return (bytes + SK_HEAP_GRAIN - 1) / SK_HEAP_GRAIN * SK_HEAP_GRAIN;
}

static unsigned char *end_of(sk_heap_piece_t *piece) {
  return (unsigned char *)piece + piece->bytes;
}

/* Makes [at, at + bytes) free. */
static void give(sk_heap_t *heap, unsigned char *at, size_t bytes) {
  if (bytes == 0) return;
  sk_heap_piece_t **link = &heap->free;
  sk_heap_piece_t *before = NULL;
  while (*link != NULL && (unsigned char *)*link < at) {
    before = *link;
    link = &before->next;
  }
  sk_heap_piece_t *piece = (sk_heap_piece_t *)(void *)at;
  piece->bytes = bytes;
  piece->next = *link;
  *link = piece;
  if (piece->next != NULL && end_of(piece) == (unsigned char *)piece->next) {
    piece->bytes += piece->next->bytes;
    piece->next = piece->next->next;
  }
  if (before != NULL && end_of(before) == at) {
    before->bytes += piece->bytes;
    before->next = piece->next;
  }
}

/* Takes the first `bytes` of the free piece that `link` leads to. */
static unsigned char *cut(sk_heap_piece_t **link, size_t bytes) {
  sk_heap_piece_t *piece = *link;
  if (piece->bytes == bytes) {
    *link = piece->next;
  } else {
    sk_heap_piece_t *rest = (sk_heap_piece_t *)(void *)((unsigned char *)piece + bytes);
    rest->bytes = piece->bytes - bytes;
    rest->next = piece->next;
    *link = rest;
  }
  return (unsigned char *)piece;
}

/* Where the smallest free piece of at least `bytes` is linked, or NULL. */
static sk_heap_piece_t **best(sk_heap_t *heap, size_t bytes) {
  sk_heap_piece_t **found = NULL;
  for (sk_heap_piece_t **link = &heap->free; *link != NULL; link = &(*link)->next)
    if ((*link)->bytes >= bytes && (found == NULL || (*link)->bytes < (*found)->bytes))
      found = link;
  return found;
}

/* Where the free piece that begins at `at` is linked, or NULL. */
static sk_heap_piece_t **free_at(sk_heap_t *heap, const unsigned char *at) {
  sk_heap_piece_t **link = &heap->free;
  while (*link != NULL && (unsigned char *)*link < at) link = &(*link)->next;
  return *link != NULL && (unsigned char *)*link == at ? link : NULL;
}

/* Makes the region so much longer that it ends with a free piece of at least `bytes`; the one that it
   ends with now is shorter. */
static int extend(sk_heap_t *heap, size_t bytes) {
  size_t last = 0;
  for (sk_heap_piece_t *piece = heap->free; piece != NULL; piece = piece->next)
    if (end_of(piece) == heap->end) last = piece->bytes;
  size_t more = heap->extend(heap->context, bytes - last);
  if (more == 0) return 0;
  unsigned char *at = heap->end;
  heap->end += more;
  give(heap, at, more);
  return 1;
}

/* Whether the block that ends at `at` could grow by `more` bytes in place, in a longer region. */
static int is_last(sk_heap_t *heap, const unsigned char *at) {
  if (at == heap->end) return 1;
  sk_heap_piece_t **link = free_at(heap, at);
  return link != NULL && end_of(*link) == heap->end;
}

static int grow_in_place(sk_heap_t *heap, const unsigned char *at, size_t more) {
  sk_heap_piece_t **link = free_at(heap, at);
  if (link == NULL || (*link)->bytes < more) return 0;
  cut(link, more);
  return 1;
}

void sk_heap_open(sk_heap_t *heap, unsigned char *start, unsigned char *end) {
  heap->free = NULL;
  heap->end = end;
  give(heap, start, (size_t)(end - start));
}

void *sk_heap_resize(sk_heap_t *heap, void *old, size_t old_bytes, size_t new_bytes) {
  size_t had = rounded(old_bytes);
  size_t want = rounded(new_bytes);
  unsigned char *at = old;
  if (had == 0 && new_bytes == 0) return NULL;
  if (want <= had && (want > 0 || new_bytes == 0)) {
    give(heap, at + want, had - want);
    return want == 0 ? NULL : at;
  }
  if (want == 0) return NULL;
  if (had > 0) {
    if (grow_in_place(heap, at + had, want - had)) return at;
    /* Not before the holes were tried: a longer region never becomes shorter again. */
    if (best(heap, want) == NULL && is_last(heap, at + had))
      return extend(heap, want - had) && grow_in_place(heap, at + had, want - had) ? at : NULL;
  }
  if (best(heap, want) == NULL && !extend(heap, want)) return NULL;
  unsigned char *now = cut(best(heap, want), want);
  if (had > 0) {
    memcpy(now, at, old_bytes);
    give(heap, at, had);
  }
  return now;
}
