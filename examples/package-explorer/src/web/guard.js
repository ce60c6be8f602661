// @ts-check

/**
 * @import { IncomingMessage } from "node:http"
 */

/** Nothing from elsewhere, nothing inline: even HTML that slipped through could not run or load. */
export const SECURITY_HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "style-src 'self'",
    // The kernel is WebAssembly; that does not allow any other code.
    "script-src 'self' 'wasm-unsafe-eval'",
    "connect-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
};

/**
 * Only this machine can connect, but any web site open in its browser could try to: one whose name
 * was made to resolve to 127.0.0.1 sends its own Host, and one that posts here sends its Origin.
 *
 * @param {IncomingMessage} request
 * @param {number} port
 */
export function isFromHere({ headers }, port) {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  // Browsers leave the port out where it is the usual one.
  if (port === 80) hosts.push("127.0.0.1", "localhost");
  const { host, origin } = headers;
  return hosts.includes(host ?? "") && (origin === undefined || origin === `http://${host}`);
}
