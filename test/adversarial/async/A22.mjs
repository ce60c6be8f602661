// emit, set, done and fail after the end are inert; a late cleanup runs at once.
import { createStreamResource } from "@signal-kernel/async-runtime";
import { assert, end, settled, state } from "./support.mjs";

for (const close of ["done", "fail", "cancel", "reload", "dispose"]) {
  const contexts = [];
  const [text, meta] = createStreamResource(
    () => 1,
    (_input, context) => void contexts.push(context),
  );
  await settled();
  const [context] = contexts;
  close in context ? context[close]("end") : meta[close]();
  const before = state(text, meta);
  context.emit("late");
  context.set("late");
  context.done("late");
  context.fail("late");
  assert.deepEqual(state(text, meta), before);
  const log = [];
  context.onCleanup(() => log.push("cleanup"));
  assert.deepEqual(log, ["cleanup"]);
}
await end();
