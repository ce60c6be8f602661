/**
 * What programs pass, at its worst, through all packages: a polluted Object.prototype, secrets that no error may
 * show, options that are getters of a class. The first two in processes of their own.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createResource, fromPromise } from "@signal-kernel/async-runtime";
import { computed, createEffect, createScope, flushSync, signal } from "@signal-kernel/core";
import { captureSnapshot, createSnapshotScope } from "@signal-kernel/snapshot";
import { describe, expect, test } from "vitest";

function run(name: string) {
  const program = fileURLToPath(new URL(`./values/${name}.mjs`, import.meta.url));
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [program], {
    encoding: "utf8",
  });
  return { status, signal, stdout, stderr };
}

const DONE = { status: 0, signal: null, stdout: "done\n", stderr: "" };

describe("Hostile values", { timeout: 60_000 }, () => {
  test("C45 a polluted Object.prototype is nobody's options, in any package", () => {
    expect(run("pollution")).toEqual(DONE);
  });

  test("no error shows a value", () => {
    expect(run("secrets")).toEqual(DONE);
  });
});

describe("An options object of a class", () => {
  class Options {
    asked = 0;
    get equals() {
      this.asked++;
      return () => true;
    }
    get name() {
      return "of a class";
    }
  }

  test("has the options that its getters give, of signals, computeds and cells", async () => {
    const options = new Options();
    const a = signal(1, options);
    a.set(2);
    expect([a.get(), options.asked]).toEqual([1, 1]);
    const source = signal(1);
    const c = computed(() => source.get(), new Options());
    expect(c.get()).toBe(1);
    source.set(2);
    expect(c.get()).toBe(1);
    const [value, meta] = createResource(source.get, async (n) => n, new Options());
    await meta.reload();
    source.set(3);
    await meta.reload();
    expect(value()).toBe(2);
    meta.dispose();
  });

  test("may have methods, and defaults that it inherits from another object", async () => {
    class Descriptor {
      run(n: number) {
        return Promise.resolve(n * 2);
      }
    }
    const cell = fromPromise(new Descriptor());
    expect(await cell.run(4)).toBe(8);
    const defaults = { priority: -5, name: "first" };
    const order: string[] = [];
    const source = signal(0);
    const late = createEffect(() => void order.push(`late ${source.get()}`));
    const early = createEffect(
      () => void order.push(`early ${source.get()}`),
      Object.create(defaults),
    );
    order.length = 0;
    source.set(1);
    flushSync();
    expect(order).toEqual(["early 1", "late 1"]);
    for (const dispose of [late, early]) dispose();
  });

  test("is checked as any other, and asked before anything is made", () => {
    class Wrong {
      get onError() {
        return 1;
      }
    }
    expect(() => createScope(new Wrong() as never)).toThrow(
      expect.objectContaining({ code: "ERR_SK_INVALID_ARG" }),
    );
  });

  test("of a registration counts as it was when it was given", () => {
    const options = { redaction: "omit" as "omit" | "include" };
    const scope = createSnapshotScope().signal("token", signal("secret"), options);
    options.redaction = "include";
    expect(captureSnapshot(scope).nodes).toEqual([]);
  });
});
