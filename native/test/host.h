/*
 * host.h - an environment for the kernel that misbehaves wherever the contract allows it to.
 *
 *   it moves every block at each resize          a pointer kept over a call is found
 *   it fills fresh memory with 0xAA              a word that was never written is found
 *   it fills freed memory with 0x55              so is a word read afterwards
 *   it aligns to 8 bytes and never to 16         no more than that is promised
 *   it refuses the Nth request, or all from it on, or what exceeds a number of bytes
 *
 * and that checks whatever the kernel passes to it.
 */
#ifndef SK_TEST_HOST_H
#define SK_TEST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "signal_kernel.h"

typedef struct test_host {
  sk_host_t host;     /* its context points back: a test_host must stay where it is */
  size_t blocks;      /* alive */
  size_t bytes;       /* of those */
  size_t limit;       /* most bytes alive; 0 for no limit */
  uint32_t requests;  /* for memory so far; giving back is not one */
  uint32_t refuse_at; /* the request that is refused, counted from 1; 0 for none */
  bool refuse_on;     /* all that follow it are refused as well */
  uint32_t refused;   /* so far */
  uint32_t of_block[SK_BLOCK_COUNT]; /* requests by block */
  uint32_t refused_of[SK_BLOCK_COUNT];
} test_host_t;

void test_host_open(test_host_t *host);

/* From now on every request is granted. */
void test_host_relieve(test_host_t *host);

/* Checks that everything was given back. */
void test_host_close(test_host_t *host);

/* Frees what tests left behind; only after all kernels are out of use. */
void test_host_sweep(void);

#endif
