// @ts-check
// Bar charts as SVG, in the colours of a light page or of a dark one: the page's own preference decides,
// also where the file is shown as an image.

const STYLE = `
  text { font: 12px ui-sans-serif, system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 14px; font-weight: 600; }
  .note { fill: #59636e; }
  .rule { stroke: #59636e; stroke-dasharray: 3 3; }
  .bar { fill: #afb8c1; }
  .ours { fill: #0969da; }
  .also { fill: #54aeff; }
  .s0 { fill: #0969da; } .s1 { fill: #54aeff; } .s2 { fill: #8250df; } .s3 { fill: #afb8c1; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .note { fill: #9198a1; }
    .rule { stroke: #9198a1; }
    .bar { fill: #59636e; }
    .ours { fill: #4493f8; }
    .also { fill: #1f6feb; }
    .s0 { fill: #4493f8; } .s1 { fill: #1f6feb; } .s2 { fill: #ab7df8; } .s3 { fill: #59636e; }
  }`;

const WIDTH = 720;
const LABELS = 200;
const VALUES = 110;
const ROOM = WIDTH - LABELS - VALUES;
const LINE = 20;
const TOP = 50;

/** @param {string} text */
const plain = (text) =>
  text.replace(/[&<>"]/g, (c) => `&#${/** @type {number} */ (c.codePointAt(0))};`);

/** @param {string} title @param {string} note @param {number} height @param {string[]} content */
const picture = (title, note, height, content) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${plain(title)}">
<style>${STYLE}
</style>
<text class="title" x="0" y="16">${plain(title)}</text>
<text class="note" x="0" y="34">${plain(note)}</text>
${content.join("\n")}
</svg>
`;

/**
 * @typedef {object} Bar
 * @property {string} label
 * @property {number | null} value Null: there is none, and `text` says why.
 * @property {string} text
 * @property {string} kind "ours", "also" or "bar".
 */

/**
 * Bars side by side, the longer ones cut off where they would leave the others no room.
 *
 * @param {string} title
 * @param {string} note
 * @param {Bar[][]} groups Each with a gap after it.
 * @param {number} mark Where the dashed line is.
 * @param {number} most What is longer is cut off.
 */
export function bars(title, note, groups, mark, most) {
  const scale = (/** @type {number} */ value) => (Math.min(value, most) / most) * ROOM;
  const content = [];
  let y = TOP;
  for (const group of groups) {
    for (const { label, value, text, kind } of group) {
      content.push(
        `<text x="${LABELS - 8}" y="${y + 13}" text-anchor="end">${plain(label)}</text>`,
      );
      const length = value === null ? 0 : scale(value);
      if (value !== null)
        content.push(
          `<rect class="${kind}" x="${LABELS}" y="${y + 2}" width="${length.toFixed(1)}" height="${LINE - 5}" rx="2"/>`,
        );
      const ending = value !== null && value > most ? " →" : "";
      content.push(
        `<text class="note" x="${(LABELS + length + 6).toFixed(1)}" y="${y + 13}">${plain(text)}${ending}</text>`,
      );
      y += LINE;
    }
    if (group.length > 1) y += 8;
  }
  const x = LABELS + scale(mark);
  content.push(`<line class="rule" x1="${x}" x2="${x}" y1="${TOP - 4}" y2="${y}"/>`);
  return picture(title, note, y + 8, content);
}

/**
 * One bar a line, made of parts.
 *
 * @param {string} title
 * @param {string} note
 * @param {string[]} names Of the parts.
 * @param {{ label: string, parts: number[], text: string }[]} lines
 */
export function stacks(title, note, names, lines) {
  const most = Math.max(...lines.map(({ parts }) => parts.reduce((a, b) => a + b, 0)));
  const content = [];
  let x = 0;
  names.forEach((name, i) => {
    content.push(
      `<rect class="s${i}" x="${x}" y="${TOP}" width="12" height="12" rx="2"/>`,
      `<text x="${x + 18}" y="${TOP + 11}">${plain(name)}</text>`,
    );
    x += 40 + name.length * 7;
  });
  let y = TOP + 26;
  for (const { label, parts, text } of lines) {
    content.push(`<text x="${LABELS - 8}" y="${y + 13}" text-anchor="end">${plain(label)}</text>`);
    let from = LABELS;
    parts.forEach((part, i) => {
      const length = (Math.max(0, part) / most) * ROOM;
      content.push(
        `<rect class="s${i}" x="${from.toFixed(1)}" y="${y + 2}" width="${length.toFixed(1)}" height="${LINE - 5}"/>`,
      );
      from += length;
    });
    content.push(
      `<text class="note" x="${(from + 6).toFixed(1)}" y="${y + 13}">${plain(text)}</text>`,
    );
    y += LINE;
  }
  return picture(title, note, y + 8, content);
}
