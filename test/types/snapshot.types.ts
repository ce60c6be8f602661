/**
 * What the compiler must say about snapshots. Nothing here runs: snapshot.test.ts compiles it.
 */
import { createResource, createStreamResource } from "@signal-kernel/async-runtime";
import { computed, signal } from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  type decodeJsonSnapshot,
  type encodeJsonSnapshot,
  isJsonValue,
  type JsonValue,
  type RestoreReport,
  restoreSnapshot,
  richSerializer,
  type SnapshotDocument,
  type SnapshotError,
  type SnapshotSerializer,
  toScript,
} from "@signal-kernel/snapshot";
import * as devalue from "devalue";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>(): void => {};

const date = signal(new Date());
const dates: SnapshotSerializer<Date> = {
  encode: (value) => value.getTime(),
  decode: (value) => new Date(Number(value)),
};
const [user, meta] = createResource(
  () => 1,
  async () => ({ name: "x" }),
);
const [text, textMeta] = createStreamResource(
  () => 1,
  (_input, { emit }: { emit(chunk: string): void }) => emit("x"),
);
const scope = createSnapshotScope({ graphId: "g", graphVersion: "1" })
  .signal("date", date, { serializer: dates })
  .signal("rich", date, { serializer: richSerializer(devalue) })
  .signal("mask", signal("x"), { redaction: { redact: (value) => value.length } })
  .computed(
    "c",
    computed(() => 1),
    { captureValue: false, derivedFrom: ["mask"] },
  )
  .resource("user", [user, meta], { restore: "seed", sourceKey: ["x", 1] })
  .stream("text", [text, textMeta], { restore: "stable-value" });

// @ts-expect-error: a stream has no "seed".
scope.stream("text", [text, textMeta], { restore: "seed" });
// @ts-expect-error: a resource has no stable value.
scope.resource("user", [user, meta], { restore: "stable-value" });
// @ts-expect-error: the serializer is for dates.
scope.signal("n", signal(1), { serializer: dates });
const total = computed(() => 1);
// @ts-expect-error: a computed cannot be written.
scope.signal("c", total);
// @ts-expect-error: metadata is JSON.
captureSnapshot(scope, { metadata: { when: new Date() } });

const document = captureSnapshot(scope, { metadata: { a: [1, null] }, maskRedacted: true });
const report = restoreSnapshot(scope, document, { mode: "best-effort", resume: true });
is<Same<typeof document, SnapshotDocument>>();
is<Same<typeof report, RestoreReport>>();
is<Same<ReturnType<typeof decodeJsonSnapshot>, SnapshotDocument>>();
is<Same<ReturnType<typeof encodeJsonSnapshot>, string>>();
is<Same<SnapshotError["path"], string | undefined>>();
toScript(document, { nonce: "n", id: "i" });

for (const node of document.nodes) {
  if (node.kind === "signal") is<Same<typeof node.value, JsonValue>>();
  else if (node.kind === "stream") is<Same<typeof node.stableValue, JsonValue | undefined>>();
}

const unknown: unknown = JSON.parse("1");
if (isJsonValue(unknown)) is<Same<typeof unknown, JsonValue>>();
