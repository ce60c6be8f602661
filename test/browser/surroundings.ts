/**
 * What the tests, and not the library, use of Node: reports of uncaught errors, and a turn of the event
 * loop. It is put in place after the library has looked at what there is.
 */
type Listener = (error: unknown) => void;

const listeners = new Map<string, Listener[]>();
const of = (event: string): Listener[] => listeners.get(event) ?? [];

function report(event: string, error: unknown): void {
  for (const listener of of(event)) listener(error);
}

/** A turn as short as those that the library takes. */
function nextTurn(): (fn: () => void) => void {
  const { port1, port2 } = new MessageChannel() as unknown as {
    port1: { onmessage: () => void };
    port2: { postMessage(message: unknown): void };
  };
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (fn) => {
    waiting.push(fn);
    port2.postMessage(0);
  };
}

export function surround(): void {
  const page = globalThis as unknown as Record<string, unknown> & {
    addEventListener(name: string, listener: (event: PageEvent) => void): void;
  };
  page.addEventListener("error", (event) => {
    if (of("uncaughtException").length === 0) return;
    event.preventDefault();
    report("uncaughtException", event.error);
  });
  page.addEventListener("unhandledrejection", (event) => {
    if (of("unhandledRejection").length === 0) return;
    event.preventDefault();
    report("unhandledRejection", event.reason);
  });
  page.setImmediate = nextTurn();
  page.process = {
    on: (event: string, listener: Listener) => listeners.set(event, [...of(event), listener]),
    listeners: of,
    rawListeners: of,
    removeAllListeners: (event: string) => listeners.delete(event),
  };
}

interface PageEvent {
  readonly error: unknown;
  readonly reason: unknown;
  preventDefault(): void;
}
