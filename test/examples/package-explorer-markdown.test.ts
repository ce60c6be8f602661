import fc from "fast-check";
import { describe, expect, test } from "vitest";

interface Block {
  html: string;
}

/** The example is plain JavaScript: what it exports is typed here, where it is called. */
const from = (path: string) =>
  import(new URL(`../../examples/package-explorer/src/${path}`, import.meta.url).href);

const { safeLink }: { safeLink(href: string): string | undefined } =
  await from("markdown/links.js");
const { plainText }: { plainText(html: string): string } = await from("markdown/plain.js");
const {
  renderBlocks,
}: { renderBlocks(markdown: string, options?: { cut: boolean }): Iterable<Block> } =
  await from("markdown/render.js");
const { html }: { html(parts: TemplateStringsArray, ...values: unknown[]): Block } =
  await from("plain/html.js");

const render = (markdown: string) =>
  [...renderBlocks(markdown)].map((block) => block.html).join("");

/** Every tag that a rendered README may hold, with its attributes. */
const OURS = new RegExp(
  `^(${[
    "</?(p|h[3-6]|ul|li|blockquote|pre|code|strong|em|del|table|thead|tbody|tr|span)>",
    '</?ol>|<ol start="\\d+">',
    '</?t[hd]>|<t[hd] align="(left|center|right)">',
    "<(br|hr)>",
    '<span class="image">|<p class="note">',
    '</a>|<a href="(https?:|mailto:)[^"<>]*" target="_blank" rel="noopener noreferrer">',
  ].join("|")})$`,
);

/** What a hostile README is made of. */
const PIECES = [
  ..."<>\"'&`*_[]()!|#-=\\/ \n\t:;~",
  "script",
  "<script>",
  "</script>",
  "<pre>",
  "<code>",
  "<!--",
  "-->",
  "<![CDATA[",
  "<img src=x onerror=alert(1)>",
  "javascript:",
  "https://example.com",
  "[x](",
  "![x](",
  "[x]: ",
  "&lt;",
  "&#60;",
  "&#x3c;script&#x3e;",
  "\n```",
  "\n\n",
  "\n    ",
  "\n- [ ] ",
  "|a|\n|-|\n|",
  " onload=",
  "a@b.example",
];

describe("Markdown of unknown origin", () => {
  test("whatever it holds, only our own tags come out", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }), (pieces) => {
        for (const tag of render(pieces.join("")).match(/<[^>]*>?/g) ?? []) {
          expect(tag).toMatch(OURS);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("is rendered: headings, lists, code, tables, links", () => {
    const rendered = render("# A & B\n\n- [x] **done**\n\n```js\na < b;\n```\n\n|x|\n|-|\n|1|\n");
    expect(rendered).toContain("<h3>A &amp; B</h3>");
    expect(rendered).toContain("<li>☑ <strong>done</strong></li>");
    expect(rendered).toContain("<pre><code>a &lt; b;</code></pre>");
    expect(rendered).toContain("<td>1</td>");
    expect(render("[a](https://b.example/c?d=1&e=2)")).toContain(
      'href="https://b.example/c?d=1&amp;e=2"',
    );
    expect(render("&copy; &nonsense &lt;b&gt;")).toBe("<p>&copy; &amp;nonsense &lt;b&gt;</p>");
  });

  test("comes block by block, and says when it was cut", () => {
    expect([...renderBlocks("one\n\ntwo\n\nthree")]).toHaveLength(3);
    const last = [...renderBlocks("one", { cut: true })].at(-1);
    expect(last?.html).toContain("not shown");
  });

  test("a paragraph that is made to take for ever is cut", () => {
    const blocks = [...renderBlocks("*a".repeat(50_000))];
    expect(blocks.length).toBeGreaterThan(10);
    const letters = blocks.map((block) => block.html.replace(/<[^>]*>|[^a]/g, "").length);
    expect(Math.max(...letters)).toBeLessThanOrEqual(4096);
    expect(letters.reduce((a, b) => a + b)).toBe(50_000);
  });

  test("text inside tags is kept, scripts and styles are not", () => {
    expect(plainText("<p>a<br>b <i>c</i></p>")).toBe(" a b c ");
    expect(plainText("a<script>b</script>c<style>d</style>e<!-- f -->g")).toBe("aceg");
    expect(plainText("a <unclosed")).toBe("a ");
    expect(plainText("<svg><script>x</script><p>y</p></svg>z")).toBe("z");
  });

  test("only absolute links to the web lead anywhere", () => {
    expect(safeLink("https://example.com/a b")).toBe("https://example.com/a%20b");
    expect(safeLink("mailto:a@b.example")).toBe("mailto:a@b.example");
    for (const href of [
      "javascript:x",
      "JaVaScRiPt:x",
      " javascript:x",
      "data:text/html,x",
      "/x",
      "#x",
      "",
    ]) {
      expect(safeLink(href)).toBeUndefined();
    }
  });
});

describe("the html template", () => {
  test("escapes every value, joins lists, shows nothing for what is absent", () => {
    expect(
      html`<p title="${`"'<>&`}">${["<a>", html`<b></b>`, false, null, undefined, 0]}</p>`.html,
    ).toBe('<p title="&quot;&#39;&lt;&gt;&amp;">&lt;a&gt;<b></b>0</p>');
  });
});
