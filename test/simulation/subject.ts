/**
 * A real cell beside its model, and the producers' promises that the simulation settles by hand.
 */
import {
  createResource,
  createStreamResource,
  fromPromise,
  type StreamContext,
} from "@signal-kernel/async-runtime";
import { createEffect, type Signal, signal } from "@signal-kernel/core";
import { ModelCell, type ModelRun, type Settings } from "./model.js";

/** How a producer answers. */
export type Answer = "promise" | "thenable" | "value" | "throw" | "rejected";

/** A run whose producer was called. */
export interface Launched {
  readonly token: number;
  readonly input: unknown;
  readonly signal: AbortSignal;
  readonly answer: Answer;
  readonly context: StreamContext<string, string> | null;
  settle(fulfilled: boolean, outcome: unknown): void;
  settled: boolean;
}

interface Handle {
  status(): string;
  error(): unknown;
  reload(): Promise<unknown>;
  cancel(reason?: unknown): void;
  dispose(): void;
}

export class Subject {
  readonly model: ModelCell;
  readonly settings: Settings;
  readonly source: Signal<number> | null;
  readonly events: string[] = [];
  readonly launched: Launched[] = [];
  /** What observers saw, oldest first. */
  readonly seen: string[] = [];
  readonly promises: { readonly run: ModelRun | null; readonly promise: Promise<unknown> }[] = [];
  latest: unknown = undefined;
  hasInput: boolean;
  value: () => unknown = () => undefined;
  stable: () => unknown = () => undefined;
  handle!: Handle;
  runWith: ((input: unknown) => Promise<unknown>) | null = null;
  private readonly answer: () => Answer;
  readonly stop: () => void;

  constructor(settings: Settings, answer: () => Answer) {
    this.settings = settings;
    this.answer = answer;
    this.model = new ModelCell(settings);
    const tracked = settings.kind === "resource" || settings.kind === "stream";
    this.source = tracked ? signal(0) : null;
    this.hasInput = settings.kind !== "manual";
    if (tracked) this.latest = 0;
    /* The first run of a cell that is eager. */
    if (settings.kind !== "manual") this.model.start(this.latest, "none");
    else this.model.history.push(this.model.state());
    this.create();
    this.stop = createEffect(() => {
      this.seen.push(this.state());
    });
  }

  state(): string {
    return JSON.stringify([this.handle.status(), this.value(), this.stable(), this.handle.error()]);
  }

  private create(): void {
    const { kind, keeps, onCancel, onError } = this.settings;
    const onEvent = (event: { type: string; token: number; error?: unknown; reason?: unknown }) => {
      const detail = event.type === "error" ? event.error : event.reason;
      this.events.push(`${event.type} ${event.token}${detail === undefined ? "" : ` ${detail}`}`);
    };
    const options = { onEvent, keepPreviousValueOnPending: keeps };
    const fetch = (input: unknown, context: { signal: AbortSignal; token: number }) =>
      this.launch(input, context, null);
    if (kind === "stream") {
      const [value, meta] = createStreamResource(
        (this.source as Signal<number>).get,
        (input: number, context: StreamContext<string, string>) =>
          this.launch(input, context, context) as Promise<unknown>,
        {
          onEvent,
          onCancel,
          onError,
          initialValue: "",
          reduce: (text = "", chunk) => text + chunk,
        },
      );
      this.handle = meta;
      this.value = value;
      this.stable = meta.stableValue;
    } else if (kind === "promise") {
      const cell = fromPromise((context) => fetch(undefined, context), options);
      this.handle = cell;
      this.value = cell.value;
      this.runWith = () => cell.run();
    } else {
      const [value, meta] =
        kind === "manual"
          ? createResource({ trigger: "manual", run: fetch, ...options })
          : createResource((this.source as Signal<number>).get, fetch, options);
      this.handle = meta;
      this.value = value;
      this.runWith = meta.run as (input: unknown) => Promise<unknown>;
    }
  }

  private launch(
    input: unknown,
    { signal: aborted, token }: { signal: AbortSignal; token: number },
    context: StreamContext<string, string> | null,
  ): unknown {
    const answer = this.answer();
    let settle: Launched["settle"] = () => {};
    let result: unknown;
    if (answer === "value") result = `${token}:at once`;
    else if (answer === "rejected") result = Promise.reject(`${token}:at once`);
    else if (answer === "thenable")
      result = {
        // biome-ignore lint/suspicious/noThenProperty: a foreign thenable is one of the answers
        then: (ok: (value: unknown) => void, no: (error: unknown) => void) => {
          settle = (fulfilled, outcome) => (fulfilled ? ok : no)(outcome);
        },
      };
    else
      result = new Promise((ok, no) => {
        settle = (fulfilled, outcome) => (fulfilled ? ok : no)(outcome);
      });
    const settled = answer === "value" || answer === "rejected" || answer === "throw";
    this.launched.push({
      token,
      input,
      signal: aborted,
      answer,
      context,
      settled,
      settle: (fulfilled, outcome) => settle(fulfilled, outcome),
    });
    if (answer === "throw") throw `${token}:at once`;
    return result;
  }

  modelRun(token: number): ModelRun {
    return this.model.runs[token - 1] as ModelRun;
  }

  /** What differs from the model, or undefined. */
  difference(): string | undefined {
    const { model } = this;
    if (this.state() !== model.state()) return `state ${this.state()}, not ${model.state()}`;
    const events = this.events.join(", ");
    if (events !== model.events.join(", "))
      return `events ${events}, not ${model.events.join(", ")}`;
    for (const {
      token,
      input,
      signal: { aborted, reason },
    } of this.launched) {
      const run = this.modelRun(token);
      if (input !== run.input) return `input of run ${token} is ${input}, not ${run.input}`;
      const isRight = aborted === run.aborted && (!aborted || reason === run.abortedFor);
      if (!isRight) return `signal of run ${token}: ${aborted} ${reason}, not ${run.abortedFor}`;
    }
    let at = 0;
    for (const state of this.seen) {
      while (at < model.history.length && model.history[at] !== state) at++;
      if (at === model.history.length) return `observers saw ${state} out of turn`;
    }
    return undefined;
  }
}
