// @ts-check
// A signal a value: capture and encode, decode and restore.

import { signal } from "@signal-kernel/core";
import {
  captureSnapshot,
  createSnapshotScope,
  decodeJsonSnapshot,
  encodeJsonSnapshot,
  restoreSnapshot,
} from "@signal-kernel/snapshot";

/** @type {import("../../harness/types.js").Codec} */
export default {
  open(values) {
    const scope = createSnapshotScope({ now: () => 0 });
    const signals = values.map((value, i) => {
      const made = signal(/** @type {import("@signal-kernel/snapshot").JsonValue} */ (value));
      scope.signal(`node.${i}`, made);
      return made;
    });
    return {
      write: () => encodeJsonSnapshot(captureSnapshot(scope)),
      read(text) {
        restoreSnapshot(scope, decodeJsonSnapshot(text));
      },
      values: () => signals.map((one) => one.get()),
    };
  },
  withBuild: (fn) => ({ result: fn(), dispose() {} }),
};
