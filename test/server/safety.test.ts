/** What must not get out, or in: secrets, values in the HTML, scripts without their nonce, other requests. */
import { createResource, fromPromise } from "@signal-kernel/async-runtime";
import { configureTransactions, createEffect, getScope, signal } from "@signal-kernel/core";
import { engine } from "@signal-kernel/native";
import { html, type RenderMode, renderWithState } from "@signal-kernel/native/server";
import { describe, expect, test } from "vitest";
import { Arriving } from "./arriving.js";
import { cell, documentsOf, gate, turns, withoutScripts } from "./support.js";

const MODES: readonly RenderMode[] = ["settled", "in-order", "out-of-order"];

/** Ends a script or a line, begins a comment, or is a prototype. */
const HOSTILE = [
  "</script><script>alert(1)</script>",
  "<!--<script>",
  "]]>&amp;\u2028\u2029'\"`",
  "</template></body></html>",
  "__proto__",
].join("");

describe.each(MODES)("values in a page: %s", (mode) => {
  const hostile = async (nonce?: string) => {
    const late = gate<unknown>();
    const rendering = renderWithState(
      (context) => {
        context.snapshot.signal("first", signal(HOSTILE));
        const meta = cell(context, HOSTILE, late.promise);
        return html`<p title="${HOSTILE}">${HOSTILE}</p><p>${context.slot(meta, {
          pending: HOSTILE,
          success: (value) => html`<b title="${HOSTILE}">${(value as { text: string }).text}</b>`,
        })}</p>`;
      },
      { mode, nonce, capture: { metadata: { HOSTILE } } },
    );
    await turns();
    late.open({ text: HOSTILE, [HOSTILE]: [HOSTILE] });
    return (await rendering).text();
  };

  test("cannot end what they are in, nor begin something else", async () => {
    const page = await hostile();
    const tags = page.replace(/<script[^>]*>[^<]*<\/script>/g, "").match(/<[^>]*>/g) as string[];
    const allowed = /^<(\/?(p|b|template|script)( [\w-]+="[^"<>]*")*|!--.*--)>$/;
    expect(tags.filter((tag) => !allowed.test(tag))).toEqual([]);
    expect(page).not.toMatch(/alert\(1\)<\/script>|<!--<|\u2028.*<\/script>/);
    const browser = new Arriving();
    await browser.arrive(page);
    await browser.end();
    expect(browser.shown).not.toContain("<script");
  });

  test("are in the state as they were", async () => {
    const documents = documentsOf(await hostile());
    const [first] = documents[0]?.nodes ?? [];
    expect(first).toMatchObject({ id: "first", value: HOSTILE });
    expect(documents.at(-1)?.nodes.find(({ id }) => id === HOSTILE)).toMatchObject({
      value: { text: HOSTILE, [HOSTILE]: [HOSTILE] },
    });
  });

  test("every script has the nonce, escaped; there are no handlers and no styles in attributes", async () => {
    const page = await hostile('n"1<');
    const scripts = page.match(/<script[^>]*>/g) as string[];
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script).toContain(' nonce="n&quot;1&lt;"');
    expect(page).not.toMatch(/<[^>]*\s(on\w+|style)=/);
  });
});

describe.each(MODES)("what is redacted: %s", (mode) => {
  const SECRET = "s3cr3t-token";

  test("is nowhere in the state that is sent, at no time", async () => {
    const late = gate();
    const rendering = renderWithState(
      (context) => {
        const { snapshot } = context;
        const token = signal(SECRET);
        const [user, userMeta] = createResource(token.get, async (value) => {
          const { name } = { name: await late.promise };
          return { name, key: `${value}!`, [value]: 1 };
        });
        const [, failedMeta] = createResource(token.get, async (value): Promise<string> => {
          await late.promise;
          throw new Error(`refused ${value}`);
        });
        const secret = fromPromise(async () => `${await late.promise} later-secret`);
        snapshot
          .signal("token", token, { redaction: "omit" })
          .signal("masked", signal(SECRET), { redaction: { redact: () => "***" } })
          .resource("user", [user, userMeta], { restore: "seed" })
          .resource("failed", [() => undefined, failedMeta], { restore: "seed" })
          .resource("secret", [secret.value, secret], { restore: "seed", redaction: "omit" });
        return html`<p>${context.slot([user, userMeta], { success: ({ name }) => name })}</p>`;
      },
      { mode, capture: { metadata: { note: `of ${SECRET}` }, secrets: ["later-secret"] } },
    );
    await turns();
    late.open("Ada");
    const page = await (await rendering).text();
    expect(page).toContain("Ada");
    const bytes = Buffer.from(page);
    for (const secret of [SECRET, "later-secret"]) expect(bytes.indexOf(secret)).toBe(-1);
    expect(documentsOf(page)[0]?.nodes.find(({ id }) => id === "masked")).toMatchObject({
      value: "***",
      redacted: true,
    });
  });
});

describe("requests side by side", () => {
  const many = async (count: number, run: (mode: RenderMode, i: number) => Promise<void>) => {
    const before = engine().counters;
    const modes = Array.from({ length: count }, (_, i) => MODES[i % 3] as RenderMode);
    await Promise.all(modes.map(run));
    await turns();
    const { nodes, edges, tasks } = engine().counters;
    const { nodes: n, edges: e, tasks: t } = before;
    expect({ nodes, edges, tasks }).toEqual({ nodes: n, edges: e, tasks: t });
  };

  const one = async (mode: RenderMode, i: number, isByHand: boolean) => {
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const page = await renderWithState(
      async (context) => {
        const { scope, snapshot, slot } = context;
        const inScope = <T>(fn: () => T): T => (isByHand ? scope.run(fn) : fn());
        await wait(i % 7);
        if (!isByHand) expect(getScope()).toBe(scope);
        const id = inScope(() => signal(i));
        const [user, meta] = inScope(() =>
          createResource(id.get, async (value) => {
            await wait((i * 13) % 11);
            return `user ${value}`;
          }),
        );
        inScope(() => createEffect(() => void [id.get(), user()]));
        snapshot.signal("id", id).resource("user", [user, meta], { restore: "seed" });
        return html`<p>${slot([user, meta], { pending: "...", success: (name) => name })}</p>`;
      },
      { mode },
    );
    const text = await page.text();
    const mentioned = withoutScripts(text).match(/user \d+/g);
    expect(mentioned).toEqual([`user ${i}`]);
    const documents = documentsOf(text);
    expect(documents[0]?.nodes[0]).toMatchObject({ id: "id", value: i });
    expect(documents.at(-1)?.nodes.at(-1)).toMatchObject({ id: "user", value: `user ${i}` });
  };

  test("never see each other's state, and nothing of them is left", async () => {
    await many(300, (mode, i) => one(mode, i, false));
  });

  test("also where there is no asynchronous context, by the handle of the scope", async () => {
    configureTransactions({ asyncContext: false });
    try {
      await many(60, (mode, i) => one(mode, i, true));
    } finally {
      configureTransactions({ asyncContext: true });
    }
  });
});
