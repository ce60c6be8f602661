/** What goes wrong: before the first part is sent the caller gets it, later the page goes on without. */
import { createResource, fromPromise } from "@signal-kernel/async-runtime";
import { createEffect, onScopeDispose, type Scope, signal } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import {
  html,
  type Render,
  type RenderContext,
  RenderError,
  type RenderMode,
  renderWithState,
} from "@signal-kernel/native/server";
import { describe, expect, test } from "vitest";
import { cell, documentsOf, gate, read, turns, withoutScripts } from "./support.js";

const MODES: readonly RenderMode[] = ["settled", "in-order", "out-of-order"];

/** What a rendering rejects with. */
async function rejection(rendering: Promise<unknown>): Promise<RenderError> {
  try {
    await rendering;
  } catch (error) {
    return error as RenderError;
  }
  throw new Error("Expected the page to fail");
}

describe.each(MODES)("an error before the first part: %s", (mode) => {
  const failing: Record<string, Render> = {
    "render throws": () => {
      throw new URIError("secret");
    },
    "render rejects": async () => {
      await turns(1);
      throw new URIError("secret");
    },
    "a function in the page throws": () =>
      html`<p>${() => {
        throw new URIError("secret");
      }}</p>`,
    "the first piece fails": () =>
      (async function* () {
        yield* [];
        throw new URIError("secret");
      })(),
  };

  test.each(Object.entries(failing))(
    "%s: the scope ends, the caller gets it",
    async (_how, render) => {
      let scope: Scope | undefined;
      const aborted = gate<unknown>();
      const error = await rejection(
        renderWithState(
          (context) => {
            scope = context.scope;
            const never = fromPromise(({ signal }) => {
              signal.addEventListener("abort", () => aborted.open(signal.reason));
              return new Promise<string>(() => {});
            });
            expect(never.status()).toBe("pending");
            return render(context);
          },
          { mode, timeoutMs: 20 },
        ),
      );
      expect(error).toBeInstanceOf(RenderError);
      expect(error).toMatchObject({ name: "RenderError", code: "ERR_SK_RENDER" });
      expect(error.cause).toBeInstanceOf(URIError);
      expect(error.message).not.toContain("secret");
      expect(scope?.disposed).toBe(true);
      expect(await aborted.promise).toBe("dispose");
    },
  );

  test("what cannot be captured", async () => {
    const error = await rejection(
      renderWithState(
        ({ snapshot }) => {
          snapshot.signal("n", signal(Number.NaN));
          return "<p>";
        },
        { mode },
      ),
    );
    expect(error.cause).toMatchObject({ name: "SnapshotError", code: "ERR_SK_SNAPSHOT_VALUE" });
  });

  test("what is no page", async () => {
    for (const page of [undefined, 7, {}, []])
      expect((await rejection(renderWithState(() => page as never, { mode }))).cause).toMatchObject(
        {
          code: "ERR_SK_INVALID_ARG",
        },
      );
  });
});

test("bad arguments are refused, and name the argument", async () => {
  const bad: readonly (readonly [string, unknown])[] = [
    ["options", null],
    ["options.mode", { mode: "fast" }],
    ["options.timeoutMs", { timeoutMs: -1 }],
    ["options.timeoutMs", { timeoutMs: Number.NaN }],
    ["options.nonce", { nonce: 7 }],
    ["options.signal", { signal: {} }],
    ["options.onError", { onError: 1 }],
    ["options.capture", { capture: 1 }],
    ["options.secrets", { capture: { secrets: "x" } }],
    ["options.metadata", { capture: { metadata: [] } }],
    ["options.graphId", { snapshot: { graphId: 1 } }],
    ["options.name", { name: 1 }],
  ];
  for (const [name, options] of bad) {
    const error = await rejection(renderWithState(() => "", options as never));
    expect(error).toMatchObject({ name: "TypeError", code: "ERR_SK_INVALID_ARG" });
    expect(error.message).toContain(`"${name}"`);
  }
  expect(await rejection(renderWithState(7 as never))).toBeInstanceOf(TypeError);
});

test("arguments of a context are checked at the call", async () => {
  await renderWithState((context) => {
    const one = fromPromise(async () => 1);
    const { slot } = context;
    for (const make of [
      () => slot(7 as never, { success: String }),
      () => slot([] as never, { success: String }),
      () => slot([() => 1] as never, { success: String }),
      () => slot(one, {} as never),
      () => slot(one, null as never),
      () => slot(one, { success: String, error: 1 as never }),
      () => context.setStatus(99),
    ])
      expect(make).toThrow(expect.objectContaining({ code: "ERR_SK_INVALID_ARG" }));
    return "";
  });
});

describe.each(MODES)("an error in a slot: %s", (mode) => {
  const failed = () =>
    createResource(
      () => 1,
      async (): Promise<string> => {
        throw new URIError("refused");
      },
    );
  const rendered = async (make: (context: RenderContext) => unknown) => {
    const errors: unknown[] = [];
    const page = await renderWithState((context) => html`<p>${make(context) as string}</p>`, {
      mode,
      onError: (error) => errors.push(error),
    });
    const text = await page.text();
    const last = /<template id="sk-content-1">(.*?)<\/template>/.exec(text);
    return { text, shown: last === null ? withoutScripts(text) : `<p>${last[1]}</p>`, errors };
  };

  test("is shown by its view", async () => {
    const { shown, errors } = await rendered(({ slot }) =>
      slot(failed(), {
        success: String,
        error: (error) => html`<b>${(error as Error).message}</b>`,
      }),
    );
    expect(shown).toBe("<p><b>refused</b></p>");
    expect(errors).toEqual([]);
  });

  test("without a view is told, and the slot shows what it shows while it is pending", async () => {
    const { shown, errors } = await rendered(({ slot }) =>
      slot(failed(), { success: String, pending: "..." }),
    );
    expect(shown).toBe("<p>...</p>");
    expect(errors).toEqual([new URIError("refused")]);
  });

  test("of its view is like one of its cell", async () => {
    const { shown, errors } = await rendered(({ slot }) =>
      slot(
        fromPromise(async () => 1),
        {
          success: () => {
            throw new URIError("broken view");
          },
          error: (error) => (error as Error).message,
        },
      ),
    );
    expect(shown).toBe("<p>broken view</p>");
    expect(errors).toEqual([]);
  });

  test("of every view leaves the rest of the page whole", async () => {
    const fail = () => {
      throw new URIError("broken");
    };
    const { text, errors } = await rendered(({ slot }) => [
      slot(
        fromPromise(async () => 1),
        { success: fail, error: fail, pending: fail },
      ),
      "rest",
    ]);
    expect(withoutScripts(text)).toContain("rest</p>");
    expect(errors.length).toBeGreaterThanOrEqual(2);
  });

  test("of a cell is in the state, and its value is not", async () => {
    const { text } = await rendered((context) => {
      const one = cell(context, "one", Promise.reject(new URIError("refused")));
      return context.slot(one, { success: String, error: () => "no" });
    });
    expect(documentsOf(text).at(-1)?.nodes).toMatchObject([
      { id: "one", status: "error", error: { name: "URIError", message: "refused" } },
    ]);
  });
});

describe("an error after the first part", () => {
  test("of a piece ends the page, with the error", async () => {
    const page = await renderWithState(
      () =>
        (async function* () {
          yield "<p>";
          throw new URIError("broken");
        })(),
      { mode: "in-order" },
    );
    const { parts, over } = read(page);
    const error = await rejection(over);
    expect(error).toMatchObject({ code: "ERR_SK_RENDER" });
    expect(error.cause).toEqual(new URIError("broken"));
    expect(parts).toEqual(["<p>"]);
  });

  test("of a capture is told, and the page goes on without that state", async () => {
    const errors: unknown[] = [];
    const late = gate<unknown>();
    const page = await renderWithState(
      (context) => {
        cell(context, "late", late.promise);
        return html`<p>x</p>`;
      },
      { mode: "out-of-order", onError: (error) => errors.push(error) },
    );
    const reading = read(page);
    late.open(() => {});
    await reading.over;
    expect(errors).toMatchObject([{ code: "ERR_SK_SNAPSHOT_VALUE" }]);
    expect(documentsOf(reading.parts.join(""))).toHaveLength(1);
  });
});

describe("H2 an error of one node in a later part", () => {
  /** What a client has of each node when it has all documents. */
  const lastOf = (page: string) =>
    Object.fromEntries(
      documentsOf(page).flatMap(({ nodes }) => nodes.map((node) => [node.id, node])),
    );

  /** A page of which each step makes a part, in which `changes` has changed, too. */
  async function served(register: (context: RenderContext) => void, steps: (() => void)[]) {
    const errors: Error[] = [];
    const gates = steps.map(() => gate());
    const changes = signal(0);
    const page = await renderWithState(
      (context) => {
        register(context);
        context.snapshot.signal("changes", changes);
        for (const [index, { promise }] of gates.entries()) cell(context, `part ${index}`, promise);
        return html`<p>x</p>`;
      },
      { mode: "out-of-order", onError: (error) => errors.push(error as Error) },
    );
    const reading = read(page);
    for (const [index, step] of steps.entries()) {
      step();
      changes.set(index + 1);
      gates[index]?.open("x");
      await turns();
    }
    await reading.over;
    return { errors, last: lastOf(reading.parts.join("")) };
  }

  const nothing = () => {};

  test("takes no other node with it, and is told once", async () => {
    const late = gate<unknown>();
    const values: Record<string, unknown> = { bad: 10n, a: 1, b: 2, worse: nothing, c: 3 };
    const { errors, last } = await served(
      (context) => {
        for (const [name, value] of Object.entries(values))
          cell(
            context,
            name,
            late.promise.then(() => value),
          );
      },
      [() => late.open(null), nothing, nothing],
    );
    expect(errors).toMatchObject([
      { code: "ERR_SK_SNAPSHOT_VALUE", message: expect.stringContaining("node bad") },
      { code: "ERR_SK_SNAPSHOT_VALUE", message: expect.stringContaining("node worse") },
    ]);
    expect(last).toMatchObject({
      changes: { value: 3 },
      bad: { status: "pending" },
      worse: { status: "pending" },
      a: { status: "success", value: 1 },
      b: { status: "success", value: 2 },
      c: { status: "success", value: 3 },
    });
  });

  test("is told again when the node has changed; what it comes to is sent", async () => {
    const value = signal<unknown>(0);
    const { errors, last } = await served(
      ({ snapshot }) => snapshot.signal("value", value as never),
      [
        () => value.set(Number.NaN),
        nothing,
        () => value.set(10n),
        nothing,
        () => value.set("whole"),
      ],
    );
    expect([errors.length, last.value, last.changes]).toMatchObject([
      2,
      { value: "whole" },
      { value: 5 },
    ]);
  });

  test("that cannot even be looked at is no other", async () => {
    let isBroken = false;
    const foreign = {
      status: () => "success",
      error: () => undefined,
      value: () => {
        if (isBroken) throw new URIError("broken");
        return 1;
      },
    };
    const { errors, last } = await served(
      ({ snapshot }) => snapshot.resource("foreign", foreign),
      [() => (isBroken = true), nothing, nothing].map((step) => () => void step()),
    );
    expect(errors).toEqual([new URIError("broken")]);
    expect(last.changes).toMatchObject({ value: 3 });
  });

  test("of the scope itself is told once for the part, and not for each node", async () => {
    const now = () => (isBroken ? Number.NaN : 0);
    let isBroken = false;
    const errors: unknown[] = [];
    const late = gate();
    const page = await renderWithState(
      (context) => {
        for (const name of ["one", "two", "three"]) cell(context, name, late.promise);
        return html`<p>x</p>`;
      },
      { mode: "out-of-order", snapshot: { now }, onError: (error) => errors.push(error) },
    );
    const reading = read(page);
    await turns();
    isBroken = true;
    late.open("x");
    await reading.over;
    expect(errors).toMatchObject([{ code: "ERR_SK_INVALID_ARG" }]);
  });
});

describe("errors that have no caller", () => {
  test("of effects and cleanups go to onError, and what that throws ends nothing", async () => {
    const errors: unknown[] = [];
    const page = await renderWithState(
      async () => {
        const n = signal(0);
        createEffect(() => {
          if (n.get() > 0) throw new URIError("effect");
        });
        onScopeDispose(() => {
          throw new URIError("cleanup");
        });
        n.set(1);
        await turns();
        return html`<p>x</p>`;
      },
      { onError: (error) => errors.push(error) },
    );
    expect(await page.text()).toBe("<p>x</p>");
    expect(errors).toEqual([new URIError("effect"), new URIError("cleanup")]);
    expect(engine().counters.nodes).toBeGreaterThanOrEqual(0);
  });

  test("a status that is set too late is refused; a page is taken once", async () => {
    let late: RenderContext | undefined;
    const page = await renderWithState((context) => {
      late = context;
      context.setStatus(404);
      return "<p>";
    });
    expect(page.status).toBe(404);
    expect(() => late?.setStatus(500)).toThrow(
      expect.objectContaining({ code: "ERR_SK_RENDER_STATE" }),
    );
    await page.text();
    expect(await rejection(page.text())).toMatchObject({ code: "ERR_SK_RENDER_STATE" });
    expect(() => page.stream()).toThrow(RenderError);
  });
});
