// What the two scripts about coverage print: a row a part, and whether it is enough.

/** Of how many there are, how many were reached: `{ covered, total }`. */
function cell({ covered, total }) {
  const percent = total === 0 ? 100 : (100 * covered) / total;
  return `${percent.toFixed(1).padStart(6)} % ${`${covered}/${total}`.padStart(12)}`;
}

/** Prints a table. `rows` are pairs of a name and of what was reached, by the names in `columns`. */
export function printTable(columns, rows) {
  const head = columns.map((column) => column.padStart(21)).join("  ");
  console.log(`\n${"".padEnd(16)} ${head}`);
  for (const [name, reached] of rows) {
    const cells = columns.map((column) => cell(reached[column])).join("  ");
    console.log(`${name.padEnd(16)} ${cells}`);
  }
}

/** Ends the program with 1, when it ends, if something reached is below its `least` percentage. */
export function requireAtLeast(least, reached) {
  for (const [name, percent] of Object.entries(least)) {
    const { covered, total } = reached[name];
    if (total > 0 && 100 * covered >= percent * total) continue;
    console.error(`coverage: ${name} are below ${percent} %`);
    process.exitCode = 1;
  }
}
