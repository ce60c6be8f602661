import type { Running } from "./program.js";

interface Message {
  event: string;
  data: { region: string; html: string; session: string };
}

/**
 * A live connection, as the page's own client makes it: it applies patches to the regions, and can
 * be asked to wait until they look a certain way.
 */
export class Live {
  readonly regions = new Map<string, string>();
  readonly messages: Message[] = [];
  #session = "";
  #ended = false;
  #waiting: Array<() => void> = [];
  readonly #abort = new AbortController();
  readonly #server: Running;

  private constructor(server: Running) {
    this.#server = server;
  }

  static async open(server: Running, query = ""): Promise<Live> {
    const live = new Live(server);
    const response = await fetch(new URL(`/events${query}`, server.url), {
      signal: live.#abort.signal,
    });
    if (!response.body) throw new Error("the event stream has no body");
    live.#read(response.body).finally(() => {
      live.#ended = true;
      live.#wake();
    });
    await live.until(() => live.#session !== "");
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
    const event = /^event: (.*)$/m.exec(part)?.[1] ?? "";
    const data = JSON.parse(/^data: (.*)$/m.exec(part)?.[1] ?? "{}");
    this.messages.push({ event, data });
    if (event === "hello") this.#session = data.session;
    if (event === "patch") this.regions.set(data.region, data.html);
    if (event === "append") this.regions.set(data.region, this.html(data.region) + data.html);
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  html(region: string): string {
    return this.regions.get(region) ?? "";
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

  /** Shows another view, as a click or a keystroke does. */
  go(query: string): Promise<Response> {
    return this.#server.post(`/session/${this.#session}`, query);
  }

  close(): void {
    this.#abort.abort();
  }
}

/** Waits until the first scan is complete and all sizes are known. */
export async function untilReady(server: Running): Promise<void> {
  const live = await Live.open(server);
  await live.until(() => live.html("status").includes('data-phase="ready"'));
  live.close();
}
