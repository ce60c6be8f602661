/*
 * test_schedule.c - tests of which effects run, and in what order.
 */
#include <stdlib.h>
#include <string.h>

#include "caller.h"
#include "kernel.h"

static void effects_run_by_priority_then_creation(void) {
  static const int32_t PRIORITIES[] = {0, 5, -3, INT32_MAX, INT32_MIN, 5, 0, -3, -1, 1};
  static const int ORDER[] = {4, 2, 7, 8, 0, 6, 9, 1, 5, 3};
  enum { COUNT = 10 };
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t effects[COUNT];
  for (int i = 0; i < COUNT; i++) effects[i] = caller_effect(c, PRIORITIES[i]);
  for (int i = COUNT; i-- > 0;) caller_link(c, effects[i], 0, IDS(s));
  caller_write(c, s);
  CHECK_EQ(caller_flush(c), COUNT);
  for (int i = 0; i < COUNT; i++) CHECK_EQ(caller_next(c), effects[ORDER[i]]);
  CHECK_EQ(caller_flush(c), 0);
  caller_close(c);
}

/* Slots are used again, so an effect created later may have the lower id. */
static void creation_counts_and_not_the_id(void) {
  caller_t *c = caller_open();
  sk_id_t old = caller_effect(c, 0);
  sk_id_t middle = caller_effect(c, 0);
  caller_sync(c);
  caller_dispose(c, old);
  caller_sync(c);
  sk_id_t newest = 0;
  while (newest != old) newest = caller_effect(c, 1);
  sk_id_t last = caller_effect(c, 1);
  caller_wake(c, last);
  caller_wake(c, newest);
  caller_wake(c, middle);
  CHECK_EQ(caller_flush(c), 3);
  CHECK_EQ(caller_next(c), middle);
  CHECK_EQ(caller_next(c), newest);
  CHECK_EQ(caller_next(c), last);
  caller_close(c);
}

/* The order is 64 bits in two words: it must not start over where the low word does. */
static void creation_order_survives_2_to_the_32(void) {
  caller_t *c = caller_open();
  c->kernel->order = UINT32_MAX - 2;
  sk_id_t effects[6];
  for (int i = 0; i < 6; i++) effects[i] = caller_effect(c, 0);
  for (int i = 6; i-- > 0;) caller_wake(c, effects[i]);
  CHECK_EQ(caller_flush(c), 6);
  for (int i = 0; i < 6; i++) CHECK_EQ(caller_next(c), effects[i]);
  caller_close(c);
}

static void late_arrivals_take_their_place(void) {
  caller_t *c = caller_open();
  sk_id_t early = caller_effect(c, -1);
  sk_id_t first = caller_effect(c, 0);
  sk_id_t second = caller_effect(c, 0);
  sk_id_t third = caller_effect(c, 0);
  sk_id_t late = caller_effect(c, 1);
  caller_wake(c, first);
  caller_wake(c, third);
  CHECK_EQ(caller_flush(c), 2);
  CHECK_EQ(caller_next(c), first);
  /* The first effect wrote: what that wakes joins the ones that are left. */
  caller_wake(c, late);
  caller_wake(c, second);
  caller_wake(c, early);
  sk_id_t ran[8];
  CHECK_EQ(caller_drain(c, ran, 8), 4);
  const sk_id_t expected[] = {early, second, third, late};
  CHECK_EQ(memcmp(ran, expected, sizeof expected), 0);
  caller_close(c);
}

static void an_effect_can_wake_itself(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  sk_id_t after = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(s));
  caller_link(c, after, 0, IDS(s));
  caller_write(c, s);
  for (int i = 0; i < 150; i++) {
    CHECK(caller_flush(c) > 0);
    CHECK_EQ(caller_next(c), e);
    caller_write(c, s);
  }
  sk_id_t ran[4];
  CHECK_EQ(caller_drain(c, ran, 4), 2);
  CHECK_EQ(ran[0], e);
  CHECK_EQ(ran[1], after);
  caller_close(c);
}

static void those_not_taken_are_due_again(void) {
  enum { COUNT = 50 };
  caller_t *c = caller_open();
  sk_id_t effects[COUNT];
  for (int i = 0; i < COUNT; i++) {
    effects[i] = caller_effect(c, 0);
    caller_wake(c, effects[i]);
  }
  caller_sync(c);
  uint32_t ran = 0;
  /* Nothing new wakes; each list is given up after another number of effects. */
  for (uint32_t round = 0; ran < COUNT; round++) {
    CHECK_EQ(caller_stats(c).queued, COUNT - ran);
    CHECK(caller_flush(c) > 0);
    for (uint32_t take = round % 4; take > 0; take--) {
      sk_id_t effect = caller_next(c);
      if (effect == 0) break;
      CHECK_EQ(effect, effects[ran]);
      ran++;
      CHECK_EQ(caller_stats(c).queued, COUNT - ran);
    }
  }
  CHECK_EQ(caller_flush(c), 0);
  CHECK_EQ(caller_stats(c).queued, 0);
  caller_close(c);
}

static void due_effects_wait_for_a_flush(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t e = caller_effect(c, 0);
  caller_link(c, e, 0, IDS(s));
  for (int i = 0; i < 5; i++) {
    caller_write(c, s);
    caller_mark(c);
    caller_sync(c);
    CHECK_EQ(*caller_header(c, SK_H_RUN_LEN), 0);
    CHECK_EQ(caller_stats(c).queued, 1);
  }
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_stats(c).queued, 1);
  CHECK_EQ(caller_next(c), e);
  CHECK_EQ(caller_stats(c).queued, 0);
  caller_close(c);
}

/* Marking and taking the journal in the middle of a list must leave the list alone. */
static void a_list_survives_other_calls(void) {
  caller_t *c = caller_open();
  sk_id_t s = caller_signal(c);
  sk_id_t effects[20];
  for (int i = 0; i < 20; i++) {
    effects[i] = caller_effect(c, 0);
    caller_link(c, effects[i], 0, IDS(s));
  }
  caller_write(c, s);
  CHECK_EQ(caller_flush(c), 20);
  for (int i = 0; i < 20; i++) {
    CHECK_EQ(caller_next(c), effects[i]);
    if (i % 3 == 0) caller_write(c, s);
    if (i % 3 == 1) caller_mark(c);
    caller_sync(c);
  }
  /* Each was woken after it had run, save those at the end that were listed when it happened. */
  sk_id_t ran[32];
  uint32_t count = caller_drain(c, ran, 32);
  CHECK_EQ(count, 20);
  for (int i = 0; i < 20; i++) CHECK_EQ(ran[i], effects[i]);
  caller_close(c);
}

/* ---- against a sorted list */

typedef struct plan {
  sk_id_t id;
  int32_t priority;
  uint32_t created;
  uint32_t since; /* the how manieth wake-up made it due */
  bool due;
  bool alive;
} plan_t;

static bool comes_before(const plan_t *a, const plan_t *b) {
  return a->priority != b->priority ? a->priority < b->priority : a->created < b->created;
}

static plan_t *first_due(plan_t *plans, uint32_t count, int32_t up_to) {
  plan_t *first = NULL;
  for (uint32_t i = 0; i < count; i++)
    if (plans[i].due && plans[i].alive && (first == NULL || comes_before(&plans[i], first)))
      first = &plans[i];
  return first != NULL && first->priority > up_to ? NULL : first;
}

/* Flushes for the longest waiting of those later than `up_to`. */
static void compare_oldest(caller_t *c, plan_t *plans, uint32_t count, int32_t up_to) {
  plan_t *oldest = NULL;
  for (uint32_t i = 0; i < count; i++)
    if (plans[i].due && plans[i].alive && plans[i].priority > up_to &&
        (oldest == NULL || plans[i].since < oldest->since))
      oldest = &plans[i];
  CHECK_EQ(caller_flush_oldest(c, up_to), oldest != NULL);
  if (oldest == NULL) return;
  CHECK_EQ(caller_next(c), oldest->id);
  oldest->due = false;
}

/* Bursts, stragglers and disposals in every mixture: the next to run is the least of the due. */
static void compare_with_sorted(uint64_t seed, uint32_t count, uint32_t burst, uint32_t straggle) {
  test_random_t random = test_random_of(seed);
  caller_t *c = caller_open();
  plan_t *plans = test_alloc(count * sizeof(plan_t));
  for (uint32_t i = 0; i < count; i++) {
    plans[i].priority = (int32_t)test_random_below(&random, 5) - 2;
    plans[i].created = i;
    plans[i].alive = true;
    plans[i].id = caller_effect(c, plans[i].priority);
  }
  uint32_t since = 0;
  for (int round = 0; round < 120; round++) {
    test_note("seed %u, round %d", (unsigned)seed, round);
    uint32_t wakes = round % 40 == 0 ? burst : test_random_below(&random, straggle + 1);
    for (uint32_t i = 0; i < wakes; i++) {
      plan_t *plan = &plans[test_random_below(&random, count)];
      if (!plan->alive) continue;
      caller_wake(c, plan->id);
      if (!plan->due) plan->since = ++since;
      plan->due = true;
    }
    if (test_random_below(&random, 4) == 0) {
      plan_t *plan = &plans[test_random_below(&random, count)];
      if (plan->alive) caller_dispose(c, plan->id);
      plan->alive = false;
    }
    int32_t up_to = (int32_t)test_random_below(&random, 5) - 2;
    if (test_random_below(&random, 4) == 0) {
      compare_oldest(c, plans, count, up_to);
      if (test_random_below(&random, 2) == 0) continue;
    }
    if (test_random_below(&random, 2) == 0) up_to = INT32_MAX;
    uint32_t listed = caller_flush_up_to(c, up_to);
    CHECK_EQ(listed == 0, first_due(plans, count, up_to) == NULL);
    for (uint32_t take = test_random_below(&random, 2 * straggle + 2); take > 0; take--) {
      sk_id_t effect = caller_next(c);
      if (effect == 0) break;
      plan_t *first = first_due(plans, count, up_to);
      CHECK(first != NULL);
      CHECK_EQ(effect, first->id);
      first->due = false;
    }
  }
  while (caller_flush(c) > 0) {
    for (sk_id_t effect = caller_next(c); effect != 0; effect = caller_next(c)) {
      plan_t *first = first_due(plans, count, INT32_MAX);
      CHECK(first != NULL);
      CHECK_EQ(effect, first->id);
      first->due = false;
    }
  }
  CHECK(first_due(plans, count, INT32_MAX) == NULL);
  caller_close(c);
}

static void a_few_effects_in_sorted_order(void) {
  for (uint64_t seed = 1; seed <= 30; seed++) compare_with_sorted(seed, 12, 8, 3);
}

static void many_effects_in_sorted_order(void) {
  compare_with_sorted(101, 1500, 3000, 4);
  compare_with_sorted(102, 1500, 1000, 40);
  compare_with_sorted(103, 700, 2000, 1);
}

/* Each effect that writes makes the list it came from void; a new list must not cost as much. */
static void a_flush_of_writing_effects_is_not_quadratic(void) {
  enum { COUNT = 20000 };
  caller_t *c = caller_open();
  CHECK_EQ(caller_reserve(c, SK_BLOCK_FRESH, COUNT), 0);
  CHECK_EQ(caller_reserve(c, SK_BLOCK_JOURNAL, COUNT * 6), 0);
  sk_id_t *effects = test_alloc(COUNT * sizeof(sk_id_t));
  for (uint32_t i = 0; i < COUNT; i++) {
    effects[i] = caller_effect(c, 0);
    caller_wake(c, effects[i]);
  }
  uint64_t listed = 0;
  /* The kernel is asked for a new list after each effect, a hundred times. */
  for (uint32_t i = 0; i < 100; i++) {
    listed += caller_flush(c);
    CHECK_EQ(caller_next(c), effects[i]);
  }
  CHECK(listed < 3 * COUNT);
  uint32_t calls = 0;
  for (uint32_t i = 100; i < COUNT; calls++) {
    CHECK(caller_flush(c) > 0);
    for (sk_id_t effect = caller_next(c); effect != 0; effect = caller_next(c))
      CHECK_EQ(effect, effects[i++]);
  }
  CHECK(calls < 40);
  caller_close(c);
}

/* What was disposed while it was due must not keep a flush from finding the others. */
static void a_queue_of_disposed_effects_is_empty(void) {
  caller_t *c = caller_open();
  sk_id_t effects[500];
  for (int i = 0; i < 500; i++) {
    effects[i] = caller_effect(c, i % 3);
    caller_wake(c, effects[i]);
  }
  CHECK(caller_flush(c) > 0);
  CHECK_EQ(caller_next(c), effects[0]);
  for (int i = 0; i < 500; i++)
    if (i != 499) caller_dispose(c, effects[i]);
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_next(c), effects[499]);
  CHECK_EQ(caller_flush(c), 0);
  caller_wake(c, effects[499]);
  caller_dispose(c, effects[499]);
  CHECK_EQ(caller_flush(c), 0);
  CHECK_EQ(caller_stats(c).queued, 0);
  CHECK_EQ(caller_stats(c).nodes, 0);
  caller_close(c);
}

/* A disposed effect keeps its place in the queue, and so its room, until a flush comes to it. */
static void disposed_effects_leave_room_for_others(void) {
  caller_t *c = caller_open();
  for (int round = 0; round < 10; round++) {
    sk_id_t effects[200];
    for (int i = 0; i < 200; i++) {
      effects[i] = caller_effect(c, 0);
      caller_wake(c, effects[i]);
    }
    for (int i = 0; i < 200; i++) caller_dispose(c, effects[i]);
    caller_mark(c);
    CHECK_EQ(caller_stats(c).effects, 0);
  }
  sk_id_t last = caller_effect(c, 0);
  caller_wake(c, last);
  CHECK_EQ(caller_flush(c), 1);
  CHECK_EQ(caller_next(c), last);
  CHECK_EQ(caller_flush(c), 0);
  CHECK_EQ(caller_stats(c).nodes, 1);
  caller_close(c);
}

const test_t schedule_tests[] = {
    {"schedule: effects run by priority, then creation", effects_run_by_priority_then_creation},
    {"schedule: creation counts and not the id", creation_counts_and_not_the_id},
    {"schedule: creation order survives 2^32", creation_order_survives_2_to_the_32},
    {"schedule: late arrivals take their place", late_arrivals_take_their_place},
    {"schedule: an effect can wake itself", an_effect_can_wake_itself},
    {"schedule: those not taken are due again", those_not_taken_are_due_again},
    {"schedule: due effects wait for a flush", due_effects_wait_for_a_flush},
    {"schedule: a list survives other calls", a_list_survives_other_calls},
    {"schedule: a few effects in sorted order", a_few_effects_in_sorted_order},
    {"schedule: many effects in sorted order", many_effects_in_sorted_order},
    {"schedule: a flush of writing effects is not quadratic",
     a_flush_of_writing_effects_is_not_quadratic},
    {"schedule: a queue of disposed effects is empty", a_queue_of_disposed_effects_is_empty},
    {"schedule: disposed effects leave room for others", disposed_effects_leave_room_for_others},
    TEST_END,
};
