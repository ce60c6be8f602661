/*
 * targets.c - the list of targets, and those that are programs of the tests.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "host.h"
#include "programs.h"

/* Longer programs find nothing that a shorter one cannot, and are hard to read. */
enum { STEPS = 2000 };

const fuzz_target_t fuzz_targets[] = {
    {"graph", fuzz_graph}, {"stagings", fuzz_stagings}, {"tasks", fuzz_tasks},
    {"words", fuzz_words}, {"damage", fuzz_damage},     {NULL, NULL},
};

void test_on_failure(void) {
  abort();
}

void fuzz_run(const fuzz_target_t *target, const unsigned char *bytes, size_t length) {
  target->run(bytes, length);
  test_host_sweep();
  test_clear();
}

void fuzz_graph(const unsigned char *bytes, size_t length) {
  test_random_t random = {0, bytes, length};
  uint32_t kind = test_random_below(&random, 32);
  graph_program_run(&(graph_program_t){
      .random = random,
      .steps = STEPS,
      .circles = (kind & 1) != 0,
      .out_of_memory = (kind & 2) != 0,
      .call_every = 2 + (kind >> 2) * 3,
  });
}

void fuzz_stagings(const unsigned char *bytes, size_t length) {
  test_random_t random = {0, bytes, length};
  uint32_t kind = test_random_below(&random, 4);
  staging_program_run(&(staging_program_t){
      .random = random,
      .steps = STEPS,
      .out_of_memory = (kind & 1) != 0,
      .clock = (kind & 2) != 0 ? UINT32_MAX - 8 : 0,
  });
}
