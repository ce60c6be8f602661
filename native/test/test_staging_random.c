/*
 * test_staging_random.c - random programs of asynchronous transactions, beside effects that come and
 * go, committed writes and synchronous transactions; compared with a model of plain arrays.
 *
 * A failure prints the seed and the step; the same seed makes the same program again.
 */
#include "programs.h"
#include "stagings.h"

enum { SIGNALS = 24, EFFECTS = 8, STAGINGS = 14, LOG = 64, FRAMES = 4, ENTRIES = 64, NONE = -1 };

typedef struct model_signal {
  sk_id_t id; /* 0 when there is none */
  uint64_t written;
  uint32_t readers; /* as of the last journal */
  uint32_t logged;
  bool orphan;
} model_signal_t;

typedef struct model_touch {
  int signal;
  uint32_t how;
  uint64_t stamp;
} model_touch_t;

typedef struct model_staging {
  sk_staging_t handle; /* stays when it has ended, to be tried again */
  bool open;
  int parent;              /* NONE for an outermost one */
  sk_staging_t parent_was; /* its handle: the place may be somebody else's */
  uint64_t began;
  uint32_t count;
  model_touch_t touches[SIGNALS];
} model_staging_t;

/* Of the journal: from now on `effect` reads `signal` alone, or nothing. */
typedef struct model_link {
  int effect;
  int signal;
} model_link_t;

typedef struct program {
  caller_t *c;
  test_random_t random;
  uint64_t clock;
  uint64_t commits;
  model_signal_t signals[SIGNALS];
  model_staging_t stagings[STAGINGS];
  sk_id_t effects[EFFECTS];
  int reads[EFFECTS]; /* as of the last journal */
  model_link_t links[ENTRIES];
  uint32_t links_len;
  int log[LOG];
  uint32_t log_len;
  uint32_t frames[FRAMES];
  uint32_t frames_len;
  uint32_t conflicts; /* found so far: a program without any would test little */
  uint32_t merges;
  uint32_t releases;
} program_t;

static uint32_t below(program_t *p, uint32_t bound) {
  return test_random_below(&p->random, bound);
}

/* A random signal that exists, or NONE. */
static int pick_signal(program_t *p) {
  uint32_t start = below(p, SIGNALS);
  for (uint32_t n = 0; n < SIGNALS; n++) {
    uint32_t at = (start + n) % SIGNALS;
    if (p->signals[at].id != 0) return (int)at;
  }
  return NONE;
}

/* ---- the model */

static bool has_parent(const program_t *p, const model_staging_t *staging) {
  if (staging->parent == NONE) return true;
  const model_staging_t *parent = &p->stagings[staging->parent];
  return parent->open && parent->handle == staging->parent_was;
}

static model_touch_t *touch_of(model_staging_t *staging, int signal) {
  for (uint32_t i = 0; i < staging->count; i++)
    if (staging->touches[i].signal == signal) return &staging->touches[i];
  return NULL;
}

static uint32_t touches_of(program_t *p, int signal) {
  uint32_t count = 0;
  for (int i = 0; i < STAGINGS; i++)
    count += p->stagings[i].open && touch_of(&p->stagings[i], signal) != NULL;
  return count;
}

static bool is_pinned(program_t *p, int signal) {
  return p->signals[signal].logged > 0 || touches_of(p, signal) > 0;
}

/* A pin or a reader of it has gone. */
static void let_go(program_t *p, int signal) {
  model_signal_t *s = &p->signals[signal];
  if (s->readers == 0 && !is_pinned(p, signal)) s->orphan = true;
}

static void model_touch(program_t *p, model_staging_t *staging, int signal, uint32_t how) {
  model_touch_t *touch = touch_of(staging, signal);
  if (touch == NULL) {
    touch = &staging->touches[staging->count++];
    *touch = (model_touch_t){signal, 0, 0};
  }
  touch->how |= how;
  if ((how & SK_TOUCH_WRITE) != 0) touch->stamp = p->clock;
}

static uint32_t model_check(program_t *p, const model_staging_t *staging, uint32_t how,
                            sk_id_t *out) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < staging->count; i++) {
    const model_touch_t *touch = &staging->touches[i];
    uint64_t written = p->signals[touch->signal].written;
    if (staging->parent != NONE) {
      const model_touch_t *outer = touch_of(&p->stagings[staging->parent], touch->signal);
      written = outer == NULL ? 0 : outer->stamp;
    }
    if ((touch->how & how) == 0 || written <= staging->began) continue;
    out[count++] = p->signals[touch->signal].id;
  }
  return count;
}

static void model_end(program_t *p, model_staging_t *staging) {
  staging->open = false;
  for (uint32_t i = 0; i < staging->count; i++) let_go(p, staging->touches[i].signal);
}

/* What the next journal does; an orphan that nobody took up is released, and expected to be. */
static void model_sync(program_t *p) {
  uint32_t expected = 0;
  for (uint32_t i = 0; i < p->links_len; i++) {
    int effect = p->links[i].effect;
    int before = p->reads[effect];
    int after = p->links[i].signal;
    p->reads[effect] = after;
    if (after == before) continue;
    if (after != NONE) p->signals[after].readers++;
    if (before == NONE) continue;
    if (--p->signals[before].readers == 0) p->signals[before].orphan = true;
  }
  p->links_len = 0;
  for (int i = 0; i < SIGNALS; i++) {
    model_signal_t *s = &p->signals[i];
    bool released = s->orphan && s->readers == 0 && !is_pinned(p, i);
    s->orphan = false;
    if (!released) continue;
    expected++;
    uint32_t found = 0;
    for (uint32_t j = 0; j < p->c->released_len; j++) found += p->c->released[j] == s->id;
    CHECK_EQ(found, 1);
    s->id = 0;
  }
  CHECK_EQ(p->c->released_len, expected);
  p->releases += expected;
  p->c->released_len = 0;
}

/* ---- comparing */

static void compare(program_t *p) {
  uint64_t open = 0;
  for (int i = 0; i < STAGINGS; i++) open += p->stagings[i].open;
  CHECK_EQ(caller_stats(p->c).transactions, open);
  for (int i = 0; i < SIGNALS; i++) {
    const model_signal_t *s = &p->signals[i];
    if (s->id == 0) continue;
    uint32_t touches = touches_of(p, i);
    CHECK_EQ(*caller_word(p->c, s->id, SK_N_FLAGS) & (SK_TAG_MASK | SK_DEAD), SK_SIGNAL);
    CHECK_EQ(*caller_word(p->c, s->id, SK_N_PINS), touches + s->logged);
    CHECK_EQ(stagings_touches(p->c, s->id), touches);
    CHECK_EQ(*caller_word(p->c, s->id, SK_N_VERSION) != 0, touches > 0);
    if (touches > 0) CHECK_EQ(stagings_written(p->c, s->id), s->written);
  }
}

/* ---- transactions */

static void open_one(program_t *p) {
  model_staging_t *staging = &p->stagings[below(p, STAGINGS)];
  int parent = below(p, 2) == 0 ? (int)below(p, STAGINGS) : NONE;
  if (staging->open) return;
  sk_staging_t outer = parent == NONE ? 0 : p->stagings[parent].handle;
  if (parent != NONE && !p->stagings[parent].open) {
    sk_staging_t refused = 0;
    if (outer != 0) CHECK_EQ(stagings_open(p->c, outer, p->clock, &refused), SK_E_DISPOSED);
    return;
  }
  *staging = (model_staging_t){.open = true, .parent = parent, .parent_was = outer};
  staging->began = p->clock;
  staging->handle = stagings_begin(p->c, outer, p->clock);
}

static void touch_one(program_t *p) {
  model_staging_t *staging = &p->stagings[below(p, STAGINGS)];
  int signal = pick_signal(p);
  uint32_t how = below(p, 5);
  if (signal == NONE) return;
  sk_id_t id = p->signals[signal].id;
  if ((how & SK_TOUCH_WRITE) != 0) p->clock++;
  int answer = stagings_touch(p->c, staging->handle, id, how, p->clock);
  if (!staging->open) {
    CHECK_EQ(answer, SK_E_DISPOSED);
  } else if (how == 0 || how > 3) {
    CHECK_EQ(answer, SK_E_INVALID);
  } else {
    CHECK(answer > 0);
    model_touch(p, staging, signal, how);
    stagings_wrote(p->c, id, p->signals[signal].written);
  }
}

static void touch_something_else(program_t *p) {
  const model_staging_t *staging = &p->stagings[below(p, STAGINGS)];
  const sk_id_t wrong[] = {0, 3, p->effects[0], below(p, 1u << 16) | 1, UINT32_MAX - 7};
  int answer = stagings_touch(p->c, staging->handle, wrong[below(p, 5)], SK_TOUCH_READ, p->clock);
  CHECK_EQ(answer, staging->open ? SK_E_INVALID : SK_E_DISPOSED);
}

static void check_one(program_t *p) {
  model_staging_t *staging = &p->stagings[below(p, STAGINGS)];
  uint32_t how = 1 + below(p, 3);
  sk_id_t expected[SIGNALS];
  if (!staging->open || !has_parent(p, staging)) {
    CHECK_EQ(stagings_check(p->c, staging->handle, how), SK_E_DISPOSED);
    return;
  }
  uint32_t count = model_check(p, staging, how, expected);
  CHECK(stagings_conflict(p->c, staging->handle, how, count, expected));
  p->conflicts += count;
}

static void write_signal(program_t *p, int signal) {
  model_signal_t *s = &p->signals[signal];
  s->written = ++p->clock;
  stagings_wrote(p->c, s->id, p->clock);
  if (p->frames_len == 0 || p->log_len == LOG || below(p, 3) == 0) {
    caller_write(p->c, s->id);
    return;
  }
  caller_log(p->c, s->id);
  p->log[p->log_len++] = signal;
  s->logged++;
}

static void commit_inner(program_t *p, model_staging_t *staging) {
  uint64_t order = UINT64_MAX;
  model_staging_t *outer = &p->stagings[staging->parent];
  p->clock++;
  CHECK_EQ(stagings_commit(p->c, staging->handle, p->clock, &order), 0);
  CHECK_EQ(order, 0);
  for (uint32_t i = 0; i < staging->count; i++)
    model_touch(p, outer, staging->touches[i].signal, staging->touches[i].how);
  model_end(p, staging);
  p->merges++;
}

static void commit_one(program_t *p) {
  model_staging_t *staging = &p->stagings[below(p, STAGINGS)];
  uint64_t order = UINT64_MAX;
  if (!staging->open || !has_parent(p, staging)) {
    CHECK_EQ(stagings_commit(p->c, staging->handle, p->clock, &order), SK_E_DISPOSED);
  } else if (staging->parent != NONE) {
    commit_inner(p, staging);
  } else {
    for (uint32_t i = 0; i < staging->count; i++)
      if ((staging->touches[i].how & SK_TOUCH_WRITE) != 0)
        write_signal(p, staging->touches[i].signal);
    CHECK_EQ(stagings_commit(p->c, staging->handle, p->clock, &order), 0);
    CHECK_EQ(order, ++p->commits);
    model_end(p, staging);
  }
}

static void discard_one(program_t *p) {
  model_staging_t *staging = &p->stagings[below(p, STAGINGS)];
  CHECK_EQ(stagings_discard(p->c, staging->handle), staging->open ? 0 : SK_E_DISPOSED);
  if (staging->open) model_end(p, staging);
}

/* ---- signals, effects, synchronous transactions */

static void do_sync(program_t *p) {
  caller_sync(p->c);
  model_sync(p);
}

static void do_mark(program_t *p) {
  caller_mark(p->c);
  model_sync(p);
}

static void do_flush(program_t *p) {
  caller_flush(p->c);
  model_sync(p);
  uint32_t take = below(p, EFFECTS + 1);
  while (take-- > 0) {
    sk_id_t effect = caller_next(p->c);
    if (effect == 0) return;
    caller_settle(p->c, effect);
  }
}

static void make_signal(program_t *p) {
  model_signal_t *s = &p->signals[below(p, SIGNALS)];
  if (s->id != 0) return;
  /* The caller would take the journal for more ids; the model has to know of every call. */
  if (*caller_header(p->c, SK_H_FRESH_LEN) == 0)
    CHECK_EQ(caller_reserve(p->c, SK_BLOCK_FRESH, 2), 0);
  *s = (model_signal_t){.id = caller_signal(p->c), .written = p->clock};
}

static void link_effect(program_t *p) {
  int effect = (int)below(p, EFFECTS);
  int signal = below(p, 3) == 0 ? NONE : pick_signal(p);
  if (p->links_len == ENTRIES) do_sync(p);
  /* The journal may have released it just now. */
  if (signal != NONE && p->signals[signal].id == 0) return;
  uint32_t room = *caller_header(p->c, SK_H_JOURNAL_CAP) - *caller_header(p->c, SK_H_JOURNAL_LEN);
  if (room < 8) CHECK_EQ(caller_reserve(p->c, SK_BLOCK_JOURNAL, 8), 0);
  sk_id_t source = signal == NONE ? 0 : p->signals[signal].id;
  caller_link(p->c, p->effects[effect], 0, signal == NONE ? 0 : 1, &source);
  p->links[p->links_len++] = (model_link_t){effect, signal};
}

static void write_one(program_t *p) {
  int signal = pick_signal(p);
  if (signal != NONE) write_signal(p, signal);
}

/* Ends the innermost synchronous transaction. */
static void end_frame(program_t *p, bool commits) {
  uint32_t from = p->frames[--p->frames_len];
  uint32_t keep = !commits ? from : p->frames_len == 0 ? 0 : p->log_len;
  CHECK_EQ(caller_call(p->c, commits ? sk_txn_commit : sk_txn_rollback), keep);
  while (p->log_len > keep) {
    int signal = p->log[--p->log_len];
    p->signals[signal].logged--;
    let_go(p, signal);
  }
}

static void transact(program_t *p) {
  uint32_t what = below(p, 4);
  if (p->frames_len == 0 || (what < 2 && p->frames_len < FRAMES)) {
    p->frames[p->frames_len++] = p->log_len;
    CHECK_EQ(caller_call(p->c, sk_txn_begin), p->frames_len);
  } else {
    end_frame(p, what != 3);
  }
}

/* ---- programs */

typedef struct odds {
  uint32_t weight;
  void (*step)(program_t *);
} odds_t;

static void step(program_t *p) {
  static const odds_t ODDS[] = {
      {14, open_one},   {34, touch_one},   {2, touch_something_else},
      {12, check_one},  {6, commit_one},   {3, discard_one},
      {8, make_signal}, {12, link_effect}, {12, write_one},
      {4, transact},    {4, do_sync},      {3, do_mark},
      {4, do_flush},
  };
  uint32_t total = 0;
  for (size_t i = 0; i < sizeof ODDS / sizeof ODDS[0]; i++) total += ODDS[i].weight;
  uint32_t drawn = below(p, total);
  size_t at = 0;
  while (drawn >= ODDS[at].weight) drawn -= ODDS[at++].weight;
  ODDS[at].step(p);
  compare(p);
}

/* Everything ends; nothing may be kept by anybody. */
static void wind_up(program_t *p) {
  for (int i = 0; i < STAGINGS; i++) {
    if (!p->stagings[i].open) continue;
    CHECK_EQ(stagings_discard(p->c, p->stagings[i].handle), 0);
    model_end(p, &p->stagings[i]);
  }
  while (p->frames_len > 0) end_frame(p, true);
  do_sync(p);
  compare(p);
  for (int i = 0; i < EFFECTS; i++) caller_dispose(p->c, p->effects[i]);
  while (caller_flush(p->c) > 0)
    while (caller_next(p->c) != 0) continue;
  CHECK_EQ(caller_stats(p->c).edges, 0);
  CHECK_EQ(caller_stats(p->c).transactions, 0);
}

void staging_program_run(const staging_program_t *mode) {
  uint64_t seed = mode->random.state;
  program_t *p = test_alloc(sizeof *p);
  p->c = caller_open();
  p->c->repeats = true;
  p->random = mode->random;
  p->clock = mode->clock;
  for (int i = 0; i < EFFECTS; i++) {
    p->effects[i] = caller_effect(p->c, i % 3);
    p->reads[i] = NONE;
  }
  caller_sync(p->c);
  for (uint32_t at = 0; at < mode->steps && test_random_has(&p->random); at++) {
    test_note("seed %u, step %u", (unsigned)seed, (unsigned)at);
    if (mode->out_of_memory && below(p, 3) == 0)
      p->c->host.refuse_at = p->c->host.requests + 1 + below(p, 2);
    step(p);
  }
  test_note("seed %u, at the end", (unsigned)seed);
  test_host_relieve(&p->c->host);
  wind_up(p);
  if (mode->random.bytes == NULL && mode->steps >= 1000)
    CHECK(p->conflicts > 20 && p->merges > 5 && p->releases > 5 && p->commits > 5);
  caller_close(p->c);
}

static void run_seed(uint64_t seed, uint32_t steps, bool out_of_memory) {
  /* Some programs pass the end of the low word of the clock on their way. */
  uint64_t clock = seed % 2 == 0 ? 0 : ((uint64_t)1 << 32) - steps / 8;
  staging_program_run(&(staging_program_t){test_random_of(seed), steps, out_of_memory, clock});
}

static void random_transactions(void) {
  for (uint64_t seed = 1; seed <= 12; seed++) run_seed(seed, 4000, false);
}

/* Short ones, since what grows is soon as large as it ever gets. */
static void random_transactions_out_of_memory(void) {
  for (uint64_t seed = 101; seed <= 150; seed++) run_seed(seed, 300, true);
}

const test_t staging_random_tests[] = {
    {"staging: random programs agree with the model", random_transactions},
    {"staging: random programs that run out of memory", random_transactions_out_of_memory},
    TEST_END,
};
