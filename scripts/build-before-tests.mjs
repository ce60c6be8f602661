// Tests that start programs run the built files: builds dist when a source is newer, and says so
// when the addon is older than its sources.

import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, isStale, newest } from "./build.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

export default function setup() {
  const addon = join(root, "build", "Release", "signal_kernel.node");
  const sources = ["binding.gyp", "native/include", "native/kernel", "native/napi"];
  const built = existsSync(addon) ? statSync(addon).mtimeMs : Number.POSITIVE_INFINITY;
  if (sources.some((name) => newest(join(root, name)) > built))
    console.warn("The addon is older than native/: `npm run build:native` brings it up to date.");
  if (!isStale()) return;
  console.log("Building dist ...");
  build();
}
