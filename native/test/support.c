/*
 * support.c - what a test may use: failing, notes, memory. The same for the tests and the fuzzers.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

typedef struct arena_block {
  struct arena_block *next;
} arena_block_t;

/* 16 bytes in front of each allocation keep it aligned for anything. */
enum { ARENA_HEADER = 16 };

static char note[256];
static arena_block_t *arena;

void test_fail(const char *file, int line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stdout, "\n    %s:%d: ", file, line);
  vfprintf(stdout, format, arguments);
  va_end(arguments);
  test_print_note();
  test_on_failure();
}

void test_print_note(void) {
  if (note[0] != 0) fprintf(stdout, " [%s]", note);
  fputc('\n', stdout);
  fflush(stdout);
}

void test_note(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(note, sizeof note, format, arguments);
  va_end(arguments);
}

void *test_alloc(size_t bytes) {
  arena_block_t *block = calloc(1, ARENA_HEADER + bytes);
  if (block == NULL) test_fail(__FILE__, __LINE__, "the test itself is out of memory");
  block->next = arena;
  arena = block;
  return (char *)block + ARENA_HEADER;
}

void *test_grow(void *old, size_t old_bytes, size_t new_bytes) {
  void *grown = test_alloc(new_bytes);
  if (old_bytes > 0) memcpy(grown, old, old_bytes);
  return grown;
}

void test_clear(void) {
  note[0] = 0;
  while (arena != NULL) {
    arena_block_t *next = arena->next;
    free(arena);
    arena = next;
  }
}
