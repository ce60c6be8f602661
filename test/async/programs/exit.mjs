// A process ends although cells are pending, and cells work while it does.
import { createResource, createStreamResource, fromPromise } from "@signal-kernel/async-runtime";
import { createEffect, signal } from "@signal-kernel/core";

const id = signal(0);
const cell = fromPromise(() => new Promise(() => {}));
createResource(id.get, () => new Promise(() => {}));
createStreamResource(id.get, (_id, { emit }) => emit(1));
createEffect(() => {
  cell.status();
});
process.on("exit", () => {
  const late = fromPromise(async () => 1);
  late.cancel();
  cell.cancel("exit");
  console.log(late.status(), cell.status());
});
