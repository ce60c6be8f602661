// Limits, polling and retries without end do not keep a process alive; a retry that ends does.
import { createResource, fromPromise } from "@signal-kernel/async-runtime";

fromPromise(() => new Promise(() => {}), { timeoutMs: 1e9 });
createResource(
  () => 1,
  async () => 1,
  { pollMs: 1e9 },
);
fromPromise(() => Promise.reject("always"), {
  retry: { count: Number.POSITIVE_INFINITY, delayMs: 1e9, maxDelayMs: 1e9 },
});
let attempts = 0;
const retried = fromPromise(
  async () => {
    if (++attempts < 3) throw new Error("again");
    return attempts;
  },
  { retry: { count: 2, delayMs: 5 } },
);
process.on("exit", () => console.log(retried.value()));
