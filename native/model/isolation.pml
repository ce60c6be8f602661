/*
 * isolation.pml - serializable transactions that each read what another one writes.
 *
 * Each reads both signals, and raises its own if both are 0. One after the other, only the first would:
 * with `isolation: "serializable"` that holds, since what was read is checked as well. Snapshot isolation
 * (SNAPSHOT) lets both commit, the write skew that docs/transactions.md speaks of; that must be found.
 */
#define SIGNALS 2
#define STAGINGS 3
#include "staging.pml"

inline flush() {
  assert(value[0] + value[1] <= 1)
}

inline read(i, s) {
#ifndef SNAPSHOT
  touch(i, s, READ);
#endif
  sum = sum + look(i, s)
}

proctype transaction(byte i; byte own) {
  byte k, j, m, seen;
  byte sum = 0;
  byte old_value[SIGNALS];
  byte old_time[SIGNALS];
  begin(i, NOBODY);
  d_step { read(i, 0) }
  d_step { read(i, 1) }
  d_step {
    if
    :: sum == 0 -> stage(i, own, 1)
    :: else
    fi
  }
  atomic {
    if
    :: in_conflict(i) ->
      assert(was_written(i, 0) || was_written(i, 1));
      discard(i)
    :: else ->
#ifndef SNAPSHOT
      /* Run alone, now, it would read the same: the order of commits is a serial one. */
      assert(t[i].snapshot[0] == value[0] && t[i].snapshot[1] == value[1]);
#endif
      write_staged(i);
      keep(i);
      flush()
    fi
  }
}

init {
  atomic {
    run transaction(0, 0);
    run transaction(1, 1);
    run transaction(2, 0)
  }
}
