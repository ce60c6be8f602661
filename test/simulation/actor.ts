/**
 * An asynchronous transaction of a program, beside its model. What its function does, it does when a step
 * says so: through its handle, through `run`, or in the context that it had after an await.
 */
import {
  TransactionAbortedError,
  TransactionConflictError,
  type TransactionHandle,
  type TransactionOptions,
  transaction,
} from "@signal-kernel/core";
import { type Deferred, deferred } from "../async/support.js";
import { MODE } from "./program.js";
import type { ModelTransaction, Options } from "./transaction-model.js";
import { contextHere, type InContext, Poison, SIGNALS } from "./values.js";
import type { Place, World } from "./world.js";

const add = (base: number, theirs: number, mine: number) => theirs + mine - base;

const POLICIES = ["abort", "retry", "overwrite"] as const;

/** How the function is written: declared async, or not, and then it may write before it is known to be. */
const STYLES = ["async", "promise", "plain"] as const;

/** What a transaction is begun with: the arguments of the step. */
export interface Beginning {
  readonly parent: Actor | null;
  readonly place: Place | null;
  readonly conflict: number;
  readonly retries: number;
  /** Bits: serializable, merges. */
  readonly traits: number;
  readonly style: number;
}

export class Actor {
  readonly name: string;
  readonly depth: number;
  readonly place: Place | null;
  readonly parent: Actor | null;
  private readonly world: World;
  private readonly options: Options;
  private readonly retries: number;
  private readonly controller = new AbortController();
  private model!: ModelTransaction;
  private handle!: TransactionHandle;
  private gate!: Deferred<string>;
  private inContext: InContext | null = null;
  attempts = 0;
  /** What its last run came to. */
  ending: "committed" | "conflict" | "poisoned" | "aborted" | null = null;
  private outcome: unknown = undefined;
  private expected: unknown = undefined;

  constructor(world: World, name: string, beginning: Beginning) {
    const { parent, place, conflict, retries, traits, style } = beginning;
    const isCounting = (world.mode & MODE.counting) !== 0;
    const policies = isCounting ? (["abort", "retry"] as const) : POLICIES;
    this.world = world;
    this.name = name;
    this.parent = parent;
    this.depth = parent === null ? 1 : parent.depth + 1;
    this.place = place;
    this.retries = retries;
    this.options = {
      serializable: (traits & 1) !== 0,
      merges: (traits & 2) !== 0,
      onConflict: policies[conflict % policies.length] ?? "abort",
    };
    const begin = () => this.begin(STYLES[style % STYLES.length] ?? "async");
    const placed = () => (place === null ? begin() : place.scope.run(begin));
    if (parent === null) placed();
    else parent.handle.run(placed);
  }

  private begin(style: (typeof STYLES)[number]): void {
    const { serializable, onConflict, merges } = this.options;
    const settings: TransactionOptions = {
      onConflict,
      retries: this.retries,
      backoffMs: 0,
      isolation: serializable ? "serializable" : "snapshot",
      signal: this.controller.signal,
      ...(merges ? { merge: add as TransactionOptions["merge"] } : {}),
    };
    const isPlain = style === "plain" && !this.world.graph.model.isShowing;
    const body =
      style === "async"
        ? this.work
        : (tx: TransactionHandle) => {
            this.enter(tx);
            if (isPlain) this.operate(4, this.attempts, 3, false);
            return this.wait(this.model);
          };
    transaction(body, settings).then(
      (value) => {
        this.outcome = value;
      },
      (error: unknown) => {
        this.outcome = error;
      },
    );
  }

  /** The function of the transaction itself, when it is declared async. */
  private readonly work = async (tx: TransactionHandle): Promise<string> => {
    this.enter(tx);
    const { model } = this;
    await null;
    if (this.model === model) this.inContext = contextHere();
    try {
      const value = await this.gate.promise;
      /* Directly before the reaction of whoever awaits this function. */
      queueMicrotask(() => this.finish(model));
      return value;
    } catch (error) {
      queueMicrotask(() => this.abort(model, error));
      throw error;
    }
  };

  private wait(model: ModelTransaction): Promise<string> {
    const { promise } = this.gate;
    this.inContext = contextHere();
    promise.then(
      () => this.finish(model),
      (error: unknown) => this.abort(model, error),
    );
    return promise;
  }

  private enter(tx: TransactionHandle): void {
    this.handle = tx;
    this.gate = deferred<string>();
    this.inContext = null;
    this.attempts++;
    this.model = this.world.graph.model.begin(this.parent?.model ?? null, this.options);
  }

  private finish(model: ModelTransaction): void {
    if (model.state !== "open") return;
    const mayRetry = this.options.onConflict === "retry" && this.attempts <= this.retries;
    const end = this.world.graph.model.finish(model);
    this.ending = end;
    if (end === "committed") this.expected = "committed";
    else if (end === "poisoned") this.expected = Poison;
    else if (!mayRetry) this.expected = TransactionConflictError;
  }

  private abort(model: ModelTransaction, reason: unknown): void {
    if (model.state === "open") {
      this.expected = reason;
      this.ending = "aborted";
    }
    this.world.graph.model.abort(model);
  }

  get isOpen(): boolean {
    return this.model.state === "open";
  }

  private get canUseContext(): boolean {
    return (this.world.mode & MODE.noContext) === 0 && this.inContext !== null;
  }

  /** Runs `work` as part of the transaction: through the handle, or in its function's context. */
  private inside(through: number, work: (usesHandle: boolean) => void): void {
    try {
      if (through === 0) work(true);
      else if (through === 2 && this.canUseContext) this.inContext?.(() => work(false));
      else this.handle.run(() => work(false));
    } catch (error) {
      this.world.fail("T4", `${this.name} threw ${error}`);
    }
  }

  act(what: number, name: number, value: number, through: number): void {
    this.inside(through, (usesHandle) => this.operate(what, name, value, usesHandle));
  }

  /** A synchronous transaction inside, which may be rolled back. */
  nest(isKept: boolean, writes: readonly (readonly [number, number])[]): void {
    const { model } = this.world.graph;
    this.inside(1, () => {
      const outer = this.model;
      const options = { ...this.options, serializable: true, merges: false };
      const ended = {};
      try {
        transaction(() => {
          this.model = model.begin(outer, options);
          for (const [name, value] of writes) this.operate(value % 4, name, value, false, true);
          if (!isKept) throw ended;
        });
        if (model.finish(this.model) !== "committed")
          this.world.fail("T2", "a savepoint was in conflict");
      } catch (error) {
        if (error !== ended) this.world.fail("T2", `a savepoint threw ${error}`);
        model.abort(this.model);
      }
      this.model = outer;
    });
  }

  /** One operation; `usesHandle`: from outside of the function. */
  private operate(
    what: number,
    at: number,
    value: number,
    usesHandle: boolean,
    inSavepoint = false,
  ): void {
    const { graph, mode } = this.world;
    const { model } = graph;
    const name = at % SIGNALS;
    const target = graph.signal(name);
    const isCounting = (mode & MODE.counting) !== 0;
    if (what === 0) {
      this.compare(name, usesHandle);
    } else if (what === 1) {
      this.compare(SIGNALS + (at % 3), usesHandle);
    } else if (what <= 3 || isCounting) {
      const more = this.model.read(name) + 1;
      if (usesHandle) this.handle.set(target, this.handle.get(target) + 1);
      else target.set((n) => n + 1);
      model.set(this.model, name, more);
      this.model.raised.set(name, (this.model.raised.get(name) ?? 0) + 1);
    } else if (what === 5 && !inSavepoint) {
      model.show(this.model, name, value);
      this.handle.optimistic(target, value);
    } else {
      model.set(this.model, name, value);
      if (usesHandle) this.handle.set(target, value);
      else target.set(value);
    }
  }

  /** Reads a source as the transaction sees it. */
  private compare(source: number, usesHandle: boolean): void {
    const { world, model } = this;
    const get = world.graph.getter(source);
    const found = usesHandle ? this.handle.get({ get }) : get();
    const right = world.graph.formula(source)((name) => model.read(name));
    if (found !== right)
      world.fail("T4", `${this.name} read ${found} from source ${source}, not ${right}`);
  }

  /** Its function fulfils or rejects, or it is aborted. */
  end(how: number): void {
    if (how < 4) return this.gate.resolve("committed");
    const reason = new Error(how === 4 ? "rejected" : "aborted");
    if (how === 4) return this.gate.reject(reason);
    this.abort(this.model, reason);
    this.controller.abort(reason);
  }

  /** Its scope ends. */
  abandon(): void {
    this.abort(this.model, TransactionAbortedError);
  }

  /** An aborted transaction's code cannot write any more. */
  goOn(): void {
    if (this.model.state !== "aborted") return;
    const target = this.world.graph.signal(0);
    const write = (set: () => void) => {
      try {
        set();
        this.world.fail("T6", `${this.name} wrote although it was aborted`);
      } catch (error) {
        if (!(error instanceof TransactionAbortedError))
          this.world.fail("T6", `${this.name} was refused with ${error}`);
      }
    };
    write(() => this.handle.set(target, 1234));
    if (this.canUseContext) this.inContext?.(() => write(() => target.set(4321)));
  }

  /** Compares how it ended, when no microtask waits. */
  checkQuiet(): void {
    if (this.isOpen) {
      if (this.outcome !== undefined) this.world.fail("T6", `${this.name} ended by itself`);
      return;
    }
    if (this.handle.signal.aborted !== (this.model.state === "aborted"))
      this.world.fail("T6", `the signal of ${this.name} says ${this.handle.signal.aborted}`);
    const expected = this.expected ?? TransactionAbortedError;
    const isRight =
      typeof expected === "function"
        ? this.outcome instanceof (expected as typeof TransactionAbortedError)
        : this.outcome === expected;
    if (!isRight) this.world.fail("T6", `${this.name} ended with ${this.outcome}`);
  }
}
