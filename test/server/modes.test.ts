/** What is sent when: the three modes, the places of the state, and the time limit. */
import { createResource, createStreamResource, fromPromise } from "@signal-kernel/async-runtime";
import { computed, createScope, getScope, settled, signal } from "@signal-kernel/core";
import { html, type RenderMode, rawHtml, renderWithState } from "@signal-kernel/native/server";
import { fromScript, type SnapshotDocument } from "@signal-kernel/snapshot";
import { describe, expect, test } from "vitest";
import { cell, documentsOf, gate, read, turns, withoutScripts } from "./support.js";

const MODES: readonly RenderMode[] = ["settled", "in-order", "out-of-order"];

/** Two slots, the second of which settles first. */
function twoSlots(mode: RenderMode) {
  const a = gate();
  const b = gate();
  const page = renderWithState(
    (context) => {
      const views = { pending: html`<i>...</i>`, success: (text: string) => html`<b>${text}</b>` };
      const first = context.slot(cell(context, "a", a.promise), views);
      const second = context.slot(cell(context, "b", b.promise), views);
      return html`<body><p>${first}</p><p>${second}</p></body></html>`;
    },
    { mode },
  );
  return { a, b, page };
}

describe("settled", () => {
  test("sends nothing until all has settled, and then the whole in one piece", async () => {
    const { a, b, page } = twoSlots("settled");
    let isReady = false;
    void page.then(() => {
      isReady = true;
    });
    b.open("B");
    await turns();
    expect(isReady).toBe(false);
    a.open("A");
    const { parts, over } = read(await page);
    await over;
    expect(parts).toHaveLength(1);
    expect(withoutScripts(parts[0] as string)).toBe(
      "<body><p><b>A</b></p><p><b>B</b></p></body></html>",
    );
    expect(parts[0]).toMatch(/<\/p><script type="application\/json"[^>]*>[^<]*<\/script><\/body>/);
    expect(documentsOf(parts[0] as string)).toHaveLength(1);
  });

  test("functions in a template see what has settled", async () => {
    const page = await renderWithState(() => {
      const [user] = createResource(
        () => 1,
        async () => "Ada",
      );
      const title = computed(() => `Hello ${user()}`);
      return html`<p>${title.get}</p>`;
    });
    expect(await page.text()).toBe("<p>Hello Ada</p>");
  });

  test("what starts on account of an outcome is waited for, too", async () => {
    const page = await renderWithState((context) => {
      const [user] = createResource(
        () => 1,
        async () => 7,
      );
      const [posts, meta] = createResource(user, async (id) =>
        id === undefined ? "" : `of ${id}`,
      );
      context.snapshot.resource("posts", [posts, meta], { restore: "seed" });
      return html`<p>${posts}</p>`;
    });
    expect(await page.text()).toContain("<p>of 7</p>");
  });

  test("a render may wait itself, and return text that it has made", async () => {
    const page = await renderWithState(async ({ settled }) => {
      const user = fromPromise(async () => "Ada");
      expect(await settled()).toBe(true);
      expect(getScope()).not.toBe(null);
      return `<p>${user.value()}</p>`;
    });
    expect(await page.text()).toBe("<p>Ada</p>");
  });
});

describe("in order", () => {
  test("sends what there is up to the first pending slot, and goes on where it was", async () => {
    const { a, b, page } = twoSlots("in-order");
    const { parts, over } = read(await page);
    b.open("B");
    await turns();
    expect(withoutScripts(parts.join(""))).toBe("<body><p>");
    const [first, later] = documentsOf(parts.join("")) as [SnapshotDocument, SnapshotDocument];
    expect(first.nodes.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(later.nodes).toMatchObject([{ id: "b", status: "success", value: "B", version: 1 }]);
    a.open("A");
    await over;
    expect(withoutScripts(parts.join(""))).toBe(
      "<body><p><b>A</b></p><p><b>B</b></p></body></html>",
    );
    expect(documentsOf(parts.join("")).at(-1)?.nodes).toMatchObject([{ id: "a", value: "A" }]);
  });

  test("needs no script", async () => {
    const { a, b, page } = twoSlots("in-order");
    a.open("A");
    b.open("B");
    const text = await (await page).text();
    expect(text.match(/<script/g)?.length).toBe(
      text.match(/<script type="application\/json"/g)?.length,
    );
  });
});

describe("out of order", () => {
  test("sends the shell at once, and each slot when it has settled", async () => {
    const { a, b, page } = twoSlots("out-of-order");
    const { parts, over } = read(await page);
    await turns();
    expect(parts).toHaveLength(1);
    expect(withoutScripts(parts[0] as string)).toBe(
      '<body><p><template id="sk-slot-1"></template><i>...</i><!--/sk-slot-1--></p>' +
        '<p><template id="sk-slot-2"></template><i>...</i><!--/sk-slot-2--></p>',
    );
    b.open("B");
    await turns();
    expect(parts).toHaveLength(2);
    expect(parts[1]).toMatch(
      /^<template id="sk-content-2" data-sk-cell="b"><b>B<\/b><\/template><script type="application\/json" data-sk-state="2">[^<]+<\/script><script>\$sk\(2\)<\/script>$/,
    );
    a.open("A");
    await over;
    expect(parts[2]).toContain("<b>A</b>");
    expect(parts.join("")).toMatch(/<\/body><\/html>$/);
    expect(documentsOf(parts.join("")).map(({ nodes }) => nodes.length)).toEqual([2, 1, 1]);
  });

  test("slots that settle together come together, those that are over at once", async () => {
    const { a, b, page } = twoSlots("out-of-order");
    const ready = await page;
    a.open("A");
    b.open("B");
    await turns();
    const { parts, over } = read(ready);
    await over;
    expect(parts[1]).toContain("$sk(1,2)");
    const done = await renderWithState(
      async ({ slot, settled: wait }) => {
        const one = fromPromise(async () => 1);
        await wait();
        return html`<p>${slot(one, { success: String })}</p>`;
      },
      { mode: "out-of-order" },
    );
    expect(await done.text()).toBe("<p>1</p>");
  });

  test("a slot in a slot comes after it", async () => {
    const outer = gate();
    const inner = gate();
    const page = await renderWithState(
      (context) => {
        const first = cell(context, "outer", outer.promise);
        return html`<p>${context.slot(first, {
          success: (text) => {
            const second = cell(context, "inner", inner.promise);
            return html`${text}: ${context.slot(second, { pending: "...", success: (x) => x })}`;
          },
        })}</p>`;
      },
      { mode: "out-of-order" },
    );
    const { parts, over } = read(page);
    await turns();
    outer.open("outer");
    await turns();
    expect(parts[1]).toContain('outer: <template id="sk-slot-2"></template>...<!--/sk-slot-2-->');
    expect(documentsOf(parts[1] as string)[0]?.nodes).toMatchObject([
      { id: "outer", status: "success" },
      { id: "inner", status: "pending" },
    ]);
    inner.open("inner");
    await over;
    expect(parts[2]).toContain('<template id="sk-content-2" data-sk-cell="inner">inner</template>');
  });
});

describe.each(MODES)("every mode: %s", (mode) => {
  test("what no slot shows is sent, too", async () => {
    const late = gate();
    const rendering = renderWithState(
      (context) => {
        cell(context, "late", late.promise);
        return "<body>x</body>";
      },
      { mode },
    );
    await turns();
    late.open("value");
    const text = await (await rendering).text();
    expect(documentsOf(text).at(-1)?.nodes).toMatchObject([{ id: "late", value: "value" }]);
    expect(text).toMatch(/<\/body>$/);
  });

  test("a page without nodes has no state; one with nodes has it when nothing is pending", async () => {
    const bare = await renderWithState(() => html`<p>x</p>`, { mode });
    expect(await bare.text()).toBe("<p>x</p>");
    const page = await renderWithState(
      ({ snapshot }) => {
        snapshot.signal("id", signal(7));
        return html`<p>x</p>\n</BODY >\n</html>\n`;
      },
      { mode, snapshot: { graphId: "g", graphVersion: "2" }, capture: { metadata: { a: 1 } } },
    );
    const text = await page.text();
    expect(text.replace(/<script.*<\/script>(<!---->)?/, "|")).toBe(
      "<p>x</p>\n|</BODY >\n</html>\n",
    );
    const [document] = documentsOf(text);
    expect(document).toMatchObject({
      graph: { id: "g", version: "2" },
      metadata: { a: 1 },
      nodes: [{ id: "id", value: 7 }],
    });
  });

  test("what is pending when the time is up is sent as pending, and its run is aborted", async () => {
    let meta: { aborts: unknown[] } | undefined;
    const page = await renderWithState(
      (context) => {
        const never = cell(context, "never", new Promise<string>(() => {}));
        meta = never;
        return html`<p>${context.slot(never, { pending: "...", success: (x) => x })}</p>`;
      },
      { mode, timeoutMs: 20 },
    );
    const text = await page.text();
    expect(withoutScripts(text)).toMatch(/^<p>.*\.\.\..*<\/p>$/);
    expect(documentsOf(text).map(({ nodes }) => nodes)).toMatchObject([
      [{ id: "never", status: "pending", version: 0 }],
    ]);
    expect(meta?.aborts).toEqual(["dispose"]);
  });

  test("timeoutMs 0 waits for nothing", async () => {
    const page = await renderWithState(
      (context) => {
        const never = cell(context, "never", new Promise<string>(() => {}));
        return html`<p>${context.slot(never, { pending: "...", success: (x) => x })}</p>`;
      },
      { mode, timeoutMs: 0 },
    );
    expect(withoutScripts(await page.text())).toBe("<p>...</p>");
  });

  test("a stream is shown when it is done, and sent with its stable value", async () => {
    const next = gate();
    const rendering = renderWithState(
      (context) => {
        const answer = createStreamResource(
          () => 1,
          async (_input, { emit, done }: { emit(chunk: string): void; done(): void }) => {
            emit("a");
            emit(await next.promise);
            done();
          },
          { initialValue: "", reduce: (text = "", chunk) => text + chunk },
        );
        context.snapshot.stream("answer", answer, { restore: "stable-value" });
        return html`<p>${context.slot(answer, { success: (text) => text })}</p>`;
      },
      { mode },
    );
    await turns();
    next.open("b");
    const text = await (await rendering).text();
    expect(text).toContain("ab");
    expect(documentsOf(text).at(-1)?.nodes).toMatchObject([
      { id: "answer", status: "success", stableValue: "ab", version: 1 },
    ]);
  });

  test("pieces of another renderer are sent as they are, the state behind them", async () => {
    const encoder = new TextEncoder();
    const bytes = encoder.encode("ä</body></html>");
    async function* pieces() {
      yield "<body>";
      /* In the middle of a character, and of the end. */
      for (const [from, to] of [
        [0, 1],
        [1, 5],
        [5, bytes.length],
      ])
        yield bytes.slice(from, to);
    }
    const make = (page: AsyncIterable<string | Uint8Array> | ReadableStream<Uint8Array>) =>
      renderWithState(
        (context) => {
          cell(context, "a", Promise.resolve("A"));
          return page;
        },
        { mode },
      );
    const text = await (await make(pieces())).text();
    expect(withoutScripts(text)).toBe("<body>ä</body></html>");
    expect(documentsOf(text).at(-1)?.nodes).toMatchObject([{ id: "a", value: "A" }]);
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    });
    expect(withoutScripts(await (await make(stream)).text())).toBe("ä</body></html>");
  });

  test("a page in an effect, a batch or a scope that ends belongs to none of them", async () => {
    const outer = createScope();
    const late = gate();
    const rendering = outer.run(() =>
      renderWithState(
        (context) => {
          cell(context, "a", late.promise);
          return rawHtml("<p>");
        },
        { mode },
      ),
    );
    await turns();
    outer.dispose();
    await settled(outer);
    late.open("A");
    const text = await (await rendering).text();
    expect(fromScript(`${/<script.*?<\/script>/.exec(text)}`)).toBeDefined();
    expect(documentsOf(text).at(-1)?.nodes).toMatchObject([{ value: "A" }]);
  });
});
