/*
 * tasks.pml - asynchronous cells: which run is the newest, and which outcome becomes visible.
 *
 * One cell of native/kernel/task.c, and what lib/async-runtime/cell.ts does around it. The program
 * starts, cancels, restores and disposes of it in any order; the promises of its runs settle in any
 * order, each twice, as a foreign thenable may, and a stream emits before that. JavaScript is one
 * thread: each turn is one atomic step, and observers look where a flush is.
 *
 *      program     sk_task_start, sk_task_cancel, sk_task_seed, sk_task_dispose
 *      outcome(v)  sk_task_emit, sk_task_settle: the reactions to the promise of run v
 *
 * With one of NO_VERSION, NO_FLIGHT, NO_CANCEL, HALF, SEED_LOWERS, DEAF a part of the protocol is left
 * out; scripts/model.mjs sees to it that each of them is found.
 */
#define RUNS 3
#define CANCELS 1
#define SEEDS 1

mtype = { idle, pending, streaming, success, error, cancelled };
mtype = { commit, stale, gone };

/* sk__task_t: version, state, in_flight. The handle of a disposed one is found no more. */
byte version = 0;
mtype state = idle;
bool in_flight = false;
bool is_disposed = false;

/* What the signals of the cell show; values and errors are the numbers of the runs they are of. */
mtype shown = idle;
byte value = 0;
byte failure = 0;
/* The run that committed last, meta.version(). */
byte committed = 0;

/* What became of each run, which the kernel does not keep. */
bool started[RUNS + 2];
bool aborted[RUNS + 2];
bool ended[RUNS + 2];

/* Effects run: what they see is of one outcome. */
inline flush() {
  assert(shown != success || (value == committed && failure == 0));
  assert(shown != error || failure == committed);
  assert(failure == 0 || shown == error);
  assert(in_flight == (shown == pending || shown == streaming))
}

/* A run ends by what others do: its signal is aborted, and the program hears of it once. */
inline interrupt(which) {
  assert(!ended[which]);
  aborted[which] = true;
  ended[which] = true
}

/* sk_task_start, which says whether a run is superseded. */
inline start() {
  if
  :: in_flight -> interrupt(version)
  :: else
  fi;
  version++;
  assert(!started[version]);
  started[version] = true;
  state = pending;
  in_flight = true;
  shown = pending;
  failure = 0;
  flush()
}

/* sk_task_cancel */
inline cancel() {
  if
  :: in_flight ->
    state = cancelled;
#ifndef NO_CANCEL
    in_flight = false;
#endif
    interrupt(version);
    shown = cancelled;
#ifndef NO_CANCEL
    flush()
#endif
  :: else
  fi
}

/* sk_task_seed: what a run elsewhere has come to. A later run of that has no number of ours. */
inline seed(restored) {
  if
  :: in_flight -> interrupt(version)
  :: else
  fi;
#ifdef SEED_LOWERS
  version = restored;
#else
  version = (restored > version -> restored : version);
#endif
  state = success;
  in_flight = false;
  shown = success;
  failure = 0;
  committed = version;
  value = version;
  flush()
}

/* judge(): the rules 1 to 3 at the head of task.c. */
inline judge(which) {
  if
  :: is_disposed -> verdict = gone
  :: else ->
    if
#ifndef NO_VERSION
    :: which != version -> verdict = stale
#else
    :: which != version && in_flight -> verdict = commit
    :: which != version && !in_flight -> verdict = stale
#endif
#ifndef NO_FLIGHT
    :: which == version && !in_flight -> verdict = stale
#else
    :: which == version && !in_flight -> verdict = commit
#endif
#ifndef DEAF
    :: which == version && in_flight -> verdict = commit
#else
    :: which == version && in_flight -> verdict = (state == streaming -> stale : commit)
#endif
    fi
  fi
}

/* What holds of a run whose outcome, or whose part of it, becomes visible. */
inline may_commit(which) {
  assert(which == version);
  assert(!aborted[which]);
  assert(!ended[which])
}

/* sk_task_emit */
inline emit(which) {
  judge(which);
  if
  :: verdict == commit ->
    may_commit(which);
    state = streaming;
    shown = streaming;
    value = which;
    flush()
  :: else
  fi
}

/* sk_task_settle, and the commit of Cell.conclude: value, status and error in one batch. */
inline settle(which, outcome) {
  judge(which);
  if
  :: verdict == commit ->
    may_commit(which);
    assert(which > committed);
    ended[which] = true;
    in_flight = false;
    state = outcome;
    committed = which;
    shown = outcome;
#ifdef HALF
    flush();
#endif
    value = (outcome == success -> which : value);
    failure = (outcome == error -> which : 0);
    flush()
  :: else
  fi
}

proctype outcome(byte which) {
  mtype verdict;
  bool emitted = false;
  byte settled = 0;
  do
  :: d_step { !emitted && settled == 0 -> emitted = true; emit(which) }
  :: d_step { settled < 2 -> settled++; settle(which, success) }
  :: d_step { settled < 2 -> settled++; settle(which, error) }
  :: settled == 2 -> break
  od
}

active proctype program() {
  byte cancels = 0;
  byte seeds = 0;
  byte latest = 0;
  byte restored;
  do
  :: atomic { version < RUNS -> start(); latest = version; run outcome(latest) }
  :: d_step { cancels < CANCELS -> cancels++; cancel() }
  :: atomic { seeds < SEEDS -> seeds++; select(restored : 0 .. RUNS); seed(restored) }
  :: break
  od;
  if
  :: d_step { true -> cancel(); is_disposed = true }
  :: true
  fi
}

/* No cell is stuck in pending. */
ltl stuck { [] (in_flight -> <> !in_flight) }
