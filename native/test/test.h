/*
 * test.h - the smallest test framework that these tests need.
 *
 * A test is a function without arguments in the table of its file; main.c names the tables. A check
 * that does not hold, and an assertion of the kernel that fails, end the test and not the program.
 */
#ifndef SK_TEST_H
#define SK_TEST_H

#include <stddef.h>
#include <stdint.h>

typedef struct test {
  const char *name; /* "module: behaviour" */
  void (*run)(void);
} test_t;

/* Ends a table. */
#define TEST_END \
  { NULL, NULL }

extern const test_t memory_tests[];
extern const test_t graph_tests[];
extern const test_t release_tests[];
extern const test_t circle_tests[];
extern const test_t journal_tests[];
extern const test_t propagate_tests[];
extern const test_t schedule_tests[];
extern const test_t slice_tests[];
extern const test_t inspect_tests[];
extern const test_t transaction_tests[];
extern const test_t table_tests[];
extern const test_t task_tests[];
extern const test_t staging_tests[];
extern const test_t staging_limit_tests[];
extern const test_t staging_random_tests[];
extern const test_t random_tests[];
extern const test_t oom_tests[];
extern const test_t oom_call_tests[];
extern const test_t words_tests[];
extern const test_t heap_tests[];

/* Ends the test that runs: it has failed. */
_Noreturn void test_fail(const char *file, int line, const char *format, ...);

/* What a failure does when it has been told: given by the program that runs the tests. */
_Noreturn void test_on_failure(void);

/* The note of the test that runs, for a failure that nobody checked for. */
void test_print_note(void);

/* Forgets the note and frees the memory of the test that has ended. */
void test_clear(void);

/* What is printed with a failure from here on: a seed, a step. Cleared before each test. */
void test_note(const char *format, ...);

/* Memory that is given back when the test ends, also when it fails. Zeroed. */
void *test_alloc(size_t bytes);
/* A larger copy of such memory; the rest is zeroed. */
void *test_grow(void *old, size_t old_bytes, size_t new_bytes);

#define CHECK(condition)                                                              \
  do {                                                                                \
    if (!(condition)) test_fail(__FILE__, __LINE__, "does not hold: %s", #condition); \
  } while (0)

/* Both sides are integers that fit 64 bits. */
#define CHECK_EQ(actual, expected)                                                        \
  do {                                                                                    \
    long long actual_ = (long long)(actual);                                              \
    long long expected_ = (long long)(expected);                                          \
    if (actual_ != expected_)                                                             \
      test_fail(__FILE__, __LINE__, "%s is %lld, not %lld", #actual, actual_, expected_); \
  } while (0)

/* A sentence of sk_kernel_check, or NULL. */
#define CHECK_SOUND(kernel)                                                         \
  do {                                                                              \
    const char *fault_ = sk_kernel_check(kernel);                                   \
    if (fault_ != NULL) test_fail(__FILE__, __LINE__, "does not hold: %s", fault_); \
  } while (0)

/*
 * A small, fast generator; the same seed gives the same numbers everywhere. Or what a fuzzer has chosen:
 * then `bytes` are the numbers, as short as their bound allows, and 0 when there are no more.
 */
typedef struct test_random {
  uint64_t state;
  const unsigned char *bytes;
  size_t left;
} test_random_t;

static inline test_random_t test_random_of(uint64_t seed) {
  return (test_random_t){seed, NULL, 0};
}

/* Whether there are numbers left. */
static inline int test_random_has(const test_random_t *random) {
  return random->bytes == NULL || random->left > 0;
}

static inline uint32_t test_random_take(test_random_t *random, int count) {
  uint32_t value = 0;
  for (; count > 0 && random->left > 0; count--, random->left--)
    value = value << 8 | *random->bytes++;
  return value;
}

static inline uint32_t test_random_next(test_random_t *random) {
  if (random->bytes != NULL) return test_random_take(random, 4);
  random->state += 0x9E3779B97F4A7C15u;
  uint64_t z = random->state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return (uint32_t)((z ^ (z >> 31)) >> 32);
}

/* A number in [0, bound). */
static inline uint32_t test_random_below(test_random_t *random, uint32_t bound) {
  if (random->bytes != NULL && bound <= 1u << 8) return test_random_take(random, 1) % bound;
  if (random->bytes != NULL && bound <= 1u << 16) return test_random_take(random, 2) % bound;
  return (uint32_t)(((uint64_t)test_random_next(random) * bound) >> 32);
}

#endif
