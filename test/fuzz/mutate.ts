/**
 * Random edits of a text: of its bytes, of the words that matter in it, and by parts of other texts.
 */
import type { Random } from "../simulation/random.js";

const WORDS = [
  '"__proto__":',
  '"constructor":',
  '"toString":',
  '{"__proto__":{"polluted":1}}',
  "null",
  "[]",
  "{}",
  '""',
  "-0",
  "1e999",
  "9007199254740993",
  '"\\ud800"',
  "</script>",
  "<!--",
  "\u2028",
  "[".repeat(1200),
  '{"a":'.repeat(1200),
];

const insert = (text: string, at: number, what: string) =>
  text.slice(0, at) + what + text.slice(at);

/** One edit. `others` are texts of the same kind. */
function edit(text: string, random: Random, others: readonly string[]): string {
  const at = random.below(text.length + 1);
  const length = random.below(random.once(4) ? 200 : 8);
  const end = at + length;
  switch (random.below(8)) {
    case 0:
      return insert(
        text.slice(0, at) + text.slice(at + 1),
        at,
        String.fromCharCode(random.below(256)),
      );
    case 1:
      return text.slice(0, at) + text.slice(end);
    case 2:
      return insert(text, random.below(text.length + 1), text.slice(at, end));
    case 3:
      return insert(text, at, random.pick(WORDS));
    case 4: {
      const other = random.pick(others);
      const from = random.below(other.length);
      return insert(text, at, other.slice(from, from + length));
    }
    case 5:
      return text.replace(/"(\w+)"/g, (all) => (random.once(30) ? `"${random.below(100)}"` : all));
    case 6:
      return text.replace(/\d+/g, (all) =>
        random.once(20) ? random.pick(["-1", "1.5", "1e400", '"x"']) : all,
      );
    default:
      return text.replace(/[{}[\],:]/g, (all) =>
        random.once(60) ? random.pick(["{", "}", "[", ",", ":"]) : all,
      );
  }
}

/** One to eight edits. */
export function mutate(text: string, random: Random, others: readonly string[]): string {
  let result = text;
  for (let i = 1 + random.below(8); i > 0; i--) result = edit(result, random, others);
  return result;
}
