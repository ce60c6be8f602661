/*
 * staging.pml - asynchronous transactions, as native/kernel/staging.c and lib/engine have them: what is
 * staged beside the committed state, what is checked at the commit, and how that is made visible.
 *
 * The turns of JavaScript are atomic. A model that includes this one says who does what in which turn.
 * With one of NO_CHECK, NO_PUBLISH, NO_STAMP, NO_ROLLBACK, STALE_RECORD, HALF, ZOMBIE, SNAPSHOT a part of
 * the protocol is left out.
 */
#define READ 1
#define WRITE 2
#define NOBODY 255

mtype = { unborn, open, committed, aborted };

/* rt.clock, and the committed state: SignalNode.value and .changedAt. */
byte clock = 1;
byte value[SIGNALS];
byte changed_at[SIGNALS];
/* A record of SK_BLOCK_VERSIONS: it exists while somebody has touched the signal. */
byte record[SIGNALS];
byte touches[SIGNALS];
/* When each was really written, and for good. */
byte lasting[SIGNALS];

/* sk__staging_t with its touches, and class Staging of lib/engine/staging.ts. */
typedef Staging {
  mtype state = unborn;
  byte parent = NOBODY;
  byte began;
  byte how[SIGNALS];
  byte stamp[SIGNALS];
  byte staged[SIGNALS];
  byte base[SIGNALS];
  /* The committed state as of the beginning: valueAt() of history.ts. */
  byte snapshot[SIGNALS];
  /* By how much it raises each signal, with those inside that have committed. */
  byte raised
};
Staging t[STAGINGS];
/* What all commits have added. */
byte total = 0;

#define is_inner(i) (t[i].parent != NOBODY)
#define has(i, s) ((t[i].how[s] & WRITE) != 0)

/* sk_staging_open */
inline begin(i, outer) {
  d_step {
    t[i].state = open;
    t[i].parent = outer;
    t[i].began = clock;
    t[i].raised = 0;
    for (k : 0 .. SIGNALS - 1) {
      t[i].how[k] = 0;
      t[i].stamp[k] = 0;
      t[i].staged[k] = 0;
      t[i].base[k] = 0;
      t[i].snapshot[k] = (outer == NOBODY -> value[k] : 0)
    }
    k = 0
  }
}

/* publishVersion() of history.ts: tells the kernel when the signal was last committed. */
inline publish(s) {
  record[s] = (touches[s] > 0 -> changed_at[s] : record[s])
}

/* sk_staging_touch; take_version() gives a new record, in which nothing is written. */
inline touch(i, s, kind) {
  if
  :: t[i].how[s] == 0 ->
    record[s] = (touches[s] == 0 -> 0 : record[s]);
    touches[s]++
  :: else
  fi;
  t[i].how[s] = t[i].how[s] | kind;
  t[i].stamp[s] = (kind == WRITE -> clock : t[i].stamp[s]);
#ifndef NO_PUBLISH
  publish(s)
#endif
}

/* Staging.look: its own value, else the outer one's, else what was committed when it began. */
#define look_outermost(i, s) (has(i, s) -> t[i].staged[s] : t[i].snapshot[s])
#define look(i, s) (has(i, s) -> t[i].staged[s] : \
  (is_inner(i) -> look_outermost(t[i].parent % STAGINGS, s) : t[i].snapshot[s]))

/* Staging.stage */
inline stage(i, s, what) {
  clock++;
  t[i].base[s] = (has(i, s) || !is_inner(i) -> t[i].base[s] : look_outermost(t[i].parent % STAGINGS, s));
  t[i].staged[s] = what;
  touch(i, s, WRITE)
}

/* written_at(): rule 1 for outermost transactions, rule 2 for those inside. */
#define written_at(i, s) (is_inner(i) -> \
  (t[t[i].parent % STAGINGS].how[s] != 0 -> t[t[i].parent % STAGINGS].stamp[s] : 0) : record[s])
/* sk_staging_check, of one signal. */
#ifdef NO_CHECK
#define conflicts_on(i, s) false
#else
#define conflicts_on(i, s) (t[i].how[s] != 0 && written_at(i, s) > t[i].began)
#endif
#define in_conflict(i) (conflicts_on(i, 0) || conflicts_on(i, 1))
/* Whether somebody has really written what it has touched. */
#define was_written(i, s) (t[i].how[s] != 0 && lasting[s] > t[i].began)

/* forget(): nobody is concerned by its touches any more. What nobody reads is 0, so that states that
   do not differ otherwise are one. */
inline forget(i) {
  for (k : 0 .. SIGNALS - 1) {
    touches[k] = (t[i].how[k] != 0 -> touches[k] - 1 : touches[k]);
    record[k] = (touches[k] == 0 -> 0 : record[k]);
    t[i].how[k] = 0;
    t[i].stamp[k] = 0;
    t[i].staged[k] = 0;
    t[i].base[k] = 0;
    t[i].snapshot[k] = 0
  }
  t[i].began = 0;
  t[i].raised = 0;
  k = 0
}

/* sk_staging_discard, of it and, before, of those inside that are open: Attempt.discard. */
inline discard(i) {
  for (j : 0 .. STAGINGS - 1) {
    if
    :: t[j].state == open && t[j].parent == i -> forget(j); t[j].state = aborted
    :: else
    fi
  }
  j = 0;
  forget(i);
  t[i].state = aborted
}

/* resolve() of commit.ts, where conflicts are merged: theirs + mine - base. */
inline merge_conflicts(i) {
  for (m : 0 .. SIGNALS - 1) {
    if
    :: conflicts_on(i, m) && !is_inner(i) ->
      seen = value[m] + t[i].staged[m] - t[i].snapshot[m];
      stage(i, m, seen)
    :: conflicts_on(i, m) && is_inner(i) ->
      seen = look_outermost(t[i].parent % STAGINGS, m) + t[i].staged[m] - t[i].base[m];
      stage(i, m, seen)
    :: else
    fi
  }
  seen = 0;
  m = 0
}

/* sk_staging_commit of an inner one: merge() gives its touches to the outer one. */
inline commit_inner(i, outer) {
  for (m : 0 .. SIGNALS - 1) {
    if
    :: has(i, m) ->
      clock++;
      t[outer].base[m] = (has(outer, m) -> t[outer].base[m] : t[i].base[m]);
      t[outer].staged[m] = t[i].staged[m];
      touches[m] = (t[outer].how[m] == 0 -> touches[m] + 1 : touches[m]);
      t[outer].how[m] = t[outer].how[m] | t[i].how[m];
#ifndef NO_STAMP
      t[outer].stamp[m] = clock
#endif
    :: else
    fi
  }
  m = 0;
  t[outer].raised = t[outer].raised + t[i].raised;
  forget(i);
  t[i].state = committed
}

/* writeSignal() in the synchronous transaction that a commit is: sk_txn_begin, a log of old values. */
inline write_staged(i) {
  for (m : 0 .. SIGNALS - 1) {
    old_value[m] = value[m];
    old_time[m] = changed_at[m];
    if
    :: has(i, m) ->
      clock++;
      value[m] = t[i].staged[m];
      changed_at[m] = clock;
      publish(m);
#ifdef HALF
      flush()
#endif
    :: else
    fi
  }
  m = 0
}

inline forget_old() {
  for (m : 0 .. SIGNALS - 1) {
    old_value[m] = 0;
    old_time[m] = 0
  }
  m = 0
}

/* sk_txn_rollback: a computed refuses what was written (decide.ts); nothing has happened. */
inline roll_back() {
  for (m : 0 .. SIGNALS - 1) {
#ifndef NO_ROLLBACK
    value[m] = old_value[m];
    changed_at[m] = old_time[m];
#endif
#ifndef STALE_RECORD
    publish(m)
#endif
  }
  forget_old();
  clock++
}

/* sk_txn_commit and sk_staging_commit: then effects run. */
inline keep(i) {
  for (m : 0 .. SIGNALS - 1) {
    lasting[m] = (has(i, m) -> changed_at[m] : lasting[m])
  }
  forget_old();
  total = total + t[i].raised;
  discard(i);
  t[i].state = committed
}
