/*
 * transactions.pml - transactions side by side, and inside of one another, that count.
 *
 * Each adds 1 to two signals, in two turns; so does somebody outside, in one. Whatever the order, whoever
 * is aborted, refused, in conflict, run again or merged: at each flush both signals are the number of
 * what has committed. So no update is lost, nothing is seen by halves, and who is aborted leaves nothing.
 *
 *      without NESTED      0 and 1 side by side, 0 with an AbortSignal; a plain batch beside them
 *      with NESTED         1 and 2 inside of 0
 */
#define SIGNALS 2
#define STAGINGS 3
#include "staging.pml"

/* Policies for a conflict. */
#define ABORT 0
#define RETRY 1
#define MERGE 2

/* Nobody can be in conflict with the outermost one of those that are nested. */
#ifdef NESTED
#define IS_ALONE(outer) (outer == NOBODY)
#else
#define IS_ALONE(outer) false
#endif

inline flush() {
  assert(value[0] == total);
  assert(value[1] == total)
}

/* One turn of its function: signal.set((n) => n + 1). */
inline raise(i, s) {
  if
  :: t[i].state == open ->
    seen = look(i, s);
    stage(i, s, seen + 1);
    seen = 0
#ifdef ZOMBIE
  :: t[i].state == aborted ->
    clock++;
    value[s]++;
    changed_at[s] = clock
#endif
  :: else
  fi
}

/* Its function has fulfilled: commitStaging() of commit.ts. */
inline finish(i) {
  t[i].raised++;
  /* Those inside that are open end with it, first. */
  for (j : 0 .. STAGINGS - 1) {
    if
    :: t[j].state == open && t[j].parent == i -> forget(j); t[j].state = aborted
    :: else
    fi
  }
  j = 0;
  if
  :: in_conflict(i) && policy == MERGE -> merge_conflicts(i)
  :: in_conflict(i) && policy != MERGE ->
    /* Nobody is in conflict with nobody. */
    assert(is_inner(i) || was_written(i, 0) || was_written(i, 1));
    discard(i)
  :: else
  fi;
  if
  :: t[i].state == open && is_inner(i) -> commit_inner(i, outer)
  :: t[i].state == open && !is_inner(i) ->
    write_staged(i);
    if
    :: refused -> roll_back(); discard(i)
    :: else -> keep(i)
    fi;
    flush()
  :: else
  fi
}

proctype transaction(byte i; byte outer) {
  byte k, j, m, seen;
  byte policy;
  byte again = 0;
  byte old_value[SIGNALS];
  byte old_time[SIGNALS];
  bool refused;
  if
  :: policy = ABORT
  :: !IS_ALONE(outer) -> policy = RETRY
  :: !IS_ALONE(outer) -> policy = MERGE
  fi;
run_it:
  atomic {
    if
    :: outer == NOBODY || t[outer % STAGINGS].state == open -> begin(i, outer)
    :: else -> goto over
    fi
  }
  d_step { raise(i, 0) }
  d_step { raise(i, 1) }
  if
  :: d_step { t[i].state == open -> refused = false; finish(i) }
  :: d_step { t[i].state == open && outer == NOBODY -> refused = true; finish(i) }
  :: d_step { t[i].state == open -> discard(i) }
  :: t[i].state != open
  fi;
  if
  :: policy == RETRY && again == 0 && t[i].state == aborted -> again++; goto run_it
  :: else
  fi;
over:
  policy = 0;
  again = 0;
  refused = false
}

#ifndef NESTED
/* The AbortSignal of a transaction, at any time. */
active proctype abort_signal() {
  byte k, j;
  d_step {
    if
    :: t[0].state == open -> discard(0)
    :: else
    fi;
    flush()
  }
}

active proctype plain() {
  byte m;
  d_step {
    for (m : 0 .. SIGNALS - 1) {
      clock++;
      value[m]++;
      changed_at[m] = clock;
      lasting[m] = clock;
      publish(m)
    }
    m = 0;
    total++;
    flush()
  }
}
#endif


init {
  atomic {
    run transaction(0, NOBODY);
#ifdef NESTED
    run transaction(1, 0);
    run transaction(2, 0)
#else
    run transaction(1, NOBODY)
#endif
  }
}
