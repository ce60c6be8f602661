/**
 * Transactions that run without an asynchronous context: after an await, a plain write of theirs looks
 * like anybody else's. While developing, the first plain write beside such a transaction is worth a
 * warning: it is either somebody else's, or it was meant to be part of the transaction and is not.
 */
import { nameOf, type SignalNode } from "./node.js";
import { rt } from "./runtime.js";

/** How many are open. */
let open = 0;
let hasWarned = false;

export function beginAlone(): void {
  open++;
}

export function endAlone(): void {
  open--;
}

function isProduction(): boolean {
  return typeof process === "object" && process.env?.NODE_ENV === "production";
}

/** To be called at a write that belongs to no transaction, while some are open. */
export function noticePlainWrite(node: SignalNode): void {
  if (open === 0 || hasWarned || rt.committed !== 0 || rt.flushing || rt.reader !== null) return;
  if (isProduction()) return;
  hasWarned = true;
  const message =
    `Signal ${nameOf(node)} was written while a transaction is open that has no asynchronous context. ` +
    "The write is not part of it. If it should be, use tx.set or tx.run; this is said once.";
  if (typeof process === "object" && typeof process.emitWarning === "function")
    process.emitWarning(message, { code: "SK_PLAIN_WRITE" });
  else console.warn(message);
}
