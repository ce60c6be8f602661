/**
 * An effect that looks at one source, in a scope or in none, and cleans up after itself.
 */
import { createEffect, onCleanup } from "@signal-kernel/core";
import type { Place, World } from "./world.js";

export class Watcher {
  readonly place: Place | null;
  /** Its scope has ended. */
  isOver = false;
  readonly dispose: () => void;
  private readonly world: World;
  private readonly source: number;
  private readonly seen: number[] = [];
  private cleaned = 0;

  constructor(world: World, place: Place | null, source: number) {
    this.world = world;
    this.place = place;
    this.source = source;
    const get = world.graph.getter(source);
    const create = () => createEffect(() => this.look(get));
    this.dispose = place === null ? create() : place.scope.run(create);
  }

  private look(get: () => number): void {
    if (this.isOver) this.world.fail("S11", "an effect ran after its scope had ended");
    this.seen.push(get());
    onCleanup(() => void this.cleaned++);
  }

  /** Compares what must hold when no microtask waits. */
  checkQuiet(): void {
    const { world, seen, cleaned, isOver } = this;
    const right = world.graph.shown(this.source);
    if (!isOver && seen.at(-1) !== right)
      world.fail("S1", `an effect saw ${seen.at(-1)}, not ${right}`);
    if (seen.length - cleaned !== (isOver ? 0 : 1))
      world.fail("S6", `an effect ran ${seen.length} times and was cleaned up ${cleaned} times`);
  }
}
