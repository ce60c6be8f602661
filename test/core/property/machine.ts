/**
 * Runs a random program on one engine, step by step, and keeps a log of all that can be seen: every
 * run of an effect with what it read, every cleanup, every result and every error, in order.
 */
import type { Computed, Signal } from "@signal-kernel/core";
import type { CoreApi } from "../../helpers/api.js";
import type { ComputedBody, EffectBody, Equality, Read, Step } from "./program.js";

const parity = (a: number, b: number): boolean => a % 2 === b % 2;
const equality = (kind: Equality) =>
  kind === "is" ? undefined : kind === "never" ? false : parity;

/** An error as text: AggregateErrors with all they hold, the library's own by their code. */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError) return `[${error.errors.map(describeError).join(", ")}]`;
  const { code, message } = error as { code?: string; message: string };
  return code ?? message;
}

interface Live {
  readonly body: EffectBody;
  /** Null while its first run is under way. */
  dispose: (() => void) | null;
}

interface Slot {
  readonly node: Signal<number>;
  readonly equals: Equality;
}

export class Machine {
  readonly log: string[] = [];
  /** Runs of computeds. */
  evaluations = 0;
  private readonly signals: Slot[] = [];
  private readonly sources: {
    readonly get: () => number;
    readonly peek: () => number | undefined;
  }[] = [];
  private readonly computeds: {
    readonly node: Computed<number>;
    readonly place: number;
    readonly body: ComputedBody;
  }[] = [];
  private readonly effects: Live[] = [];
  /** Whether the present step has created an effect. */
  private hasCreated = false;
  private readonly ended = new Set<Live>();

  constructor(
    private readonly api: CoreApi,
    /** Forbids disposing a computed that an effect may observe: what that means is nowhere said. */
    private readonly mayDisposeComputed: (place: number) => boolean,
  ) {}

  addSignal(value: number, equals: Equality): void {
    const node = this.api.signal(value, equality(equals));
    this.signals.push({ node, equals });
    this.sources.push(node);
  }

  private addComputed(body: ComputedBody, equals: Equality): void {
    const place = this.sources.length;
    const node = this.api.computed(() => {
      this.evaluations++;
      let sum = 0;
      const add = (source: number): void => {
        try {
          sum += this.at(source, place).get();
        } catch (error) {
          if (body.fallback === null) throw error;
          sum += body.fallback;
        }
      };
      if (body.guard !== null) add(body.guard);
      for (const source of sum % 2 === 1 ? body.others : body.reads) add(source);
      if (sum % 5 === body.throwsAt) throw new Error(`computed ${place} at ${sum}`);
      return Math.floor(sum / body.divisor) % 8;
    }, equality(equals));
    /* A computed keeps the old one of two equal values: which it is depends on when it ran. */
    const seen = (value: number) => (equals === "parity" ? value % 2 : value);
    const peek = () => (node.peek() === undefined ? undefined : seen(node.peek() as number));
    this.sources.push({ get: () => seen(node.get()), peek });
    this.computeds.push({ node, place, body });
  }

  /** A source by number, among the first `before`. */
  private at(number: number, before = this.sources.length) {
    return this.sources[number % before] as (typeof this.sources)[number];
  }

  private read({ how, source }: Read): number {
    const node = this.at(source);
    if (how === "get") return node.get();
    if (how === "peek") return node.peek() ?? 0;
    return this.api.untracked(node.get);
  }

  /** Raises signals, which never goes on for ever: there is nothing above 7. */
  private raise(body: EffectBody, sum: number): void {
    const { batch, transaction } = this.api;
    const raise = (): void => {
      for (const { target, plus } of body.raises) {
        const { node, equals } = this.signals[target % this.signals.length] as Slot;
        if (equals !== "never") node.set((old) => Math.max(old, (sum + plus) % 8));
      }
    };
    if (body.raises.length === 0) return;
    if (body.raisesIn === "plain") return raise();
    if (body.raisesIn === "batch") return batch(raise);
    if (body.raisesIn === "transaction") return transaction(raise);
    try {
      transaction(() => {
        raise();
        throw new Error("taken back");
      });
    } catch (error) {
      this.log.push(`caught ${describeError(error)}`);
    }
  }

  private addEffect(body: EffectBody, name: string): void {
    const live: Live = { body, dispose: null };
    const run = (): void | (() => void) => {
      const reads: number[] = [];
      this.log.push(`${name} starts`);
      const cleanup = (): void => {
        this.log.push(`${name} cleans`);
        if (body.cleanup === "raising") this.raise(body, 1);
      };
      if (body.cleanup === "onCleanup" || body.cleanup === "raising") this.api.onCleanup(cleanup);
      if (body.raisesFirst) this.raise(body, 0);
      const guarded = body.guard !== null && this.at(body.guard).get() % 2 === 1;
      for (const read of guarded ? body.reads.slice(1) : body.reads) reads.push(this.read(read));
      const sum = reads.reduce((a, b) => a + b, 0);
      this.log.push(`${name} read ${reads}`);
      if (!body.raisesFirst) this.raise(body, sum);
      body.children.forEach((child, i) => void this.addEffect(child, `${name}.${i}`));
      if (body.disposes !== null) this.dispose(body.disposes);
      /* Its first run cannot: it has no way yet to dispose itself. */
      if (body.disposesItselfAt === sum && live.dispose !== null) {
        this.ended.add(live);
        live.dispose();
      }
      if (body.throwsAt === sum % 5) throw new Error(`${name} at ${sum}`);
      if (body.cleanup === "returned") return cleanup;
    };
    const dispose = this.api.createEffect(run, { priority: body.priority });
    live.dispose = dispose;
    this.effects.push(live);
  }

  /** When a batch in a first run is the outermost one is left open: there is one around it then. */
  private create(body: EffectBody): void {
    const add = (): void => this.addEffect(body, `effect ${this.effects.length}`);
    this.hasCreated = true;
    const opensBatch = (b: EffectBody): boolean =>
      b.raisesIn !== "plain" || b.children.some(opensBatch);
    if (opensBatch(body)) this.api.batch(add);
    else add();
  }

  private dispose(which: number): void {
    const live = this.effects[which % this.effects.length];
    if (live === undefined) return;
    this.log.push(`dispose ${which % this.effects.length}`);
    this.ended.add(live);
    live.dispose?.();
  }

  /** Numbers of the sources that effects not known to be disposed may read, directly or not. */
  observed(): Set<number> {
    const found = new Set<number>();
    const visit = (number: number, before: number): void => {
      const place = number % before;
      if (found.has(place)) return;
      found.add(place);
      const body = this.computeds.find((c) => c.place === place)?.body;
      if (body === undefined) return;
      for (const next of [body.guard ?? 0, ...body.reads, ...body.others]) visit(next, place);
    };
    /* What number a read means depends on how many nodes there were when it ran: take them all. */
    const visitAll = (body: EffectBody): void => {
      for (let before = 1; before <= this.sources.length; before++)
        for (const number of [body.guard ?? 0, ...body.reads.map((r) => r.source)])
          visit(number, before);
      body.children.forEach(visitAll);
    };
    for (const live of this.effects) if (!this.ended.has(live)) visitAll(live.body);
    return found;
  }

  /** Whether a reversal after an effect saw an earlier write of the batch wakes it is left open. */
  private write(target: number, write: (node: Signal<number>) => void): void {
    if (!this.hasCreated) write((this.signals[target % this.signals.length] as Slot).node);
  }

  private perform(step: Step): unknown {
    const { batch, transaction, untracked } = this.api;
    switch (step.do) {
      case "set":
        return this.write(step.target, (node) => node.set(step.value));
      case "add":
        return this.write(step.target, (node) => node.set((old) => (old + step.value) % 8));
      case "revert":
        return this.write(step.target, (node) =>
          batch(() => {
            const old = node.peek();
            node.set((old + 1 + step.value) % 8);
            for (const source of step.reads) this.outcome(() => this.at(source).get());
            node.set(old);
          }),
        );
      case "get":
        return this.at(step.source).get();
      case "peek":
        return this.at(step.source).peek();
      case "untracked":
        return untracked(this.at(step.source).get);
      case "signal":
        return this.addSignal(step.value, step.equals);
      case "computed":
        return this.addComputed(step.body, step.equals);
      case "effect":
        return this.create(step.body);
      case "dispose":
        return this.dispose(step.which);
      case "dispose computed": {
        const computed = this.computeds[step.which % this.computeds.length];
        if (computed === undefined || !this.mayDisposeComputed(computed.place)) return undefined;
        return computed.node.dispose();
      }
      default: {
        const body = (): void => {
          for (const inner of step.steps) this.log.push(`-> ${this.perform(inner)}`);
          if (step.throws) throw new Error(`${step.do} fails`);
        };
        const run = (): void => (step.do === "batch" ? batch(body) : transaction(body));
        return step.caught ? this.outcome(run) : run();
      }
    }
  }

  /** What `fn` returns or throws, as text. */
  private outcome(fn: () => unknown): string {
    try {
      return String(fn());
    } catch (error) {
      return `throws ${describeError(error)}`;
    }
  }

  run(step: Step): void {
    this.hasCreated = false;
    this.log.push(`=> ${this.outcome(() => this.perform(step))}`);
  }

  flush(): void {
    this.log.push(`flush ${this.outcome(this.api.flushSync)}`);
  }

  /** Every value there is, in the order of creation. */
  values(): string[] {
    return this.sources.map((source) => this.outcome(source.peek));
  }

  end(): void {
    for (const { dispose } of this.effects) this.log.push(`end ${this.outcome(() => dispose?.())}`);
    this.flush();
    this.log.push(...this.sources.map((source) => this.outcome(source.get)));
  }
}
