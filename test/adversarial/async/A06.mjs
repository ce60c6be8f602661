// A promise that never settles: it stays pending, and the process exits all the same.
import {
  asyncSignal,
  createResource,
  createStreamResource,
  fromPromise,
} from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";
import { assert, end, settled, thenable } from "./support.mjs";

const never = () => new Promise(() => {});
const cells = [
  fromPromise(never),
  asyncSignal(() => thenable(() => {}))[1],
  createResource(signal(1).get, never)[1],
  createStreamResource(signal(1).get, never)[1],
];
await settled();
for (const cell of cells) assert.equal(cell.status(), "pending");
await end();
cells[0].reload();
