/**
 * The words of HEADER on their way into the memory of the module and back.
 */
import {
  SK_H_FRESH_LEN,
  SK_H_JOURNAL_CAP,
  SK_H_JOURNAL_LEN,
  SK_H_OLDEST,
  SK_H_PENDING_CAP,
  SK_H_PENDING_LEN,
  SK_H_QUEUED,
  SK_H_REAPED,
  SK_H_RELEASED,
  SK_H_REMADE,
  SK_H_RUN_LEN,
  SK_H_RUN_TAKEN,
  SK_H_TXN_CAP,
  SK_H_TXN_LEN,
  SK_H_UP_TO,
} from "../layout.js";

/**
 * Copies the words that change, before a call and after it. One by one: `set`, which copies them all, takes three
 * times as long.
 */
export function copyHeader(from: Int32Array, to: Int32Array): void {
  to[SK_H_REMADE] = from[SK_H_REMADE] as number;
  to[SK_H_JOURNAL_LEN] = from[SK_H_JOURNAL_LEN] as number;
  to[SK_H_JOURNAL_CAP] = from[SK_H_JOURNAL_CAP] as number;
  to[SK_H_PENDING_LEN] = from[SK_H_PENDING_LEN] as number;
  to[SK_H_PENDING_CAP] = from[SK_H_PENDING_CAP] as number;
  to[SK_H_RUN_LEN] = from[SK_H_RUN_LEN] as number;
  to[SK_H_QUEUED] = from[SK_H_QUEUED] as number;
  to[SK_H_RUN_TAKEN] = from[SK_H_RUN_TAKEN] as number;
  to[SK_H_FRESH_LEN] = from[SK_H_FRESH_LEN] as number;
  to[SK_H_TXN_LEN] = from[SK_H_TXN_LEN] as number;
  to[SK_H_TXN_CAP] = from[SK_H_TXN_CAP] as number;
  to[SK_H_RELEASED] = from[SK_H_RELEASED] as number;
  to[SK_H_REAPED] = from[SK_H_REAPED] as number;
  to[SK_H_UP_TO] = from[SK_H_UP_TO] as number;
  to[SK_H_OLDEST] = from[SK_H_OLDEST] as number;
}
