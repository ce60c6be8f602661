/**
 * One simulated world: what a program has made, and what its steps do to the library and to the model.
 *
 * The model is always told first. So what the library calls in the middle of a step - the observer, the
 * producers - finds the model where it must be, and a commit that shows one half of itself is caught
 * when it does.
 */
import { createAsyncGroup } from "@signal-kernel/async-runtime";
import { batch, createEffect, createScope, flushSync } from "@signal-kernel/core";
import { Actor } from "./actor.js";
import { type Answer, Cell, type Launched } from "./cell.js";
import { settingsOf } from "./cell-settings.js";
import { Computation } from "./computation.js";
import { Graph } from "./graph.js";
import { Group } from "./group.js";
import { Loop } from "./loop.js";
import { Outsider } from "./outsider.js";
import { MODE, type Step, type Verb } from "./program.js";
import { Poison, SIGNALS } from "./values.js";
import { Watcher } from "./watcher.js";
import type { Place, World } from "./world.js";

/** Something does not hold. */
export interface Fault {
  /** The number in the semantics. */
  readonly statement: string;
  readonly what: string;
}

const LIMITS = { cells: 8, actors: 8, depth: 3, scopes: 4, watchers: 6 };

/** The one that a number picks, if there are any. */
function at<T>(list: readonly T[], number = 0): T | undefined {
  return list[number % Math.max(list.length, 1)];
}

export class Simulation implements World {
  readonly loop = new Loop();
  readonly mode: number;
  readonly graph = new Graph();
  readonly open: Answer[] = [];
  readonly streams: Launched[] = [];
  readonly cells: Cell[] = [];
  readonly actors: Actor[] = [];
  fault: Fault | null = null;
  private readonly outsider: Outsider;
  readonly groups: Group[] = [];
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
    this.outsider = new Outsider(this);
    /* First: in a flush it runs before all others, and tells the model that this is one. */
    this.stops.push(createEffect(() => this.observe()));
    this.stops.push(createEffect(() => this.taste()));
  }

  fail(statement: string, what: string): void {
    this.fault ??= { statement, what };
  }

  serial(): number {
    return this.numbers++;
  }

  private get isWild(): boolean {
    return (this.mode & MODE.wild) !== 0;
  }

  /** Runs in every flush in which anything has changed. */
  private observe(): void {
    const now = this.graph.look();
    const isNew = now !== this.seen.at(-1) || this.hasStrayed;
    this.seen.push(now);
    this.hasStrayed = false;
    if (this.isWild) return;
    if (!isNew) this.fail("S2", `the observer saw ${now} twice`);
    if (now !== this.graph.shouldBe())
      this.fail("T4", `${now} was seen, not ${this.graph.shouldBe()}`);
    for (const cell of this.cells) cell.flushed();
  }

  private taste(): void {
    try {
      this.graph.poison.get();
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
    if (this.watchers.length < LIMITS.watchers)
      this.watchers.push(new Watcher(this, place, source));
  }

  /** Ends a scope, and with it what was created in it, or in one inside of it. */
  private drop(place: Place): void {
    const isInside = (inner: Place | null): boolean =>
      inner !== null && (inner === place || isInside(inner.parent));
    const ended = this.actors.filter(({ isOpen, place: at }) => isOpen && isInside(at));
    for (const actor of ended) actor.abandon();
    const cells = this.cells.filter((cell) => isInside(cell.place));
    for (const cell of cells) cell.model?.dispose();
    for (const watcher of this.watchers) if (isInside(watcher.place)) watcher.isOver = true;
    /* Each cell that ends is a commit; what transactions show then is not all gone yet. */
    if (ended.length > 0) batch(() => place.scope.dispose());
    else place.scope.dispose();
    /* Not before: one that ends may call back, and reload another that has not ended yet. */
    for (const cell of cells) cell.disposed = true;
  }

  /** Compares with the model; to be called after each step. `isFlushed`: nothing is due. */
  check(isFlushed: boolean): void {
    for (const cell of this.cells) cell.check();
    if (this.isWild) return;
    const difference = this.graph.difference();
    if (difference !== undefined) this.fail("T4", difference);
    for (const cell of this.cells) cell.sourceRead();
    this.hasStrayed ||= this.seen.at(-1) !== this.graph.shouldBe();
    if (this.graph.model.fault !== undefined) this.fail("T5", this.graph.model.fault);
    if (isFlushed && this.seen.at(-1) !== this.graph.shouldBe())
      this.fail("S5", `the observer saw ${this.seen.at(-1)}, not ${this.graph.shouldBe()}`);
  }

  /** Compares what must hold when no microtask waits. */
  checkQuiet(): void {
    for (const cell of this.cells) cell.checkQuiet();
    for (const group of this.groups) group.check();
    if (this.isWild) return;
    for (const actor of this.actors) actor.checkQuiet();
    if (this.poisonSeen !== this.graph.isPoisoned)
      this.fail("S9", "an observer missed that a computed throws, or does not any more");
    for (const watcher of this.watchers) watcher.checkQuiet();
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
    for (const watcher of this.watchers) watcher.dispose();
    for (const stop of this.stops) stop();
    for (const { scope } of this.scopes) scope.dispose();
    await this.loop.wait();
  }
}

function pairs(args: readonly number[]): (readonly [number, number])[] {
  return Array.from({ length: args.length >> 1 }, (_, at) => [
    args[2 * at] ?? 0,
    args[2 * at + 1] ?? 0,
  ]);
}
