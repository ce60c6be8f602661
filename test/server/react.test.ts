/** A page that React renders, in one piece and as a stream, with the state of the graph that it shows. */
import { createResource } from "@signal-kernel/async-runtime";
import { html, rawHtml, renderWithState } from "@signal-kernel/native/server";
import { useResource } from "@signal-kernel/react";
import { createElement as h, Suspense } from "react";
import { renderToReadableStream, renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { documentsOf, gate, turns, withoutScripts } from "./support.js";

function Name({ user }: { user: ReturnType<typeof createResource<number, string>> }) {
  const { value } = useResource(user, { suspense: true });
  return h("b", null, value);
}

test("in one piece, when it has settled", async () => {
  const page = await renderWithState(async ({ snapshot, settled }) => {
    const user = createResource(
      () => 1,
      async () => "<Ada>",
    );
    snapshot.resource("user", user, { restore: "seed" });
    await settled();
    return html`<!doctype html><body><div>${rawHtml(renderToString(h(Name, { user })))}</div></body>`;
  });
  const text = await page.text();
  expect(withoutScripts(text)).toBe("<!doctype html><body><div><b>&lt;Ada&gt;</b></div></body>");
  expect(documentsOf(text)[0]?.nodes).toMatchObject([{ id: "user", value: "<Ada>" }]);
});

test("as its own stream, with the state behind it", async () => {
  const late = gate();
  const page = await renderWithState(
    async ({ snapshot }) => {
      const user = createResource(
        () => 1,
        () => late.promise,
      );
      snapshot.resource("user", user, { restore: "seed" });
      const name = h(Suspense, { fallback: "..." }, h(Name, { user }));
      return renderToReadableStream(h("html", null, h("body", null, name)));
    },
    { mode: "out-of-order" },
  );
  const parts = page[Symbol.asyncIterator]();
  const first = (await parts.next()).value as string;
  expect(first).toContain("...");
  await turns();
  late.open("Ada");
  let rest = "";
  for (let part = await parts.next(); part.done !== true; part = await parts.next())
    rest += part.value;
  expect(rest).toContain("<b>Ada</b>");
  expect(rest).toMatch(
    /<script type="application\/json"[^>]*>[^<]*<\/script>(?:<!---->)?<\/body><\/html>$/,
  );
  expect(documentsOf(rest)[0]?.nodes).toMatchObject([
    { id: "user", status: "success", value: "Ada" },
  ]);
});
