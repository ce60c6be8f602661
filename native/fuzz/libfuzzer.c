/*
 * libfuzzer.c - runs the target that FUZZ_TARGET names in the environment under libFuzzer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const fuzz_target_t *target = fuzz_targets;

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc;
  (void)argv;
  const char *name = getenv("FUZZ_TARGET");
  while (name != NULL && target->name != NULL && strcmp(target->name, name) != 0) target++;
  if (name != NULL && target->name != NULL) return 0;
  fprintf(stderr, "FUZZ_TARGET must name a target of native/fuzz/fuzz.h\n");
  exit(2);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  fuzz_run(target, bytes, length);
  return 0;
}
