import { SignalKernelError } from "#engine";

/**
 * A page could not be rendered. `code` is `ERR_SK_RENDER` (the `cause` says why), `ERR_SK_RENDER_ABORTED`
 * (the request was aborted; the `cause` is the reason) or `ERR_SK_RENDER_STATE` (a call came too late).
 */
export class RenderError extends SignalKernelError {
  static override readonly name = "RenderError";
}

/** What was thrown while the page was made. Its message may have a value in it, and is not repeated. */
export function renderFailed(cause: unknown): RenderError {
  if (cause instanceof RenderError) return cause;
  const message = "The page could not be rendered; the cause says why.";
  return new RenderError("ERR_SK_RENDER", message, { cause });
}

export function renderAborted(reason: unknown): RenderError {
  const message = "The request was aborted before its page was sent.";
  return new RenderError("ERR_SK_RENDER_ABORTED", message, { cause: reason });
}

export function tooLate(message: string): RenderError {
  return new RenderError("ERR_SK_RENDER_STATE", message);
}
