// The package-explorer whose search for "rare1word" does not end before somebody has searched "release".

import { createCatalogue } from "../../../examples/package-explorer/src/graph/catalogue.js";
import { own } from "../../../examples/package-explorer/src/reactive/own.js";
import { createDiskSource } from "../../../examples/package-explorer/src/source/disk.js";
import { buildIfStale } from "../../../examples/package-explorer/src/web/build.js";
import { serve } from "../../../examples/package-explorer/src/web/server.js";

const [root] = process.argv.slice(2);
let release = () => {};
const released = new Promise((resolve) => {
  release = resolve;
});

await buildIfStale(console.error);
const disk = createDiskSource({ root, jobs: 4, live: false });
const source = {
  ...disk,
  async search(text, place, signal) {
    if (text === "release") release();
    if (text === "rare1word") await released;
    return disk.search(text, place, signal);
  },
};
const [catalogue, dispose] = own(() => createCatalogue(source, { eager: true }), "catalogue");
const server = await serve(source, catalogue, 0);
process.once("SIGINT", async () => {
  await server.close();
  dispose();
  disk.dispose();
});
console.log(server.url);
