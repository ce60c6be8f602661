import { EventEmitter } from "node:events";
import { batch, signal, untracked } from "@signal-kernel/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engine } from "#engine";
import { makeProject } from "./fixture.js";

interface Explorer {
  idle(): boolean;
  problems(): unknown[];
  dispose(): void;
}
interface Connections {
  open(response: EventEmitter, address: object): void;
}

/** The example is plain JavaScript: what it exports is typed here, where it is called. */
const from = (path: string) =>
  import(new URL(`../../examples/package-explorer/src/${path}`, import.meta.url).href);

const { createExplorer }: { createExplorer(options: object): Explorer } =
  await from("graph/explorer.js");
const { createLiveConnections }: { createLiveConnections(explorer: Explorer): Connections } =
  await from("web/live.js");
const { HOME }: { HOME: object } = await from("web/address.js");
const { own }: { own<T>(build: () => T, name: string): [T, () => void] } =
  await from("reactive/own.js");
const { paced }: { paced<T>(read: () => T, apply: (value: T) => void, options: object): void } =
  await from("reactive/paced.js");
const { until }: { until(condition: () => boolean, options?: object): Promise<boolean> } =
  await from("reactive/until.js");

/** The client's end of a connection, which reads nothing but counts what it could have read. */
class FakeResponse extends EventEmitter {
  readonly written: string[] = [];
  full = false;
  writeHead(): this {
    return this;
  }
  write(text: string): boolean {
    this.written.push(text);
    return !this.full;
  }
  end(): void {
    this.removeAllListeners();
  }
}

const slots = () => {
  const { nodes, edges, tasks } = engine().counters;
  return { nodes, edges, tasks };
};

describe("the explorer's graph", () => {
  let project: Awaited<ReturnType<typeof makeProject>>;
  beforeAll(async () => {
    project = await makeProject();
  });
  afterAll(() => project.remove());

  test("a connection that ends leaves nothing of itself in the kernel", async () => {
    const before = slots();
    const explorer = createExplorer({ root: project.root, jobs: 4, live: false });
    await until(explorer.idle);
    const live = createLiveConnections(explorer);
    const alone = slots();
    for (let n = 0; n < 20; n++) {
      const response = new FakeResponse();
      live.open(response, { ...HOME, package: "node_modules/alpha", search: "paragraph" });
      await expect.poll(() => response.written.join("")).toContain('"region":"results"');
      expect(slots().nodes).toBeGreaterThan(alone.nodes);
      response.emit("close");
      expect(slots()).toEqual(alone);
    }
    explorer.dispose();
    expect(slots()).toEqual(before);
  });

  test("a client that does not read is sent nothing more until it does", async () => {
    const explorer = createExplorer({ root: project.root, jobs: 4, live: false });
    await until(explorer.idle);
    const response = new FakeResponse();
    response.full = true;
    createLiveConnections(explorer).open(response, HOME);
    await expect.poll(() => response.written.length).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(response.written).toHaveLength(2);
    response.full = false;
    response.emit("drain");
    await expect.poll(() => response.written.join("")).toContain('"region":"list"');
    response.emit("close");
    explorer.dispose();
  });
});

describe("the explorer's helpers", () => {
  test("paced rests after each value, then takes the newest, and computes none in between", async () => {
    const source = signal(1);
    const seen: number[] = [];
    let reads = 0;
    const read = () => {
      reads++;
      return source.get();
    };
    const [, stop] = own(
      () => paced(read, (value) => seen.push(value), { pause: 30, name: "test" }),
      "test",
    );
    expect(seen).toEqual([1]);
    for (const value of [2, 3, 4]) {
      source.set(value);
      await Promise.resolve();
    }
    expect({ seen, reads }).toEqual({ seen: [1], reads: 1 });
    await expect.poll(() => seen).toEqual([1, 4]);
    stop();
    source.set(5);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(seen).toEqual([1, 4]);
  });

  test("until resolves, times out, and hands on what the condition throws", async () => {
    const source = signal(0);
    await expect(until(() => source.get() === 0)).resolves.toBe(true);
    const later = until(() => source.get() === 2);
    source.set(1);
    await Promise.resolve();
    source.set(2);
    await expect(later).resolves.toBe(true);
    await expect(until(() => source.get() === 3, { timeout: 10 })).resolves.toBe(false);
    const failing = until(() => {
      if (source.get() === 4) throw new Error("broken condition");
      return false;
    });
    source.set(4);
    await expect(failing).rejects.toThrow("broken condition");
  });

  test("own disposes what was built, and reads nothing itself", async () => {
    const source = signal(0);
    let builds = 0;
    const [value, dispose] = own(() => {
      builds++;
      return batch(() => untracked(source.get) + source.get());
    }, "test");
    expect(value).toBe(0);
    source.set(1);
    await Promise.resolve();
    expect(builds).toBe(1);
    dispose();
    dispose();
  });
});
