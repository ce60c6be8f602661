/**
 * The life of a request: one scope, from the call until its page is sent, or nobody wants it any more.
 *
 *     open ---- time is up ----> late       cells are not waited for any more
 *       |                          |
 *       +--- abort, or the end ----+---->  over       the scope is disposed, once
 *
 * Whoever waits for the request waits for `changed`, and then looks how things are.
 */
import { after, LONGEST_MS, nodeOfScope, onAbort, type Stop, untracked } from "#engine";
import type { CellPort } from "../async-runtime/port.js";
import { createScope, type Scope, settled } from "../core/index.js";
import { renderAborted } from "./errors.js";
import type { CheckedOptions } from "./options.js";

export class Request {
  readonly options: CheckedOptions;
  readonly scope: Scope;
  /** Whether the time to wait for cells is up. */
  isLate = false;
  /** Whether no cell of the scope is pending, since `watchScope`. */
  isSettled = false;
  /** Made when somebody asks for the signal: most do not, and it costs as much as a small page. */
  private controller: AbortController | null = null;
  private readonly cleanups: Stop[] = [];
  private isOver = false;
  private reason: unknown;
  private abortion: { readonly error: Error } | null = null;
  private hasChanged = false;
  private waiters: (() => void)[] = [];
  private refuse: ((error: Error) => void) | null = null;

  constructor(options: CheckedOptions) {
    const { name, signal, timeoutMs } = options;
    this.options = options;
    this.scope = createScope({ name, detached: true, onError: (error) => this.report(error) });
    if (signal !== undefined) {
      const abort = () => this.abort(signal.reason);
      onAbort(signal, abort);
      this.cleanups.push(() => signal.removeEventListener("abort", abort));
      if (signal.aborted) abort();
    }
    if (timeoutMs === 0) this.isLate = true;
    else if (timeoutMs !== Number.POSITIVE_INFINITY) this.limit(Math.min(timeoutMs, LONGEST_MS));
  }

  /** The process waits for it: then the page can be sent. */
  private limit(ms: number): void {
    const expire = () => {
      this.isLate = true;
      this.touch();
    };
    this.keep(after(ms, expire, true));
  }

  /** Aborted when the request is over, however it ended. */
  get signal(): AbortSignal {
    if (this.controller === null) {
      this.controller = new AbortController();
      if (this.isOver) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  /** Calls a function as part of the request: what it creates belongs to that. */
  run<T>(fn: () => T): T {
    this.check();
    return this.scope.run(() => untracked(fn));
  }

  /** Calls what the program gave to take errors. What that throws must not end the request. */
  report(error: unknown): void {
    try {
      this.options.onError(error);
    } catch (thrown) {
      console.error(thrown);
    }
  }

  /** Keeps what is to be called at the end. */
  keep(cleanup: Stop): void {
    if (this.isOver) cleanup();
    else this.cleanups.push(cleanup);
  }

  /** @throws RenderError when the request was aborted. */
  check(): void {
    if (this.abortion !== null) throw this.abortion.error;
  }

  /** Something has changed that somebody may wait for. */
  touch(): void {
    this.hasChanged = true;
    for (const wake of this.waiters.splice(0)) wake();
  }

  /**
   * Resolves when something has changed since it last resolved.
   *
   * @throws RenderError when the request was aborted.
   */
  async changed(): Promise<void> {
    this.check();
    if (!this.hasChanged) await new Promise<void>((wake) => this.waiters.push(wake));
    this.hasChanged = false;
    this.check();
  }

  /** Whether the scope does not settle before a cell does: that is its own, and pending. */
  awaits(cell: Pick<CellPort, "scope" | "status"> | null): boolean {
    if (cell === null || cell.status !== "pending") return false;
    const own = nodeOfScope(this.scope);
    for (let at = cell.scope; at !== null; at = at.outer) if (at === own) return true;
    return false;
  }

  /** From now on it is known whether the scope has settled. */
  watchScope(): void {
    void settled(this.scope).then(() => {
      this.isSettled = true;
      this.touch();
    });
  }

  /**
   * Waits until no cell of the scope is pending, or the time is up.
   *
   * @returns Whether all have settled.
   */
  async settled(): Promise<boolean> {
    this.check();
    let isSettled = false;
    const wait = settled(this.scope).then(() => {
      isSettled = true;
    });
    while (!isSettled && !this.isLate) {
      const woken = new Promise<void>((wake) => this.waiters.push(wake));
      await Promise.race([wait, woken]);
      this.check();
    }
    return isSettled;
  }

  /** Calls `fn`; as its promise, or rejects when the request is aborted. One at a time. */
  async race<T>(fn: () => Promise<T>): Promise<T> {
    this.check();
    const promise = fn();
    try {
      return await new Promise<T>((resolve, reject) => {
        this.refuse = reject;
        if (this.abortion !== null) reject(this.abortion.error);
        promise.then(resolve, reject);
      });
    } finally {
      this.refuse = null;
    }
  }

  /** Ends the request although nobody has its page. */
  abort(reason: unknown): void {
    if (this.isOver) return;
    const error = renderAborted(reason);
    this.abortion = { error };
    this.end(reason);
    this.refuse?.(error);
  }

  /** Ends the request: the scope is disposed, and what is in flight is aborted. Again it does nothing. */
  end(reason?: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const cleanup of this.cleanups.splice(0)) cleanup();
    this.reason = reason;
    this.controller?.abort(reason);
    try {
      this.scope.dispose();
    } catch (error) {
      this.report(error);
    }
    this.touch();
  }
}
