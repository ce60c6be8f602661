/**
 * Hydration: a graph takes over the state of the page that it is in.
 */
import { invalidArgument, requireFunction } from "#engine";
import { checkSignal, ownOption, requireObject, textOption } from "../core/options.js";
import { Arrival, type ArrivalOptions, type HydrationDocument } from "./arrival.js";
import { limitsOf, type SnapshotLimits } from "./limits.js";
import { modeOf } from "./restore.js";
import type { SnapshotScope } from "./scope.js";
import type { RestoreMode, RestoreReport } from "./types.js";
import { SCRIPT_ID } from "./wire.js";

/** Options of {@link hydrate}. */
export interface HydrateOptions {
  /** Default: that of the page. */
  readonly document?: HydrationDocument | undefined;
  /** Id of the element with the state. Default "signal-kernel-snapshot". */
  readonly id?: string | undefined;
  /** As of `restoreSnapshot`. */
  readonly mode?: RestoreMode | undefined;
  /** How large each document may be. */
  readonly limits?: SnapshotLimits | undefined;
  /** Stops it: what arrives later is left alone, and what is still awaited is idle. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Takes the errors of documents that follow the first one, and of effects that these wake. Default:
   * they are reported as uncaught.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What {@link hydrate} resolves with. */
export interface Hydration {
  /** What was restored from the first document. */
  readonly report: RestoreReport;
  /** Resolves when the page has arrived and its state was taken over, or it was stopped. */
  readonly done: Promise<void>;
}

const DOCUMENT_METHODS = [
  "getElementById",
  "querySelectorAll",
  "addEventListener",
  "removeEventListener",
] as const;

function isDocument(page: unknown): page is HydrationDocument {
  if (typeof page !== "object" || page === null) return false;
  return DOCUMENT_METHODS.every(
    (name) => typeof (page as Partial<HydrationDocument>)[name] === "function",
  );
}

function checkOptions(options: unknown): ArrivalOptions {
  requireObject("options", options);
  const page = ownOption(options, "document") ?? (globalThis as { document?: unknown }).document;
  if (!isDocument(page)) throw invalidArgument("options.document", "a document of the DOM", page);
  const onError = ownOption(options, "onError");
  if (onError !== undefined) requireFunction("options.onError", onError);
  const limits = ownOption(options, "limits") as SnapshotLimits | undefined;
  limitsOf(limits);
  return {
    page,
    id: textOption(options, "id") ?? SCRIPT_ID,
    mode: modeOf(options),
    limits,
    signal: checkSignal(options),
    onError: onError as ArrivalOptions["onError"],
  };
}

/**
 * Takes over the state that a server has sent with the page, all of it and as it arrives: the first
 * document, which is restored before this returns if it is there already, and those that follow while
 * the page is being sent, each in one transaction. A cell that is still pending on the server is pending
 * here, without a run, until its outcome comes; what has not come when the page has ended starts a run.
 * So nothing is fetched that the server has fetched, or is about to send.
 *
 * What has changed here meanwhile is newer, and stays: a signal that was written, a cell that has
 * started a run. Create resources with `eager: false`, so that they do not.
 *
 * @param scope With the same ids as on the server.
 * @param options `document`, `id`, `mode`, `limits`, `signal`, `onError`.
 * @returns `{ report, done }`, when the first document was restored.
 * @throws SnapshotError (`ERR_SK_SNAPSHOT_MISSING`) when there is none, and as `restoreSnapshot`; the
 *   reason of `signal`. TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * const [user, meta] = createResource(id.get, loadUser, { eager: false });
 * const scope = createSnapshotScope().signal("id", id).resource("user", [user, meta], { restore: "seed" });
 * const { done } = await hydrate(scope);
 * createEffect(() => draw(user(), meta.status()));
 */
export async function hydrate(
  scope: SnapshotScope,
  options: HydrateOptions = {},
): Promise<Hydration> {
  if (typeof scope?.getRegistration !== "function")
    throw invalidArgument("scope", "a snapshot scope", scope);
  const checked = checkOptions(options);
  let ended = () => {};
  const done = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const report = await new Promise<RestoreReport>((begun, failed) => {
    new Arrival(scope, checked, { begun, failed, ended }).start();
  });
  return { report, done };
}
