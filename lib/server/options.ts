/**
 * Options of `renderWithState`, checked.
 */
import { invalidArgument, requireFunction } from "#engine";
import { checkSignal, ownOption, requireObject, textOption, wordOption } from "../core/options.js";
import { type CaptureSnapshotOptions, checkCaptureOptions } from "../snapshot/capture.js";
import { createSnapshotScope, type SnapshotScope } from "../snapshot/scope.js";
import type { SnapshotScopeOptions } from "../snapshot/types.js";

/**
 * When a page is sent. "settled": whole, when all of it has settled. "in-order": what there is, up to the
 * first slot that is pending, and on when that has settled. "out-of-order": at once, with what slots show
 * while they are pending; each is replaced when its cell has settled, by a script of the page.
 */
export type RenderMode = "settled" | "in-order" | "out-of-order";

/** Options of `renderWithState`. */
export interface RenderOptions {
  /** Default "settled". */
  readonly mode?: RenderMode | undefined;
  /**
   * How long cells are waited for, in milliseconds, from the call. What is pending then is sent as
   * pending, and the client goes on with it. Default 10,000; 0 waits for nothing.
   */
  readonly timeoutMs?: number | undefined;
  /** Ends the request when it is aborted, and all that it has in flight. */
  readonly signal?: AbortSignal | undefined;
  /** For the scripts of the page, when its Content-Security-Policy asks for one. */
  readonly nonce?: string | undefined;
  /** Which graph it is; see `createSnapshotScope`. */
  readonly snapshot?: SnapshotScopeOptions | undefined;
  /** What is captured, and what must not leak; see `captureSnapshot`. `maskRedacted` is true here. */
  readonly capture?: Omit<CaptureSnapshotOptions, "only"> | undefined;
  /** Name of the scope, for error messages and inspection. */
  readonly name?: string | undefined;
  /**
   * Takes the errors that have no caller: of effects and cleanups of the scope, of slots without a view
   * for errors, and of what goes wrong after the page has begun to be sent. Default: `console.error`.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** The options with what they are by default. `snapshot` is the scope that they have asked for. */
export interface CheckedOptions {
  readonly mode: RenderMode;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly nonce: string | undefined;
  readonly snapshot: SnapshotScope;
  readonly capture: CaptureSnapshotOptions;
  readonly name: string | undefined;
  readonly onError: (error: unknown) => void;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const MODES: readonly RenderMode[] = ["settled", "in-order", "out-of-order"];

function objectOption(options: object, key: string): object {
  const value = ownOption(options, key) ?? {};
  if (typeof value !== "object") throw invalidArgument(`options.${key}`, "an object", value);
  return value as object;
}

/** @throws TypeError (`ERR_SK_INVALID_ARG`). */
export function checkRenderOptions(options: unknown): CheckedOptions {
  requireObject("options", options);
  const timeoutMs = ownOption(options, "timeoutMs") ?? DEFAULT_TIMEOUT_MS;
  if (typeof timeoutMs !== "number" || !(timeoutMs >= 0))
    throw invalidArgument("options.timeoutMs", "milliseconds, 0 or more", timeoutMs);
  const onError = ownOption(options, "onError") ?? ((error: unknown) => console.error(error));
  requireFunction("options.onError", onError);
  const capture = objectOption(options, "capture");
  checkCaptureOptions(capture);
  return {
    mode: wordOption(options, "mode", MODES, "settled"),
    timeoutMs,
    signal: checkSignal(options),
    nonce: textOption(options, "nonce"),
    snapshot: createSnapshotScope(objectOption(options, "snapshot")),
    capture: { maskRedacted: true, ...capture, only: undefined },
    name: textOption(options, "name"),
    onError: onError as CheckedOptions["onError"],
  };
}
