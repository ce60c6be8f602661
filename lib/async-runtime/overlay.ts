/**
 * Optimistic values: what is shown over the committed value until the runs that are to make it true
 * have ended. Each is a layer; a layer that is taken away, in whatever order, leaves the others, and
 * they are laid over the committed value anew.
 */
import { reportUncaught, untracked } from "#engine";

/** Makes the value that is shown of the one below. */
export type Paint<T> = (below: T | undefined) => T;

/** One optimistic value. */
export class Layer<T> {
  private readonly paint: Paint<T>;
  private below: T | undefined;
  private result: T;

  /** @throws What `paint` throws. */
  constructor(paint: Paint<T>, below: T | undefined) {
    this.paint = paint;
    this.below = below;
    this.result = untracked(() => paint(below));
  }

  /** The value as it was painted last. */
  get shown(): T {
    return this.result;
  }

  /** Paints over a value. When that fails, the value shows. */
  over(below: T | undefined): T | undefined {
    if (Object.is(below, this.below)) return this.result;
    try {
      this.result = untracked(() => this.paint(below));
      this.below = below;
      return this.result;
    } catch (error) {
      reportUncaught(error);
      return below;
    }
  }
}

export class Overlay<T> {
  /** The value as it is committed. */
  base: T | undefined;
  private readonly layers = new Set<Layer<T>>();

  constructor(base: T | undefined) {
    this.base = base;
  }

  get isEmpty(): boolean {
    return this.layers.size === 0;
  }

  add(layer: Layer<T>): void {
    this.layers.add(layer);
  }

  remove(layer: Layer<T>): void {
    this.layers.delete(layer);
  }

  /** What is shown. */
  get value(): T | undefined {
    let value = this.base;
    for (const layer of this.layers) value = layer.over(value);
    return value;
  }
}
