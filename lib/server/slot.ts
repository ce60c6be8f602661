/**
 * Slots: parts of a page that show a cell, which may settle after the page has begun to be sent.
 */
import { invalidArgument, requireFunction } from "#engine";
import { ownOption, requireObject } from "../core/options.js";
import type { ResourceTuple } from "../snapshot/types.js";
import { type HtmlValue, SLOT } from "./html.js";

/** What a slot shows: the getter and the meta of a cell, or the handle of `fromPromise`. */
export type SlotCell<T> =
  | ResourceTuple<T>
  | { value(): T | undefined; status(): string; error(): unknown };

/** What a slot shows when. The functions are called in the scope of the request, untracked. */
export interface SlotViews<T> {
  /** What is shown of a value. */
  readonly success: (value: T) => HtmlValue;
  /** What is shown until there is one, and when there will be none. Default: nothing. */
  readonly pending?: HtmlValue;
  /**
   * What is shown of an error: of the cell, or of `success`, which has thrown. Default: what is shown
   * while it is pending; the error then goes to the option `onError`.
   */
  readonly error?: ((error: unknown) => HtmlValue) | undefined;
}

/** How a cell is read. */
interface Readings {
  readonly value: () => unknown;
  readonly status: () => string;
  readonly error: () => unknown;
  /** What it is registered by in a snapshot. */
  readonly meta: object;
}

function readingsOf(cell: unknown): Readings {
  if (typeof cell !== "object" || cell === null)
    throw invalidArgument("cell", "a cell, or its getter and meta", cell);
  const [value, meta] = Array.isArray(cell)
    ? (cell as unknown[])
    : [(cell as { readonly value?: unknown }).value, cell];
  requireFunction("cell.value", value);
  if (typeof meta !== "object" || meta === null)
    throw invalidArgument("cell[1]", "the meta of a cell", meta);
  const { status, error } = meta as Readings;
  requireFunction("cell.status", status);
  requireFunction("cell.error", error);
  return { value: value as Readings["value"], status, error, meta };
}

/** A part of a page that shows a cell. Made by the `slot` of a context, and put into a template. */
export class Slot {
  readonly [SLOT] = true;
  readonly cell: Readings;
  private readonly views: SlotViews<unknown>;

  constructor(cell: unknown, views: unknown) {
    this.cell = readingsOf(cell);
    requireObject("views", views);
    const success = ownOption(views, "success");
    const error = ownOption(views, "error");
    requireFunction("views.success", success);
    if (error !== undefined) requireFunction("views.error", error);
    const pending = ownOption(views, "pending");
    this.views = { success, error, pending } as SlotViews<unknown>;
  }

  /** Whether the cell has come to an end, and what is shown now stays. */
  get isOver(): boolean {
    const status = this.cell.status();
    return status !== "pending" && status !== "streaming";
  }

  /** What is shown while there is no value. */
  get pending(): HtmlValue {
    return this.views.pending;
  }

  /**
   * What is shown now.
   *
   * @param make Makes the part; what it throws is an error of the slot.
   * @param report Takes the errors for which there is no view.
   */
  show<R>(make: (value: HtmlValue) => R, report: (error: unknown) => void): R {
    const { cell, views } = this;
    try {
      if (cell.status() === "error") return this.fail(cell.error(), make, report);
      const value = cell.value();
      /* Of a stream that is cut off the part that is there is not what was asked for. */
      if (this.isOver && (value !== undefined || cell.status() === "success"))
        return make(views.success(value));
    } catch (error) {
      return this.fail(error, make, report);
    }
    return this.fall(make, report);
  }

  private fail<R>(
    error: unknown,
    make: (value: HtmlValue) => R,
    report: (error: unknown) => void,
  ): R {
    const { error: view } = this.views;
    if (view === undefined) report(error);
    else {
      try {
        return make(view(error));
      } catch (thrown) {
        report(thrown);
      }
    }
    return this.fall(make, report);
  }

  /** Shows what is shown while there is no value; when that fails, nothing. */
  fall<R>(make: (value: HtmlValue) => R, report: (error: unknown) => void): R {
    try {
      return make(this.pending);
    } catch (error) {
      report(error);
      return make(undefined);
    }
  }
}
