/**
 * A program of random calls of the public functions, with values that do harm, and callbacks that call
 * back: they dispose what is running, write what they read, flush, open transactions, throw.
 */
import {
  asyncComputed,
  createAsyncGroup,
  createKeyedRevision,
  createResource,
  createRevision,
  createStreamResource,
  fromPromise,
} from "@signal-kernel/async-runtime";
import {
  batch,
  computed,
  configureScheduler,
  createEffect,
  createScope,
  flushSync,
  onCleanup,
  onScopeDispose,
  signal,
  transaction,
  untracked,
} from "@signal-kernel/core";
import type { Random } from "../simulation/random.js";
import { anyOutcome, anyValue, isExpected, throwAnything } from "./values.js";

/** Hostile arguments have no type. */
type Call = (...given: unknown[]) => unknown;
type Handle = Record<string, Call>;

const MOST = 24;

export class World {
  /** What was done, as a script to read when something is found. */
  readonly steps: string[] = [];
  /** Errors that nobody should ever see. */
  readonly strange: unknown[] = [];
  private readonly signals: Handle[] = [];
  private readonly computeds: Handle[] = [];
  private readonly cells: [Call, Handle][] = [];
  private readonly ends: Call[] = [];
  private readonly promises: Promise<unknown>[] = [];
  /** Calls that callbacks may still make in this step. */
  private budget = 0;
  private depth = 0;

  constructor(private readonly random: Random) {
    this.signals.push(this.as<Handle>(signal(0)));
  }

  private as<T>(value: unknown): T {
    return value as T;
  }

  private keep<T>(list: T[], item: T): void {
    if (list.length < MOST) list.push(item);
    else list[this.random.below(MOST)] = item;
  }

  /** Runs a call; what it throws must be expected. */
  private attempt(name: string, call: () => unknown): void {
    if (this.steps.length < 400) this.steps.push(`${"  ".repeat(this.depth)}${name}`);
    try {
      call();
    } catch (error) {
      if (!isExpected(error)) this.strange.push(error);
      /* Inside of a callback it goes on half of the time, through the library. */
      if (this.depth > 0 && this.random.once(2)) throw error;
    }
  }

  /** What a callback does: a few calls, then a value, or it throws. */
  private react(allowed: readonly Action[], value: () => unknown): unknown {
    if (this.depth > 3 || this.budget <= 0) return value();
    this.depth++;
    try {
      for (let i = this.random.below(3); i > 0 && this.budget > 0; i--) {
        this.budget--;
        this.perform(this.random.pick(allowed));
      }
      if (this.random.once(8)) throwAnything(this.random);
      return value();
    } finally {
      this.depth--;
    }
  }

  private callback(
    allowed: readonly Action[] = ALL,
    value: () => unknown = () => anyValue(this.random),
  ): Call {
    /* Now and then, no function at all. */
    if (this.random.once(20)) return anyValue(this.random) as Call;
    return () => this.react(allowed, value);
  }

  private perform(action: Action): void {
    this.attempt(action, () => ACTIONS[action].call(this));
  }

  /** One call from outside. */
  step(): void {
    this.budget = 12;
    this.perform(this.random.pick(ALL));
  }

  readAny(): unknown {
    const lists = [this.signals, this.computeds];
    const list = this.random.pick(lists);
    if (list.length === 0) return undefined;
    const { get, peek } = this.random.pick(list) as { get: Call; peek: Call };
    return this.random.once(4) ? peek() : get();
  }

  options(): unknown {
    const { random } = this;
    if (random.once(3)) return undefined;
    if (random.once(8)) return anyValue(random);
    return {
      name: random.once(2) ? "n" : anyValue(random),
      ...(random.once(2) && { equals: random.once(2) ? false : this.callback(READS) }),
      ...(random.once(6) && {
        priority: random.pick(["background", "immediate", 3, anyValue(random)]),
      }),
    };
  }

  makeSignal(): void {
    this.keep(
      this.signals,
      this.as<Handle>((signal as Call)(anyValue(this.random), this.options())),
    );
  }

  makeComputed(): void {
    const fn = this.callback(READS, () => this.readAny());
    this.keep(this.computeds, this.as<Handle>((computed as Call)(fn, this.options())));
  }

  makeEffect(): void {
    const body = this.callback(ALL, () => {
      this.readAny();
      return this.random.once(2) ? this.callback() : anyValue(this.random);
    });
    const dispose = (createEffect as Call)(body, this.options());
    this.ends.push(dispose as Call);
  }

  write(): void {
    const { set } = this.random.pick(this.signals) as { set: Call };
    set(this.random.once(3) ? this.callback() : anyValue(this.random));
  }

  subscribe(): void {
    const { subscribe } = this.random.pick(this.signals) as { subscribe: Call };
    this.ends.push(subscribe(this.callback()) as Call);
  }

  end(): void {
    if (this.ends.length > 0) this.random.pick(this.ends)();
  }

  scope(): void {
    const scope = this.as<Handle>(
      (createScope as Call)(undefined, { onError: this.callback(READS) }),
    );
    this.ends.push(() => scope.dispose?.());
    const run = scope.run as Call;
    run(this.callback());
  }

  transact(): void {
    const isAsync = this.random.once(2);
    const options = {
      onConflict: this.random.pick(["abort", "retry", "overwrite", anyValue(this.random)]),
      retries: this.random.pick([0, 2, anyValue(this.random)]),
      backoffMs: 0,
    };
    const tx = (handle: unknown): void => {
      const { set, get } = handle as Handle;
      const target = this.random.pick(this.signals);
      (set as Call)(target, anyValue(this.random));
      (get as Call)(target);
      if (this.random.once(3)) (handle as Handle).optimistic?.(target, anyValue(this.random));
    };
    const body = isAsync
      ? async (handle: unknown) => {
          this.react(ALL, () => tx(handle));
          if (this.random.once(2)) await null;
          this.react(ALL, () => tx(handle));
        }
      : (handle: unknown) => this.react(ALL, () => (tx(handle), anyOutcome(this.random)));
    const result = (transaction as Call)(body, this.random.once(2) ? options : undefined);
    if (isAsync) this.follow(result as Promise<unknown>);
    else if (result instanceof Promise) result.catch(() => {});
  }

  /** A promise of the library is rejected with what may be expected. */
  follow(promise: Promise<unknown>): void {
    if (!(promise instanceof Promise)) return;
    this.promises.push(
      promise.catch((error) => {
        if (!isExpected(error)) this.strange.push(error);
      }),
    );
  }

  makeCell(): void {
    const { random } = this;
    const producer = this.callback(ALL, () => anyOutcome(random));
    const options = {
      onEvent: this.callback(),
      onSuccess: this.callback(),
      onError: this.callback(),
      ...(random.once(3) && { retry: random.pick([1, anyValue(random)]) }),
      ...(random.once(3) && { timeoutMs: random.pick([1, anyValue(random)]) }),
    };
    const source = () => this.readAny();
    const makers: (() => unknown)[] = [
      () => (createResource as Call)(source, producer, options),
      () => (asyncComputed as Call)(producer, options),
      () => {
        const cell = (fromPromise as Call)(producer, options) as Handle;
        return [cell.value, cell];
      },
      () =>
        (createStreamResource as Call)(
          source,
          (_: unknown, ctx: Handle) => {
            for (const name of ["emit", "set", "onCleanup", "done", "fail", "emit"])
              if (random.once(2)) ctx[name]?.(this.callback());
            return producer();
          },
          { initialValue: 0, reduce: this.callback(READS), ...options },
        ),
    ];
    const cell = random.pick(makers)() as [Call, Handle];
    this.keep(this.cells, cell);
    this.ends.push(() => cell[1].dispose?.());
  }

  useCell(): void {
    if (this.cells.length === 0) return;
    const [value, meta] = this.random.pick(this.cells);
    const name = this.random.pick([
      "status",
      "error",
      "reload",
      "run",
      "cancel",
      "dispose",
      "promise",
      "state",
      "mutate",
    ]);
    value();
    const result = meta[name]?.(anyValue(this.random), anyValue(this.random));
    if (result instanceof Promise) this.follow(result);
  }

  misuse(): void {
    const { random } = this;
    const functions = [
      signal,
      computed,
      createEffect,
      batch,
      transaction,
      untracked,
      createScope,
      onCleanup,
    ]
      .concat([
        onScopeDispose,
        createResource,
        createStreamResource,
        fromPromise,
        asyncComputed,
      ] as never[])
      .concat([createAsyncGroup, createRevision, createKeyedRevision, flushSync] as never[]);
    const result = (random.pick(functions) as Call)(
      anyValue(random),
      anyValue(random),
      anyValue(random),
    );
    if (result instanceof Promise) this.follow(result);
    if (typeof result === "function") this.ends.push(result as Call);
    else if (Array.isArray(result)) this.ends.push(() => (result[1] as Handle).dispose?.());
    else (result as Handle | undefined)?.dispose?.();
  }

  batch(): void {
    (batch as Call)(this.callback());
  }
  untrack(): void {
    (untracked as Call)(this.callback());
  }
  clean(): void {
    (onCleanup as Call)(this.callback());
  }
  flush(): void {
    (flushSync as Call)(
      this.random.once(3)
        ? { upTo: this.random.pick(["normal", anyValue(this.random)]) }
        : undefined,
    );
  }
  slice(): void {
    configureScheduler({ budgetMs: this.random.pick([5, Number.POSITIVE_INFINITY]) });
  }

  /** Everything ends, whatever throws. */
  async close(): Promise<void> {
    this.budget = 0;
    configureScheduler({ budgetMs: Number.POSITIVE_INFINITY });
    for (let round = 0; round < 2; round++) {
      for (const end of [...this.ends, ...this.computeds.map(({ dispose }) => dispose as Call)])
        this.attempt("close", () => (end as Call | undefined)?.());
      await new Promise((resolve) => setImmediate(resolve));
      this.attempt("flush", () => flushSync());
    }
  }
}

const ACTIONS = {
  read: World.prototype.readAny,
  signal: World.prototype.makeSignal,
  computed: World.prototype.makeComputed,
  effect: World.prototype.makeEffect,
  write: World.prototype.write,
  subscribe: World.prototype.subscribe,
  end: World.prototype.end,
  scope: World.prototype.scope,
  transaction: World.prototype.transact,
  cell: World.prototype.makeCell,
  use: World.prototype.useCell,
  misuse: World.prototype.misuse,
  batch: World.prototype.batch,
  untracked: World.prototype.untrack,
  cleanup: World.prototype.clean,
  flush: World.prototype.flush,
  slice: World.prototype.slice,
} satisfies Record<string, (this: World) => unknown>;

type Action = keyof typeof ACTIONS;
const ALL = Object.keys(ACTIONS) as Action[];
/** What comparators and computeds do: mostly they only read. */
const READS: readonly Action[] = ["read", "read", "read", "untracked", "write", "effect", "flush"];
