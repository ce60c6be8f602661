// A rejected fetch is never an unhandled rejection: superseded, cancelled, disposed, or plain.
import {
  asyncSignal,
  createResource,
  createStreamResource,
  fromPromise,
} from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";
import { end, settled } from "./support.mjs";

const id = signal(0);
const reject = () => Promise.reject(new Error("rejected"));
const later = async () => {
  await settled();
  throw new Error("rejected later");
};
for (const producer of [reject, later]) {
  const cells = [
    fromPromise(producer),
    asyncSignal(producer)[1],
    createResource(id.get, producer)[1],
    createStreamResource(id.get, producer)[1],
    createResource({ trigger: "manual", run: producer, eager: true, initialInput: 1 })[1],
  ];
  for (const cell of cells) cell.reload();
  await settled();
  for (const cell of cells) cell.reload();
  id.set(id.peek() + 1);
  await null;
  for (const cell of cells) cell.cancel();
  for (const cell of cells) cell.reload();
  for (const cell of cells) cell.dispose?.();
  await settled();
  await settled();
}
await end();
