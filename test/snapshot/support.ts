import { createResource, createStreamResource } from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";
import { createSnapshotScope, SnapshotError } from "@signal-kernel/snapshot";

/** The kernel settles, and streams call their producer, within a few turns of the event loop. */
export async function quiet(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A page: what a server and a client have alike, and how often each producer was called. */
export function page(eager: boolean, restore: "seed" | "reload" = "seed") {
  const id = signal(0);
  const calls: string[] = [];
  const gates: ((value: string) => void)[] = [];
  const [user, userMeta] = createResource(
    id.get,
    (input) => {
      calls.push(`user ${input}`);
      return new Promise<string>((resolve) => gates.push(resolve));
    },
    { eager },
  );
  const [text, textMeta] = createStreamResource(
    id.get,
    (input, { emit, done }: { emit(chunk: string): void; done(): void }) => {
      calls.push(`text ${input}`);
      emit(`a${input}`);
      emit(`b${input}`);
      done();
    },
    { initialValue: "", reduce: (soFar = "", chunk: string) => soFar + chunk },
  );
  const scope = createSnapshotScope({ graphId: "page", graphVersion: "1" })
    .signal("id", id)
    .resource("user", [user, userMeta], { restore })
    .stream("text", [text, textMeta], { restore: restore === "seed" ? "stable-value" : "reload" });
  return { id, user, userMeta, text, textMeta, scope, calls, gates };
}

/** What `fn` throws, which must be a SnapshotError. */
export function refusal(fn: () => unknown): SnapshotError {
  try {
    fn();
  } catch (error) {
    if (error instanceof SnapshotError) return error;
    throw error;
  }
  throw new Error("Expected a SnapshotError");
}
