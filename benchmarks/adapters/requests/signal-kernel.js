// @ts-check

import { createResource } from "@signal-kernel/async-runtime";
import { createScope, settled, signal } from "@signal-kernel/core";
import { captureSnapshot, createSnapshotScope, encodeJsonSnapshot } from "@signal-kernel/snapshot";
import { RESOURCES } from "../../shapes/requests.js";

/** @type {import("../../shapes/requests.js").Handler} */
export async function handle(load) {
  const scope = createScope();
  try {
    return await scope.run(async () => {
      const snapshot = createSnapshotScope();
      for (let i = 0; i < RESOURCES; i++) {
        const id = signal(i);
        snapshot.resource(`resource ${i}`, createResource(id.get, load));
      }
      await settled();
      return encodeJsonSnapshot(captureSnapshot(snapshot));
    });
  } finally {
    scope.dispose();
  }
}
