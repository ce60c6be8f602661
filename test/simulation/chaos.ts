/**
 * Worlds in which everything that the program gave calls back into the cells at random: callbacks,
 * producers, reducers, cleanups, abort listeners, effects. No model follows that; what must hold all
 * the same is checked on the record of what happened.
 */
import {
  createAsyncGroup,
  createResource,
  createStreamResource,
  fromPromise,
  type StreamContext,
} from "@signal-kernel/async-runtime";
import { createEffect, signal } from "@signal-kernel/core";
import type { Random } from "./random.js";

interface Handle {
  status(): string;
  error(): unknown;
  reload(): Promise<unknown>;
  cancel(reason?: unknown): void;
  dispose(): void;
}

interface Event {
  readonly type: string;
  readonly token: number;
}

interface Cell {
  readonly handle: Handle;
  readonly value: () => unknown;
  readonly events: Event[];
  readonly signals: Map<number, AbortSignal>;
  readonly open: { token: number; settle(fulfilled: boolean): void }[];
  /** Tokens of the values that observers saw, oldest first. */
  readonly seen: number[];
  disposed: boolean;
}

/** Callbacks may call back so often in one world; else two of them could play ball for ever. */
const CALLS_BACK = 40;

class World {
  readonly cells: Cell[] = [];
  readonly steps: string[] = [];
  fault: string | undefined = undefined;
  private left = CALLS_BACK;
  private readonly random: Random;
  private readonly group = createAsyncGroup();
  readonly source = signal(0);
  private serial = 0;

  constructor(random: Random) {
    this.random = random;
    for (const kind of ["promise", "resource", "stream", "stream"] as const) this.create(kind);
  }

  /** Something happens to some cell; in a callback only now and then. */
  act(from: string): void {
    const inside = from !== "step";
    if (inside && (this.left === 0 || !this.random.once(4))) return;
    if (inside) this.left--;
    const cell = this.random.pick(this.cells);
    const act = this.random.pick([
      "reload",
      "reload",
      "cancel",
      "settle",
      "settle",
      "source",
      "dispose",
    ]);
    this.steps.push(`${from}: ${act} ${this.cells.indexOf(cell)}`);
    if (act === "reload") void cell.handle.reload();
    if (act === "cancel") cell.handle.cancel(`reason ${this.serial++}`);
    if (act === "source") this.source.set(this.serial++);
    if (act === "dispose" && this.random.once(8)) {
      cell.handle.dispose();
      cell.disposed = true;
    }
    if (act === "settle" && cell.open.length > 0) {
      const [run] = cell.open.splice(this.random.below(cell.open.length), 1);
      run?.settle(!this.random.once(3));
    }
  }

  private create(kind: "promise" | "resource" | "stream"): void {
    const events: Event[] = [];
    const signals = new Map<number, AbortSignal>();
    const open: Cell["open"] = [];
    const act = (from: string) => this.cells.length > 0 && this.act(from);
    const options = {
      onEvent: (event: Event) => {
        events.push(event);
        act(`event ${event.type}`);
      },
      onSuccess: () => act("onSuccess"),
      group: this.random.once(2) ? this.group : undefined,
    };
    const launch = (token: number, aborted: AbortSignal) => {
      signals.set(token, aborted);
      aborted.addEventListener("abort", () => act("abort listener"));
      act("producer");
    };
    const fetch = ({ token, signal: aborted }: { token: number; signal: AbortSignal }) => {
      launch(token, aborted);
      return new Promise<number>((ok, no) => {
        open.push({ token, settle: (fulfilled) => (fulfilled ? ok(token) : no(token)) });
      });
    };
    const streamer = (_input: number, context: StreamContext<number, number>) => {
      const { token, emit, done, fail, onCleanup } = context;
      launch(token, context.signal);
      onCleanup(() => act("cleanup"));
      open.push({
        token,
        settle: (fulfilled) => {
          emit(token);
          if (fulfilled) done();
          else fail(token);
        },
      });
    };
    const reduce = (_current: number | undefined, chunk: number) => {
      act("reduce");
      return chunk;
    };
    const cell = { events, signals, open, seen: [], disposed: false };
    if (kind === "promise") {
      const concurrency = this.random.pick(["latest", "queue", "drop"] as const);
      const handle = fromPromise(fetch, { ...options, concurrency });
      this.cells.push({ ...cell, handle, value: handle.value });
    } else if (kind === "resource") {
      const [value, handle] = createResource(
        this.source.get,
        (_i, context) => fetch(context),
        options,
      );
      this.cells.push({ ...cell, handle, value });
    } else {
      const policies = { onCancel: "keep-partial", onError: "keep-partial" } as const;
      const [, handle] = createStreamResource(this.source.get, streamer, {
        ...options,
        ...policies,
        reduce,
      });
      this.cells.push({ ...cell, handle, value: handle.stableValue });
    }
    this.observe(this.cells.at(-1) as Cell);
  }

  private observe(cell: Cell): void {
    createEffect(() => {
      const [status, error, value] = [cell.handle.status(), cell.handle.error(), cell.value()];
      if ((status === "error") !== (error !== undefined))
        this.fault = `torn: ${status} with ${error}`;
      if (status === "success" && value === undefined) this.fault = "torn: success without a value";
      if (typeof value === "number") cell.seen.push(value);
      this.act("effect");
    });
  }

  /** What does not hold, or undefined. */
  check(): string | undefined {
    for (const [index, { events, signals, seen, handle }] of this.cells.entries()) {
      const ends = new Map<number, string>();
      let started = 0;
      for (const { type, token } of events) {
        if (type === "start" && token !== ++started)
          return `cell ${index}: run ${token} out of turn`;
        if (type === "start") continue;
        if (ends.has(token)) return `cell ${index}: run ${token} ended twice`;
        if (token > started) return `cell ${index}: run ${token} ended before it started`;
        ends.set(token, type);
      }
      for (let token = 1; token < started; token++)
        if (!ends.has(token)) return `cell ${index}: run ${token} never ended`;
      for (const [token, { aborted }] of signals)
        if (aborted !== (ends.get(token) === "cancel"))
          return `cell ${index}: signal of run ${token}`;
      if (seen.some((token, at) => at > 0 && token < (seen[at - 1] as number)))
        return `cell ${index}: went back, ${seen.join(" ")}`;
      const busy = handle.status() === "pending" || handle.status() === "streaming";
      if (busy === ends.has(started)) return `cell ${index}: ${handle.status()}, run ${started}`;
    }
    return this.fault;
  }
}

/** Simulates one world; `difference` says what did not hold. */
export async function disturb(
  random: Random,
): Promise<{ difference: string | undefined; steps: readonly string[] }> {
  const world = new World(random);
  let difference: string | undefined;
  for (let step = 0; step < 40 && difference === undefined; step++) {
    if (random.once(2)) await null;
    else world.act("step");
    /* A flush may be waiting, and a stream's producer two microtasks away. */
    if (random.once(3)) await new Promise((resolve) => setImmediate(resolve));
    difference = world.check();
  }
  for (const { handle } of world.cells) handle.dispose();
  await new Promise((resolve) => setImmediate(resolve));
  return { difference: difference ?? world.check(), steps: world.steps };
}
