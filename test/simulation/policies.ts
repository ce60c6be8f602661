/**
 * Worlds of cells with policies, under a clock that the simulation moves: retries, timeouts,
 * debouncing, polling, concurrency, optimistic values and groups, in random order. No model follows
 * that either; the record of what happened must make sense after each step.
 */
import {
  type AsyncGroup,
  type Concurrency,
  createAsyncGroup,
  createResource,
  fromPromise,
  SKIP,
  setClock,
} from "@signal-kernel/async-runtime";
import { createEffect, signal } from "@signal-kernel/core";
import { FakeClock } from "../async/clock.js";
import type { Random } from "./random.js";

interface Outcome {
  readonly input: unknown;
  readonly token: number;
}

interface Event {
  readonly type: string;
  readonly token: number;
}

interface Handle {
  status(): string;
  error(): unknown;
  version(): number;
  state(): { status: string; value: unknown; error: unknown; version: number };
  run(input: never): Promise<unknown>;
  mutate(value: unknown, options: object): Promise<unknown>;
  reload(): Promise<unknown>;
  cancel(reason?: unknown): void;
  dispose(): void;
}

interface Cell {
  readonly handle: Handle;
  readonly value: () => unknown;
  readonly policy: Concurrency;
  readonly events: Event[];
  readonly signals: Map<number, AbortSignal[]>;
  readonly open: ((fulfilled: boolean) => void)[];
  readonly versions: number[];
  disposed: boolean;
}

const POLICIES: readonly Concurrency[] = ["latest", "queue", "drop", "parallel"];

class World {
  readonly cells: Cell[] = [];
  readonly steps: string[] = [];
  readonly clock = new FakeClock();
  fault: string | undefined = undefined;
  private readonly random: Random;
  private readonly stops: (() => void)[] = [];
  private readonly source = signal<number>(0);
  private readonly group: AsyncGroup;
  /** In some worlds nothing fails: there the members of the group must always agree. */
  private readonly isCalm: boolean;
  private serial = 1;

  constructor(random: Random) {
    this.random = random;
    this.isCalm = random.once(2);
    setClock(this.clock);
    this.group = createAsyncGroup();
    const shown = this.group.committed(this.source.get);
    const members = [this.member(), this.member()];
    this.cells.push(...members, this.resource(), this.manual(), this.manual());
    this.stops.push(
      createEffect(() => {
        const inputs = members.map(({ value }) => (value() as Outcome | undefined)?.input);
        const id = shown();
        if (this.isCalm && new Set(inputs).size > 1) this.fault = `torn: ${inputs}`;
        if (this.isCalm && inputs[0] !== undefined && inputs[0] !== id)
          this.fault = `torn: ${inputs} under ${id}`;
      }),
    );
    for (const cell of this.cells) this.observe(cell);
  }

  private record(policy: Concurrency): Omit<Cell, "handle" | "value"> {
    const lists = { events: [], open: [], versions: [] };
    return { ...lists, policy, signals: new Map(), disposed: false };
  }

  private producer({ signals, open }: Omit<Cell, "handle" | "value">) {
    return (input: unknown, { token, signal: aborted }: { token: number; signal: AbortSignal }) => {
      signals.set(token, [...(signals.get(token) ?? []), aborted]);
      return new Promise<Outcome>((ok, no) => {
        open.push((fulfilled) => (fulfilled ? ok({ input, token }) : no(token)));
      });
    };
  }

  private attempts() {
    const { random } = this;
    return {
      ...(random.once(2) ? { retry: { count: random.below(3), delayMs: random.below(20) } } : {}),
      ...(random.once(2) && !this.isCalm ? { timeoutMs: 5 + random.below(30) } : {}),
    };
  }

  private member(): Cell {
    const cell = this.record("latest");
    const onEvent = (event: Event) => void cell.events.push(event);
    const options = { onEvent, group: this.group, ...this.attempts() };
    const [value, handle] = createResource(this.source.get, this.producer(cell), options);
    return { ...cell, value, handle: handle as unknown as Handle };
  }

  private resource(): Cell {
    const { random } = this;
    const cell = this.record("latest");
    const [value, handle] = createResource(
      () => (this.source.get() % 5 === 4 ? SKIP : this.source.get()),
      this.producer(cell),
      {
        onEvent: (event: Event) => void cell.events.push(event),
        ...this.attempts(),
        ...(random.once(2) ? { debounceMs: random.below(20) } : {}),
        ...(random.once(2) ? { pollMs: 1 + random.below(20) } : {}),
      },
    );
    return { ...cell, value, handle: handle as unknown as Handle };
  }

  private manual(): Cell {
    const concurrency = this.random.pick(POLICIES);
    const cell = this.record(concurrency);
    const handle = fromPromise({
      run: this.producer(cell),
      onEvent: (event: Event) => void cell.events.push(event),
      concurrency,
      ...this.attempts(),
    });
    return { ...cell, value: handle.value, handle: handle as unknown as Handle };
  }

  private observe(cell: Cell): void {
    this.stops.push(
      createEffect(() => {
        const { handle, value } = cell;
        const state = handle.state();
        cell.versions.push(state.version);
        const isOne =
          state.status === handle.status() &&
          state.value === value() &&
          state.error === handle.error() &&
          state.version === handle.version();
        if (!isOne) this.fault = "state() and the getters differ";
        if ((state.status === "error") !== (state.error !== undefined))
          this.fault = `mixed: ${state.status} with ${state.error}`;
        const { token, input } = (state.value ?? {}) as Partial<Outcome>;
        const mayWait = cell.policy === "queue" || cell.policy === "parallel";
        if (!mayWait && state.status !== "pending" && input === "guess")
          this.fault = `an optimistic value outlives its run: ${state.status}`;
        if (state.status === "success" && token !== state.version)
          this.fault = `mixed: the value of run ${token} in version ${state.version}`;
      }),
    );
  }

  act(): void {
    const { random } = this;
    const cell = random.pick(this.cells);
    const isMember = this.cells.indexOf(cell) < 2;
    const act = random.pick([
      "run",
      "run",
      "mutate",
      "settle",
      "settle",
      "settle",
      "settle",
      "time",
      "time",
      "source",
      "source",
      "cancel",
      "dispose",
    ]);
    this.steps.push(`${act} ${this.cells.indexOf(cell)} ${cell.policy}`);
    if (act === "settle" && cell.open.length > 0) {
      const [settle] = cell.open.splice(random.below(cell.open.length), 1);
      settle?.((isMember && this.isCalm) || !random.once(3));
    }
    if (act === "time") this.clock.elapse(random.below(25));
    if (act === "source") this.source.set(this.serial++);
    /* What is done to one member by hand is not the same change: calm worlds leave them alone. */
    if (isMember && this.isCalm) return;
    if (act === "run") void cell.handle.run(this.serial++ as never);
    if (act === "mutate") {
      const optimistic = (below: unknown) => ({ ...(below as object), input: "guess" });
      void cell.handle.mutate(this.serial++, { optimistic });
    }
    if (act === "cancel") cell.handle.cancel("cancelled");
    if (act === "dispose" && random.once(8)) {
      cell.handle.dispose();
      cell.disposed = true;
    }
  }

  /** What does not hold, or undefined. */
  check(): string | undefined {
    for (const [index, { events, signals, versions, handle }] of this.cells.entries()) {
      const ends = new Map<number, string>();
      let started = 0;
      for (const { type, token } of events) {
        if (type === "start") {
          if (token !== ++started) return `cell ${index}: run ${token} out of turn`;
          continue;
        }
        if (ends.has(token)) return `cell ${index}: run ${token} ended twice`;
        if (token > started) return `cell ${index}: run ${token} ended before it started`;
        ends.set(token, type);
      }
      const isParallel = this.cells[index]?.policy === "parallel";
      for (let token = 1; token < started; token++)
        if (!isParallel && !ends.has(token)) return `cell ${index}: run ${token} never ended`;
      for (const [token, list] of signals)
        if (ends.get(token) === "cancel" && list.at(-1)?.aborted !== true)
          return `cell ${index}: the signal of run ${token} is not aborted`;
        else if (ends.get(token) === "success" && list.at(-1)?.aborted !== false)
          return `cell ${index}: the signal of run ${token} is aborted`;
      if (versions.some((version, at) => at > 0 && version < (versions[at - 1] as number)))
        return `cell ${index}: versions ${versions.join(" ")}`;
      if ((handle.status() === "pending") === ends.has(started) && started > 0)
        return `cell ${index}: ${handle.status()}, run ${started}`;
    }
    return this.fault;
  }

  /** Ends the world; whatever is left then should not be there. */
  end(): string | undefined {
    /* Members that end one after the other let go of those that are left: nobody looks then. */
    for (const stop of this.stops) stop();
    for (const { handle } of this.cells) handle.dispose();
    this.group.dispose();
    for (const [index, { events }] of this.cells.entries()) {
      const count = (isEnd: boolean) =>
        events.filter(({ type }) => (type !== "start") === isEnd).length;
      if (count(true) !== count(false)) return `cell ${index}: a run has no end`;
    }
    return this.clock.waiting.length > 0 ? "a timer outlives its cell" : undefined;
  }
}

/** Simulates one world; `difference` says what did not hold. */
export async function regulate(
  random: Random,
): Promise<{ difference: string | undefined; steps: readonly string[] }> {
  const world = new World(random);
  try {
    let difference: string | undefined;
    for (let step = 0; step < 60 && difference === undefined; step++) {
      world.act();
      if (random.once(2)) await new Promise((resolve) => setImmediate(resolve));
      difference = world.check();
    }
    const atEnd = world.end();
    await new Promise((resolve) => setImmediate(resolve));
    return { difference: difference ?? atEnd ?? world.check(), steps: world.steps };
  } finally {
    setClock(null);
  }
}
