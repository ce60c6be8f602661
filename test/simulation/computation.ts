/**
 * An asynchronous computed that reads one source before its await and another one after it.
 */
import { asyncComputed } from "@signal-kernel/async-runtime";
import { createEffect } from "@signal-kernel/core";
import { deferred } from "../async/support.js";
import type { Launched } from "./cell.js";
import type { World } from "./world.js";

export class Computation {
  private readonly world: World;
  private readonly sources: readonly [number, number];
  readonly dispose: () => void;
  private readonly value: () => string | undefined;
  /** Runs that have not been answered, with the signals they were given. */
  private readonly gates = new Map<number, { signal: AbortSignal; settle: () => void }>();

  constructor(world: World, first: number, second: number) {
    this.world = world;
    this.sources = [first, second];
    const [before, after] = [world.graph.getter(first), world.graph.getter(second)];
    const [value, meta] = asyncComputed(async ({ get, signal, token }) => {
      const one = before();
      for (const [other, gate] of this.gates)
        if (other < token && !gate.signal.aborted)
          world.fail("A13", `run ${other} goes on beside run ${token}`);
      await this.gate(token, signal);
      return `${one} ${get(after)}`;
    });
    this.value = value;
    const stop = createEffect(() => void value());
    this.dispose = () => {
      stop();
      meta.dispose();
    };
  }

  private gate(token: number, signal: AbortSignal): Promise<unknown> {
    const { promise, resolve } = deferred();
    const settle = () => {
      this.gates.delete(token);
      resolve(undefined);
    };
    this.gates.set(token, { signal, settle });
    this.world.open.push({ launched: { token } as Launched, settle });
    return promise;
  }

  /** When all has been answered, its value is of the sources as they are. */
  async end(): Promise<void> {
    for (let rounds = 0; this.gates.size > 0 && rounds < 5; rounds++) {
      for (const { settle } of this.gates.values()) settle();
      await this.world.loop.wait();
    }
    const right = this.sources.map((source) => this.world.graph.getter(source)()).join(" ");
    if (this.value() !== right)
      this.world.fail("A13", `the value is ${this.value()}, not ${right}`);
  }
}
