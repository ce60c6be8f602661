// `npm pack` and `npm publish` in the folder of a facade: what they packed would depend on the root by a path
// that leads nowhere once it is installed.

console.error(
  "This package depends on the root of the repository by path. Pack it there: node scripts/pack.mjs <folder>",
);
process.exit(1);
