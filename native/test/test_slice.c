/*
 * test_slice.c - tests of a flush in pieces: up to a priority, and for the effect that waited longest.
 */
#include <string.h>

#include "caller.h"
#include "kernel.h"

static void what_is_later_than_the_limit_waits(void) {
  static const int32_t PRIORITIES[] = {100, -200, 99, INT32_MAX, 0, INT32_MIN};
  enum { COUNT = 6 };
  caller_t *c = caller_open();
  sk_id_t effects[COUNT];
  CHECK_EQ((int32_t)*caller_header(c, SK_H_UP_TO), INT32_MAX);
  for (int i = 0; i < COUNT; i++) {
    effects[i] = caller_effect(c, PRIORITIES[i]);
    caller_wake(c, effects[i]);
  }
  CHECK_EQ(caller_flush_up_to(c, INT32_MIN), 1);
  CHECK_EQ(*caller_header(c, SK_H_QUEUED), 5);
  CHECK_EQ(caller_next(c), effects[5]);
  CHECK_EQ(caller_flush_up_to(c, -201), 0);
  CHECK_EQ(*caller_header(c, SK_H_QUEUED), 5);
  CHECK_EQ(caller_flush_up_to(c, 99), 3);
  CHECK_EQ(*caller_header(c, SK_H_QUEUED), 2);
  CHECK_EQ(caller_next(c), effects[1]);
  /* The rest of a list under a limit is in its place of the next one, which has none. */
  CHECK_EQ(caller_stats(c).queued, 4);
  sk_id_t ran[8];
  CHECK_EQ(caller_drain(c, ran, 8), 4);
  const sk_id_t expected[] = {effects[4], effects[2], effects[0], effects[3]};
  CHECK_EQ(memcmp(ran, expected, sizeof expected), 0);
  caller_close(c);
}

/* Each time the limit lets a few through, the others must be neither sorted nor listed again. */
static void a_list_in_small_pieces_stays_small(void) {
  enum { COUNT = 5000 };
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t urgent = caller_effect(c, 0);
  caller_link(c, urgent, 0, IDS(s));
  sk_id_t *effects = test_alloc(COUNT * sizeof(sk_id_t));
  for (uint32_t i = 0; i < COUNT; i++) {
    effects[i] = caller_effect(c, 100);
    caller_wake(c, effects[i]);
  }
  uint64_t listed = 0;
  for (uint32_t i = 0; i < COUNT;) {
    if (i % 3 == 0) caller_write(c, s);
    CHECK_EQ(caller_flush_up_to(c, 99), i % 3 == 0);
    CHECK_EQ(caller_next(c), i % 3 == 0 ? urgent : 0);
    CHECK_EQ(caller_flush_up_to(c, 99), 0);
    listed += caller_flush(c);
    for (uint32_t take = 0; take < 50 && i < COUNT; take++) {
      sk_id_t effect = caller_next(c);
      if (effect == 0) break;
      CHECK_EQ(effect, effects[i++]);
    }
  }
  CHECK(listed < 10 * COUNT);
  CHECK_EQ(caller_flush(c), 0);
  caller_close(c);
}

static void the_oldest_is_the_one_that_became_due_first(void) {
  caller_t *c = caller_open();
  sk_id_t urgent = caller_effect(c, 0);
  sk_id_t early = caller_effect(c, 100);
  sk_id_t late = caller_effect(c, 300);
  sk_id_t later = caller_effect(c, 400);
  caller_wake(c, urgent);
  caller_wake(c, later);
  caller_wake(c, late);
  caller_wake(c, early);
  CHECK_EQ(caller_flush_oldest(c, 99), 1);
  CHECK_EQ(*caller_header(c, SK_H_QUEUED), 3);
  CHECK_EQ(caller_next(c), later);
  caller_wake(c, later);
  /* One that is handed out and not taken has waited since it first became due. */
  CHECK_EQ(caller_flush_oldest(c, 99), 1);
  caller_wake(c, late);
  caller_mark(c);
  caller_dispose(c, early);
  caller_wake(c, early);
  sk_id_t newest = caller_effect(c, 100);
  caller_wake(c, newest);
  CHECK_EQ(caller_flush_oldest(c, 99), 1);
  CHECK_EQ(caller_next(c), late);
  sk_id_t ran[8];
  CHECK_EQ(caller_drain(c, ran, 8), 3);
  const sk_id_t expected[] = {urgent, newest, later};
  CHECK_EQ(memcmp(ran, expected, sizeof expected), 0);
  caller_wake(c, urgent);
  CHECK_EQ(caller_flush_oldest(c, 99), 0);
  CHECK_EQ(*caller_header(c, SK_H_QUEUED), 1);
  caller_close(c);
}

static void the_count_of_wake_ups_may_wrap_around(void) {
  caller_t *c = caller_open();
  c->kernel->wakes = UINT32_MAX - 1;
  sk_id_t effects[4];
  for (int i = 0; i < 4; i++) effects[i] = caller_effect(c, 100 - i);
  for (int i = 0; i < 4; i++) caller_wake(c, effects[i]);
  CHECK_EQ(caller_flush_oldest(c, 0), 1);
  CHECK_EQ(caller_next(c), effects[0]);
  caller_wake(c, effects[0]);
  CHECK_EQ(caller_flush_oldest(c, 0), 1);
  CHECK_EQ(caller_next(c), effects[1]);
  caller_close(c);
}

/* Under a load that never ends: what the header of schedule.c promises. */
static void whoever_waits_gets_its_turn(void) {
  enum { BUSY = 5, EVERY = 4 };
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t starved = caller_effect(c, 1000);
  for (int i = 0; i < BUSY; i++) caller_link(c, caller_effect(c, 100), 0, IDS(s));
  caller_write(c, s);
  caller_mark(c);
  caller_wake(c, starved);
  uint32_t turns = 0;
  for (sk_id_t ran = 0; ran != starved; turns++) {
    CHECK(turns < EVERY * (BUSY + 1));
    /* Each turn has time for one effect, and more of them become due. */
    caller_write(c, s);
    if (turns % EVERY != EVERY - 1 || caller_flush_oldest(c, 99) == 0) CHECK(caller_flush(c) > 0);
    ran = caller_next(c);
    CHECK(ran != 0);
  }
  CHECK(turns > EVERY);
  caller_close(c);
}

const test_t slice_tests[] = {
    {"slice: what is later than the limit waits", what_is_later_than_the_limit_waits},
    {"slice: a list in small pieces stays small", a_list_in_small_pieces_stays_small},
    {"slice: the oldest is the one that became due first",
     the_oldest_is_the_one_that_became_due_first},
    {"slice: the count of wake-ups may wrap around", the_count_of_wake_ups_may_wrap_around},
    {"slice: whoever waits gets its turn", whoever_waits_gets_its_turn},
    TEST_END,
};
