/*
 * main.c - runs the tests: all of them, or those whose name contains one of the arguments.
 *
 *     tests                  everything
 *     tests graph "oom: "    what has "graph" or "oom: " in its name
 *     tests --list           the names
 *
 * Prints a line per test and ends with "N passed, N failed"; the exit code is 0 when none failed.
 */
#include "test.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host.h"

static const test_t *const TABLES[] = {
    memory_tests,   graph_tests,   release_tests,       journal_tests,        propagate_tests,
    schedule_tests, slice_tests,   inspect_tests,       transaction_tests,    table_tests,
    task_tests,     staging_tests, staging_limit_tests, staging_random_tests, random_tests,
    oom_tests,      heap_tests,
};

typedef struct arena_block {
  struct arena_block *next;
} arena_block_t;

/* 16 bytes in front of each allocation keep it aligned for anything. */
enum { ARENA_HEADER = 16 };

static jmp_buf on_failure;
static char note[256];
static arena_block_t *arena;

void test_fail(const char *file, int line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stdout, "\n    %s:%d: ", file, line);
  vfprintf(stdout, format, arguments);
  va_end(arguments);
  if (note[0] != 0) fprintf(stdout, " [%s]", note);
  fputc('\n', stdout);
  longjmp(on_failure, 1);
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

static void clear_arena(void) {
  while (arena != NULL) {
    arena_block_t *next = arena->next;
    free(arena);
    arena = next;
  }
}

/* abort() calls this for an assertion of the kernel; leaving by longjmp is what C11 allows. */
static void on_abort(int number) {
  (void)number;
  fprintf(stdout, "\n    an assertion of the kernel failed");
  if (note[0] != 0) fprintf(stdout, " [%s]", note);
  fputc('\n', stdout);
  longjmp(on_failure, 1);
}

static int run_one(const test_t *test) {
  note[0] = 0;
  signal(SIGABRT, on_abort);
  volatile int failed = 1;
  if (setjmp(on_failure) == 0) {
    test->run();
    failed = 0;
  }
  /* What a failed test left behind must not look like a leak of the next one. */
  test_host_sweep();
  clear_arena();
  return failed;
}

static int is_wanted(const char *name, int argc, char **argv) {
  if (argc < 2) return 1;
  for (int i = 1; i < argc; i++)
    if (strstr(name, argv[i]) != NULL) return 1;
  return 0;
}

static unsigned count_wanted(int argc, char **argv) {
  unsigned wanted = 0;
  for (size_t t = 0; t < sizeof TABLES / sizeof TABLES[0]; t++)
    for (const test_t *test = TABLES[t]; test->run != NULL; test++)
      wanted += (unsigned)is_wanted(test->name, argc, argv);
  return wanted;
}

static void list_names(void) {
  for (size_t t = 0; t < sizeof TABLES / sizeof TABLES[0]; t++)
    for (const test_t *test = TABLES[t]; test->run != NULL; test++) puts(test->name);
}

int main(int argc, char **argv) {
  unsigned passed = 0;
  unsigned failed = 0;
  unsigned at = 0;
  if (argc == 2 && strcmp(argv[1], "--list") == 0) {
    list_names();
    return 0;
  }
  unsigned wanted = count_wanted(argc, argv);
  for (size_t t = 0; t < sizeof TABLES / sizeof TABLES[0]; t++) {
    for (const test_t *test = TABLES[t]; test->run != NULL; test++) {
      if (!is_wanted(test->name, argc, argv)) continue;
      printf("[%3u/%u] %-72s", ++at, wanted, test->name);
      fflush(stdout);
      clock_t start = clock();
      int failure = run_one(test);
      double ms = (double)(clock() - start) * 1000.0 / CLOCKS_PER_SEC;
      if (failure != 0) {
        failed++;
        printf("[%3u/%u] %-72s FAILED\n", at, wanted, test->name);
      } else {
        passed++;
        printf(" ok %6.0f ms\n", ms);
      }
      fflush(stdout);
    }
  }
  if (wanted == 0) printf("no test has such a name; --list prints them all\n");
  printf("%u passed, %u failed\n", passed, failed);
  return failed == 0 && wanted > 0 ? 0 : 1;
}
