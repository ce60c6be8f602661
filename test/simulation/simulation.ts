/**
 * One simulated world: what a program has made, and what its steps do to the library and to the model.
 *
 * The model is always told first. So what the library calls in the middle of a step - the observer, the
 * producers - finds the model where it must be, and a commit that shows one half of itself is caught
 * when it does.
 */
import { createAsyncGroup } from "@signal-kernel/async-runtime";
import {
  batch,
  type Computed,
  computed,
  createEffect,
  createScope,
  flushSync,
  onCleanup,
  type Signal,
  signal,
} from "@signal-kernel/core";
import { Actor } from "./actor.js";
import { type Answer, Cell, type Launched } from "./cell.js";
import { settingsOf } from "./cell-settings.js";
import { Computation } from "./computation.js";
import { Group } from "./group.js";
import { Loop } from "./loop.js";
import { Outsider } from "./outsider.js";
import { MODE, type Step, type Verb } from "./program.js";
import { Model } from "./transaction-model.js";
import { FORMULAS, isPoisonous, Poison, SIGNALS } from "./values.js";
import type { Formula, Place, World } from "./world.js";

/** Something does not hold. */
export interface Fault {
  /** The number in the semantics. */
  readonly statement: string;
  readonly what: string;
}

interface Watcher {
  readonly place: Place | null;
  readonly source: number;
  readonly seen: number[];
  cleaned: number;
  disposed: boolean;
}

const LIMITS = { cells: 8, actors: 8, depth: 3, scopes: 4, watchers: 6 };

/** The one that a number picks, if there are any. */
function at<T>(list: readonly T[], number = 0): T | undefined {
  return list[number % Math.max(list.length, 1)];
}

export class Simulation implements World {
  readonly loop = new Loop();
  readonly mode: number;
  readonly model: Model;
  readonly signals: Signal<number>[];
  readonly computeds: Computed<number>[];
  readonly open: Answer[] = [];
  readonly streams: Launched[] = [];
  readonly cells: Cell[] = [];
  readonly actors: Actor[] = [];
  fault: Fault | null = null;
  private readonly outsider: Outsider;
  private readonly groups: Group[] = [];
  private readonly computations: Computation[] = [];
  private readonly scopes: Place[] = [];
  private readonly watchers: Watcher[] = [];
  private readonly provoked: { cell: Cell; where: number; target: number; act: number }[] = [];
  private readonly stops: (() => void)[] = [];
  /** What the observer saw, oldest first. */
  private readonly seen: string[] = [];
  private poisonSeen = false;
  /** What is visible was something else between two steps, which nobody has seen. */
  private hasStrayed = false;
  private numbers = 1;

  constructor(mode: number) {
    this.mode = mode;
    const values = Array.from({ length: SIGNALS }, (_, name) => name);
    this.model = new Model(values);
    this.signals = values.map((value, name) => signal(value, { name: `s${name}` }));
    this.computeds = FORMULAS.map((formula) =>
      computed(() => formula((name) => this.signalAt(name).get())),
    );
    this.outsider = new Outsider(this, values);
    /* First: in a flush it runs before all others, and tells the model that this is one. */
    this.stops.push(createEffect(() => this.observe()));
    const poison = computed(() => {
      const [first, second] = [this.signalAt(0).get(), this.signalAt(1).get()];
      if (isPoisonous(first, second)) throw new Poison();
      return first + second;
    });
    this.stops.push(createEffect(() => this.taste(poison)));
  }

  private signalAt(name: number): Signal<number> {
    return this.signals[name] as Signal<number>;
  }

  fail(statement: string, what: string): void {
    this.fault ??= { statement, what };
  }

  serial(): number {
    return this.numbers++;
  }

  formula(source: number): Formula {
    return FORMULAS[source - SIGNALS] ?? ((read) => read(source % SIGNALS));
  }

  shown(source: number): number {
    return this.formula(source)((name) => this.model.visible(name));
  }

  getter(source: number): () => number {
    return (this.computeds[source - SIGNALS] ?? this.signalAt(source % SIGNALS)).get;
  }

  private look(): string {
    return [...this.signals, ...this.computeds].map((each) => each.get()).join(" ");
  }

  private shouldBe(): string {
    return Array.from({ length: SIGNALS + FORMULAS.length }, (_, at) => this.shown(at)).join(" ");
  }

  private get isWild(): boolean {
    return (this.mode & MODE.wild) !== 0;
  }

  /** Runs in every flush in which anything has changed. */
  private observe(): void {
    const now = this.look();
    const isNew = now !== this.seen.at(-1) || this.hasStrayed;
    this.seen.push(now);
    this.hasStrayed = false;
    if (this.isWild) return;
    if (!isNew) this.fail("S2", `the observer saw ${now} twice`);
    if (now !== this.shouldBe()) this.fail("T4", `${now} was seen, not ${this.shouldBe()}`);
    for (const cell of this.cells) cell.flushed();
  }

  private taste(poison: Computed<number>): void {
    try {
      poison.get();
      this.poisonSeen = false;
    } catch (error) {
      if (!(error instanceof Poison)) throw error;
      this.poisonSeen = true;
    }
  }

  called(cell: object, where: number): void {
    const index = this.provoked.findIndex((each) => each.cell === cell && each.where === where);
    const [found] = index < 0 ? [] : this.provoked.splice(index, 1);
    if (found === undefined) return;
    const verbs = ["reload", "cancel", "settle", "set", "dispose", "emit"] as const;
    this.step([verbs[found.act] ?? "reload", found.target, found.where % 3, found.act]);
  }

  /** Does one step. Resolves when it is over; most are over at once. */
  step(step: Step): Promise<void> | void {
    const [verb, ...args] = step;
    return this.verbs[verb](...args);
  }

  private readonly verbs: Record<Verb, (...args: number[]) => Promise<void> | void> = {
    mode: () => {},
    tick: () => this.loop.tick(),
    wait: () => this.loop.wait(),
    elapse: (ms = 0) => this.loop.elapse(ms),
    flush: () => flushSync(),

    scope: (outer = 0) => {
      if (this.scopes.length === LIMITS.scopes) return;
      const parent = this.placeAt(outer);
      const create = () => createScope();
      this.scopes.push({
        parent,
        scope: parent === null ? createScope({ detached: true }) : parent.scope.run(create),
      });
    },
    drop: (which = 0) => {
      const place = at(this.scopes, which);
      if (place !== undefined) this.drop(place);
    },
    effect: (place = 0, source = 0) => this.watch(this.placeAt(place), source),
    cell: (...args) => {
      if (this.cells.length === LIMITS.cells) return;
      const { settings, beside, source, answers } = settingsOf(args);
      const place = this.placeAt(args[1] ?? 0);
      this.cells.push(new Cell(this, settings, { source, answers, place, beside }));
    },
    group: (source = 0, retries = 0) => {
      if (this.groups.length === 0)
        this.groups.push(new Group(this, createAsyncGroup(), source % SIGNALS, retries % 3));
    },
    computation: (first = 0, second = 0) => {
      if (this.computations.length < 2)
        this.computations.push(new Computation(this, first, second));
    },

    reload: (which) => at(this.cells, which)?.reload(),
    run: (which) => at(this.cells, which)?.run(),
    mutate: (which) => at(this.cells, which)?.mutate(),
    cancel: (which) => at(this.cells, which)?.cancel(`reason ${this.serial()}`),
    dispose: (which) => at(this.cells, which)?.dispose(),

    settle: (which = 0, how = 0) => this.settle(which, how),
    emit: (which, how = 0) => this.ofStream(which, (run) => run.cell.emit(run, how)),
    done: (which, how = 0) => this.ofStream(which, (run) => run.cell.done(run, how)),
    fail: (which) => this.ofStream(which, (run) => run.cell.failStream(run)),

    set: (name = 0, value = 0) => this.outsider.write(name % SIGNALS, value),
    batch: (...args) => batch(() => this.outsider.writeAll(args)),
    sync: (how = 0, ...args) => this.outsider.transact(how % 3 !== 0, args),
    undo: (name = 0) => this.outsider.undo(name % SIGNALS),

    begin: (outer = 0, conflict = 0, retries = 0, traits = 0, scope = 0, style = 0) => {
      const open = this.actors.filter(({ isOpen }) => isOpen);
      if (open.length === LIMITS.actors) return;
      const parent = outer < 4 ? null : (at(open, outer) ?? null);
      if (parent !== null && parent.depth === LIMITS.depth) return;
      const place = this.placeAt(scope);
      const beginning = { parent, place, conflict, retries, traits, style };
      this.actors.push(new Actor(this, `t${this.actors.length}`, beginning));
    },
    act: (which, what = 0, name = 0, value = 0, through = 0) =>
      this.openActor(which)?.act(what, name, value, through),
    nest: (which, kept = 0, ...args) => this.openActor(which)?.nest(kept === 0, pairs(args)),
    end: (which, how = 0) => this.openActor(which)?.end(how),
    late: (which) => at(this.actors, which)?.goOn(),

    provoke: (which, where = 0, target = 0, act = 0) => {
      const cell = at(this.cells, which);
      if (cell !== undefined && this.isWild) this.provoked.push({ cell, where, target, act });
    },
  };

  private placeAt(number: number): Place | null {
    const live = this.scopes.filter(({ scope }) => !scope.disposed);
    return number === 0 ? null : (at(live, number) ?? null);
  }

  private openActor(number = 0): Actor | undefined {
    return at(
      this.actors.filter(({ isOpen }) => isOpen),
      number,
    );
  }

  /** Of a stream that was started lately, so that what is late is not mostly very late. */
  private ofStream(number: number | undefined, act: (launched: Launched) => void): void {
    const launched = at(this.streams.slice(-6), number);
    if (launched !== undefined) act(launched);
  }

  private settle(which: number, how: number): void {
    const index = which % Math.max(this.open.length, 1);
    const [answer] = this.open.splice(index, 1);
    if (answer === undefined) return;
    answer.settle(
      how,
      `${answer.launched.token}:${how === 2 ? "error" : "value"} ${this.serial()}`,
    );
  }

  private watch(place: Place | null, source: number): void {
    if (this.watchers.length === LIMITS.watchers) return;
    const watcher: Watcher = { place, source, seen: [], cleaned: 0, disposed: false };
    const get = this.getter(source);
    const create = () =>
      createEffect(() => {
        if (watcher.disposed) this.fail("S11", "an effect ran after its scope had ended");
        watcher.seen.push(get());
        onCleanup(() => void watcher.cleaned++);
      });
    this.stops.push(place === null ? create() : place.scope.run(create));
    this.watchers.push(watcher);
  }

  /** Ends a scope, and with it what was created in it, or in one inside of it. */
  private drop(place: Place): void {
    const isInside = (inner: Place | null): boolean =>
      inner !== null && (inner === place || isInside(inner.parent));
    const ended = this.actors.filter(({ isOpen, place: at }) => isOpen && isInside(at));
    for (const actor of ended) actor.abandon();
    for (const cell of this.cells) if (isInside(cell.place)) cell.disposeModel();
    for (const watcher of this.watchers) if (isInside(watcher.place)) watcher.disposed = true;
    /* Each cell that ends is a commit; what transactions show then is not all gone yet. */
    if (ended.length > 0) batch(() => place.scope.dispose());
    else place.scope.dispose();
  }

  /** Compares with the model; to be called after each step. `isFlushed`: nothing is due. */
  check(isFlushed: boolean): void {
    for (const cell of this.cells) cell.check();
    if (this.isWild) return;
    this.signals.forEach((each, name) => {
      const [found, right] = [each.peek(), this.model.visible(name)];
      if (found !== right) this.fail("T4", `signal ${name} is ${found}, not ${right}`);
    });
    this.computeds.forEach((each, index) => {
      const [found, right] = [each.get(), this.shown(SIGNALS + index)];
      if (found !== right) this.fail("S4", `computed ${index} is ${found}, not ${right}`);
    });
    for (const cell of this.cells) cell.sourceRead();
    this.hasStrayed ||= this.seen.at(-1) !== this.shouldBe();
    if (this.model.fault !== undefined) this.fail("T5", this.model.fault);
    if (isFlushed && this.seen.at(-1) !== this.shouldBe())
      this.fail("S5", `the observer saw ${this.seen.at(-1)}, not ${this.shouldBe()}`);
  }

  /** Compares what must hold when no microtask waits. */
  checkQuiet(): void {
    for (const cell of this.cells) cell.checkQuiet();
    for (const group of this.groups) group.check();
    if (this.isWild) return;
    for (const actor of this.actors) actor.checkQuiet();
    if (this.poisonSeen !== isPoisonous(this.shown(0), this.shown(1)))
      this.fail("S9", "an observer missed that a computed throws, or does not any more");
    for (const { source, seen, cleaned, disposed } of this.watchers) {
      if (!disposed && seen.at(-1) !== this.shown(source))
        this.fail("S1", `an effect saw ${seen.at(-1)}, not ${this.shown(source)}`);
      if (seen.length - cleaned !== (disposed ? 0 : 1))
        this.fail("S6", `an effect ran ${seen.length} times and was cleaned up ${cleaned} times`);
    }
  }

  /** Lets everything end, and compares what must hold then. */
  async end(): Promise<void> {
    /* One in conflict may run again. */
    for (let rounds = 0; rounds < 4; rounds++) {
      for (const actor of this.actors) if (actor.isOpen) actor.end(0);
      await this.loop.wait();
    }
    this.check(true);
    this.checkQuiet();
    if (!this.isWild && !this.outsider.isCountRight()) this.fail("T5", "an increment was lost");
    for (const computation of this.computations) await computation.end();
    await this.dispose();
    for (const cell of this.cells) await cell.end();
    if (this.loop.clock.waiting.length > 0) this.fail("A9", "a timer outlives its cell");
  }

  /** Ends all that there is, whatever state it is in. */
  async dispose(): Promise<void> {
    for (const actor of this.actors) if (actor.isOpen) actor.end(5);
    for (const cell of this.cells) cell.dispose();
    for (const group of this.groups) group.dispose();
    for (const computation of this.computations) computation.dispose();
    for (const stop of this.stops) stop();
    for (const { scope } of this.scopes) scope.dispose();
    await this.loop.wait();
  }

  /** Counts how often something that is worth knowing has come about. */
  private reached(): Record<string, number> {
    const of = (type: string) =>
      this.cells.reduce(
        (sum, { events }) => sum + events.filter((e) => e.startsWith(type)).length,
        0,
      );
    const launches = this.cells.flatMap((cell) => cell.launches);
    const ends = this.actors.map((actor) => actor.ending);
    const count = <T>(list: readonly T[], is: (each: T) => boolean) => list.filter(is).length;
    return {
      "runs of cells": of("start"),
      successes: of("success"),
      errors: of("error"),
      cancels: of("cancel"),
      "further attempts": count(launches, ({ attempt }) => attempt > 1),
      timeouts: count(launches, ({ signal }) => signal.reason?.name === "TimeoutError"),
      "closed iterables": count(
        this.cells.flatMap((cell) => cell.iterations),
        ({ closed }) => closed > 0,
      ),
      transactions: this.actors.length,
      commits: count(ends, (end) => end === "committed"),
      conflicts: count(ends, (end) => end === "conflict"),
      "refused by a computed": count(ends, (end) => end === "poisoned"),
      "transactions run again": count(this.actors, (actor) => actor.attempts > 1),
      "inner transactions": count(this.actors, (actor) => actor.depth > 1),
      "commits of groups": this.groups.reduce((sum, { commits }) => sum + commits, 0),
    };
  }

  /** Adds what was reached to `counts`. */
  tally(counts: Map<string, number>): void {
    for (const [name, count] of Object.entries(this.reached()))
      counts.set(name, (counts.get(name) ?? 0) + count);
  }
}

function pairs(args: readonly number[]): (readonly [number, number])[] {
  return Array.from({ length: args.length >> 1 }, (_, at) => [
    args[2 * at] ?? 0,
    args[2 * at + 1] ?? 0,
  ]);
}
