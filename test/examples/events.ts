import type { Running } from "./program.js";

interface Node {
  readonly id: string;
  readonly version: number;
  readonly value: any;
}

interface Message {
  readonly id: string;
  readonly event: string;
  readonly nodes: readonly Node[];
}

/**
 * A live connection, as a browser makes it: it keeps the newest state of each cell, and can be asked to
 * wait until that is as wanted.
 */
export class Live {
  readonly cells = new Map<string, Node>();
  readonly messages: Message[] = [];
  #ended = false;
  #waiting: Array<() => void> = [];
  readonly #abort = new AbortController();

  /** Opens one; `after` is the id of the last event that was seen, as a browser sends it again. */
  static async open(server: Running, after?: string): Promise<Live> {
    const live = new Live();
    const response = await fetch(new URL("/events", server.url), {
      signal: live.#abort.signal,
      headers: after === undefined ? {} : { "last-event-id": after },
    });
    if (!response.body) throw new Error("the event stream has no body");
    live.#read(response.body).finally(() => {
      live.#ended = true;
      live.#wake();
    });
    await live.until(() => live.messages.length > 0);
    return live;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    try {
      for await (const bytes of body) {
        const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
        rest = parts.pop() ?? "";
        for (const part of parts) this.#take(part);
        this.#wake();
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) throw error;
    }
  }

  #take(part: string): void {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(part)?.[1] ?? "";
    const { nodes = [] }: { nodes?: Node[] } = JSON.parse(field("data") || "{}");
    this.messages.push({ id: field("id"), event: field("event"), nodes });
    for (const node of nodes) this.cells.set(node.id, node);
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Id of the last event. */
  get mark(): string {
    return this.messages.at(-1)?.id ?? "";
  }

  /** What is known of a package, by its label. */
  find(label: string): any {
    return this.cells.get("packages")?.value.list.find((one: any) => one.label === label);
  }

  get phase(): string | undefined {
    return this.cells.get("status")?.value.phase;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Waits for a condition over what has been received; the test's own time limit is the only one. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#ended) throw new Error("the event stream ended first");
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async untilEnded(): Promise<void> {
    while (!this.#ended) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#abort.abort();
  }
}

/** Waits until the first scan is complete and all sizes are known. */
export async function untilReady(server: Running): Promise<void> {
  const live = await Live.open(server);
  await live.until(() => live.phase === "ready");
  live.close();
}
