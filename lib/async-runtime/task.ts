/**
 * The kernel's part of a cell: a slot of its task table, which says what is the newest run and which
 * outcome may become visible.
 */
import { kernel, SK_TASK_SINGLE, SK_TASK_STREAM } from "#engine";

/** The last resort for cells that were dropped without dispose: it gives their slots back. */
const dropped = /* @__PURE__ */ new FinalizationRegistry<number>((task) =>
  kernel.taskDispose(task),
);

/** Takes a slot, until it is given back or `owner`, if there is one, is collected. */
export function createTask(stream: boolean, owner: object | null): number {
  const task = kernel.taskCreate(stream ? SK_TASK_STREAM : SK_TASK_SINGLE);
  if (owner !== null) dropped.register(owner, task, owner);
  return task;
}

/** Gives the slot back. No run of it can commit any more. */
export function disposeTask(task: number, owner: object | null): void {
  if (owner !== null) dropped.unregister(owner);
  kernel.taskDispose(task);
}
