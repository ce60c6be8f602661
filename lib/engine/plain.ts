/**
 * What plain reads and writes have to do with the asynchronous transactions that are open: those of
 * their code are staged, all others move the versions that they are compared with.
 */
import { noticePlainWrite } from "./alone.js";
import { currentSlot } from "./context.js";
import { confirmVersion, keepVersion, publishVersion } from "./history.js";
import { parts, type StagingPart } from "./parts.js";
import { rt } from "./runtime.js";
import type { Staging } from "./staging.js";

function current(): Staging | null {
  let staging = currentSlot()?.staging ?? null;
  while (staging !== null && staging.state === "committed") staging = staging.parent;
  return staging;
}

const PART: StagingPart = {
  current,
  noticePlainWrite,
  keepVersion,
  confirmVersion,
  publishVersion,
};

/** From now on plain reads and writes ask; see `rt.staging`. */
export function joinPlainWrites(): void {
  parts.staging = PART;
  rt.staging++;
}
