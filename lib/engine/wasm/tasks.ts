/**
 * The calls about asynchronous cells. They have nothing to do with the shared words.
 */
import type { Addon } from "../../../types/addon.js";
import { SK_E_INVALID, SK_TASK_CANCELLED, SK_TASK_STREAM } from "../layout.js";
import { type Exports, integer } from "./exports.js";

type TaskCalls = Pick<
  Addon,
  | "taskCreate"
  | "taskStart"
  | "taskEmit"
  | "taskSettle"
  | "taskCancel"
  | "taskInspect"
  | "taskSeed"
  | "taskDispose"
>;

/**
 * @param begin To be called at the start of each.
 * @param end To be called at the end of each: throws the error of a negative status.
 */
export function taskCalls(
  wasm: Exports,
  kernel: number,
  begin: () => void,
  end: (status: number, what: string) => number,
): TaskCalls {
  const answer = (status: number) => end(status, "an asynchronous cell");
  return {
    taskCreate(kind) {
      begin();
      const isKind = integer("kind", kind) <= SK_TASK_STREAM;
      return answer(isKind ? wasm.taskCreate(kernel, kind) : SK_E_INVALID);
    },
    taskStart(task) {
      begin();
      return answer(wasm.taskStart(kernel, integer("task", task)));
    },
    taskEmit(task, version) {
      begin();
      integer("task", task);
      return answer(wasm.taskEmit(kernel, task, integer("version", version)));
    },
    taskSettle(task, version, outcome) {
      begin();
      integer("task", task);
      integer("version", version);
      const isOutcome = integer("outcome", outcome) <= SK_TASK_CANCELLED;
      return answer(isOutcome ? wasm.taskSettle(kernel, task, version, outcome) : SK_E_INVALID);
    },
    taskCancel(task) {
      begin();
      return answer(wasm.taskCancel(kernel, integer("task", task)));
    },
    taskInspect(task) {
      begin();
      const state = answer(wasm.taskState(kernel, integer("task", task)));
      return [state, wasm.taskVersion(kernel, task)];
    },
    taskSeed(task, version, state) {
      begin();
      integer("task", task);
      integer("version", version);
      const isState = integer("state", state) <= SK_TASK_CANCELLED;
      return answer(isState ? wasm.taskSeed(kernel, task, version, state) : SK_E_INVALID);
    },
    taskDispose(task) {
      begin();
      answer(wasm.taskDispose(kernel, integer("task", task)));
    },
  };
}
