/**
 * A transaction of a history, beside its model. What its function does, it does when the world says:
 * in the function itself, after an await, or through its handle.
 */
import {
  type Computed,
  createScope,
  type Scope,
  type Signal,
  TransactionAbortedError,
  TransactionConflictError,
  type TransactionHandle,
  type TransactionOptions,
  transaction,
} from "@signal-kernel/core";
import type { ModelTransaction, Options } from "./histories-model.js";
import type { World } from "./histories-world.js";

type Step = () => "end" | void;

const add = (base: number, theirs: number, mine: number) => theirs + mine - base;

export class Actor {
  readonly name: string;
  readonly depth: number;
  private readonly world: World;
  private readonly options: Options;
  private readonly retries: number;
  private readonly parent: Actor | null;
  private readonly parentModel: ModelTransaction | null;
  private readonly controller = new AbortController();
  private readonly scope: Scope | null;
  private model!: ModelTransaction;
  private handle!: TransactionHandle;
  private goOn: ((step: Step) => void) | null = null;
  private attempts = 0;
  private outcome: unknown = undefined;
  private expected: unknown = undefined;

  constructor(world: World, parent: Actor | null) {
    const { random, isCounting } = world;
    this.world = world;
    this.parent = parent;
    this.parentModel = parent?.model ?? null;
    this.depth = parent === null ? 1 : parent.depth + 1;
    this.name = `t${world.actors.length}`;
    this.options = {
      serializable: random.once(3),
      onConflict: isCounting
        ? random.pick(["abort", "retry"])
        : random.pick(["abort", "retry", "overwrite"]),
      merges: random.once(5),
    };
    this.retries = random.below(3);
    this.scope = random.once(4) ? createScope({ detached: true }) : null;
    const isPlain = !world.model.isShowing && random.once(3);
    const { serializable, onConflict, merges } = this.options;
    world.note(
      `${this.name} begins${parent === null ? "" : ` in ${parent.name}`}: ${onConflict} ${this.retries}${serializable ? " serializable" : ""}${merges ? " merges" : ""}${isPlain ? " plain" : ""}`,
    );
    if (this.scope === null) this.begin(isPlain);
    else this.scope.run(() => this.begin(isPlain));
  }

  private begin(isPlain: boolean): void {
    const { random } = this.world;
    const { serializable, onConflict, merges } = this.options;
    const settings: TransactionOptions = {
      onConflict,
      retries: this.retries,
      backoffMs: 0,
      isolation: serializable ? "serializable" : "snapshot",
      signal: this.controller.signal,
      ...(random.once(6) ? { priority: "background" } : {}),
      ...(merges ? { merge: add as TransactionOptions["merge"] } : {}),
    };
    const body = isPlain
      ? (tx: TransactionHandle) => {
          this.enter(tx);
          this.operate(false);
          if (random.once(2)) this.operate(false);
          return this.wait();
        }
      : async (tx: TransactionHandle) => {
          this.enter(tx);
          return await this.wait();
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

  private enter(tx: TransactionHandle): void {
    this.handle = tx;
    /* Before it is run again, it was shown that what it had shown is gone. */
    if (++this.attempts > 1) this.world.flushed();
    this.model = this.world.model.begin(this.parentModel, this.options);
  }

  private async wait(): Promise<string> {
    for (;;) {
      const step = await new Promise<Step>((resolve) => {
        this.goOn = resolve;
      });
      if (step() === "end") return "committed";
    }
  }

  get isOpen(): boolean {
    return this.model.state === "open";
  }

  /** Runs `work` as part of the transaction: in its function, or through the handle. */
  private inside(work: (usesHandle: boolean) => void): void {
    const { random, hasContext } = this.world;
    const guarded = (usesHandle: boolean) => {
      try {
        work(usesHandle);
      } catch (error) {
        this.world.fail(`${this.name} threw ${error}`);
      }
    };
    if (hasContext && random.once(2)) this.goOn?.(() => guarded(false));
    else if (random.once(2)) guarded(true);
    else this.handle.run(() => guarded(false));
  }

  act(): void {
    const isNested = this.world.random.once(4);
    if (!isNested) this.inside((usesHandle) => this.operate(usesHandle));
    else if (this.world.hasContext) this.goOn?.(() => this.nest());
    else this.handle.run(() => this.nest());
  }

  /** A synchronous transaction inside, which may be rolled back. */
  private nest(): void {
    const { random, model } = this.world;
    const outer = this.model;
    const isKept = random.once(2);
    this.world.note(`${this.name} nests${isKept ? "" : ", rolled back"}`);
    try {
      transaction(() => {
        this.model = model.begin(outer, { ...this.options, serializable: true, merges: false });
        for (let i = 0; i < 3; i++) this.operate(false);
        if (random.once(4)) this.nest();
        if (!isKept) throw new Error("inner");
      });
      if (!model.finish(this.model)) this.world.fail("a savepoint was in conflict");
    } catch (error) {
      if (isKept) this.world.fail(`a savepoint threw ${error}`);
      model.abort(this.model);
    }
    this.model = outer;
  }

  /** One operation; `usesHandle`: from outside of the function. */
  private operate(usesHandle: boolean): void {
    const { random, signals, computeds, model, isCounting } = this.world;
    const name = random.below(signals.length);
    const target = signals[name] as Signal<number>;
    const what = random.pick(["read", "computed", "set", "raise", "raise", "show"] as const);
    const get = (source: { get: () => number }) =>
      usesHandle ? this.handle.get(source) : source.get();
    this.world.note(`${this.name} ${what} ${name}`);
    if (what === "read") {
      this.compare(`signal ${name}`, get(target), this.model.read(name));
    } else if (what === "computed") {
      const at = random.below(computeds.length);
      const value = this.world.formula(at)((each) => this.model.read(each));
      this.compare(`computed ${at}`, get(computeds[at] as Computed<number>), value);
    } else if (what === "raise" || isCounting) {
      const value = this.model.read(name) + 1;
      if (usesHandle) this.handle.set(target, this.handle.get(target) + 1);
      else target.set((n) => n + 1);
      model.set(this.model, name, value);
      this.model.raised.set(name, (this.model.raised.get(name) ?? 0) + 1);
    } else if (what === "show" && this.parentOfSavepoint === null) {
      const value = this.world.value();
      this.world.note(`${this.name} shows ${value}`);
      this.handle.optimistic(target, value);
      model.show(this.model, name, value);
    } else {
      const value = this.world.value();
      if (usesHandle) this.handle.set(target, value);
      else target.set(value);
      model.set(this.model, name, value);
    }
  }

  /** Inside a savepoint the handle is that of the transaction around it. */
  private get parentOfSavepoint(): ModelTransaction | null {
    return this.model.parent === this.parentModel ? null : this.model.parent;
  }

  private compare(what: string, found: number, expected: number): void {
    if (found !== expected)
      this.world.fail(`${this.name} read ${found} from ${what}, not ${expected}`);
  }

  beginInner(): void {
    const begin = () => void this.world.actors.push(new Actor(this.world, this));
    if (this.world.hasContext && this.world.random.once(2)) this.goOn?.(begin);
    else this.handle.run(begin);
  }

  /** Its function fulfils or rejects, or it is aborted. */
  end(): void {
    const { random, model } = this.world;
    const how = random.pick(["fulfil", "fulfil", "fulfil", "fulfil", "reject", "abort"] as const);
    this.world.note(`${this.name}: ${how}`);
    if (how === "fulfil") {
      this.goOn?.(() => "end");
      const mayRetry = this.options.onConflict === "retry" && this.attempts <= this.retries;
      if (model.finish(this.model)) this.expected = "committed";
      else if (!mayRetry) this.expected = TransactionConflictError;
      return;
    }
    model.abort(this.model);
    if (how === "reject") {
      this.expected = new Error("rejected");
      this.goOn?.(() => {
        throw this.expected;
      });
    } else if (this.scope === null) {
      this.expected = new Error("aborted");
      this.controller.abort(this.expected);
    } else {
      this.scope.dispose();
    }
  }

  /** An aborted transaction's code cannot write any more. */
  goOnAfterEnd(): void {
    if (this.model.state !== "aborted") return;
    this.world.note(`${this.name} goes on`);
    const write = (set: () => void) => () => {
      try {
        set();
      } catch (error) {
        if (error instanceof TransactionAbortedError) return;
      }
      this.world.fail(`${this.name} wrote although it was aborted`);
    };
    const target = this.world.signals[0] as Signal<number>;
    write(() => this.handle.set(target, 1234))();
    if (this.world.hasContext) this.goOn?.(write(() => target.set(4321)));
  }

  /** What differs from the model, or undefined. */
  difference(): string | undefined {
    if (this.isOpen) return this.outcome === undefined ? undefined : `ended with ${this.outcome}`;
    if (this.handle.signal.aborted !== (this.model.state === "aborted"))
      return `its signal says ${this.handle.signal.aborted}`;
    const expected = this.expected ?? TransactionAbortedError;
    const isRight =
      typeof expected === "function"
        ? this.outcome instanceof (expected as typeof TransactionAbortedError)
        : this.outcome === expected;
    if (isRight) this.scope?.dispose();
    return isRight ? undefined : `ended with ${this.outcome}, not with ${expected}`;
  }
}
