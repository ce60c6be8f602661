/** What every engine offers: the part of the public API that the reference model has as well. */
import type * as core from "@signal-kernel/core";

export type CoreApi = Pick<
  typeof core,
  | "signal"
  | "computed"
  | "createEffect"
  | "onCleanup"
  | "batch"
  | "transaction"
  | "atomic"
  | "untracked"
  | "flushSync"
>;
