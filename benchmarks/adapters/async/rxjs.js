// @ts-check
// RxJS: runs through switchMap, each with an AbortController as that of fromFetch, the newest value in a
// BehaviorSubject; streams through scan.

import { BehaviorSubject, Observable, Subject, scan, switchMap } from "rxjs";

/** @typedef {import("../../harness/types.js").AsyncCell} AsyncCell */
/** @typedef {import("../../harness/types.js").SumStream} SumStream */

/** @type {WeakMap<AsyncCell | SumStream, BehaviorSubject<any>>} */
const subjects = new WeakMap();

/** @type {import("rxjs").Subscription[]} */
let subscriptions = [];

/** One run, aborted when it is left before its end. @param {(controller: AbortController) => Promise<unknown>} producer */
const runOf = (producer) =>
  new Observable((/** @type {import("rxjs").Subscriber<unknown>} */ subscriber) => {
    const controller = new AbortController();
    let isOver = false;
    producer(controller).then(
      (value) => {
        isOver = true;
        subscriber.next(value);
        subscriber.complete();
      },
      (error) => {
        isOver = true;
        subscriber.error(error);
      },
    );
    return () => {
      if (!isOver) controller.abort();
    };
  });

/** @type {import("../../harness/types.js").AsyncAdapter} */
export default {
  name: "rxjs",
  batches: false,
  settlesSuperseded: false,
  cell(producer) {
    const triggers = new Subject();
    const state = new BehaviorSubject(
      /** @type {{ status: string, value: unknown }} */ ({ status: "idle", value: undefined }),
    );
    /** @type {(value: unknown) => void} */
    let finish = () => {};
    subscriptions.push(
      triggers.pipe(switchMap(() => runOf(producer))).subscribe((value) => {
        state.next({ status: "success", value });
        finish(value);
      }),
    );
    const cell = {
      run: () =>
        new Promise((resolve) => {
          finish = resolve;
          state.next({ status: "pending", value: state.value.value });
          triggers.next(undefined);
        }),
      value: () => state.value.value,
      status: () => state.value.status,
    };
    subjects.set(cell, state);
    return cell;
  },
  stream() {
    const chunks = /** @type {Subject<number>} */ (new Subject());
    const sum = new BehaviorSubject(0);
    subscriptions.push(chunks.pipe(scan((all, chunk) => all + chunk, 0)).subscribe(sum));
    const emit = (/** @type {number} */ chunk) => chunks.next(chunk);
    const stream = { open: async () => emit, value: () => sum.value };
    subjects.set(stream, sum);
    return stream;
  },
  observe(cell, seen) {
    const subject = /** @type {BehaviorSubject<any>} */ (subjects.get(cell));
    subscriptions.push(subject.subscribe(() => seen()));
  },
  flush() {},
  withBuild(fn) {
    subscriptions = [];
    const result = fn();
    const built = subscriptions;
    return {
      result,
      dispose() {
        for (const one of built) one.unsubscribe();
      },
    };
  },
};
