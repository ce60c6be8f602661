/*
 * fuzz.h - what the fuzzers run: each target makes a program of its input, whatever that is, and ends
 * with abort() when a check does not hold.
 *
 *   graph      nodes, links, effects, synchronous transactions; compared with native/test/oracle.h
 *   stagings   asynchronous transactions, beside committed writes; compared with a model
 *   tasks      the table of asynchronous cells; compared with a model
 *   words      every call, with words that no honest caller would write
 *   damage     the checker, over words that were damaged anywhere
 *
 * libfuzzer.c runs one of them under libFuzzer, replay.c runs any of them over files.
 */
#ifndef SK_FUZZ_H
#define SK_FUZZ_H

#include <stddef.h>

typedef struct fuzz_target {
  const char *name;
  void (*run)(const unsigned char *bytes, size_t length);
} fuzz_target_t;

/* Ends with one without a name. */
extern const fuzz_target_t fuzz_targets[];

/* Runs a target, with the memory of a test around it. */
void fuzz_run(const fuzz_target_t *target, const unsigned char *bytes, size_t length);

void fuzz_graph(const unsigned char *bytes, size_t length);
void fuzz_stagings(const unsigned char *bytes, size_t length);
void fuzz_tasks(const unsigned char *bytes, size_t length);
void fuzz_words(const unsigned char *bytes, size_t length);
void fuzz_damage(const unsigned char *bytes, size_t length);

#endif
