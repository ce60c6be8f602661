/*
 * host.c - see host.h. Each block is
 *
 *     [ block_t ][ padding to 8 mod 16 ][ what the kernel gets ][ guard ]
 *
 * and is in one list with all others, so that nothing is lost when a test ends half way.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

typedef struct block {
  struct block *next;
  struct block *prev;
  size_t bytes;
  test_host_t *owner;
  uint64_t kind; /* enum sk_block */
  uint64_t magic;
} block_t;

/* The sanitizer guards the end by itself, reads too, and words in between would hide it. */
#if defined(__SANITIZE_ADDRESS__)
#define GUARD_BYTES 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GUARD_BYTES 0
#endif
#endif
#ifndef GUARD_BYTES
#define GUARD_BYTES 8
#endif

enum { HEADER_BYTES = 56 };

_Static_assert(sizeof(block_t) <= HEADER_BYTES, "the header has room for its structure");
_Static_assert(HEADER_BYTES % 16 == 8, "malloc aligns to 16 and the kernel gets 8 more");

static const uint64_t MAGIC = 0x534B5F484F535421u;
static const unsigned char GUARD = 0xC3;

static block_t *all;

static unsigned char *memory_of(block_t *block) {
  return (unsigned char *)block + HEADER_BYTES;
}

static block_t *block_of(void *memory) {
  block_t *block = (block_t *)(void *)((unsigned char *)memory - HEADER_BYTES);
  if (block->magic != MAGIC) test_fail(__FILE__, __LINE__, "memory that is not of this host");
  return block;
}

static block_t *make(test_host_t *host, enum sk_block kind, size_t bytes) {
  block_t *block = malloc(HEADER_BYTES + bytes + GUARD_BYTES);
  if (block == NULL) test_fail(__FILE__, __LINE__, "the test itself is out of memory");
  block->bytes = bytes;
  block->owner = host;
  block->kind = kind;
  block->magic = MAGIC;
  block->prev = NULL;
  block->next = all;
  if (all != NULL) all->prev = block;
  all = block;
#ifndef SK_VALGRIND /* which follows each bit that was never written by itself */
  memset(memory_of(block), 0xAA, bytes);
#endif
  for (size_t at = bytes; at < bytes + GUARD_BYTES; at++) memory_of(block)[at] = GUARD;
  host->blocks++;
  host->bytes += bytes;
  return block;
}

static void drop(test_host_t *host, block_t *block) {
  for (size_t at = block->bytes; at < block->bytes + GUARD_BYTES; at++)
    if (memory_of(block)[at] != GUARD)
      test_fail(__FILE__, __LINE__, "words behind the end of block %d were written",
                (int)block->kind);
  if (block->prev != NULL)
    block->prev->next = block->next;
  else
    all = block->next;
  if (block->next != NULL) block->next->prev = block->prev;
  host->blocks--;
  host->bytes -= block->bytes;
  block->magic = 0;
  memset(memory_of(block), 0x55, block->bytes);
  free(block);
}

static bool is_refused(test_host_t *host, size_t old_bytes, size_t new_bytes) {
  host->requests++;
  bool refused = host->refuse_at != 0 && (host->requests == host->refuse_at ||
                                          (host->refuse_on && host->requests > host->refuse_at));
  refused |= host->limit != 0 && host->bytes - old_bytes + new_bytes > host->limit;
  host->refused += refused;
  return refused;
}

static void *resize(void *context, enum sk_block kind, void *old, size_t old_bytes,
                    size_t new_bytes) {
  test_host_t *host = context;
  CHECK(kind < SK_BLOCK_COUNT);
  CHECK((old == NULL) == (old_bytes == 0));
  block_t *before = old == NULL ? NULL : block_of(old);
  if (before != NULL) {
    CHECK_EQ(old_bytes, before->bytes);
    CHECK_EQ(kind, before->kind);
    CHECK(before->owner == host);
  }
  if (new_bytes == 0) {
    CHECK(before != NULL);
    drop(host, before);
    return NULL;
  }
  CHECK(before == NULL || (kind != SK_BLOCK_HEADER && kind != SK_BLOCK_KERNEL));
  host->of_block[kind]++;
  if (is_refused(host, old_bytes, new_bytes)) {
    host->refused_of[kind]++;
    return NULL;
  }
  block_t *after = make(host, kind, new_bytes);
  if (before != NULL) {
    memcpy(memory_of(after), memory_of(before), old_bytes < new_bytes ? old_bytes : new_bytes);
    drop(host, before);
  }
  return memory_of(after);
}

void test_host_open(test_host_t *host) {
  memset(host, 0, sizeof *host);
  host->host.context = host;
  host->host.resize = resize;
}

void test_host_relieve(test_host_t *host) {
  host->refuse_at = 0;
  host->refuse_on = false;
  host->limit = 0;
}

void test_host_close(test_host_t *host) {
  CHECK_EQ(host->blocks, 0);
  CHECK_EQ(host->bytes, 0);
}

void test_host_sweep(void) {
  while (all != NULL) {
    block_t *next = all->next;
    free(all);
    all = next;
  }
}
