// A stream's reducer throws: the run fails, by the policy for errors.
import { createStreamResource } from "@signal-kernel/async-runtime";
import { assert, end, settled, state } from "./support.mjs";

const thrown = new Error("reduce");
const expected = { "keep-partial": "a", rollback: "stable", clear: "" };
for (const [onError, value] of Object.entries(expected)) {
  const contexts = [];
  const [text, meta] = createStreamResource(
    () => 1,
    (_input, context) => void contexts.push(context),
    {
      initialValue: "",
      onError,
      reduce(current, chunk) {
        if (chunk === "bad") throw thrown;
        return current + chunk;
      },
    },
  );
  await settled();
  contexts[0].done("stable");
  meta.reload();
  await settled();
  for (const chunk of ["a", "bad", "late"]) contexts[1].emit(chunk);
  assert.deepEqual(state(text, meta), ["error", value, thrown]);
  assert.equal(contexts[1].isCancelled(), true);
}
await end();
