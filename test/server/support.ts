import { createResource } from "@signal-kernel/async-runtime";
import type { RenderContext } from "@signal-kernel/native/server";
import { fromScript, type SnapshotDocument } from "@signal-kernel/snapshot";

/** A promise that a test settles. */
export interface Gate<T = string> {
  readonly promise: Promise<T>;
  readonly open: (value: T) => void;
  readonly fail: (error: unknown) => void;
}

export function gate<T = string>(): Gate<T> {
  let open!: Gate<T>["open"];
  let fail!: Gate<T>["fail"];
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

/** Some turns of the event loop. */
export async function turns(count = 3): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A cell that settles when its gate does, registered under a name. */
export function cell<T>({ snapshot }: RenderContext, name: string, promise: Promise<T>) {
  const aborts: unknown[] = [];
  const pair = createResource(
    () => name,
    (_input, { signal }) => {
      signal.addEventListener("abort", () => aborts.push(signal.reason));
      return promise;
    },
  );
  snapshot.resource(name, pair as never, { restore: "seed" });
  return Object.assign(pair, { aborts });
}

/** The parts of a page as they come: what has come so far, and the end. */
export function read(page: AsyncIterable<string>) {
  const parts: string[] = [];
  let isOver = false;
  const over = (async () => {
    for await (const part of page) parts.push(part);
    isOver = true;
  })();
  return {
    parts,
    over,
    get isOver() {
      return isOver;
    },
  };
}

const SCRIPT = /<script[^>]*>[^<]*<\/script>/g;

/** The documents in a page, in their order. */
export function documentsOf(page: string): SnapshotDocument[] {
  const scripts = page.match(SCRIPT) ?? [];
  return scripts.filter((script) => script.includes("json")).map((script) => fromScript(script));
}

/** What a page shows. */
export function withoutScripts(page: string): string {
  return page.replace(/<script[^>]*>[\s\S]*?<\/script>/g, "").replaceAll("<!---->", "");
}
