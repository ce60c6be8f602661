import { EventEmitter } from "node:events";
import { batch, signal, untracked } from "@signal-kernel/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engine } from "#engine";
import { makeProject } from "./fixture.js";

interface Source {
  dispose(): void;
}
interface Catalogue {
  idle(): boolean;
}
interface Channel {
  open(response: EventEmitter, after: string): void;
}

/** The example is plain JavaScript: what it exports is typed here, where it is called. */
const from = (path: string) =>
  import(new URL(`../../examples/package-explorer/src/${path}`, import.meta.url).href);

const { createDiskSource }: { createDiskSource(options: object): Source } =
  await from("source/disk.js");
const { createCatalogue }: { createCatalogue(source: Source, options: object): Catalogue } =
  await from("graph/catalogue.js");
const { createSession }: { createSession(...args: unknown[]): any } =
  await from("graph/session.js");
const { createLiveChannel }: { createLiveChannel(catalogue: Catalogue, server: string): Channel } =
  await from("web/live.js");
const { HOME }: { HOME: object } = await from("graph/address.js");
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
  let source: Source;
  let catalogue: Catalogue;
  let dispose: () => void;
  const before = slots();
  beforeAll(async () => {
    project = await makeProject();
    source = createDiskSource({ root: project.root, jobs: 4, live: false });
    [catalogue, dispose] = own(() => createCatalogue(source, { eager: true }), "catalogue");
    await until(catalogue.idle);
  });
  afterAll(async () => {
    dispose();
    source.dispose();
    expect(slots()).toEqual(before);
    await project.remove();
  });

  test("a connection that ends leaves nothing of itself in the kernel", async () => {
    const channel = createLiveChannel(catalogue, "server");
    const alone = slots();
    for (let n = 0; n < 20; n++) {
      const response = new FakeResponse();
      channel.open(response, "");
      await expect.poll(() => response.written.join("")).toContain('"id":"packages"');
      expect(slots().nodes).toBeGreaterThan(alone.nodes);
      response.emit("close");
      expect(slots()).toEqual(alone);
    }
  });

  test("a client that does not read is sent nothing more until it does", async () => {
    const response = new FakeResponse();
    response.full = true;
    const other = own(() => createCatalogue(source, { eager: true }), "other");
    createLiveChannel(other[0], "server").open(response, "");
    await expect.poll(() => response.written.length).toBe(2);
    await (other[0] as any).cells.status[1].reload();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(response.written).toHaveLength(2);
    response.full = false;
    response.emit("drain");
    await expect.poll(() => response.written.length).toBe(3);
    response.emit("close");
    other[1]();
  });

  test("a session follows what is typed, and goes without a trace", async () => {
    const alone = slots();
    const [session, end] = own(
      () => createSession(catalogue, source, HOME, { eager: true }),
      "session",
    );
    const text = () => session.search.value()?.matches.map(({ hit }: { hit: string }) => hit);
    for (const typed of ["SO", "SO D", "SO DOES"]) session.type("search", typed);
    await until(() => session.search.status() === "success" && text()?.[0] === "so does");
    session.go({ ...HOME, package: "node_modules/alpha" });
    await until(() => session.readme.status() === "success");
    expect(session.readme.blocks().join("")).toContain("Section 1499");
    const { boxes, arrows } = session.picture();
    expect(boxes.find(({ role }: { role: string }) => role === "selected").name).toBe("alpha");
    expect(boxes.map(({ name }: { name: string }) => name).sort()).toEqual(
      ["alpha", "fixture", "shared", "shared"].sort(),
    );
    expect(arrows.length).toBeGreaterThan(1);
    end();
    expect(slots()).toEqual(alone);
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
