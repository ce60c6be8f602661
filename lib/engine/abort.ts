/** Listening to an AbortSignal. */

/** Inherits nothing: what a polluted Object.prototype has is no option for the platform either. */
const ONCE: { readonly once: boolean } = Object.assign(Object.create(null), { once: true });

/** Calls `fn` when the signal is aborted. The same function can be given to `removeEventListener`. */
export function onAbort(signal: AbortSignal, fn: () => void): void {
  signal.addEventListener("abort", fn, ONCE);
}
