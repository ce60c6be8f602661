/**
 * A page that is arriving, and the state in it: documents are taken over when they are complete.
 */
import { onAbort, reportUncaught, SnapshotError } from "#engine";
import { Follower } from "./follow.js";
import { fromScript, type ScriptElement } from "./html.js";
import type { SnapshotLimits } from "./limits.js";
import type { SnapshotScope } from "./scope.js";
import type { RestoreMode, RestoreReport } from "./types.js";
import { CELL_ATTRIBUTE, CONTENT_ID, LATER_ATTRIBUTE, SWAP } from "./wire.js";

/** The part of an element of a page that is used. */
export interface HydrationElement extends ScriptElement {
  readonly nextSibling: unknown;
  getAttribute(name: string): string | null;
  remove(): void;
}

/** The part of a document of a browser that is used. */
export interface HydrationDocument {
  readonly readyState: string;
  readonly defaultView: object | null;
  getElementById(id: string): HydrationElement | null;
  querySelectorAll(selector: string): Iterable<HydrationElement>;
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** What becomes of an arrival. */
export interface Told {
  begun(report: RestoreReport): void;
  /** Instead of `begun`. */
  failed(error: unknown): void;
  /** In any case, and last. */
  ended(): void;
}

export interface ArrivalOptions {
  readonly page: HydrationDocument;
  readonly id: string;
  readonly mode: RestoreMode | undefined;
  readonly limits: SnapshotLimits | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onError: ((error: unknown) => void) | undefined;
}

interface Observer {
  observe(target: unknown, options: object): void;
  disconnect(): void;
}

/** What a page has beside its document. */
interface View {
  readonly MutationObserver?: new (callback: () => void) => Observer;
  readonly [SWAP]?: (...slots: string[]) => void;
}

export class Arrival {
  private readonly options: ArrivalOptions;
  private readonly told: Told;
  private readonly follower: Follower;
  private readonly view: View;
  private readonly seen = new WeakSet<object>();
  private observer: Observer | null = null;
  private isBegun = false;
  private isEnded = false;

  constructor(scope: SnapshotScope, options: ArrivalOptions, told: Told) {
    const { page, mode, limits } = options;
    this.options = options;
    this.told = told;
    this.follower = new Follower(scope, { mode, limits });
    this.view = (page.defaultView ?? globalThis) as View;
  }

  /** Takes over what is there, and then what comes. */
  start(): void {
    const { page, signal } = this.options;
    if (signal?.aborted) return this.abort();
    const { MutationObserver } = this.view;
    if (!this.isParsed && MutationObserver !== undefined) {
      this.observer = new MutationObserver(this.look);
      this.observer.observe(page, { childList: true, subtree: true });
    }
    page.addEventListener("DOMContentLoaded", this.look);
    if (signal !== undefined) onAbort(signal, this.abort);
    this.look();
  }

  private get isParsed(): boolean {
    return this.options.page.readyState !== "loading";
  }

  private readonly abort = (): void => {
    if (!this.isBegun) this.told.failed(this.options.signal?.reason);
    this.attempt(() => this.follower.end(false));
    this.end();
  };

  private end(): void {
    const { page, signal } = this.options;
    this.isEnded = true;
    this.observer?.disconnect();
    page.removeEventListener("DOMContentLoaded", this.look);
    signal?.removeEventListener("abort", this.abort);
    this.told.ended();
  }

  private readonly look = (): void => {
    const { isParsed } = this;
    if (!this.isBegun) this.begin(isParsed);
    if (!this.isBegun) return;
    for (const element of this.options.page.querySelectorAll(`script[${LATER_ATTRIBUTE}]`)) {
      if (this.isEnded) return;
      if (this.seen.has(element)) continue;
      if (!this.isWhole(element, isParsed)) return;
      this.seen.add(element);
      this.attempt(() => this.follow(element));
    }
    if (!isParsed || this.isEnded) return;
    this.attempt(() => this.follower.end(true));
    this.end();
  };

  /** The text of an element arrives piece by piece; what follows it does so when it is complete. */
  private isWhole(element: HydrationElement, isParsed: boolean): boolean {
    return isParsed || element.nextSibling !== null;
  }

  private begin(isParsed: boolean): void {
    const { page, id, limits } = this.options;
    const element = page.getElementById(id);
    if (!isParsed && (element === null || !this.isWhole(element, isParsed))) return;
    try {
      if (element === null)
        throw new SnapshotError(
          "ERR_SK_SNAPSHOT_MISSING",
          "The page has no element with a snapshot. Was it rendered with its state?",
        );
      const report = this.follower.begin(fromScript(element, limits));
      this.isBegun = true;
      this.told.begun(report);
    } catch (error) {
      this.told.failed(error);
      this.attempt(() => this.follower.end(true));
      this.end();
    }
  }

  /**
   * Slots that come with a document are put in their place first, so that effects find them there. One
   * of a cell that is newer here is not shown.
   */
  private follow(element: HydrationElement): void {
    const { page, limits } = this.options;
    const news = this.follower.newsOf(fromScript(element, limits));
    for (const slot of element.getAttribute(LATER_ATTRIBUTE)?.split(" ") ?? []) {
      const content = page.getElementById(CONTENT_ID + slot);
      if (news.refused.has(content?.getAttribute(CELL_ATTRIBUTE) ?? "")) content?.remove();
      else if (content !== null) this.view[SWAP]?.(slot);
    }
    this.follower.follow(news);
  }

  private attempt(fn: () => void): void {
    const { onError } = this.options;
    try {
      fn();
    } catch (error) {
      if (onError === undefined) return reportUncaught(error);
      try {
        onError(error);
      } catch (thrown) {
        /* It must not keep the rest of the page from being taken over. */
        reportUncaught(thrown);
      }
    }
  }
}
