import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Live } from "./events.js";
import { makeFolder, makePnpmProject, makeProject, writeFiles } from "./fixture.js";
import { killAll, run, start } from "./program.js";

const LIMIT = 60_000;

afterAll(killAll);

describe("the report (--once)", () => {
  let project: Awaited<ReturnType<typeof makeProject>>;
  beforeAll(async () => {
    project = await makeProject();
  });
  afterAll(() => project.remove());

  test("counts, licences, versions, integrity and problems, as JSON", {
    timeout: LIMIT,
  }, async () => {
    const { code, stdout } = await run("--once", "--json", project.root);
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.root).toBe(project.root);
    // The root and its workspace are the project's own; the links to them are no packages.
    expect(report.counts).toMatchObject({ packages: 5, names: 4, workspaces: 2, dependencies: 10 });
    expect(report.licences).toEqual({ ISC: 2, MIT: 1, "Apache-2.0 OR MIT": 1, unknown: 1 });
    expect(report.largest[0]).toMatchObject({ path: "node_modules/alpha" });
    expect(report.largest).toContainEqual({
      package: "broken",
      path: "node_modules/broken",
      bytes: 50_000 + '{ "name": "broken", '.length,
    });
    expect(report.duplicates).toMatchObject([
      {
        name: "shared",
        versions: {
          "1.0.0": ["node_modules/alpha/node_modules/shared"],
          "2.0.0": ["node_modules/shared"],
        },
      },
    ]);
    expect(report.integrity).toMatchObject({ verified: 2, mismatch: 2, unlisted: 1, unchecked: 0 });

    const problems: Array<{ path: string; message: string }> = report.problems;
    const messages = (wanted: string) =>
      problems
        .filter(({ path }) => path === wanted)
        .map(({ message }) => message)
        .join("\n");
    expect(messages("node_modules/broken")).toMatch(/^package\.json is not valid JSON: /);
    expect(messages("node_modules/loop")).toBe("the link leads to itself");
    expect(messages("node_modules/dangling")).toBe("the link leads nowhere");
    expect(messages("node_modules/shared")).toContain("2.0.0, but 2.0.1 in package-lock.json");
    expect(messages("node_modules/@scope/beta")).toBe("entry files: not there: bin/beta.js");
    expect(messages(".")).toBe("dependency absent@^9 is not installed");
    expect(problems).toHaveLength(6);
  });

  test("the same for people, on stdout, with the progress on stderr", {
    timeout: LIMIT,
  }, async () => {
    const { code, stdout, stderr } = await run("--once", join(project.root, "node_modules"));
    expect(code).toBe(0);
    for (const title of ["Licences", "Largest", "Duplicates", "Integrity", "Problems"]) {
      expect(stdout).toContain(`\n${title}\n`);
    }
    expect(stdout).toContain("5 packages of 4 names, and 2 own packages");
    expect(stdout).toMatch(/shared +1\.0\.0, 2\.0\.0/);
    expect(stdout).toContain("node_modules/broken: package.json is not valid JSON");
    expect(stdout).toContain("The files themselves");
    expect(stderr).toContain(`Reading ${project.root}\n`);
    expect(stderr).toContain("Ready: 5 packages");
  });

  test("pnpm's layout: links into a store are followed, not counted", {
    timeout: LIMIT,
  }, async () => {
    const pnpm = await makePnpmProject();
    try {
      const { stdout } = await run("--json", pnpm.root);
      const { counts, problems, integrity } = JSON.parse(stdout);
      expect(counts).toMatchObject({ packages: 2, names: 2, workspaces: 1, dependencies: 2 });
      expect(problems).toEqual([]);
      expect(integrity).toMatchObject({ unchecked: 2 });
    } finally {
      await pnpm.remove();
    }
  });

  test("control characters of a package do not reach the terminal", {
    timeout: LIMIT,
  }, async () => {
    const folder = await makeFolder();
    try {
      await writeFiles(folder.root, {
        "node_modules/evil/package.json": JSON.stringify({
          name: "evil\u001b[2Jname",
          version: "1\u009b31m",
        }),
      });
      const { code, stdout } = await run("--once", folder.root);
      expect(code).toBe(0);
      expect(stdout).toContain("evil\ufffd[2Jname@1\ufffd31m");
      expect(stdout.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    } finally {
      await folder.remove();
    }
  });

  test("a folder without packages is no error", { timeout: LIMIT }, async () => {
    const folder = await makeFolder();
    try {
      const { code, stdout } = await run("--json", folder.root);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ counts: { packages: 0 }, problems: [] });
    } finally {
      await folder.remove();
    }
  });

  test("without a path it explores the packages that it runs from", {
    timeout: LIMIT,
  }, async () => {
    const { code, stdout } = await run("--json");
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.counts.packages).toBeGreaterThan(0);
    expect(report.root).toBe(fileURLToPath(new URL("../..", import.meta.url)).slice(0, -1));
  });

  test.each([["--once"], []])(
    "a path that does not exist: a clear message and 1 (%s)",
    async (...args) => {
      const path = join(project.root, "not", "there");
      const { code, stdout, stderr } = await run(...args, path);
      expect({ code, stdout, stderr }).toEqual({
        code: 1,
        stdout: "",
        stderr: `package-explorer: there is no folder ${path}\n`,
      });
    },
  );

  test("a file, a bad option, too many paths: a clear message and 1", {
    timeout: LIMIT,
  }, async () => {
    const file = join(project.root, "package.json");
    const cases: Array<[string[], string]> = [
      [[file], `${file} is a file`],
      [["--port", "high"], '--port takes a number from 0 to 65535, not "high"'],
      [["--jobs", "0"], "--jobs takes a number from 1"],
      [["--nonsense"], "--nonsense"],
      [["one", "two"], "one path at most"],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await run(...args);
      expect(code).toBe(1);
      expect(stderr).toContain(message);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
  });

  test("--help names every option", { timeout: LIMIT }, async () => {
    const { code, stdout } = await run("--help");
    expect(code).toBe(0);
    for (const option of ["--once", "--json", "--port", "--jobs"]) expect(stdout).toContain(option);
  });
});

describe("start and stop", () => {
  let project: Awaited<ReturnType<typeof makeProject>>;
  beforeAll(async () => {
    project = await makeProject();
  });
  afterAll(() => project.remove());

  test("takes a free port when the wanted one is in use, and says so", {
    timeout: LIMIT,
  }, async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = address && typeof address === "object" ? address.port : 0;
    const server = await start("--port", String(port), project.root);
    expect(server.port).not.toBe(port);
    expect(server.output.stderr).toContain(`Port ${port} is in use`);
    expect(await server.get("/")).toContain("Package explorer");
    expect((await server.stop()).code).toBe(0);
    other.close();
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s ends streams and process with 0",
    { timeout: LIMIT },
    async (signal) => {
      const server = await start("--port", "0", project.root);
      const live = await Live.open(server);
      const ended = await server.stop(signal);
      expect(ended).toMatchObject({ code: 0, signal: null });
      await live.untilEnded();
      await expect(fetch(server.url)).rejects.toThrow();
    },
  );

  test("can be stopped in the middle of the first scan", { timeout: LIMIT }, async () => {
    const server = await start("--port", "0", "--jobs", "1", project.root);
    const ended = await server.stop();
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.stderr).not.toContain("Error");
  });
});
