/** Templates: what is text, what is HTML, and where text is refused. */
import { fromPromise } from "@signal-kernel/async-runtime";
import {
  type Html,
  type HtmlValue,
  html,
  rawHtml,
  renderWithState,
} from "@signal-kernel/native/server";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const text = (page: Html) => String(page);
const EVIL = `<script>alert("1")</script>&'`;

describe("html: values are escaped", () => {
  test("in elements, in attributes with quotes, and where there is text only", () => {
    const escaped = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;";
    expect(text(html`<p>${EVIL}</p>`)).toBe(`<p>${escaped}</p>`);
    expect(text(html`<p title="${EVIL}" id='${EVIL}'>`)).toBe(
      `<p title="${escaped}" id='${escaped}'>`,
    );
    expect(text(html`<p title = "a${EVIL}b">${1}`)).toBe(`<p title = "a${escaped}b">1`);
    expect(text(html`<title>${EVIL}</title>`)).toBe(`<title>${escaped}</title>`);
    expect(text(html`<textarea>${EVIL}</textarea>${EVIL}`)).toBe(
      `<textarea>${escaped}</textarea>${escaped}`,
    );
  });

  test("numbers are shown; null, undefined and booleans show nothing; lists show their items", () => {
    expect(text(html`${0}-${-1.5}-${10n}`)).toBe("0--1.5-10");
    expect(text(html`[${null}${undefined}${true}${false}${""}]`)).toBe("[]");
    expect(text(html`${["<", html`<b>`, [1, null]]}`)).toBe("&lt;<b>1");
    expect(text(html`${new Set(["a", "b"])}`)).toBe("ab");
  });

  test("other templates, and HTML that somebody vouches for, stay as they are", () => {
    const inner = html`<b>${"<"}</b>`;
    expect(text(html`<p>${inner}${rawHtml("<i>")}</p>`)).toBe("<p><b>&lt;</b><i></p>");
    expect(text(html`<p class="${html`a`}" ${html`hidden`}>`)).toBe('<p class="a" hidden>');
    expect(text(html`<script>${rawHtml("let a = 1 < 2;")}</script>`)).toBe(
      "<script>let a = 1 < 2;</script>",
    );
  });

  test("a function is called when the page is written, and not before", () => {
    let calls = 0;
    const page = html`<p>${() => {
      calls++;
      return ["<", () => html`<b>`];
    }}</p>`;
    expect(calls).toBe(0);
    expect(text(page)).toBe("<p>&lt;<b></p>");
    expect(calls).toBe(1);
  });

  test("no text gets out of its place, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (value) => {
        const shown = text(html`<a b="${value}">${value}</a>`);
        expect(shown.match(/[<>"]/g)?.join("")).toBe('<"">' + "<>");
      }),
      { numRuns: 300, seed: 20261122 },
    );
  });
});

describe("html: text is refused where no escape makes it safe", () => {
  const refused = (make: () => unknown) => {
    expect(make).toThrow(
      expect.objectContaining({ name: "TypeError", code: "ERR_SK_INVALID_ARG" }),
    );
  };
  const x = "x";
  const places: Record<string, (value: HtmlValue) => Html> = {
    "an attribute without quotes": (value) => html`<a href=${value}>`,
    "inside of one": (value) => html`<a href=/a/${value}>`,
    "the name of an attribute": (value) => html`<a ${value}="1">`,
    "a tag": (value) => html`<${value}>`,
    "the end of a tag": (value) => html`</${value}>`,
    "a script": (value) => html`<script>let a = "${value}";</script>`,
    "a style": (value) => html`<style>p { color: ${value} }</style>`,
    "a comment": (value) => html`<!-- ${value} -->`,
    "an attribute that is a script": (value) => html`<a class="b" onclick="${value}">`,
    "an attribute that is a page": (value) => html`<iframe srcdoc="${value}"></iframe>`,
    "a style that speaks of a script": (value) => html`<style>/* </script> */ ${value}</style>`,
    "a script that speaks of scripts": (value) => html`<script>"</scripts>" + ${value}</script>`,
    "one in capitals": (value) => html`<a ONLOAD = '${value}'>`,
  };

  test.each(Object.entries(places))("%s", (_place, make) => {
    refused(() => make(x));
    refused(() => make(7));
    refused(() => text(make(() => x)));
    expect(() => make(null)).not.toThrow();
    expect(text(make(rawHtml("vouched")))).toContain("vouched");
  });

  test("and what follows is text again", () => {
    expect(text(html`<script>a < b</script><p>${x}</p>`)).toContain("<p>x</p>");
    expect(text(html`<!-- > --><p data-on="${x}" class=${html`y`} id="${x}">${x}`)).toContain(">x");
    expect(text(html`<a title='>' icon="${x}">1 < 2 ${x}`)).toContain('icon="x"');
    expect(text(html`<!--><p>${x}</p><!---><p>${x}</p><!-- - --!><p>${x}</p>`)).toBe(
      "<!--><p>x</p><!---><p>x</p><!-- - --!><p>x</p>",
    );
    expect(
      text(html`<a href = ${rawHtml("y")} id =
      "${x}">`),
    ).toContain('"x"');
  });

  test("what HTML cannot show is refused, without its value", () => {
    for (const value of [{ secret: 1 }, Symbol("secret"), new Date()] as unknown[])
      expect(() => html`${value as string}`).toThrow(/^"value" must be .*got an? \w+$/);
    refused(() => rawHtml(7 as unknown as string));
    refused(() => html("<p>" as never));
  });

  test("a slot stands in an element only, and needs a page", async () => {
    await renderWithState(({ slot }) => {
      const part = slot(
        fromPromise(async () => 1),
        { success: String },
      );
      refused(() => html`<p class="${part}">`);
      refused(() => html`<p class="${html`${part}`}">`);
      refused(() => text(html`${part}`));
      return html`<p>${part}</p>`;
    });
  });
});
