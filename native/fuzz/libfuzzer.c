/*
 * libfuzzer.c - runs the target named at compile time (-DFUZZ_TARGET="words") under libFuzzer.
 */
#include <stdint.h>
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  for (const fuzz_target_t *target = fuzz_targets; target->name != NULL; target++)
    if (strcmp(target->name, FUZZ_TARGET) == 0) fuzz_run(target, bytes, length);
  return 0;
}
