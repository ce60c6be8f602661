/**
 * One simulated world: several cells of every kind, and a scheduler that picks what happens next. The
 * microtasks that settling causes are mirrored in a queue, so that the model knows what has happened
 * at each point.
 */
import { batch } from "@signal-kernel/core";
import type { Kind, Policy } from "./model.js";
import type { Random } from "./random.js";
import { type Answer, type Launched, Subject } from "./subject.js";

const KINDS: readonly Kind[] = ["promise", "resource", "manual", "stream"];
const POLICIES: readonly Policy[] = ["keep-partial", "rollback", "clear"];
const ANSWERS: readonly Answer[] = [
  ...Array.from({ length: 8 }, () => "promise" as const),
  "thenable",
  "thenable",
  "value",
  "throw",
  "rejected",
];

type Task = () => void;

export class Simulation {
  readonly subjects: Subject[];
  readonly steps: string[] = [];
  private readonly random: Random;
  /** The microtasks that are due, oldest first. */
  private queue: Task[] = [];
  private serial = 1;

  constructor(random: Random) {
    this.random = random;
    const kinds = [...KINDS, random.pick(KINDS), random.pick(KINDS)];
    this.subjects = kinds.map((kind) => {
      const settings = {
        kind,
        keeps: !random.once(3),
        onCancel: random.pick(POLICIES),
        onError: random.pick(POLICIES),
      };
      const subject = new Subject(settings, () => random.pick(ANSWERS));
      this.follow(subject);
      return subject;
    });
  }

  /** What the newest run of a subject, just started, puts into the queue. */
  private follow(subject: Subject): void {
    const run = subject.model.runs.at(-1);
    if (run === undefined) return;
    if (subject.settings.kind !== "stream") {
      this.answered(subject, subject.launched.at(-1));
      return;
    }
    /* Two microtasks, and only if it is still the newest then. */
    this.queue.push(() =>
      this.queue.push(() => {
        if (!subject.model.isInFlight(run)) return;
        this.answered(
          subject,
          subject.launched.find(({ token }) => token === run.token),
        );
      }),
    );
  }

  /** A producer that answered at once has a reaction in the queue. */
  private answered(subject: Subject, launched: Launched | undefined): void {
    if (launched === undefined) throw new Error("A producer was not called when it was due");
    const { answer, token } = launched;
    if (answer === "promise" || answer === "thenable") return;
    this.queue.push(() => this.outcome(subject, token, answer === "value", `${token}:at once`));
  }

  /** A reaction runs. The return of a stream's producer is not its completion. */
  private outcome(subject: Subject, token: number, fulfilled: boolean, outcome: unknown): void {
    const { model } = subject;
    const run = subject.modelRun(token);
    if (!fulfilled) model.fail(run, outcome);
    else if (subject.settings.kind !== "stream") model.succeed(run, outcome);
  }

  private started(subject: Subject, input: unknown, reason: string): void {
    if (subject.model.start(input, reason) !== null) this.follow(subject);
  }

  /** The microtasks that were due have run; those that they caused come later. */
  elapse(): void {
    const due = this.queue;
    this.queue = [];
    for (const task of due) task();
  }

  /**
   * The next step. True when it is time that passes: then the caller waits for exactly one microtask
   * and calls `elapse`. Nothing here is asynchronous, so that no other microtask comes between.
   */
  step(): boolean {
    const subject = this.random.pick(this.subjects);
    const step = this.random.pick([
      null,
      null,
      this.settle,
      this.settle,
      this.settle,
      this.stream,
      this.stream,
      this.reload,
      this.run,
      this.change,
      this.cancel,
      this.dispose,
    ]);
    this.steps.push(`${step?.name ?? "tick"} ${this.subjects.indexOf(subject)}`);
    step?.call(this, subject);
    return step === null;
  }

  private settle(subject: Subject): void {
    const open = subject.launched.filter(({ settled }) => !settled);
    if (open.length === 0) return;
    const launched = this.random.pick(open);
    const { token, answer } = launched;
    const fulfilled = !this.random.once(3);
    const outcome = `${token}:${fulfilled ? "value" : "error"} ${this.serial++}`;
    launched.settled = true;
    launched.settle(fulfilled, outcome);
    const happens = () => this.outcome(subject, token, fulfilled, outcome);
    if (answer === "thenable") happens();
    else this.queue.push(happens);
  }

  private stream(subject: Subject): void {
    if (subject.launched.length === 0) return;
    const { context, token } = this.random.pick(subject.launched);
    if (context === null) return;
    const { model } = subject;
    const run = subject.modelRun(token);
    const text = `${token}.${this.serial++} `;
    const act = this.random.pick(["emit", "emit", "emit", "set", "done", "final", "fail"] as const);
    if (act === "emit") {
      context.emit(text);
      model.emit(run, text);
    } else if (act === "set") {
      context.set(text);
      model.show(run, text);
    } else if (act === "fail") {
      context.fail(text);
      model.fail(run, text);
    } else {
      const final = act === "final" ? text : undefined;
      context.done(final);
      model.succeed(run, final ?? run.accumulated);
    }
  }

  private reload(subject: Subject): void {
    const reason = subject.settings.kind === "stream" ? "reload" : "superseded";
    const promise = subject.handle.reload();
    if (subject.hasInput) this.started(subject, subject.latest, reason);
    this.note(subject, promise, subject.hasInput);
  }

  private run(subject: Subject): void {
    if (subject.runWith === null) return;
    const input = subject.settings.kind === "promise" ? undefined : this.serial++;
    const promise = subject.runWith(input);
    if (!subject.model.disposed) {
      subject.latest = input;
      subject.hasInput = true;
    }
    this.started(subject, input, "superseded");
    this.note(subject, promise, true);
  }

  private note(subject: Subject, promise: Promise<unknown>, ran: boolean): void {
    const run = ran && !subject.model.disposed ? (subject.model.runs.at(-1) ?? null) : null;
    subject.promises.push({ run, promise });
  }

  /** Changes one or more sources, some of them twice, in one batch. */
  private change(): void {
    const changed = this.subjects.filter(({ source }) => source !== null && this.random.once(2));
    const inputs = changed.map(() => this.serial++);
    batch(() => {
      changed.forEach((subject, index) => {
        if (this.random.once(2)) subject.source?.set(-1);
        subject.source?.set(inputs[index] as number);
      });
    });
    changed.forEach((subject, index) => {
      if (subject.model.disposed) return;
      subject.latest = inputs[index];
      this.started(subject, inputs[index], "source-changed");
    });
  }

  private cancel(subject: Subject): void {
    const reason = `reason ${this.serial++}`;
    subject.handle.cancel(reason);
    subject.model.cancel(reason);
  }

  private dispose(subject: Subject): void {
    if (!this.random.once(6)) return;
    subject.handle.dispose();
    subject.model.dispose();
  }

  /** Ends the world, and says what differs now. */
  async end(): Promise<string | undefined> {
    while (this.queue.length > 0) {
      await null;
      this.elapse();
    }
    for (const subject of this.subjects) {
      subject.handle.dispose();
      subject.model.dispose();
    }
    for (const [index, subject] of this.subjects.entries()) {
      subject.stop();
      const difference = subject.difference();
      if (difference !== undefined) return `cell ${index}: ${difference}`;
      if (subject.seen.at(-1) !== subject.state()) return `cell ${index}: observers missed the end`;
      for (const { run, promise } of subject.promises) {
        const result = await promise;
        if (result !== run?.result)
          return `cell ${index}: a promise gave ${result}, not ${run?.result}`;
      }
    }
    return undefined;
  }
}
