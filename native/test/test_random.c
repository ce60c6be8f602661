/*
 * test_random.c - random programs, compared with the oracle after each call that takes the journal:
 * every list of dependencies and of readers, every flag, the due effects, what was released.
 *
 * A failure prints the seed and the step; the same seed makes the same program again.
 */
#include <string.h>

#include "caller.h"
#include "oracle.h"
#include "programs.h"

enum { NOBODY = ORACLE_NODES, OLD_HANDLES = 32 };

typedef struct old_handle {
  sk_id_t id;
  uint32_t generation;
  uint32_t node;
  uint32_t serial;
} old_handle_t;

typedef struct program {
  caller_t *c;
  oracle_t *o;
  const graph_program_t *mode;
  test_random_t random;
  sk_id_t ids[ORACLE_NODES]; /* of each index */
  bool disposing[ORACLE_NODES];
  uint32_t *owners; /* index by slot, counted from 1; 0 for none */
  uint32_t owners_len;
  old_handle_t old[OLD_HANDLES];
  uint32_t old_len;
  sk_id_t pending[4096];
  uint32_t pending_len;
  /* What the kernel said that a released node had read, by index, while it could be read. */
  struct {
    sk_id_t ids[ORACLE_LIST];
    uint32_t len;
  } last_read[ORACLE_NODES];
} program_t;

static uint32_t below(program_t *p, uint32_t bound) {
  return test_random_below(&p->random, bound);
}

static bool is_source(const oracle_node_t *node) {
  return node->alive && (node->tag == SK_SIGNAL || node->tag == SK_COMPUTED);
}

static bool is_effect(program_t *p, uint32_t index) {
  return p->o->nodes[index].tag == SK_EFFECT && !p->disposing[index];
}

static bool is_reader(program_t *p, uint32_t index) {
  const oracle_node_t *node = &p->o->nodes[index];
  return is_effect(p, index) || (node->alive && node->tag == SK_COMPUTED);
}

/* A random index for which the condition holds, or NOBODY. `i` is the index in it. */
#define PICK(p, out, condition)                                         \
  do {                                                                  \
    uint32_t start_ = below(p, ORACLE_NODES);                           \
    (out) = NOBODY;                                                     \
    for (uint32_t n_ = 0; n_ < ORACLE_NODES && (out) == NOBODY; n_++) { \
      uint32_t i = (start_ + n_) % ORACLE_NODES;                        \
      if (condition) (out) = i;                                         \
    }                                                                   \
  } while (0)

static uint32_t owner_of(program_t *p, sk_id_t id) {
  uint32_t slot = id / SK_SLOT_WORDS;
  return slot < p->owners_len && p->owners[slot] != 0 ? p->owners[slot] - 1 : NOBODY;
}

static void remember_old(program_t *p, uint32_t index) {
  uint32_t at = p->old_len < OLD_HANDLES ? p->old_len++ : below(p, OLD_HANDLES);
  p->old[at] = (old_handle_t){p->ids[index], caller_generation(p->c, p->ids[index]), index,
                              p->o->nodes[index].serial};
}

/* ---- comparing */

static void compare_list(program_t *p, const oracle_list_t *list, const sk_id_t *found,
                         uint32_t count) {
  CHECK_EQ(count, list->len);
  for (uint32_t i = 0; i < count; i++) CHECK_EQ(found[i], p->ids[list->at[i]]);
}

static void compare_node(program_t *p, uint32_t index) {
  const oracle_node_t *node = &p->o->nodes[index];
  caller_t *c = p->c;
  sk_id_t id = p->ids[index];
  sk_id_t found[ORACLE_LIST];
  uint32_t flags = *caller_word(c, id, SK_N_FLAGS);
  CHECK_EQ(flags & SK_TAG_MASK, node->tag);
  CHECK_EQ(flags & (SK_DEAD | SK_ORPHAN | SK_RELINKED), 0);
  CHECK_EQ((flags & SK_STALE) != 0, node->stale);
  CHECK_EQ((flags & SK_QUEUED) != 0, node->due);
  compare_list(p, &node->deps, found, caller_dependencies(c, id, found, ORACLE_LIST));
  if (node->tag == SK_EFFECT) {
    CHECK_EQ((int32_t)*caller_word(c, id, SK_N_PRIORITY), node->priority);
    return;
  }
  CHECK_EQ(*caller_word(c, id, SK_N_PINS), node->pins);
  compare_list(p, &node->readers, found, caller_readers(c, id, found, ORACLE_LIST));
}

static void on_release(void *context, sk_id_t id) {
  program_t *p = context;
  uint32_t index = owner_of(p, id);
  CHECK(index != NOBODY);
  remember_old(p, index);
  p->last_read[index].len = caller_dependencies(p->c, id, p->last_read[index].ids, ORACLE_LIST);
}

static void compare_released(program_t *p) {
  caller_t *c = p->c;
  oracle_list_t *expected = &p->o->released;
  CHECK_EQ(c->released_len, expected->len);
  for (uint32_t i = 0; i < c->released_len; i++) {
    uint32_t index = owner_of(p, c->released[i]);
    CHECK(index != NOBODY && oracle_has(expected, index));
    CHECK_EQ(p->ids[index], c->released[i]);
    const sk_id_t *found = p->last_read[index].ids;
    uint32_t count = p->last_read[index].len;
    compare_list(p, &p->o->nodes[index].deps, found, count);
    /* A reader is listed before what it read, but for a circle. */
    for (uint32_t j = 0; j < i && !p->mode->circles; j++)
      for (uint32_t d = 0; d < count; d++) CHECK(c->released[j] != found[d]);
  }
  for (uint32_t i = 0; i < expected->len; i++) {
    p->owners[p->ids[expected->at[i]] / SK_SLOT_WORDS] = 0;
    p->o->nodes[expected->at[i]].tag = SK_FREE;
  }
  c->released_len = 0;
}

static void compare(program_t *p) {
  uint64_t nodes = 0;
  uint64_t edges = 0;
  uint64_t effects = 0;
  uint64_t queued = 0;
  compare_released(p);
  for (uint32_t i = 0; i < ORACLE_NODES; i++) {
    const oracle_node_t *node = &p->o->nodes[i];
    if (!node->alive) continue;
    compare_node(p, i);
    nodes++;
    edges += node->deps.len;
    effects += node->tag == SK_EFFECT;
    queued += node->due;
  }
  sk_stats_t stats = caller_stats(p->c);
  CHECK_EQ(stats.nodes, nodes);
  CHECK_EQ(stats.edges, edges);
  CHECK_EQ(stats.effects, effects);
  /* What was disposed ahead of its turn, for want of memory, was spared some work. */
  bool exact = p->c->host.refused == 0;
  CHECK(exact ? stats.marks == p->o->marks : stats.marks <= p->o->marks);
  CHECK(exact ? stats.links == p->o->links : stats.links <= p->o->links);
  /* The disposed that wait in the queue are counted until a flush comes to them. */
  CHECK(stats.queued >= queued);
}

/* ---- calls */

static void after_journal(program_t *p) {
  oracle_sync(p->o);
  for (uint32_t i = 0; i < ORACLE_NODES; i++)
    if (p->o->nodes[i].tag == SK_FREE) p->disposing[i] = false;
}

static void mark_pending(program_t *p) {
  for (uint32_t i = 0; i < p->pending_len; i++) {
    uint32_t index = owner_of(p, p->pending[i]);
    if (index != NOBODY && is_source(&p->o->nodes[index])) oracle_mark(p->o, index);
  }
  p->pending_len = 0;
}

static void do_sync(program_t *p) {
  caller_sync(p->c);
  after_journal(p);
  compare(p);
}

static void do_mark(program_t *p) {
  caller_mark(p->c);
  after_journal(p);
  mark_pending(p);
  compare(p);
}

static void do_flush(program_t *p) {
  uint32_t listed = caller_flush(p->c);
  after_journal(p);
  mark_pending(p);
  compare(p);
  uint32_t take = below(p, 3) == 0 ? UINT32_MAX : below(p, listed + 1);
  if (listed == 0) CHECK_EQ(oracle_first_due(p->o), NOBODY);
  if (listed == 0) CHECK_EQ(caller_stats(p->c).queued, 0);
  for (; take > 0; take--) {
    sk_id_t effect = caller_next(p->c);
    if (effect == 0) break;
    uint32_t first = oracle_first_due(p->o);
    CHECK(first != NOBODY);
    CHECK_EQ(effect, p->ids[first]);
    p->o->nodes[first].due = false;
    if (below(p, 4) == 0) continue;
    caller_settle(p->c, effect);
    oracle_settle(p->o, first);
  }
}

/* ---- steps that make no call */

static uint32_t count_nodes(program_t *p) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < ORACLE_NODES; i++) count += p->o->nodes[i].tag != SK_FREE;
  return count;
}

static void make(program_t *p, enum sk_tag tag) {
  if (count_nodes(p) > ORACLE_NODES - 8) return;
  /* The caller would take the journal for more ids; the oracle has to know of every call. */
  if (*caller_header(p->c, SK_H_FRESH_LEN) == 0)
    CHECK_EQ(caller_reserve(p->c, SK_BLOCK_FRESH, 1 + below(p, 8)), 0);
  uint32_t index = oracle_make(p->o, tag);
  int32_t priority = (int32_t)below(p, 4) - 1;
  if (tag == SK_EFFECT) {
    p->ids[index] = caller_effect(p->c, priority);
    oracle_enter(p->o, SK_OP_EFFECT, index, p->o->nodes[index].serial)->priority = priority;
  } else {
    p->ids[index] = tag == SK_SIGNAL ? caller_signal(p->c) : caller_computed(p->c);
  }
  p->disposing[index] = false;
  uint32_t slot = p->ids[index] / SK_SLOT_WORDS;
  if (slot >= p->owners_len) {
    uint32_t len = 2 * slot + 64;
    p->owners = test_grow(p->owners, p->owners_len * sizeof(uint32_t), len * sizeof(uint32_t));
    p->owners_len = len;
  }
  p->owners[slot] = index + 1;
}

/* Without circles, a node reads only what was made before it. */
static bool may_read(program_t *p, uint32_t reader, uint32_t source) {
  const oracle_node_t *nodes = p->o->nodes;
  return is_source(&nodes[source]) &&
         (p->mode->circles || nodes[source].serial < nodes[reader].serial);
}

static void link_some(program_t *p) {
  uint32_t reader;
  PICK(p, reader, is_reader(p, i));
  if (reader == NOBODY) return;
  const oracle_node_t *node = &p->o->nodes[reader];
  oracle_entry_t *entry = oracle_enter(p->o, SK_OP_LINK, reader, node->serial);
  /* While an entry for it waits, its edges are not what they will be. */
  bool is_known = node->alive && !caller_has(p->c, p->ids[reader], SK_RELINKED);
  entry->keep = is_known ? below(p, node->deps.len + 1) : 0;
  uint32_t count = below(p, 8) == 0 ? 0 : below(p, 7);
  sk_id_t deps[8];
  for (uint32_t n = 0; n < count; n++) {
    uint32_t source;
    PICK(p, source, may_read(p, reader, i));
    if (source == NOBODY) break;
    deps[entry->deps.len] = p->ids[source];
    oracle_add(&entry->deps, source);
  }
  sk_id_t keep = entry->keep == 0 ? 0 : caller_edge(p->c, p->ids[reader], entry->keep - 1);
  caller_link(p->c, p->ids[reader], keep, entry->deps.len, deps);
}

static void dispose(program_t *p) {
  uint32_t effect;
  PICK(p, effect, is_effect(p, i));
  if (effect == NOBODY) return;
  remember_old(p, effect);
  caller_dispose(p->c, p->ids[effect]);
  oracle_enter(p->o, SK_OP_DISPOSE, effect, p->o->nodes[effect].serial);
  p->disposing[effect] = true;
  p->owners[p->ids[effect] / SK_SLOT_WORDS] = 0;
}

static void wake(program_t *p) {
  uint32_t effect;
  PICK(p, effect, is_effect(p, i));
  if (effect == NOBODY) return;
  caller_wake(p->c, p->ids[effect]);
  oracle_enter(p->o, SK_OP_WAKE, effect, p->o->nodes[effect].serial);
}

/* Handles of nodes that are gone, or that an entry in front of this one disposes. */
static void use_an_old_handle(program_t *p) {
  static const enum sk_op OPS[] = {SK_OP_DISPOSE, SK_OP_WAKE, SK_OP_LINK};
  if (p->old_len == 0) return;
  const old_handle_t *old = &p->old[below(p, p->old_len)];
  enum sk_op op = OPS[below(p, 3)];
  oracle_enter(p->o, op, old->node, old->serial);
  caller_entry(p->c, op == SK_OP_LINK ? 5 : 3,
               (const uint32_t[]){(uint32_t)op, old->id, old->generation, 0, 0});
}

static void write_one(program_t *p) {
  uint32_t source;
  PICK(p, source, is_source(&p->o->nodes[i]));
  if (source == NOBODY || p->pending_len == 4096) return;
  if (p->o->frames_len > 0 && p->o->log_len < 200 && below(p, 2) == 0) {
    caller_log(p->c, p->ids[source]);
    oracle_log(p->o, source);
  } else {
    caller_write(p->c, p->ids[source]);
  }
  p->pending[p->pending_len++] = p->ids[source];
}

static void settle_or_spoil(program_t *p) {
  uint32_t computed;
  PICK(p, computed, is_source(&p->o->nodes[i]) && p->o->nodes[i].tag == SK_COMPUTED);
  if (computed == NOBODY) return;
  if (below(p, 4) == 0) {
    /* The caller may say by itself that a computed has to run again. */
    *caller_word(p->c, p->ids[computed], SK_N_FLAGS) |= SK_STALE;
    p->o->nodes[computed].stale = true;
    return;
  }
  if (p->mode->circles && below(p, 3) == 0) {
    *caller_word(p->c, p->ids[computed], SK_N_FLAGS) |= SK_CYCLIC;
    p->o->nodes[computed].cyclic = true;
    return;
  }
  caller_settle(p->c, p->ids[computed]);
  oracle_settle(p->o, computed);
}

static void transact(program_t *p) {
  uint32_t what = below(p, 5);
  if (p->o->frames_len == 0 || (what < 2 && p->o->frames_len < 6)) {
    CHECK_EQ(caller_call(p->c, sk_txn_begin), oracle_begin(p->o));
  } else if (what < 4) {
    CHECK_EQ(caller_call(p->c, sk_txn_commit), oracle_commit(p->o));
  } else {
    CHECK_EQ(caller_call(p->c, sk_txn_rollback), oracle_rollback(p->o));
  }
}

/* ---- programs */

static void call(program_t *p) {
  uint32_t what = below(p, 10);
  if (what < 3)
    do_sync(p);
  else if (what < 6)
    do_mark(p);
  else
    do_flush(p);
}

static void step(program_t *p) {
  uint32_t room = *caller_header(p->c, SK_H_JOURNAL_CAP) - *caller_header(p->c, SK_H_JOURNAL_LEN);
  if (room < 16) CHECK_EQ(caller_reserve(p->c, SK_BLOCK_JOURNAL, 16), 0);
  if (below(p, p->mode->call_every) == 0 || p->o->entries_len == ORACLE_ENTRIES) {
    call(p);
    return;
  }
  uint32_t what = below(p, 100);
  if (what < 8)
    make(p, SK_SIGNAL);
  else if (what < 18)
    make(p, SK_COMPUTED);
  else if (what < 27)
    make(p, SK_EFFECT);
  else if (what < 60)
    link_some(p);
  else if (what < 66)
    dispose(p);
  else if (what < 70)
    wake(p);
  else if (what < 74)
    use_an_old_handle(p);
  else if (what < 88)
    write_one(p);
  else if (what < 95)
    settle_or_spoil(p);
  else
    transact(p);
}

/* Everything goes; the kernel must be as empty as it was. */
static void wind_up(program_t *p) {
  while (p->o->frames_len > 0) CHECK_EQ(caller_call(p->c, sk_txn_commit), oracle_commit(p->o));
  do_sync(p);
  for (uint32_t i = 0; i < ORACLE_NODES; i++) {
    if (!is_reader(p, i)) continue;
    caller_link(p->c, p->ids[i], 0, NO_IDS);
    oracle_enter(p->o, SK_OP_LINK, i, p->o->nodes[i].serial);
    do_sync(p);
    uint32_t effect = NOBODY;
    if (is_effect(p, i)) effect = i;
    if (effect == NOBODY) continue;
    caller_dispose(p->c, p->ids[effect]);
    oracle_enter(p->o, SK_OP_DISPOSE, effect, p->o->nodes[effect].serial);
    p->disposing[effect] = true;
    do_sync(p);
  }
  while (caller_flush(p->c) > 0)
    while (caller_next(p->c) != 0) continue;
  sk_stats_t stats = caller_stats(p->c);
  CHECK_EQ(stats.edges, 0);
  CHECK_EQ(stats.effects, 0);
  CHECK_EQ(stats.queued, 0);
}

void graph_program_run(const graph_program_t *mode) {
  program_t *p = test_alloc(sizeof *p);
  p->c = caller_open();
  p->c->repeats = true;
  p->c->on_release = on_release;
  p->c->context = p;
  p->o = test_alloc(sizeof *p->o);
  p->mode = mode;
  p->random = mode->random;
  for (uint32_t i = 0; i < ORACLE_NODES; i++) p->o->nodes[i].tag = SK_FREE;
  for (uint32_t at = 0; at < mode->steps && test_random_has(&p->random); at++) {
    test_note("seed %u, step %u", (unsigned)mode->random.state, (unsigned)at);
    if (mode->out_of_memory && below(p, 4) == 0)
      p->c->host.refuse_at = p->c->host.requests + 1 + below(p, 3);
    step(p);
  }
  test_note("seed %u, at the end", (unsigned)mode->random.state);
  test_host_relieve(&p->c->host);
  wind_up(p);
  caller_close(p->c);
}

static void random_programs(void) {
  for (uint64_t seed = 1; seed <= 10; seed++)
    graph_program_run(&(graph_program_t){test_random_of(seed), 20000, false, false, 4});
}

static void random_programs_with_circles(void) {
  for (uint64_t seed = 11; seed <= 16; seed++)
    graph_program_run(&(graph_program_t){test_random_of(seed), 20000, true, false, 5});
}

static void random_programs_with_long_journals(void) {
  for (uint64_t seed = 21; seed <= 28; seed++)
    graph_program_run(&(graph_program_t){test_random_of(seed), 20000, seed % 2 == 0, false, 60});
}

/* Short ones, since what grows is soon as large as it ever gets. */
static void random_programs_out_of_memory(void) {
  for (uint64_t seed = 31; seed <= 90; seed++)
    graph_program_run(&(graph_program_t){test_random_of(seed), 800, seed % 2 == 0, true, 6});
}

const test_t random_tests[] = {
    {"random: programs agree with the oracle", random_programs},
    {"random: programs with circles", random_programs_with_circles},
    {"random: programs with long journals", random_programs_with_long_journals},
    {"random: programs that run out of memory", random_programs_out_of_memory},
    TEST_END,
};
