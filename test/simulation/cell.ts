/**
 * A real cell beside its model, and its producers' answers, which the program gives.
 */
import type { StreamContext } from "@signal-kernel/async-runtime";
import { createEffect } from "@signal-kernel/core";
import { Answers } from "./answers.js";
import { type Built, build } from "./cell-kinds.js";
import { ModelCell, type ModelRun, type Settings } from "./cell-model.js";
import { Ledger } from "./ledger.js";
import { MODE } from "./program.js";
import type { Place, World } from "./world.js";

/** A call of a producer. */
export interface Launched {
  readonly cell: Cell;
  readonly token: number;
  readonly attempt: number;
  readonly input: unknown;
  readonly signal: AbortSignal;
  /** Of streams. */
  readonly context: StreamContext<string, string> | null;
}

/** What has become of an iterable that a producer returned. */
export interface Iteration {
  readonly launched: Launched;
  pulled: number;
  closed: number;
  /** It ended by itself, which needs no closing. */
  exhausted: boolean;
}

/** An answer that is awaited, and that the program gives: 2 is an error, 1 may be the end. */
export interface Answer {
  readonly launched: Launched;
  settle(how: number, text: string): void;
}

type Context = { readonly token: number; readonly signal: AbortSignal };

/** Where a callback runs that may call back, for `provoke`. */
export const WHERE = {
  event: 0,
  success: 1,
  producer: 2,
  abort: 3,
  cleanup: 4,
  effect: 5,
  reduce: 6,
};

export class Cell {
  readonly settings: Settings;
  /** Null where no model follows: of cells side by side, and in wild programs. */
  readonly model: ModelCell | null;
  readonly place: Place | null;
  readonly ledger: Ledger;
  readonly launches: Launched[] = [];
  readonly events: string[] = [];
  readonly iterations: Iteration[] = [];
  readonly promises: { readonly run: ModelRun | null; readonly promise: Promise<unknown> }[] = [];
  /** What its source was when it was last read, and whether it has changed since the last flush. */
  private lastInput: number | null = null;
  private isWoken = false;
  readonly source: number;
  readonly built: Built;
  disposed = false;
  private readonly world: World;
  private readonly answers: Answers;
  private readonly stop: () => void;
  private eventsCompared = 0;

  constructor(
    world: World,
    settings: Settings,
    options: { source: number; answers: number; place: Place | null; beside: boolean },
  ) {
    const { source, answers, place, beside } = options;
    this.world = world;
    this.settings = settings;
    this.source = source;
    this.answers = new Answers(world, answers);
    this.place = place;
    this.ledger = new Ledger(world, this, beside);
    const isTame = !beside && (world.mode & MODE.wild) === 0;
    if (settings.readingOf !== null) this.lastInput = world.graph.shown(source);
    const shown = () => world.graph.shown(source);
    this.model = isTame ? new ModelCell(settings, world.loop.clock, shown) : null;
    const create = () => build(this, world, beside);
    this.built = place === null ? create() : place.scope.run(create);
    /* Nobody's: it looks on when the scope has ended, too. */
    this.stop = createEffect(() => this.ledger.look());
  }

  /** A producer was called: writes down what it got. */
  register(
    input: unknown,
    context: Context,
    stream: StreamContext<string, string> | null,
  ): Launched {
    const { token, signal } = context;
    const run = this.model?.runs[token - 1];
    if (this.model !== null && run !== this.model.inFlight)
      this.world.fail("A2", `run ${token} was launched, which is not in flight`);
    const attempt = run?.attempt ?? 1 + this.launches.filter((each) => each.token === token).length;
    this.ledger.launched(token, signal);
    const launched = { cell: this, token, attempt, input, signal, context: stream };
    this.launches.push(launched);
    if (stream !== null) this.world.streams.push(launched);
    signal.addEventListener("abort", () => this.world.called(this, WHERE.abort));
    stream?.onCleanup(() => this.ledger.cleaned(token));
    this.world.called(this, WHERE.producer);
    return launched;
  }

  /** A producer was called. Returns what it answers with. */
  launch(input: unknown, context: Context, stream: StreamContext<string, string> | null): unknown {
    return this.answers.to(this.register(input, context, stream));
  }

  state(): string {
    const { status, error, version } = this.built.handle;
    const words = [
      status(),
      this.built.value(),
      this.built.stable(),
      errorText(error()),
      version(),
    ];
    return JSON.stringify(words);
  }

  /**
   * The source was read, between two flushes. What changes and comes back outside of a batch has changed:
   * each write stands for itself.
   */
  sourceRead(): void {
    if (this.lastInput === null) return;
    const input = this.world.graph.shown(this.source);
    this.isWoken ||= input !== this.lastInput;
    this.lastInput = input;
  }

  /** A flush: the source is as it is now. */
  flushed(): void {
    this.sourceRead();
    if (!this.isWoken) return;
    this.isWoken = false;
    this.model?.changed();
  }

  /** What the program asks for: the model first, which is so far when the library calls back. */
  reload(): void {
    const run = this.model?.reload() ?? null;
    this.promises.push({ run, promise: this.built.handle.reload() });
  }

  run(): void {
    const { handle } = this.built;
    if (handle.run === undefined) return;
    const { kind } = this.settings;
    const input = kind === "promise" ? undefined : this.world.serial();
    const run = this.model?.run(input) ?? null;
    this.promises.push({ run, promise: handle.run(input as never) });
  }

  /** With a value that shows until it has ended. */
  mutate(): void {
    if (this.model !== null || this.built.handle.mutate === undefined) return;
    const optimistic = (below: unknown) => `${below ?? ""} guess`;
    const promise = this.built.handle.mutate(this.world.serial(), { optimistic });
    this.promises.push({ run: null, promise });
  }

  /** A stream's producer, which may be late, gives a chunk or a whole value. */
  emit({ token, attempt, context }: Launched, how: number): void {
    const text = `${token}:${this.world.serial()} `;
    const run = this.model?.runs[token - 1];
    if (how !== 0) {
      if (run !== undefined) this.model?.show(run, attempt, text);
      context?.set(text);
    } else {
      if (run !== undefined) this.model?.emit(run, attempt, text);
      context?.emit(text);
    }
  }

  done({ token, attempt, context }: Launched, how: number): void {
    const final = how === 0 ? undefined : `${token}:${this.world.serial()} `;
    const run = this.model?.runs[token - 1];
    if (run !== undefined) this.model?.succeed(run, attempt, final ?? run.accumulated);
    context?.done(final);
  }

  failStream({ token, attempt, context }: Launched): void {
    const error = `${token}:error ${this.world.serial()}`;
    const run = this.model?.runs[token - 1];
    if (run !== undefined) this.model?.fail(run, attempt, error);
    context?.fail(error);
  }

  cancel(reason: string): void {
    this.model?.cancel(reason);
    this.built.handle.cancel(reason);
  }

  dispose(): void {
    this.model?.dispose();
    this.disposed = true;
    this.built.handle.dispose();
  }

  /** Compares with the model; to be called after each step. */
  check(): void {
    const { model, world } = this;
    this.ledger.check();
    if (model === null) return;
    if (this.state() !== model.state())
      world.fail("A1", `the state is ${this.state()}, not ${model.state()}`);
    for (; this.eventsCompared < this.events.length; this.eventsCompared++) {
      const [found, right] = [this.events, model.events].map((list) => list[this.eventsCompared]);
      if (found !== right) world.fail("A5", `event ${found}, not ${right}`);
    }
    if (this.events.length < model.events.length)
      world.fail("A5", `no event ${model.events[this.events.length]}`);
    for (const { token, attempt, input, signal } of this.launches.slice(-12)) {
      const run = model.runs[token - 1] as ModelRun;
      const { aborted, reason } = run.signals[attempt - 1] ?? { aborted: false, reason: undefined };
      if (input !== run.input) world.fail("A6", `run ${token} got ${input}, not ${run.input}`);
      if (signal.aborted !== aborted || (aborted && errorText(signal.reason) !== reason))
        world.fail("A2", `the signal of run ${token} is not ${aborted ? reason : "open"}`);
    }
  }

  /** Compares what must hold when no microtask waits. */
  checkQuiet(): void {
    const { model, world, ledger } = this;
    ledger.checkQuiet();
    for (const { launched, pulled, closed, exhausted } of this.iterations) {
      const run = model?.runs[launched.token - 1];
      if (run === undefined || model?.isOpen(run, launched.attempt)) continue;
      const times = pulled > 0 && !exhausted ? 1 : 0;
      if (closed !== times)
        world.fail("A8", `an iterable was closed ${closed} times, not ${times}`);
    }
    const run = model?.inFlight;
    if (!run || run.waiting) return;
    const isLaunched = this.launches.some(
      ({ token, attempt }) => token === run.token && attempt === run.attempt,
    );
    if (!isLaunched)
      world.fail("A6", `attempt ${run.attempt} of run ${run.token} was not launched`);
  }

  /** The observers have seen the model's states, in order, and the last. */
  async end(): Promise<void> {
    const { model, ledger, world } = this;
    this.stop();
    if (model !== null) {
      let at = 0;
      for (const state of ledger.seen) {
        while (at < model.history.length && model.history[at] !== state) at++;
        if (at === model.history.length) world.fail("A1", `observers saw ${state} out of turn`);
      }
      if (ledger.seen.at(-1) !== model.state()) world.fail("A1", "observers missed the end");
    }
    for (const { run, promise } of this.promises) {
      const result = await promise;
      if (model !== null && result !== run?.result)
        world.fail("A7", `a promise gave ${result}, not ${run?.result}`);
    }
    ledger.end();
  }
}

/** Errors are strings here, but for those that the library makes. */
export function errorText(error: unknown): unknown {
  return error instanceof Error ? error.name : error;
}
