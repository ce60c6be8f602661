/**
 * The cells of the library that a simulated cell can be.
 */
import {
  type AsyncGroup,
  type Concurrency,
  createResource,
  createStreamResource,
  fromPromise,
  SKIP,
  type StreamContext,
} from "@signal-kernel/async-runtime";
import { type Cell, WHERE } from "./cell.js";
import { INPUT_FAILED, isStream } from "./cell-model.js";
import { iterable } from "./iterable.js";
import type { World } from "./world.js";

export interface Handle {
  status(): string;
  error(): unknown;
  version(): number;
  state(): { status: string; value: unknown; error: unknown; version: number };
  reload(): Promise<unknown>;
  cancel(reason?: unknown): void;
  dispose(): void;
  run?(input: never): Promise<unknown>;
  mutate?(input: unknown, options: object): Promise<unknown>;
}

export interface Built {
  readonly handle: Handle;
  readonly value: () => unknown;
  readonly stable: () => unknown;
}

/** How runs of cells that no model follows go on beside each other. */
export const BESIDE: readonly Concurrency[] = ["queue", "parallel"];

function optionsOf({ settings, ledger }: Cell, called: (where: number) => void): object {
  const { keeps, retries, delayMs, timeoutMs, debounceMs, pollMs } = settings;
  return {
    onEvent: ledger.told.bind(ledger),
    onSuccess: () => called(WHERE.success),
    ...(isStream(settings) ? {} : { keepPreviousValueOnPending: keeps }),
    ...(retries > 0 ? { retry: { count: retries, delayMs } } : {}),
    ...(timeoutMs > 0 ? { timeoutMs } : {}),
    ...(debounceMs > 0 ? { debounceMs } : {}),
    ...(pollMs > 0 ? { pollMs } : {}),
  };
}

function inputOf({ settings, source }: Cell, world: World): () => unknown {
  const get = world.graph.getter(source);
  return () => {
    const input = get();
    const reading = settings.readingOf?.(input);
    if (reading === "skip") return SKIP;
    if (reading === "error") throw INPUT_FAILED;
    return input;
  };
}

/** Creates the cell; `beside`: its runs go on beside each other. */
export function build(cell: Cell, world: World, beside: boolean, group?: AsyncGroup): Built {
  const { kind, drops, onCancel, onError } = cell.settings;
  const called = (where: number) => world.called(cell, where);
  const options = { ...optionsOf(cell, called), ...(group === undefined ? {} : { group }) };
  const fetch = (input: unknown, context: { signal: AbortSignal; token: number }) =>
    cell.launch(input, context, null);
  if (kind === "stream" || kind === "iterable") {
    const streamer = (input: unknown, context: StreamContext<string, string>) => {
      if (kind === "iterable") return iterable(world, cell.register(input, context, context));
      return cell.launch(input, context, context) as Promise<unknown>;
    };
    const reduce = (text = "", chunk: string) => {
      called(WHERE.reduce);
      return text + chunk;
    };
    const policies = { onCancel, onError, initialValue: "", reduce };
    const [value, meta] = createStreamResource(inputOf(cell, world), streamer, {
      ...options,
      ...policies,
    });
    return { handle: meta as unknown as Handle, value, stable: meta.stableValue };
  }
  const stable = () => undefined;
  if (kind === "resource") {
    const [value, meta] = createResource(inputOf(cell, world), fetch, options);
    return { handle: meta as unknown as Handle, value, stable };
  }
  const concurrency = beside
    ? (BESIDE[cell.source % BESIDE.length] as Concurrency)
    : drops
      ? "drop"
      : "latest";
  if (kind === "manual") {
    const descriptor = { ...options, concurrency, trigger: "manual" as const, run: fetch };
    const [value, meta] = createResource(descriptor);
    return { handle: meta as unknown as Handle, value, stable };
  }
  const make = (context: { signal: AbortSignal; token: number }) => fetch(undefined, context);
  const handle = fromPromise(make, { ...options, concurrency });
  return { handle: handle as unknown as Handle, value: handle.value, stable };
}
