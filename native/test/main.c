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
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "host.h"

static const test_t *const TABLES[] = {
    memory_tests,    graph_tests,    release_tests,  circle_tests,        journal_tests,
    propagate_tests, schedule_tests, slice_tests,    inspect_tests,       transaction_tests,
    table_tests,     task_tests,     staging_tests,  staging_limit_tests, staging_random_tests,
    random_tests,    oom_tests,      oom_call_tests, words_tests,         heap_tests,
};

static jmp_buf on_failure;

void test_on_failure(void) {
  longjmp(on_failure, 1);
}

/* abort() calls this for an assertion of the kernel; leaving by longjmp is what C11 allows. */
static void on_abort(int number) {
  (void)number;
  fprintf(stdout, "\n    an assertion of the kernel failed");
  test_print_note();
  test_on_failure();
}

static int run_one(const test_t *test) {
  signal(SIGABRT, on_abort);
  volatile int failed = 1;
  if (setjmp(on_failure) == 0) {
    test->run();
    failed = 0;
  }
  /* What a failed test left behind must not look like a leak of the next one. */
  test_host_sweep();
  test_clear();
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
