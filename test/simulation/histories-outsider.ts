/**
 * Code that is in no transaction: its writes belong to nobody, and nobody holds them up.
 */
import { batch, type Signal, transaction } from "@signal-kernel/core";
import type { World } from "./histories-world.js";

export class Outsider {
  private readonly world: World;
  private readonly initial: readonly number[];
  private readonly raised: number[];

  constructor(world: World, initial: readonly number[]) {
    this.world = world;
    this.initial = initial;
    this.raised = initial.map(() => 0);
  }

  private signal(name: number): Signal<number> {
    return this.world.signals[name] as Signal<number>;
  }

  private any(): number {
    return this.world.random.below(this.world.signals.length);
  }

  private write(name: number): void {
    const { model, isCounting } = this.world;
    const value = isCounting ? model.visible(name) + 1 : this.world.value();
    this.world.note(`outside: signal ${name} = ${value}`);
    if (isCounting) this.raised[name] = (this.raised[name] as number) + 1;
    if (isCounting) this.signal(name).set((n) => n + 1);
    else this.signal(name).set(value);
    model.plain(name, value);
  }

  /** Some signals, each once: what is written twice and comes back is another matter. */
  private some(): number[] {
    return this.world.signals.map((_, name) => name).filter(() => this.world.random.once(2));
  }

  act(): void {
    const { random } = this.world;
    const act = random.pick([this.set, this.set, this.batch, this.sync, this.rollBack, this.undo]);
    this.world.note(`outside: ${act.name}`);
    act.call(this);
  }

  private set(): void {
    this.write(this.any());
  }

  private batch(): void {
    batch(() => {
      for (const name of this.some()) this.write(name);
    });
  }

  private sync(): void {
    transaction(() => {
      for (const name of this.some()) this.write(name);
    });
  }

  private rollBack(): void {
    try {
      transaction(() => {
        for (const name of this.some()) this.signal(name).set(99);
        this.world.computeds[0]?.get();
        throw new Error("rolled back");
      });
    } catch {}
  }

  /** Written, and written back, within one batch: nothing has happened. */
  private undo(): void {
    const name = this.any();
    if (this.world.model.wasShown(name)) return;
    const before = this.signal(name).peek();
    batch(() => {
      this.signal(name).set(77);
      this.signal(name).set(before);
    });
  }

  /** Every increment that was committed is in the final state. */
  isCountRight(): boolean {
    const { isCounting, model } = this.world;
    if (!isCounting) return true;
    return this.initial.every((value, name) => {
      const all = value + (this.raised[name] as number) + (model.raised.get(name) ?? 0);
      return this.signal(name).peek() === all;
    });
  }
}
