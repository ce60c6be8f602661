/**
 * What one attempt of an async computed has read: each tracked stretch of it is watched by an effect,
 * and the first change of any of them is told, once.
 *
 * An effect can only track while its function is called, so what is read after an await has an effect
 * of its own. It reads and begins to watch in one step: no change comes between.
 */
import { createEffectNode, disposeEffect, type Whole } from "#engine";

/** Watchers run before other effects, which then see the change and the pending cell together. */
const BEFORE_EFFECTS = -1;

export class Tracking {
  private readonly of: Whole;
  private readonly onChange: () => void;
  private readonly stops: (() => void)[] = [];
  /** Sources that are watched already. */
  private readonly known = new Set<unknown>();
  private reading = false;
  private over = false;

  /** `of` is the cell of the async computed. */
  constructor(of: Whole, onChange: () => void) {
    this.of = of;
    this.onChange = onChange;
  }

  /** Calls `read`, and watches what it reads. Inside another tracked stretch that watches it. */
  track<T>(read: () => T): T {
    return this.over || this.reading ? read() : this.watch(read);
  }

  /** The same for one source, which is watched once. */
  get<T>(source: object, read: () => T): T {
    if (this.reading || this.known.has(source)) return read();
    this.known.add(source);
    return this.track(read);
  }

  private watch<T>(read: () => T): T {
    let result: { readonly value: T } | null = null;
    let failure: { readonly error: unknown } | null = null;
    let first = true;
    const effect = createEffectNode(
      () => {
        if (!first) return this.tell();
        first = false;
        this.reading = true;
        try {
          result = { value: read() };
        } catch (error) {
          failure = { error };
        } finally {
          this.reading = false;
        }
      },
      { name: "watcher of an async computed", of: this.of },
      BEFORE_EFFECTS,
    );
    const stop = () => disposeEffect(effect);
    if (this.over) stop();
    else this.stops.push(stop);
    if (failure !== null) throw (failure as { readonly error: unknown }).error;
    return (result as unknown as { readonly value: T }).value;
  }

  private tell(): void {
    if (this.over) return;
    this.dispose();
    this.onChange();
  }

  /** Watches nothing more. */
  dispose(): void {
    this.over = true;
    for (const stop of this.stops.splice(0)) stop();
  }
}
