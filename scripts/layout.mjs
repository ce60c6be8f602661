// Generates lib/engine/layout.ts from native/include/signal_kernel.h: the constants of the shared
// words and the error codes, under their C names.
//
//   node scripts/layout.mjs           writes the file
//   node scripts/layout.mjs --check   fails when it is stale

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "native", "include", "signal_kernel.h");
const target = join(root, "lib", "engine", "layout.ts");

function integer(text) {
  const literal = /^\(?(0x[\da-f]+|-?\d+)u?\)?$/i.exec(text);
  return literal ? Number(literal[1]) : undefined;
}

/** Reads decimal and hexadecimal literals and names of earlier constants; anything else throws. */
function evaluate(name, text, constants) {
  const value = constants.get(text) ?? integer(text);
  if (value === undefined) throw new Error(`${name}: cannot read the value "${text}"`);
  return value;
}

/** The text of layout.ts for the text of a header. */
export function layout(text) {
  const header = text.replace(/\/\*[\s\S]*?\*\//g, "");
  /** @type {Map<string, number>} */
  const constants = new Map();

  /* Names with two underscores are the header's own. */
  for (const [, name, value] of header.matchAll(/^#define (SK_(?!_)\w+)[ \t]+(.+?)[ \t]*$/gm))
    constants.set(name, evaluate(name, value, constants));

  const errors = [...header.matchAll(/X\((SK_E_\w+), (-\d+), "(\w+)"\)/g)];
  for (const [, name, value] of errors) constants.set(name, Number(value));

  for (const [, body] of header.matchAll(/enum sk_\w+ \{([^}#]*)\}/g)) {
    let next = 0;
    for (const item of body.split(",")) {
      const [name, value] = item.split("=").map((part) => part.trim());
      if (name === "") continue;
      if (value !== undefined) next = evaluate(name, value, constants);
      constants.set(name, next++);
    }
  }

  return [
    "/**",
    " * Constants of the shared words. Generated from native/include/signal_kernel.h by",
    " * `npm run layout`; not to be edited.",
    " */",
    ...[...constants].map(([name, value]) => `export const ${name} = ${value};`),
    "",
    "/** Stable error codes by kernel status. */",
    "export const SK_ERROR_CODES: Readonly<Record<number, string>> = {",
    ...errors.map(([, name, , code]) => `  [${name}]: "${code}",`),
    "};",
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = layout(readFileSync(source, "utf8"));
  if (!process.argv.includes("--check")) {
    writeFileSync(target, text);
  } else if (readFileSync(target, "utf8") !== text) {
    console.error("lib/engine/layout.ts is stale: run `npm run layout`.");
    process.exitCode = 1;
  }
}
