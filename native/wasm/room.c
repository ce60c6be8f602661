/*
 * room.c - see room.h. The frame of a function has room for all values that are alive at once anywhere
 * in it, and is made as a whole. Here these are 256 values of 8 bytes, on a path that is never taken.
 */
#include "room.h"

#define EIGHT(X, n) X(n##0) X(n##1) X(n##2) X(n##3) X(n##4) X(n##5) X(n##6) X(n##7)
#define EIGHT_2(X, n) \
  EIGHT(X, n##0)      \
  EIGHT(X, n##1)      \
  EIGHT(X, n##2) EIGHT(X, n##3) EIGHT(X, n##4) EIGHT(X, n##5) EIGHT(X, n##6) EIGHT(X, n##7)

#define READ(n) uint64_t value_##n = *word;
#define WRITE(n) *word = value_##n;

__attribute__((noinline)) void sk_wasm_room(uintptr_t even, unsigned more) {
  if (more > 0) sk_wasm_room(even, more - 1);
  if ((even & 1) == 0) return;
  /* Volatile: no read may be repeated later, and no write come before the last read. */
  volatile uint64_t *word = (volatile uint64_t *)even;
  EIGHT_2(READ, 0)
  EIGHT_2(READ, 1)
  EIGHT_2(READ, 2)
  EIGHT_2(READ, 3)
  EIGHT_2(WRITE, 0)
  EIGHT_2(WRITE, 1)
  EIGHT_2(WRITE, 2)
  EIGHT_2(WRITE, 3)
}
