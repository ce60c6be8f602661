/** What is made for a release: the prebuilt addon, and the packages with one version. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { install, NO_COMPILER, node, type Packed, ROOT, remove, run } from "./project.js";

const folder = mkdtempSync(join(tmpdir(), "signal-kernel-release-test-"));
afterAll(() => remove(folder));

const PLATFORM = `${process.platform}-${process.arch}`;
const PROBE = 'console.log(require("@signal-kernel/native").engine().kind)';

describe("a release", () => {
  let out: string;
  let packed: Packed[];
  const versions = () =>
    ["package.json", "packages/core/package.json", "packages/async-runtime/package.json"].map(
      (path) => JSON.parse(readFileSync(join(ROOT, path), "utf8")).version,
    );
  const before = versions();

  beforeAll(() => {
    const result = node(ROOT, "scripts/release.mjs", "9.8.7", join(folder, "out"), "--dry-run");
    expect(result.code, result.stderr).toBe(0);
    out = result.stdout;
    packed = [...out.matchAll(/npm publish (\S+\.tgz)/g)].map(([, path]) => ({
      name: path as string,
      path: path as string,
      files: [],
    }));
  });

  it("has one version everywhere, and names the root package first", () => {
    expect(out).toMatch(/^release: @signal-kernel\/native 9\.8\.7$/m);
    expect(packed[0]?.path).toMatch(/signal-kernel-native-9\.8\.7\.tgz$/);
    expect(packed.length).toBeGreaterThanOrEqual(3);
    for (const { path } of packed) expect(path).toMatch(/-9\.8\.7\.tgz$/);
  });

  it("has facades that depend on exactly that version", () => {
    for (const { path } of packed.slice(1)) {
      const { stdout } = run(folder, "tar", ["-xzOf", path, "package/package.json"]);
      expect(JSON.parse(stdout).dependencies["@signal-kernel/native"]).toBe("9.8.7");
    }
  });

  it("changes nothing in the tree when it is a dry run", () => {
    expect(versions()).toEqual(before);
  });

  it("refuses what is no version", () => {
    for (const version of ["", "1.2", "v1.2.3", "1.2.3; rm -rf"])
      expect(node(ROOT, "scripts/release.mjs", version, "--dry-run").code).toBe(2);
  });
});

describe("a prebuilt addon", () => {
  let project: ReturnType<typeof install>;
  let prebuilt: string;

  beforeAll(() => {
    /* Of a copy: the tests beside this one use the build of the tree. */
    const tree = join(folder, "tree");
    const copied = run(folder, "git", ["clone", "--quiet", ROOT, tree]);
    expect(copied.code, copied.stderr).toBe(0);
    run(folder, "cp", ["-r", join(ROOT, "native"), join(ROOT, "scripts"), tree]);
    run(folder, "ln", ["-s", join(ROOT, "node_modules"), join(tree, "node_modules")]);
    const made = node(tree, "scripts/prebuild.mjs", join(folder, "prebuilds"));
    expect(made.code, made.stderr).toBe(0);
    prebuilt = join(folder, "prebuilds", PLATFORM, "signal_kernel.node");
    const { stdout } = node(ROOT, "scripts/pack.mjs", join(folder, "packed"));
    const packages = stdout
      .trim()
      .split("\n")
      .map((line) => {
        const [name, path] = line.split(/\s+/) as [string, string];
        return { name, path, files: [] };
      });
    project = install(packages, ["--ignore-scripts"], NO_COMPILER);
  });
  afterAll(() => remove(project.folder));

  it("is loaded without a compiler and without install scripts", () => {
    expect(node(project.folder, "--eval", PROBE).stdout).toBe("wasm\n");
    run(project.folder, "cp", ["-r", join(folder, "prebuilds"), project.installed]);
    expect(run(project.folder, process.execPath, ["--eval", PROBE], NO_COMPILER)).toEqual({
      code: 0,
      stdout: "native\n",
      stderr: "",
    });
  });

  it("has no symbols but those that Node looks for", () => {
    /* nm of other platforms prints something else. */
    if (process.platform !== "linux") return;
    const { stdout } = run(folder, "nm", ["-D", "--defined-only", prebuilt]);
    const names = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" ").pop());
    expect(
      names.filter(
        (name) => !/^(napi_register_module_v1|node_api_module|_init|_fini)/.test(name ?? ""),
      ),
    ).toEqual([]);
    rmSync(prebuilt);
  });
});
