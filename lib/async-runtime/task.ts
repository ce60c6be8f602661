/**
 * The kernel's part of a cell: a slot of its task table, which says what is the newest run and which
 * outcome may become visible.
 */
import { kernel, SK_TASK_SINGLE, SK_TASK_STREAM } from "#engine";

/** The last resort for cells that were dropped without dispose: it gives their slots back. */
const dropped = /* @__PURE__ */ new FinalizationRegistry<number>((task) =>
  kernel.taskDispose(task),
);

/** Takes a slot for `owner`, until it is given back or `owner` is collected. */
export function createTask(owner: object, stream: boolean): number {
  const task = kernel.taskCreate(stream ? SK_TASK_STREAM : SK_TASK_SINGLE);
  dropped.register(owner, task, owner);
  return task;
}

/** Gives the slot back. No run of it can commit any more. */
export function disposeTask(owner: object, task: number): void {
  dropped.unregister(owner);
  kernel.taskDispose(task);
}
