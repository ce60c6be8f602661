/**
 * Code that is in no transaction: its writes belong to nobody, and nobody holds them up.
 */
import { batch, type Signal, transaction } from "@signal-kernel/core";
import { MODE } from "./program.js";
import { Poison } from "./values.js";
import type { World } from "./world.js";

export class Outsider {
  private readonly world: World;
  private readonly initial: readonly number[];
  private readonly raised: number[];

  constructor(world: World) {
    this.world = world;
    this.initial = world.graph.initial;
    this.raised = this.initial.map(() => 0);
  }

  private signal(name: number): Signal<number> {
    return this.world.graph.signal(name);
  }

  private get isCounting(): boolean {
    return (this.world.mode & MODE.counting) !== 0;
  }

  /** What a write of a program writes. */
  private valueOf(name: number, value: number): number {
    return this.isCounting ? this.world.graph.model.visible(name) + 1 : value;
  }

  write(name: number, value: number): void {
    const { isCounting } = this;
    this.world.graph.model.plain(name, this.valueOf(name, value));
    if (isCounting) this.raised[name] = (this.raised[name] as number) + 1;
    if (isCounting) this.signal(name).set((n) => n + 1);
    else this.signal(name).set(value);
  }

  /** Pairs of names and values; of one name the first counts: to and fro is another matter. */
  private writesOf(args: readonly number[]): Map<number, number> {
    const writes = new Map<number, number>();
    for (let at = 0; at + 1 < args.length; at += 2) {
      const name = (args[at] as number) % this.initial.length;
      if (!writes.has(name)) writes.set(name, args[at + 1] as number);
    }
    return writes;
  }

  writeAll(args: readonly number[]): void {
    for (const [name, value] of this.writesOf(args)) this.write(name, value);
  }

  /** A synchronous transaction, which may be rolled back by itself, or for what it would show. */
  transact(isKept: boolean, args: readonly number[]): void {
    const { world } = this;
    const writes = this.writesOf(args);
    const values = new Map([...writes].map(([name, value]) => [name, this.valueOf(name, value)]));
    if (isKept && !world.graph.model.poisons(values)) {
      transaction(() => {
        for (const [name, value] of writes) this.write(name, value);
      });
      return;
    }
    const ended = {};
    try {
      transaction(() => {
        for (const [name, value] of values) this.signal(name).set(value);
        world.graph.computeds[0]?.get();
        if (!isKept) throw ended;
      });
      world.fail("T3", "a transaction committed what a computed refuses");
    } catch (error) {
      if (isKept ? !(error instanceof Poison) : error !== ended)
        world.fail("T1", `a transaction threw ${error}`);
    }
  }

  /** Written, and written back, within one batch: nothing has happened. */
  undo(name: number): void {
    if (this.world.graph.model.wasShown(name)) return;
    const before = this.signal(name).peek();
    batch(() => {
      this.signal(name).set(77);
      this.signal(name).set(before);
    });
  }

  /** Every increment that was committed is in the final state. */
  isCountRight(): boolean {
    const { isCounting, world } = this;
    if (!isCounting) return true;
    return this.initial.every((value, name) => {
      const all = value + (this.raised[name] as number) + (world.graph.model.raised.get(name) ?? 0);
      return this.signal(name).peek() === all;
    });
  }
}
