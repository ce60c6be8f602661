/**
 * Restoring, in three steps:
 *
 *     read     the document is checked and copied
 *     plan     each node is matched with its registration, and decoded; nothing is changed yet
 *     apply    one transaction; then cells take over; then observers run, once, and the program is told
 */
import { batch, invalidArgument, isInTransaction, SnapshotError, untracked } from "#engine";
import { ownOption, requireObject, wordOption } from "../core/options.js";
import { transaction } from "../core/transaction.js";
import { checkMade, isMade, readDocument } from "./document.js";
import { DEEPEST, limitsOf } from "./limits.js";
import { Plan } from "./plan.js";
import type { SnapshotScope } from "./scope.js";
import type { RestoreMode, RestoreOptions, RestoreReport, SnapshotDocument } from "./types.js";

/** Makes a plan true; when it cannot, everything is as before, and `written` is not called. */
function apply({ signals, cells, sources, pending }: Plan, written: () => void): void {
  let isApplied = false;
  try {
    batch(() => {
      try {
        transaction(() => {
          for (const { target, value } of signals) target.set(() => value);
          for (const cell of cells) cell.write();
        });
      } catch (error) {
        for (const cell of cells) cell.undo();
        throw error;
      }
      isApplied = true;
      written();
      for (const cell of cells) cell.settle();
      for (const source of sources) source.adopt();
      /* An async computed merges this with what its own sources ask for. */
      for (const port of pending) if (!port.isSeedable) port.reload();
    });
  } finally {
    if (isApplied) {
      for (const cell of cells) cell.finish();
      for (const port of pending) {
        if (port.isSeedable) port.reload();
        /* There was nothing to repeat, so nothing will come. */
        if (port.isAwaited) port.skip();
      }
    }
  }
}

/** The option `mode`. */
export function modeOf(options: object): RestoreMode | undefined {
  return wordOption(options, "mode", ["strict", "best-effort"], undefined);
}

function optionsOf(options: unknown): RestoreOptions {
  requireObject("options", options);
  const mode = modeOf(options);
  const freshness = wordOption(options, "freshness", ["newer", "any"], undefined);
  const resume = ownOption(options, "resume");
  if (resume !== undefined && typeof resume !== "boolean" && resume !== "await")
    throw invalidArgument("options.resume", 'a boolean or "await"', resume);
  return { mode, freshness, resume };
}

/**
 * Restores a document into the nodes of a scope, all of it or nothing: it is checked and decoded before
 * anything changes, and applied in one transaction, whose observers run once. Signals are written,
 * computeds follow, cells take over their state as they were registered to. A cell that takes a state
 * over keeps its version: a run that was started before can never overwrite it, and a changed source
 * does not fetch it again. What was redacted is left as it is.
 *
 * @param options `mode`: "strict" (default) refuses what does not fit, "best-effort" leaves it out.
 *   `resume`, `freshness`, `limits`.
 * @returns `{ restored, skipped, warnings }`, ids and sentences.
 * @throws SnapshotError; what serializers, an option `equals` and computeds throw, with nothing changed;
 *   what effects throw, with everything restored. TypeError (`ERR_SK_INVALID_ARG`) for bad arguments.
 * @example
 * const [user, meta] = createResource(id.get, loadUser, { eager: false });
 * scope.signal("id", id).resource("user", [user, meta], { restore: "seed" });
 * restoreSnapshot(scope, fromScript(element), { resume: true });
 * user(); // what the server had; loadUser was not called
 */
export function restoreSnapshot(
  scope: SnapshotScope,
  document: SnapshotDocument,
  options: RestoreOptions = {},
): RestoreReport {
  return restoreAndTell(scope, document, options, () => {});
}

/**
 * @param written Called when the nodes are as in the document, before code of the program sees them: what
 *   changes from then on is no part of the restore. It must not throw.
 */
export function restoreAndTell(
  scope: SnapshotScope,
  document: SnapshotDocument,
  options: RestoreOptions,
  written: () => void,
): RestoreReport {
  if (typeof scope?.getRegistration !== "function")
    throw invalidArgument("scope", "a snapshot scope", scope);
  const checked = optionsOf(options);
  const limits = limitsOf(ownOption(options, "limits"));
  /* What this package has made is within the usual depth. */
  const isOurs = isMade(document) && limits.maxDepth === DEEPEST;
  if (isOurs) checkMade(document, limits);
  const plan = new Plan(scope, checked, isOurs);
  const source = isOurs ? document : readDocument(document, true, limits);
  untracked(() => plan.make(source));
  if (plan.cells.length > 0 && isInTransaction())
    throw new SnapshotError(
      "ERR_SK_SNAPSHOT_STATE",
      "A snapshot with asynchronous cells cannot be restored inside a transaction: what they have in flight cannot be brought back. Restore it outside; it is a transaction of its own.",
    );
  apply(plan, written);
  return plan.report;
}
