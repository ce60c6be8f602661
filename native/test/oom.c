/*
 * oom.c - see oom.h.
 */
#include "oom.h"

static uint32_t refused_of[SK_BLOCK_COUNT];

uint32_t oom_refused_of(enum sk_block block) {
  return refused_of[block];
}

void oom_note(oom_t *s, uint64_t value) {
  s->digest = (s->digest ^ value) * 0x100000001B3u;
}

/* Released nodes come in no promised order but readers first: a sum. */
void oom_note_released(oom_t *s) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < s->c->released_len; i++) sum += caller_label(s->c, s->c->released[i]);
  oom_note(s, sum);
  oom_note(s, s->c->released_len);
  s->c->released_len = 0;
}

void oom_note_stats(oom_t *s) {
  sk_stats_t stats = caller_stats(s->c);
  oom_note(s, stats.nodes);
  oom_note(s, stats.edges);
  oom_note(s, stats.effects);
  oom_note(s, stats.queued);
  oom_note(s, stats.links);
  oom_note(s, stats.marks);
  oom_note(s, stats.tasks);
  oom_note(s, stats.transactions);
}

void oom_drain(oom_t *s) {
  while (caller_flush(s->c) > 0) {
    for (sk_id_t effect = caller_next(s->c); effect != 0; effect = caller_next(s->c)) {
      caller_settle(s->c, effect);
      oom_note(s, caller_label(s->c, effect));
    }
  }
  oom_note_stats(s);
}

/* Runs the scenario; returns whether a request was refused. `persists`: so are all that follow it,
 * until a call has failed three times. */
static bool run(void (*play)(oom_t *), uint32_t refuse_at, bool persists, uint64_t *digest) {
  oom_t s = {test_alloc(sizeof(caller_t)), 0xCBF29CE484222325u};
  test_host_open(&s.c->host);
  s.c->reaps = true;
  s.c->repeats = true;
  s.c->patience = persists ? 2 : 0;
  s.c->host.refuse_at = refuse_at;
  s.c->host.refuse_on = persists;
  while (caller_open_kernel(s.c) != 0) {
    CHECK_EQ(s.c->host.blocks, 0);
    test_host_relieve(&s.c->host);
  }
  play(&s);
  *digest = s.digest;
  bool refused = s.c->host.refused > 0;
  for (int block = 0; block < SK_BLOCK_COUNT; block++)
    refused_of[block] += s.c->host.refused_of[block];
  caller_close(s.c);
  return refused;
}

void oom_refuse_each(void (*play)(oom_t *)) {
  uint64_t expected = 0;
  CHECK(!run(play, 0, false, &expected));
  for (int persists = 0; persists < 2; persists++) {
    uint32_t n = 1;
    for (;; n++) {
      uint64_t digest = 0;
      test_note("request %u refused%s", (unsigned)n, persists ? ", and those after it" : "");
      if (!run(play, n, persists != 0, &digest)) break;
      CHECK_EQ(digest, expected);
    }
    /* A scenario that asks for no memory would test nothing. */
    CHECK(n > SK_BLOCK_SHARED_COUNT + 1);
  }
}
