/*
 * replay.c - runs a target over files, without a fuzzer: what it once found, as an ordinary test.
 *
 *     replay <target> <file> ...
 *
 * The name of a file is printed before it runs when it is the only one, and after it has failed.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static const char *current;

static void on_abort(int number) {
  (void)number;
  fprintf(stderr, "replay: failed on %s\n", current);
  fflush(stderr);
  _Exit(1);
}

/* The content of a file and its length; ends the program when it cannot be read. */
static unsigned char *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  long size = -1;
  if (file != NULL && fseek(file, 0, SEEK_END) == 0) size = ftell(file);
  if (size < 0 || fseek(file, 0, SEEK_SET) != 0) {
    fprintf(stderr, "replay: cannot read %s\n", path);
    exit(2);
  }
  unsigned char *bytes = malloc((size_t)size + 1);
  if (bytes == NULL) exit(2);
  *length = fread(bytes, 1, (size_t)size, file);
  fclose(file);
  return bytes;
}

int main(int argc, char **argv) {
  const fuzz_target_t *target = fuzz_targets;
  while (argc > 2 && target->name != NULL && strcmp(target->name, argv[1]) != 0) target++;
  if (argc < 3 || target->name == NULL) {
    fprintf(stderr, "usage: replay <target> <file> ...\n");
    return 2;
  }
  signal(SIGABRT, on_abort);
  for (int i = 2; i < argc; i++) {
    size_t length = 0;
    current = argv[i];
    unsigned char *bytes = read_file(argv[i], &length);
    if (argc == 3) printf("replay: %s, %zu bytes\n", current, length);
    fuzz_run(target, bytes, length);
    free(bytes);
  }
  printf("replay: %s: %d files\n", target->name, argc - 2);
  return 0;
}
