/**
 * What is written down of a cell: events, signals, versions, cleanups, what observers saw. That record
 * must make sense after each step, whether a model follows the cell or not.
 */
import { type Cell, errorText, WHERE } from "./cell.js";
import { isStream } from "./cell-model.js";
import type { World } from "./world.js";

interface CellEvent {
  readonly type: string;
  readonly token: number;
  readonly error?: unknown;
  readonly reason?: unknown;
}

export class Ledger {
  /** What observers saw, oldest first. */
  readonly seen: string[] = [];
  private readonly world: World;
  private readonly cell: Cell;
  /** Runs may go on beside each other. */
  private readonly beside: boolean;
  private readonly ends = new Map<number, string>();
  private readonly signals = new Map<number, AbortSignal>();
  private readonly cleanups = new Map<number, { asked: number; made: number }>();
  private started = 0;
  private version = 0;
  private newestSeen = 0;

  constructor(world: World, cell: Cell, beside: boolean) {
    this.world = world;
    this.cell = cell;
    this.beside = beside;
  }

  private fail(statement: string, what: string): void {
    this.world.fail(statement, what);
  }

  told(event: CellEvent): void {
    const { type, token } = event;
    const detail = errorText(type === "error" ? event.error : event.reason);
    this.cell.events.push(`${type} ${token}${detail === undefined ? "" : ` ${detail}`}`);
    if (type === "start") {
      if (token !== ++this.started) this.fail("A2", `run ${token} started out of turn`);
    } else if (this.ends.has(token)) this.fail("A5", `run ${token} ended twice`);
    else if (token > this.started) this.fail("A5", `run ${token} ended before it started`);
    else this.ends.set(token, type);
    this.world.called(this.cell, WHERE.event);
  }

  launched(token: number, signal: AbortSignal): void {
    if (this.cell.disposed) this.fail("A9", "a disposed cell called its producer");
    if (token > this.started)
      this.fail("A5", `run ${token} was launched before its start was told`);
    this.signals.set(token, signal);
    const cleanups = this.cleanups.get(token) ?? { asked: 0, made: 0 };
    cleanups.asked++;
    this.cleanups.set(token, cleanups);
  }

  cleaned(token: number): void {
    const cleanups = this.cleanups.get(token);
    if (cleanups === undefined || ++cleanups.made > cleanups.asked)
      this.fail("A8", `run ${token} was cleaned up more than once`);
    this.world.called(this.cell, WHERE.cleanup);
  }

  /** An observer runs: what it sees at one moment is of one outcome. */
  look(): void {
    const { handle, value, stable } = this.cell.built;
    const state = handle.state();
    const [status, error, shown] = [handle.status(), handle.error(), value()];
    if (state.status !== status || state.value !== shown || state.error !== error)
      this.fail("A14", "state() and the getters differ");
    if ((status === "error") !== (error !== undefined))
      this.fail("A1", `${status} with the error ${errorText(error)}`);
    if (state.version < this.version) this.fail("A10", `version ${state.version} came late`);
    this.version = state.version;
    this.lookAt(status, isStream(this.cell.settings) ? stable() : shown, state.version);
    this.seen.push(this.cell.state());
    this.world.called(this.cell, WHERE.effect);
  }

  private lookAt(status: string, committed: unknown, version: number): void {
    const text = String(committed ?? "");
    if (text.includes("guess")) {
      if (!this.beside && status !== "pending") this.fail("A1", "a guess outlives its run");
      return;
    }
    const tokens = new Set(Array.from(text.matchAll(/(\d+):/g), ([, token]) => Number(token)));
    if (tokens.size > 1) this.fail("A2", `one value is of runs ${[...tokens].join(", ")}`);
    const [token] = tokens;
    if (status === "success" && token !== undefined && token !== version)
      this.fail("A14", `the value of run ${token} in version ${version}`);
    if (token === undefined) return;
    if (token < this.newestSeen) this.fail("A10", `run ${token} was seen after ${this.newestSeen}`);
    this.newestSeen = token;
  }

  check(): void {
    const { handle } = this.cell.built;
    const isBusy = handle.status() === "pending" || handle.status() === "streaming";
    if (this.started > 0 && isBusy === this.ends.has(this.started))
      this.fail("A3", `${handle.status()}, run ${this.started} of ${this.started}`);
    for (let token = 1; token < this.started && !this.beside; token++)
      if (!this.ends.has(token)) this.fail("A5", `run ${token} never ended`);
    for (const [token, { aborted, reason }] of this.signals) {
      const end = this.ends.get(token);
      if (end === "cancel" && !aborted)
        this.fail("A2", `the signal of run ${token} is not aborted`);
      if (end !== "cancel" && aborted && errorText(reason) !== "TimeoutError")
        this.fail("A2", `the signal of run ${token} is aborted`);
    }
  }

  checkQuiet(): void {
    if (this.seen.at(-1) !== this.cell.state()) this.fail("A1", "observers missed the last state");
    if (!isStream(this.cell.settings)) return;
    for (const [token, { asked, made }] of this.cleanups)
      if (this.ends.has(token) && asked !== made)
        this.fail("A8", `run ${token} was cleaned up ${made} times, not ${asked}`);
  }

  end(): void {
    if (this.started !== this.ends.size) this.fail("A5", "a run has no end");
  }
}
