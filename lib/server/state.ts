/**
 * The state that goes with a page: one document with the first part of it, and later ones with what has
 * changed since.
 */
import { untracked, watchFrom } from "#engine";
import { captureSnapshot } from "../snapshot/capture.js";
import { portOf } from "../snapshot/cells.js";
import { hasNodes } from "../snapshot/document.js";
import { toLaterScript, toScript } from "../snapshot/html.js";
import { Marks } from "../snapshot/marks.js";
import type { SnapshotRegistration } from "../snapshot/registration.js";
import type { SnapshotScope } from "../snapshot/scope.js";
import type { SnapshotDocument } from "../snapshot/types.js";
import type { Request } from "./request.js";
import type { Slot } from "./slot.js";

/** What has a status that says when it is over. */
type Watched = { readonly status: () => string };

function isOver({ status }: Watched): boolean {
  const now = untracked(status);
  return now !== "pending" && now !== "streaming";
}

export class PageState {
  readonly scope: SnapshotScope;
  private readonly request: Request;
  private readonly sent = new Marks();
  private isBegun = false;
  private readonly watched = new Set<Watched>();

  constructor(request: Request) {
    this.request = request;
    this.scope = request.options.snapshot;
  }

  /** Whether a cell is registered whose outcome is not known yet; what it comes to wakes the request. */
  watchAll(): boolean {
    let isWaiting = false;
    for (const registration of this.scope.listRegistrations()) {
      if (registration.kind === "signal" || registration.kind === "computed") continue;
      const meta = registration.source[1];
      if (isOver(meta)) continue;
      if (!this.isAwaited(meta)) this.watch(meta);
      isWaiting = true;
    }
    return isWaiting;
  }

  /** Whether the request is woken in time anyway: when its scope has settled, of which the cell is part. */
  private isAwaited(meta: Watched): boolean {
    const { options, isSettled } = this.request;
    return options.mode === "settled" && !isSettled && this.request.awaits(portOf(meta));
  }

  /** From now on the request is woken when the status changes. */
  watch(cell: Watched): void {
    if (this.watched.has(cell)) return;
    this.watched.add(cell);
    this.request.keep(watchFrom(cell.status, () => this.request.touch()));
  }

  /** The id under which the cell of a slot is registered. */
  idOf({ cell }: Slot): string | undefined {
    const isOfSlot = ({ kind, source }: SnapshotRegistration) =>
      (kind === "resource" || kind === "stream") && source[1] === cell.meta;
    return this.scope.listRegistrations().find(isOfSlot)?.id;
  }

  /**
   * The script with what has changed since the last one, or no text; the first has all there is.
   *
   * @param slots Slots that are shown with it.
   * @throws What `captureSnapshot` throws, for the first one. What it throws later is reported, and the
   *   client goes on without the nodes that it was about.
   */
  write(slots: readonly number[] = []): string {
    if (this.scope.listRegistrations().length === 0) return "";
    const { nonce, capture } = this.request.options;
    if (!this.isBegun) {
      this.isBegun = true;
      const document = captureSnapshot(this.scope, capture);
      this.note();
      return toScript(document, { nonce });
    }
    try {
      const document = this.change();
      return document === null ? "" : toLaterScript(document, slots, nonce);
    } catch (error) {
      this.request.report(error);
      return "";
    }
  }

  /** Of a page that is sent in one piece there is nothing to compare with. */
  private note(): void {
    if (this.request.options.mode === "settled") return;
    untracked(() => this.sent.noteAll(this.scope));
    this.watchAll();
  }

  private change(): SnapshotDocument | null {
    const changed = untracked(() =>
      this.scope.listRegistrations().filter((each) => this.sent.hasChanged(each)),
    );
    if (changed.length === 0) return null;
    /* Also what cannot be captured: it is told once, and not again before it has changed. */
    this.note();
    const document = this.captureChanged(changed.map(({ id }) => id));
    return hasNodes(document) ? document : null;
  }

  private capture(only: readonly string[]): SnapshotDocument {
    const { metadata, ...options } = this.request.options.capture;
    return captureSnapshot(this.scope, { ...options, only });
  }

  /** The nodes, without those that cannot be captured: their neighbours have changed, too. */
  private captureChanged(ids: readonly string[]): SnapshotDocument {
    try {
      return this.capture(ids);
    } catch {
      /* What is wrong with the scope itself is thrown here, and not told once for each node. */
      this.capture([]);
      return this.capture(this.capturable(ids));
    }
  }

  /** Those that can be captured; why another cannot is reported. By halves: few are bad, of many. */
  private capturable(ids: readonly string[]): readonly string[] {
    try {
      this.capture(ids);
      return ids;
    } catch (error) {
      if (ids.length > 1) {
        const half = ids.length >> 1;
        return [...this.capturable(ids.slice(0, half)), ...this.capturable(ids.slice(half))];
      }
      this.request.report(error);
      return [];
    }
  }
}
