import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the compiler says about a file, with the project's own settings. */
function diagnosticsOf(file: string): string[] {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([file], options);
  const path = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
  return path.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

test("the types of the async runtime are those that programs rely on", () => {
  expect(diagnosticsOf(fileURLToPath(new URL("async.types.ts", import.meta.url)))).toEqual([]);
});
