/**
 * Capturing: the state of a scope's nodes, as a document.
 */
import { invalidArgument, untracked } from "#engine";
import { ownOption, requireObject } from "../core/options.js";
import { readCell } from "./cells.js";
import { documentOf } from "./document.js";
import { isExactPrimitive, walkJson } from "./json.js";
import { VALUE_DEPTH } from "./limits.js";
import { isQuiet, NodeMaker } from "./nodes.js";
import { isRedacted, secrecyOf } from "./redaction.js";
import type { SnapshotRegistration } from "./registration.js";
import type { SnapshotScope } from "./scope.js";
import { checkSecrets, collectTexts, maskSecrets } from "./secrets.js";
import type { JsonValue, SnapshotDocument } from "./types.js";
import { WrittenNodes } from "./written.js";

/** Options of {@link captureSnapshot}. */
export interface CaptureSnapshotOptions {
  /** Ids of the nodes to capture. Default: all. What must not leak is the same for a part. */
  only?: Iterable<string> | undefined;
  /** Goes into the document as it is. */
  metadata?: Record<string, JsonValue> | undefined;
  /** Texts that must not be in the document: what contains one is masked, and not restored. */
  secrets?: readonly string[] | undefined;
  /** Whether the texts in redacted values, of four characters and more, are such secrets too. */
  maskRedacted?: boolean | undefined;
}

/** Adds the texts that a redacted node holds. One that cannot be read holds none. */
function collectFrom(registration: SnapshotRegistration, texts: Set<string>): void {
  try {
    if (registration.kind === "signal") collectTexts(registration.source.peek(), texts);
    else if (registration.kind === "computed") collectTexts(registration.source.get(), texts);
    else {
      const { value, stable, error } = readCell(registration);
      for (const part of [value, stable, error]) collectTexts(part, texts);
    }
  } catch {
    return;
  }
}

/** Checks the option `only`; null: all. */
function onlyOf(scope: SnapshotScope, options: object): ReadonlySet<unknown> | null {
  const only = ownOption(options, "only");
  if (only === undefined) return null;
  if (typeof only !== "object" || only === null || !(Symbol.iterator in only))
    throw invalidArgument("options.only", "ids", only);
  const ids = [...(only as Iterable<unknown>)];
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (typeof id !== "string" || scope.getRegistration(id) === undefined)
      throw invalidArgument(`options.only[${i}]`, "the id of a registered node", id);
  }
  return new Set(ids);
}

/** Whether the signal may be written at once: nothing is to be asked about it. */
function isBare({ serializer, redaction }: SnapshotRegistration["options"]): boolean {
  return serializer === undefined && redaction === undefined;
}

function captureNodes(
  registrations: readonly SnapshotRegistration[],
  hides: (registration: SnapshotRegistration) => boolean,
): WrittenNodes {
  const written = new WrittenNodes();
  const maker = new NodeMaker();
  for (const registration of registrations) {
    const isHidden = hides(registration);
    if (registration.kind === "signal" && !isHidden && isBare(registration.options)) {
      const value = registration.source.peek();
      if (isExactPrimitive(value)) {
        written.add({ id: registration.id, kind: "signal", value });
        continue;
      }
    }
    const calls = !isQuiet(registration);
    if (calls) written.write();
    const node = maker.make(registration, isHidden);
    if (node === null) continue;
    if (maker.isOdd) written.addOdd(node);
    else written.add(node);
    if (calls) written.write();
  }
  written.write();
  return written;
}

/** The options that have nothing to do with a scope. */
interface Checked {
  readonly secrets: readonly string[];
  readonly maskRedacted: boolean | undefined;
  readonly metadata: object | undefined;
}

/** @throws TypeError (`ERR_SK_INVALID_ARG`). */
export function checkCaptureOptions(options: object): Checked {
  const secrets = checkSecrets(ownOption(options, "secrets"));
  const maskRedacted = ownOption(options, "maskRedacted");
  if (maskRedacted !== undefined && typeof maskRedacted !== "boolean")
    throw invalidArgument("options.maskRedacted", "a boolean", maskRedacted);
  const metadata = ownOption(options, "metadata");
  if (metadata !== undefined) requireObject("options.metadata", metadata);
  if (Array.isArray(metadata)) throw invalidArgument("options.metadata", "no list", metadata);
  return { secrets, maskRedacted, metadata };
}

/** The time of a document. */
function timeOf(scope: SnapshotScope): number {
  const time: unknown = scope.now();
  if (typeof time === "number" && Number.isFinite(time)) return time;
  throw invalidArgument("what options.now returns", "a finite number", time);
}

function capture(scope: SnapshotScope, options: object): SnapshotDocument {
  const { secrets, maskRedacted, metadata } = checkCaptureOptions(options);
  const texts = new Set(secrets);
  const only = onlyOf(scope, options);
  const all = scope.listRegistrations();
  const nodes = captureNodes(
    only === null ? all : all.filter(({ id }) => only.has(id)),
    secrecyOf(scope, all),
  );
  if (maskRedacted)
    for (const registration of all) if (isRedacted(registration)) collectFrom(registration, texts);
  const document = documentOf(scope, nodes, timeOf(scope));
  if (metadata !== undefined)
    document.metadata = walkJson(metadata, "Snapshot metadata", "$", true, VALUE_DEPTH) as Record<
      string,
      JsonValue
    >;
  maskSecrets(document, texts);
  return document;
}

/**
 * Captures the nodes of a scope, as of one moment. The document is a copy: what happens later does not
 * change it. Reads are not tracked. Of a single-shot cell an optimistic value is not in it.
 *
 * @param options `only`; `metadata`; `secrets` and `maskRedacted`, for what must not leak.
 * @throws SnapshotError for a value that JSON cannot say; what serializers, redactions and computeds
 *   throw; TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * await settled();
 * const document = captureSnapshot(scope, { metadata: { url }, maskRedacted: true });
 */
export function captureSnapshot(
  scope: SnapshotScope,
  options: CaptureSnapshotOptions = {},
): SnapshotDocument {
  if (typeof scope?.listRegistrations !== "function")
    throw invalidArgument("scope", "a snapshot scope", scope);
  requireObject("options", options);
  return untracked(() => capture(scope, options));
}
