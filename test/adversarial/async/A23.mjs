// dispose() from inside reduce, onCleanup, onSuccess and the producer: safe.
import { createStreamResource } from "@signal-kernel/async-runtime";
import { engine } from "@signal-kernel/native";
import { assert, end, settled } from "./support.mjs";

const { tasks } = engine().counters;
for (const place of ["reduce", "cleanup", "onSuccess", "producer", "onEvent"]) {
  const disposeIn = (where) => where === place && meta.dispose();
  const [, meta] = createStreamResource(
    () => 1,
    (_input, { emit, done, onCleanup }) => {
      onCleanup(() => disposeIn("cleanup"));
      disposeIn("producer");
      emit("a");
      done();
    },
    {
      reduce(_current, chunk) {
        disposeIn("reduce");
        return chunk;
      },
      onSuccess: () => disposeIn("onSuccess"),
      onEvent: ({ type }) => type === "success" && disposeIn("onEvent"),
    },
  );
  await settled();
  const ended = place === "reduce" || place === "producer" ? "cancelled" : "success";
  assert.equal(meta.status(), ended);
  assert.equal(await meta.reload(), undefined);
  assert.equal(engine().counters.tasks, tasks);
}
await end();
