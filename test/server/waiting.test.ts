/** What a page that is sent whole waits for, and by what means. */
import { createResource, createStreamResource } from "@signal-kernel/async-runtime";
import { engine } from "@signal-kernel/native";
import { html, renderWithState, type Slot } from "@signal-kernel/native/server";
import { describe, expect, test } from "vitest";
import { cell, documentsOf, gate, turns } from "./support.js";

describe("a page that is sent whole", () => {
  test("waits for cells of others, and for streams, that are registered in it", async () => {
    const shared = gate();
    const others = createResource(
      () => 0,
      () => shared.promise,
    );
    const chunks = gate();
    let isReady = false;
    const rendered = renderWithState(({ snapshot }) => {
      snapshot.resource("others", others, { restore: "seed" });
      snapshot.stream(
        "stream",
        createStreamResource(
          () => 0,
          async (_, { emit, done }: { emit(chunk: string): void; done(): void }) => {
            emit("begun");
            await chunks.promise;
            done();
          },
        ),
      );
      return html`<p></p>`;
    });
    void rendered.then(() => {
      isReady = true;
    });
    await turns();
    shared.open("from elsewhere");
    await turns();
    expect(isReady).toBe(false);
    chunks.open("");
    const text = await (await rendered).text();
    const [document] = documentsOf(text);
    expect(document?.nodes).toMatchObject([
      { id: "others", status: "success", value: "from elsewhere" },
      { id: "stream", status: "success", value: "begun" },
    ]);
    others[1].dispose();
  });

  test("has no node in the kernel for a cell of its own but that of its source", async () => {
    const open = gate();
    const before = engine().counters.nodes;
    const rendered = renderWithState((context) => {
      for (let i = 0; i < 10; i++) cell(context, `cell ${i}`, open.promise);
      return html`<p></p>`;
    });
    await turns();
    expect(engine().counters.nodes - before).toBe(10);
    open.open("");
    await (await rendered).text();
    expect(engine().counters.nodes).toBe(before);
  });

  test("shows slots in slots, however deep, in their order", async () => {
    const page = await renderWithState((context) => {
      const one = cell(context, "one", Promise.resolve("1"));
      const nest = (depth: number): Slot =>
        context.slot(one, {
          success: (text) => (depth === 0 ? text : html`(${nest(depth - 1)}${depth})`),
        });
      return html`<p>${nest(3)}${context.slot(one, { success: () => "!" })}</p>`;
    });
    expect(await page.text()).toContain("<p>(((11)2)3)!</p>");
  });
});
