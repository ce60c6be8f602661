/*
 * test_heap.c - tests of the heap of the WebAssembly build, on a region of ordinary memory.
 */
#include "heap.h"

#include <string.h>

#include "signal_kernel.h"
#include "test.h"

enum { PAGE = 1024, FIRST_PAGES = 2, MAX_PAGES = 256, BLOCKS = 24 };

typedef struct region {
  sk_heap_t heap;
  unsigned char *start;
  size_t pages;
  size_t max_pages;
  uint32_t grown;
} region_t;

static size_t extend(void *context, size_t bytes) {
  region_t *region = context;
  size_t pages = (bytes + PAGE - 1) / PAGE;
  if (pages > region->max_pages - region->pages) return 0;
  region->pages += pages;
  region->grown++;
  return pages * PAGE;
}

static region_t *region_open(void) {
  region_t *region = test_alloc(sizeof *region);
  region->start = test_alloc((size_t)MAX_PAGES * PAGE);
  region->pages = FIRST_PAGES;
  region->max_pages = MAX_PAGES;
  region->heap.context = region;
  region->heap.extend = extend;
  sk_heap_open(&region->heap, region->start, region->start + (size_t)FIRST_PAGES * PAGE);
  return region;
}

/* Walks the free list and returns how many bytes are free. */
static size_t free_bytes(region_t *region) {
  const sk_heap_t *heap = &region->heap;
  CHECK(heap->end == region->start + region->pages * PAGE);
  size_t bytes = 0;
  const unsigned char *after = NULL;
  for (const sk_heap_piece_t *piece = heap->free; piece != NULL; piece = piece->next) {
    const unsigned char *at = (const unsigned char *)piece;
    CHECK(at >= region->start && at + piece->bytes <= heap->end);
    CHECK(piece->bytes > 0 && piece->bytes % SK_HEAP_GRAIN == 0);
    CHECK(after == NULL || at > after);
    after = at + piece->bytes;
    bytes += piece->bytes;
  }
  return bytes;
}

static size_t rounded(size_t bytes) {
  return (bytes + SK_HEAP_GRAIN - 1) / SK_HEAP_GRAIN * SK_HEAP_GRAIN;
}

static void *make(region_t *region, size_t bytes) {
  return sk_heap_resize(&region->heap, NULL, 0, bytes);
}

static void a_region_is_one_piece_again_when_all_is_given_back(void) {
  region_t *region = region_open();
  void *blocks[5];
  for (size_t i = 0; i < 5; i++) blocks[i] = make(region, 100 + i);
  static const size_t ORDER[] = {3, 1, 2, 4, 0};
  for (size_t i = 0; i < 5; i++)
    CHECK(sk_heap_resize(&region->heap, blocks[ORDER[i]], 100 + ORDER[i], 0) == NULL);
  CHECK_EQ(free_bytes(region), FIRST_PAGES * PAGE);
  CHECK(region->heap.free->next == NULL);
  CHECK_EQ(region->grown, 0);
}

static void the_last_block_doubles_where_it_is(void) {
  region_t *region = region_open();
  unsigned char *block = make(region, 64);
  size_t bytes = 64;
  memset(block, 7, bytes);
  for (; bytes < 64 * PAGE; bytes *= 2)
    CHECK(sk_heap_resize(&region->heap, block, bytes, bytes * 2) == block);
  for (size_t i = 0; i < 64; i++) CHECK_EQ(block[i], 7);
  CHECK_EQ(region->pages, 64);
}

static void a_hole_is_used_before_the_region_grows(void) {
  region_t *region = region_open();
  void *hole = make(region, 512);
  void *small = make(region, 64);
  CHECK(make(region, 1024) != NULL);
  sk_heap_resize(&region->heap, hole, 512, 0);
  /* The smallest piece that fits: not the hole for what the rest at the end has room for. */
  CHECK((unsigned char *)make(region, 64) > (unsigned char *)small);
  CHECK(make(region, 512) == hole);
  CHECK_EQ(region->grown, 0);
}

static void shrinking_gives_the_end_back(void) {
  region_t *region = region_open();
  unsigned char *block = make(region, 1024);
  size_t before = free_bytes(region);
  CHECK(sk_heap_resize(&region->heap, block, 1024, 100) == block);
  CHECK_EQ(free_bytes(region), before + 1024 - rounded(100));
}

static void what_is_refused_changes_nothing(void) {
  region_t *region = region_open();
  region->max_pages = 3;
  unsigned char *block = make(region, 1024);
  memset(block, 9, 1024);
  void *behind = make(region, 64);
  size_t before = free_bytes(region);
  static const size_t TOO_MUCH[] = {3 * PAGE, SIZE_MAX / 2, SIZE_MAX - 8, SIZE_MAX};
  for (size_t i = 0; i < 4; i++) {
    CHECK(make(region, TOO_MUCH[i]) == NULL);
    CHECK(sk_heap_resize(&region->heap, block, 1024, TOO_MUCH[i]) == NULL);
    CHECK(sk_heap_resize(&region->heap, behind, 64, TOO_MUCH[i]) == NULL);
    CHECK_EQ(free_bytes(region), before);
  }
  for (size_t i = 0; i < 1024; i++) CHECK_EQ(block[i], 9);
}

typedef struct block {
  unsigned char *at;
  size_t bytes;
  unsigned char fill;
} block_t;

static void check_block(const block_t *block, size_t bytes) {
  CHECK((uintptr_t)block->at % 8 == 0);
  for (size_t i = 0; i < bytes; i++) CHECK_EQ(block->at[i], block->fill);
}

/* Resizes one block at random, and looks at what it has kept. */
static void resize_one(region_t *region, block_t *block, test_random_t *random) {
  size_t bytes = test_random_below(random, 3) == 0 ? block->bytes * 2
                                                   : test_random_below(random, 20u * PAGE) + 1;
  if (test_random_below(random, 6) == 0) bytes = 0;
  if (bytes == 0 && block->bytes == 0) return;
  unsigned char *now = sk_heap_resize(&region->heap, block->at, block->bytes, bytes);
  if (now == NULL && bytes > 0) {
    check_block(block, block->bytes);
    return;
  }
  block->at = now;
  check_block(block, block->bytes < bytes ? block->bytes : bytes);
  block->bytes = bytes;
  block->fill = (unsigned char)test_random_next(random);
  if (bytes > 0) memset(now, block->fill, bytes);
}

static void random_sizes_keep_what_is_in_them(void) {
  for (uint32_t seed = 1; seed <= 40; seed++) {
    test_note("seed %u", seed);
    test_random_t random = test_random_of(seed);
    region_t *region = region_open();
    block_t *blocks = test_alloc(BLOCKS * sizeof *blocks);
    for (int step = 0; step < 400; step++) {
      resize_one(region, &blocks[test_random_below(&random, BLOCKS)], &random);
      size_t used = 0;
      for (size_t i = 0; i < BLOCKS; i++) used += rounded(blocks[i].bytes);
      /* Nothing is lost, and nothing is in two blocks. */
      CHECK_EQ(free_bytes(region) + used, region->pages * PAGE);
    }
    for (size_t i = 0; i < BLOCKS; i++) check_block(&blocks[i], blocks[i].bytes);
    for (size_t i = 0; i < BLOCKS; i++)
      sk_heap_resize(&region->heap, blocks[i].at, blocks[i].bytes, 0);
    CHECK_EQ(free_bytes(region), region->pages * PAGE);
  }
}

static void *resize(void *context, enum sk_block block, void *old, size_t old_bytes,
                    size_t new_bytes) {
  (void)block;
  return sk_heap_resize(context, old, old_bytes, new_bytes);
}

static void a_kernel_lives_on_it_and_gives_all_back(void) {
  region_t *region = region_open();
  sk_host_t host = {&region->heap, resize};
  sk_kernel_t *kernel = NULL;
  CHECK_EQ(sk_kernel_open(&host, &kernel), 0);
  int status = 0;
  for (uint32_t words = 64; status == 0; words *= 2) {
    sk_task_t task = 0;
    status = sk_reserve(kernel, SK_BLOCK_PENDING, words);
    if (status == 0) status = sk_reserve(kernel, SK_BLOCK_FRESH, words / 2);
    if (status == 0) status = sk_reserve(kernel, SK_BLOCK_JOURNAL, words);
    for (uint32_t i = 0; status == 0 && i < words / 16; i++)
      status = sk_task_create(kernel, SK_TASK_SINGLE, &task);
    CHECK_SOUND(kernel);
    free_bytes(region);
  }
  CHECK_EQ(status, SK_E_NO_MEMORY);
  CHECK_EQ(sk_sync(kernel), 0);
  sk_kernel_close(kernel);
  CHECK_EQ(free_bytes(region), region->pages * PAGE);
  CHECK(region->heap.free->next == NULL);
}

const test_t heap_tests[] = {
    {"heap: a region is one piece again when all is given back",
     a_region_is_one_piece_again_when_all_is_given_back},
    {"heap: the last block doubles where it is", the_last_block_doubles_where_it_is},
    {"heap: a hole is used before the region grows", a_hole_is_used_before_the_region_grows},
    {"heap: shrinking gives the end back", shrinking_gives_the_end_back},
    {"heap: what is refused changes nothing", what_is_refused_changes_nothing},
    {"heap: random sizes keep what is in them", random_sizes_keep_what_is_in_them},
    {"heap: a kernel lives on it and gives all back", a_kernel_lives_on_it_and_gives_all_back},
    TEST_END,
};
