/*
 * programs.h - programs made of random numbers and compared, step by step, with a model. The tests make
 * them of seeds, the fuzzers of their input.
 */
#ifndef SK_TEST_PROGRAMS_H
#define SK_TEST_PROGRAMS_H

#include <stdbool.h>

#include "test.h"

/* A program ends after so many steps, or when the numbers are used up. */
typedef struct graph_program {
  test_random_t random;
  uint32_t steps;
  bool circles;        /* computeds may read each other in circles, and themselves */
  bool out_of_memory;  /* now and then a request for memory is refused, and the call made again */
  uint32_t call_every; /* one step in so many is a call: the rest fills the journal */
} graph_program_t;

/* Nodes, links, effects and synchronous transactions, compared with oracle.h. */
void graph_program_run(const graph_program_t *program);

typedef struct staging_program {
  test_random_t random;
  uint32_t steps;
  bool out_of_memory;
  uint64_t clock; /* of writes, at the start */
} staging_program_t;

/* Asynchronous transactions, beside committed writes and synchronous ones. */
void staging_program_run(const staging_program_t *program);

#endif
