/**
 * Two cells of one group, and their source as it was when what is shown was asked for. Nothing is done
 * to them by hand, and nothing of them fails: then they must always agree.
 */
import { type AsyncGroup, createResource } from "@signal-kernel/async-runtime";
import { createEffect } from "@signal-kernel/core";
import { deferred } from "../async/support.js";
import type { Launched } from "./cell.js";
import type { World } from "./world.js";

export class Group {
  private readonly world: World;
  private readonly group: AsyncGroup;
  private readonly stops: (() => void)[] = [];
  private readonly source: number;
  private shownInput: number | undefined = undefined;
  private waiting = 0;
  /** How often what is shown has changed. */
  commits = 0;

  constructor(world: World, group: AsyncGroup, source: number, retries: number) {
    this.world = world;
    this.group = group;
    this.source = source;
    const get = world.graph.getter(source);
    const committed = group.committed(get);
    const values = [this.member(retries), this.member(0)];
    const stop = createEffect(() => {
      const inputs = values.map((value) => value());
      const id = committed();
      if (inputs[0] !== inputs[1]) world.fail("A12", `members show ${inputs.join(" and ")}`);
      else if (inputs[0] !== undefined && inputs[0] !== id)
        world.fail("A12", `members show ${inputs[0]} under ${id}`);
      if (inputs[0] !== this.shownInput) this.commits++;
      this.shownInput = inputs[0];
    });
    /* First: members that end one after the other let go of those that are left. */
    this.stops.unshift(stop);
  }

  private member(retries: number): () => number | undefined {
    const fetch = (input: number, { token }: { token: number }) => {
      const { promise, resolve } = deferred<number>();
      const launched = { token } as Launched;
      this.waiting++;
      const settle = () => {
        this.waiting--;
        resolve(input);
      };
      this.world.open.push({ launched, settle });
      return promise;
    };
    const { group } = this;
    const retry = { count: retries, delayMs: 1 };
    const [value, meta] = createResource(this.world.graph.getter(this.source), fetch, {
      group,
      retry,
    });
    this.stops.push(meta.dispose);
    return value;
  }

  /** When all have answered, and no microtask waits, what is shown is the newest. */
  check(): void {
    const newest = this.world.graph.getter(this.source)();
    if (this.waiting === 0 && this.shownInput !== newest)
      this.world.fail("A12", `members show ${this.shownInput}, not ${newest}`);
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.group.dispose();
  }
}
