import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A README that tries every way into the page. The markers show whether its text came through. */
export const HOSTILE_README = `# Beta <script>alert("title")</script>

<script>
alert("block")
</script>

<img src=x onerror=alert("image")> Plain text survives & so does **bold**.

<p align="center"><a href="javascript:alert('link')">inside a tag</a></p>

[a link](javascript:alert('markdown')) and [another](https://example.com/"onmouseover="x)
and ![a picture](https://example.com/picture.png) and <iframe src="https://example.com"></iframe>

\`\`\`html"><script>alert("fence")</script>
<script>alert("code")</script>
\`\`\`

| <svg onload=alert("cell")> |
| -- |
| <style>body { display: none }</style> |

&lt;script&gt;alert("entity")&lt;/script&gt;
`;

const SECTIONS = 1500;

/** Far longer than one chunk of the stream. */
export const LONG_README = Array.from(
  { length: SECTIONS },
  (_, n) => `## Section ${n}\n\nParagraph ${n} of a long file, with \`code\` and **bold**.\n`,
).join("\n");

type Manifest = Record<string, unknown>;

const MANIFESTS: Record<string, Manifest> = {
  ".": {
    name: "fixture",
    version: "1.0.0",
    workspaces: ["packages/*"],
    dependencies: {
      alpha: "^1.0.0",
      "@scope/beta": "^2.0.0",
      broken: "*",
      shared: "*",
      absent: "^9",
    },
    optionalDependencies: { elsewhere: "*" },
  },
  "packages/own": { name: "own", version: "0.1.0", dependencies: { shared: "^2.0.0" } },
  "node_modules/alpha": {
    name: "alpha",
    version: "1.0.0",
    license: "MIT",
    description: "The first, with <b>markup</b>",
    main: "lib",
    dependencies: { shared: "^1.0.0" },
  },
  "node_modules/alpha/node_modules/shared": {
    name: "shared",
    version: "1.0.0",
    license: { type: "ISC" },
  },
  "node_modules/shared": {
    name: "shared",
    version: "2.0.0",
    license: "ISC",
    // A cycle, as real packages have them.
    peerDependencies: { alpha: "*" },
  },
  "node_modules/@scope/beta": {
    name: "@scope/beta",
    version: "2.1.0",
    licenses: [{ type: "Apache-2.0" }, { type: "MIT" }],
    bin: { beta: "bin/beta.js" },
    dependencies: { shared: "^2.0.0" },
  },
};

const LOCKED: Record<string, Manifest> = {
  "": { name: "fixture", version: "1.0.0" },
  "packages/own": { name: "own", version: "0.1.0" },
  "node_modules/own": { resolved: "packages/own", link: true },
  "node_modules/alpha": { version: "1.0.0", integrity: "sha512-alpha" },
  "node_modules/alpha/node_modules/shared": { version: "1.0.0", integrity: "sha512-shared1" },
  "node_modules/shared": { version: "2.0.1", integrity: "sha512-shared2" },
  "node_modules/@scope/beta": { version: "2.1.0", integrity: "sha512-beta" },
};

/** Writes files below a folder, making the folders that they need. */
export async function writeFiles(root: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** The file of one package with a README that says something about its number. */
export function numbered(n: number): Record<string, string> {
  const name = `numbered-${String(n).padStart(3, "0")}`;
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({
      name,
      version: "1.0.0",
      license: "0BSD",
    }),
    [`node_modules/${name}/README.md`]: `# ${name}\n\nA common word, and the rare word rare${n}word.\n`,
  };
}

export async function makeFolder(): Promise<{ root: string; remove(): Promise<void> }> {
  // The real path: on some systems the temporary folder is itself a link.
  const root = await realpath(await mkdtemp(join(tmpdir(), "package-explorer-")));
  return { root, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A project with everything that can be met under a node_modules folder. */
export async function makeProject(): Promise<{ root: string; remove(): Promise<void> }> {
  const folder = await makeFolder();
  const { root } = folder;
  const lock = JSON.stringify({ lockfileVersion: 3, packages: LOCKED });
  await writeFiles(root, {
    ...Object.fromEntries(
      Object.entries(MANIFESTS).map(([path, manifest]) => [
        join(path, "package.json"),
        JSON.stringify(manifest),
      ]),
    ),
    "package-lock.json": lock,
    "node_modules/.bin/beta": "#!/bin/sh\n",
    "node_modules/alpha/lib/index.js": "export const answer = 'a needle in the sources';\n",
    "node_modules/alpha/README.md": LONG_README,
    "node_modules/@scope/beta/README.md": HOSTILE_README,
    "node_modules/broken/package.json": '{ "name": "broken", ',
    "node_modules/broken/data.bin": "x".repeat(50_000),
  });
  const modules = join(root, "node_modules");
  await symlink("../packages/own", join(modules, "own"), "dir");
  await symlink("..", join(modules, "fixture"), "dir");
  await symlink("loop", join(modules, "loop"), "dir");
  await symlink("nowhere", join(modules, "dangling"), "dir");
  return folder;
}

/** The same two packages as pnpm lays them out: links into a store, siblings as dependencies. */
export async function makePnpmProject(): Promise<{ root: string; remove(): Promise<void> }> {
  const folder = await makeFolder();
  const store = "node_modules/.pnpm";
  await writeFiles(folder.root, {
    "package.json": JSON.stringify({ name: "top", dependencies: { upper: "^1.0.0" } }),
    [`${store}/upper@1.0.0/node_modules/upper/package.json`]: JSON.stringify({
      name: "upper",
      version: "1.0.0",
      license: "MIT",
      dependencies: { "@low/er": "^3.0.0" },
    }),
    [`${store}/@low+er@3.0.0/node_modules/@low/er/package.json`]: JSON.stringify({
      name: "@low/er",
      version: "3.0.0",
      license: "MIT",
    }),
  });
  const { root } = folder;
  await mkdir(join(root, store, "upper@1.0.0/node_modules/@low"), { recursive: true });
  await symlink(
    "../../../@low+er@3.0.0/node_modules/@low/er",
    join(root, store, "upper@1.0.0/node_modules/@low/er"),
    "dir",
  );
  await symlink(".pnpm/upper@1.0.0/node_modules/upper", join(root, "node_modules/upper"), "dir");
  return folder;
}
