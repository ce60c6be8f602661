/** The types of pages, as programs meet them: what is inferred, and what must not compile. */
import type { ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import {
  asyncComputed,
  createResource,
  createStreamResource,
  fromPromise,
} from "@signal-kernel/async-runtime";
import type { Scope } from "@signal-kernel/core";
import {
  closeSignal,
  type Html,
  html,
  type Page,
  type Render,
  type RenderContext,
  rawHtml,
  renderWithState,
  type Slot,
} from "@signal-kernel/native/server";
import { hydrate, type SnapshotScope } from "@signal-kernel/snapshot";
import { expectTypeOf } from "vitest";

declare const response: ServerResponse;
declare const writable: Writable;
declare const scope: SnapshotScope;

export const render: Render = (context) => {
  const { slot } = context;
  expectTypeOf(context).toEqualTypeOf<RenderContext>();
  expectTypeOf(context.scope).toEqualTypeOf<Scope>();
  expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>();
  expectTypeOf(context.settled()).toEqualTypeOf<Promise<boolean>>();
  const user = createResource(
    () => 1,
    async (id) => ({ id, name: "" }),
  );
  const text = createStreamResource(
    () => 1,
    () => {},
    { initialValue: "" },
  );
  const part = slot(user, {
    success: (value) => {
      expectTypeOf(value).toEqualTypeOf<{ id: number; name: string }>();
      return value.name;
    },
    error: (error) => {
      expectTypeOf(error).toEqualTypeOf<unknown>();
      return null;
    },
  });
  expectTypeOf(part).toEqualTypeOf<Slot>();
  slot(text, { success: (value) => value, pending: html`<p>` });
  slot(
    asyncComputed(async () => 1),
    { success: (value) => value.toFixed() },
  );
  slot(
    fromPromise(async () => "text"),
    { success: (value) => value.trim(), pending: () => [1, null] },
  );
  // @ts-expect-error there is nothing to show of a value
  slot(user, { pending: "..." });
  // @ts-expect-error a number is no cell
  slot(1, { success: String });
  // @ts-expect-error an object is nothing that HTML can show
  html`${{ id: 1 }}`;
  // @ts-expect-error what is vouched for is text
  rawHtml(1);
  return html`<p>${part}${[1, "a", rawHtml("<b>")]}${() => user[0]()?.name}</p>`;
};

export async function send(): Promise<void> {
  const page = await renderWithState(render, {
    mode: "in-order",
    timeoutMs: 1,
    signal: closeSignal(response),
    snapshot: { graphId: "a" },
    capture: { secrets: ["a"] },
    onError: (error) => expectTypeOf(error).toEqualTypeOf<unknown>(),
  });
  expectTypeOf(page).toEqualTypeOf<Page>();
  expectTypeOf(page.pipe(response)).toEqualTypeOf<Promise<boolean>>();
  await page.pipe(writable);
  expectTypeOf(page.stream()).toEqualTypeOf<ReadableStream<Uint8Array>>();
  for await (const part of page) expectTypeOf(part).toEqualTypeOf<string>();
  expectTypeOf(html`<p>`).toEqualTypeOf<Html>();
  await renderWithState(() => "<p>");
  await renderWithState(async () => new ReadableStream<Uint8Array>());
  // @ts-expect-error there is no such mode
  await renderWithState(render, { mode: "fast" });
  // @ts-expect-error a number is no page
  await renderWithState(() => 1);
  // @ts-expect-error which nodes are captured is not an option of a page
  await renderWithState(render, { capture: { only: [] } });
  const { report, done } = await hydrate(scope, { mode: "best-effort" });
  expectTypeOf(report.restored).toEqualTypeOf<string[]>();
  expectTypeOf(done).toEqualTypeOf<Promise<void>>();
}
