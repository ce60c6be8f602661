import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  install,
  NO_COMPILER,
  node,
  type Packed,
  packAll,
  type Result,
  ROOT,
  remove,
  run,
  temporaryFolder,
  write,
} from "./project.js";

/** The quick start of the README, word for word. */
const QUICK_START = /```js\n(import \{[^`]*?@signal-kernel\/core"[^`]*?)```/.exec(
  readFileSync(join(ROOT, "README.md"), "utf8"),
)?.[1] as string;

/** What its comments say that it prints. */
const PRINTED = [...QUICK_START.matchAll(/\/\/ (\w+ \d+)|^\}\); \/\/ (\w+ \d+), once/gm)].map(
  ([, first, second]) => `${first ?? second}\n`,
);

const AS_COMMONJS = QUICK_START.replace(
  /import (\{.*\}) from ("[^"]+");/g,
  "const $1 = require($2);",
);

/** Which engine is loaded, or what the error says. */
const PROBE = `
  try {
    console.log(require("@signal-kernel/native").engine().kind);
  } catch (error) {
    console.log(error.name, error.code, error.cause instanceof Error, error.message);
  }
`;

/** An addon that says it has ABI 1, and nothing else. */
const OLD_ADDON = `
  typedef void *napi_env, *napi_value;
  int napi_create_double(napi_env env, double number, napi_value *result);
  int napi_set_named_property(napi_env env, napi_value object, const char *name, napi_value value);
  napi_value napi_register_module_v1(napi_env env, napi_value exports) {
    napi_value abi;
    napi_create_double(env, 1, &abi);
    napi_set_named_property(env, exports, "abi", abi);
    return exports;
  }
`;

const tarballs = temporaryFolder();
let packages: Packed[];

beforeAll(() => {
  packages = packAll(tarballs);
});
afterAll(() => remove(tarballs));

describe("installed into an empty project, with a compiler", () => {
  let folder: string;
  let installed: string;
  let result: Result;

  beforeAll(() => {
    ({ folder, installed, result } = install(packages));
  }, 180_000);
  afterAll(() => remove(folder));

  it("builds the addon and shows how far it is", () => {
    expect(result.code, result.stderr).toBe(0);
    const steps = result.stdout.match(/signal-kernel: \[\d+\/\d+\]/g) ?? [];
    const total = /\[\d+\/(\d+)\]/.exec(steps.at(-1) ?? "")?.[1];
    expect(steps.at(-1)).toBe(`signal-kernel: [${total}/${total}]`);
    expect(steps).toHaveLength(Number(total));
    expect(result.stdout).toContain("the native addon is built");
    expect(existsSync(join(installed, "build", "Release", "signal_kernel.node"))).toBe(true);
  });

  it("brings one copy of the root package and no development dependency", () => {
    const { packages: locked } = JSON.parse(
      readFileSync(join(folder, "node_modules", ".package-lock.json"), "utf8"),
    );
    expect(Object.keys(locked).sort()).toEqual([
      "node_modules/@signal-kernel/async-runtime",
      "node_modules/@signal-kernel/core",
      "node_modules/@signal-kernel/native",
      "node_modules/@signal-kernel/react",
      "node_modules/@signal-kernel/snapshot",
      "node_modules/@signal-kernel/vue",
      "node_modules/node-addon-api",
    ]);
  });

  it("runs the quick start of the README as an ES module and as CommonJS", () => {
    expect(PRINTED).toEqual(["total 20\n", "total 36\n"]);
    expect(AS_COMMONJS).toContain("require(");
    write(folder, { "quick.mjs": QUICK_START, "quick.cjs": AS_COMMONJS });
    for (const name of ["quick.mjs", "quick.cjs"])
      expect(node(folder, name)).toEqual({ code: 0, stdout: PRINTED.join(""), stderr: "" });
  });

  it("has one engine for ES modules, CommonJS, the facades and the root package", () => {
    write(folder, {
      "shared.mjs": `
        import { createRequire } from "node:module";
        import * as esm from "@signal-kernel/core";
        import * as root from "@signal-kernel/native";
        import { engine } from "@signal-kernel/native/engine";
        const require = createRequire(import.meta.url);
        const cjs = require("@signal-kernel/core");
        const { fromPromise } = require("@signal-kernel/async-runtime");

        const here = esm.signal(1);
        const there = cjs.computed(() => here.get() * 10);
        const cell = fromPromise(async () => there.peek(), { eager: true });
        cjs.createEffect(() => console.log(there.get(), cell.status()));
        await new Promise(setImmediate);
        root.transaction(() => here.set(2));
        root.flushSync();
        console.log(engine().counters.nodes === root.engine().counters.nodes, engine().kind);
        console.log(esm.CycleError === cjs.CycleError, root.CycleError === cjs.CycleError);
      `,
    });
    expect(node(folder, "shared.mjs")).toEqual({
      code: 0,
      stdout: "10 pending\n10 success\n20 success\ntrue native\ntrue true\n",
      stderr: "",
    });
  });

  it("exports the same names to ES modules and to CommonJS", () => {
    write(folder, {
      "names.mjs": `
        import { createRequire } from "node:module";
        const require = createRequire(import.meta.url);
        const names = (exports) => Object.keys(exports)
          .filter((name) => name !== "default" && name !== "module.exports").sort().join();
        const facades = ["core", "async-runtime", "snapshot"];
        const native = ["native", ...facades.map((name) => "native/" + name), "native/server", "native/engine"];
        for (const name of [...facades, ...native]) {
          const esm = names(await import("@signal-kernel/" + name));
          const cjs = names(require("@signal-kernel/" + name));
          console.log(name, esm.length > 0 && esm === cjs);
        }
      `,
    });
    const { stdout } = node(folder, "names.mjs");
    expect(stdout.trim().split("\n")).toEqual([
      "core true",
      "async-runtime true",
      "snapshot true",
      "native true",
      "native/core true",
      "native/async-runtime true",
      "native/snapshot true",
      "native/server true",
      "native/engine true",
    ]);
  });

  it("says what is missing where React or Vue is not installed, and needs neither for the rest", () => {
    write(folder, {
      "missing.mjs": `
        for (const name of ["react", "vue", "native/react", "native/vue"])
          await import("@signal-kernel/" + name).catch(({ code, message }) =>
            console.log(name, code, /Cannot find package '(\\w+)'/.exec(message)?.[1]));
      `,
    });
    expect(node(folder, "missing.mjs").stdout.trim().split("\n")).toEqual([
      "react ERR_MODULE_NOT_FOUND react",
      "vue ERR_MODULE_NOT_FOUND vue",
      "native/react ERR_MODULE_NOT_FOUND react",
      "native/vue ERR_MODULE_NOT_FOUND vue",
    ]);
  });

  it("is not built again when it is installed again", () => {
    const again = run(installed, process.execPath, ["scripts/install.mjs"], NO_COMPILER);
    expect(again).toEqual({
      code: 0,
      stdout: "signal-kernel: the native addon is there.\n",
      stderr: "",
    });
  });

  it("gives TypeScript its types, as nodenext and as bundler, from both formats", () => {
    const program = `
      import { computed, type Signal, signal } from "@signal-kernel/core";
      import { fromPromise } from "@signal-kernel/async-runtime";
      import { engine } from "@signal-kernel/native";
      const source: Signal<number> = signal(1);
      const double: number = computed(() => source.get() * 2).get();
      const status: "idle" | "pending" | "success" | "error" | "cancelled" =
        fromPromise(async () => "text").status();
      const nodes: number = engine().counters.nodes;
      // @ts-expect-error: a signal of numbers takes no text.
      source.set("text");
      export const all = [double, status, nodes];
    `;
    write(folder, { "types/esm.mts": program, "types/cjs.cts": program });
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const common = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2023,dom"];
    const files = ["types/esm.mts", "types/cjs.cts"];
    for (const module of [
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ] as const) {
      const resolution = ["--module", module[0], "--moduleResolution", module[1]];
      const sources = module[1] === "bundler" ? files.slice(0, 1) : files;
      expect(node(folder, tsc, ...common, ...resolution, ...sources), module[1]).toEqual({
        code: 0,
        stdout: "",
        stderr: "",
      });
    }
  });
});

describe("installed beside React and Vue", () => {
  let folder: string;

  beforeAll(() => {
    ({ folder } = install(packages, ["--ignore-scripts"]));
    /* Linked by hand: npm would also install what they depend on, into this workspace. */
    for (const name of ["react", "react-dom", "vue", "@types/react"]) {
      const link = join(folder, "node_modules", name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(ROOT, "node_modules", name), link, "dir");
    }
    const binary = join("build", "Release", "signal_kernel.node");
    const target = join(folder, "node_modules", "@signal-kernel", "native", binary);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(ROOT, binary), target);
  });
  afterAll(() => remove(folder));

  it("shows one graph in both, as ES modules and as CommonJS", () => {
    const program = `
      const count = signal(1);
      const App = () => createElement("p", null, useSignalValue(count));
      console.log(renderToString(createElement(App)));
      const scope = effectScope();
      const shown = scope.run(() => composables.useSignalValue(count));
      count.set(2);
      console.log(shown.value, renderToString(createElement(App)));
      scope.stop();
    `;
    const imports = [
      ["{ signal }", "@signal-kernel/core"],
      ["{ useSignalValue }", "@signal-kernel/react"],
      ["composables", "@signal-kernel/vue"],
      ["{ createElement }", "react"],
      ["{ renderToString }", "react-dom/server"],
      ["{ effectScope }", "vue"],
    ] as const;
    const esm = imports.map(([names, from]) =>
      names.startsWith("{")
        ? `import ${names} from "${from}";`
        : `import * as ${names} from "${from}";`,
    );
    const cjs = imports.map(([names, from]) => `const ${names} = require("${from}");`);
    write(folder, {
      "both.mjs": [...esm, program].join("\n"),
      "both.cjs": [...cjs, program].join("\n"),
    });
    for (const name of ["both.mjs", "both.cjs"])
      expect(node(folder, name), name).toEqual({
        code: 0,
        stdout: "<p>1</p>\n2 <p>2</p>\n",
        stderr: "",
      });
  });

  it("gives TypeScript the types of hooks and composables", () => {
    const program = `
      import { signal } from "@signal-kernel/core";
      import { createResource } from "@signal-kernel/async-runtime";
      import { useResource, useSignalValue } from "@signal-kernel/react";
      import * as composables from "@signal-kernel/vue";
      const count = signal(1);
      const resource = createResource(count.get, async (n: number) => String(n));
      export const Count = (): number => useSignalValue(count);
      export const Text = (): string => useResource(resource, { suspense: true }).value;
      export const useText = (): string | undefined => composables.useResource(resource).value.value;
      // @ts-expect-error: without suspense there may be no value.
      export const Wrong = (): string => useResource(resource).value;
    `;
    write(folder, { "types/esm.mts": program, "types/cjs.cts": program });
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const options = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2023,dom"];
    const modules = ["--module", "nodenext", "--moduleResolution", "nodenext"];
    const files = ["types/esm.mts", "types/cjs.cts"];
    expect(node(folder, tsc, ...options, ...modules, ...files)).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
  });
});

describe("installed into an empty project, without a compiler", () => {
  it("ends well with one notice that says what to do", () => {
    const { folder, result } = install(packages, [], NO_COMPILER);
    try {
      expect(result.code, result.stderr).toBe(0);
      expect(result.stdout).not.toContain("is built");
      expect(result.stderr.match(/signal-kernel:/g)).toHaveLength(1);
      expect(result.stderr).toMatch(/could not be built .*npm rebuild @signal-kernel\/native/);
      expect(node(folder, "--eval", PROBE)).toEqual({ code: 0, stdout: "wasm\n", stderr: "" });
    } finally {
      remove(folder);
    }
  });

  it("fails when building was asked for, and shows the compiler's words", () => {
    const { folder, result } = install(packages, ["--build-from-source"], NO_COMPILER);
    try {
      expect(result.code).not.toBe(0);
      expect(result.stderr).toContain("make: ***");
    } finally {
      remove(folder);
    }
  });
});

describe("installed without scripts", () => {
  let folder: string;
  let installed: string;

  beforeAll(() => {
    ({ folder, installed } = install(packages, ["--ignore-scripts"]));
  });
  afterAll(() => remove(folder));

  const prebuilt = () =>
    join(installed, "prebuilds", `${process.platform}-${process.arch}`, "signal_kernel.node");

  const NATIVE = { SIGNAL_KERNEL_ENGINE: "native" };
  const probe = (env: Record<string, string> = {}) =>
    run(folder, process.execPath, ["--eval", PROBE], env);

  it("runs on WebAssembly, and has nothing to say about that", () => {
    expect(probe()).toEqual({ code: 0, stdout: "wasm\n", stderr: "" });
    write(folder, { "quick.mjs": QUICK_START, "quick.cjs": AS_COMMONJS });
    for (const name of ["quick.mjs", "quick.cjs"])
      expect(node(folder, name)).toEqual({ code: 0, stdout: PRINTED.join(""), stderr: "" });
  });

  it("has no addon where one is asked for, and says so with a code and what to do", () => {
    expect(probe(NATIVE).stdout).toMatch(
      /^EngineLoadError ERR_SK_LOAD false .*npm rebuild @signal-kernel\/native/,
    );
  });

  it("ends an ES module that imports it, with the same words", () => {
    write(folder, { "main.mjs": 'import "@signal-kernel/core";' });
    const { code, stderr } = run(folder, process.execPath, ["main.mjs"], NATIVE);
    expect(code).toBe(1);
    expect(stderr).toMatch(/EngineLoadError: .*npm rebuild @signal-kernel\/native/);
    expect(stderr).toContain("ERR_SK_LOAD");
  });

  it("lets a dynamic import catch it", () => {
    write(folder, {
      "dynamic.mjs": `
        for (const name of ["@signal-kernel/core", "@signal-kernel/native"])
          await import(name).catch((error) => console.log(error.name, error.code));
      `,
    });
    const expected = "EngineLoadError ERR_SK_LOAD\nEngineLoadError ERR_SK_LOAD\n";
    const result = run(folder, process.execPath, ["dynamic.mjs"], NATIVE);
    expect(result).toEqual({ code: 0, stdout: expected, stderr: "" });
  });

  it("refuses an engine that there is not", () => {
    expect(probe({ SIGNAL_KERNEL_ENGINE: "asm" }).stdout).toMatch(
      /^EngineLoadError ERR_SK_LOAD false SIGNAL_KERNEL_ENGINE must be "native" or "wasm", got "asm"/,
    );
    expect(probe({ SIGNAL_KERNEL_ENGINE: "" }).stdout).toBe("wasm\n");
  });

  it("warns once, with a code, of a binary that is there and does not load", () => {
    write(dirname(prebuilt()), { "signal_kernel.node": "not a library" });
    const { code, stdout, stderr } = probe();
    expect([code, stdout]).toEqual([0, "wasm\n"]);
    expect(stderr.match(/Warning:/g)).toHaveLength(1);
    expect(stderr).toMatch(
      /\[SK_WASM_FALLBACK\] Warning: The addon .* does not load .*npm rebuild/,
    );
    expect(probe(NATIVE).stdout).toMatch(/^EngineLoadError ERR_SK_LOAD true /);
    expect(probe({ SIGNAL_KERNEL_ENGINE: "wasm" })).toEqual({
      code: 0,
      stdout: "wasm\n",
      stderr: "",
    });
  });

  it("refuses a binary of another version", () => {
    write(folder, { "old.c": OLD_ADDON });
    const args = ["-shared", "-fPIC", "-undefined", "dynamic_lookup"];
    const flags = process.platform === "darwin" ? args : args.slice(0, 2);
    const compiled = run(folder, "cc", [...flags, "old.c", "-o", prebuilt()]);
    expect(compiled.code, compiled.stderr).toBe(0);
    for (const env of [{}, NATIVE])
      expect(probe(env).stdout).toMatch(
        /^AbiMismatchError ERR_SK_ABI false .* has ABI 1, .*npm rebuild/,
      );
    expect(probe({ SIGNAL_KERNEL_ENGINE: "wasm" }).stdout).toBe("wasm\n");
  });

  it("loads a prebuilt binary, and its install script then builds nothing", () => {
    mkdirSync(dirname(prebuilt()), { recursive: true });
    copyFileSync(join(ROOT, "build", "Release", "signal_kernel.node"), prebuilt());
    expect(probe()).toEqual({ code: 0, stdout: "native\n", stderr: "" });
    expect(probe({ SIGNAL_KERNEL_ENGINE: "wasm" }).stdout).toBe("wasm\n");
    const script = run(installed, process.execPath, ["scripts/install.mjs"], NO_COMPILER);
    expect(script.stdout).toBe("signal-kernel: the native addon is there.\n");
  });
});
