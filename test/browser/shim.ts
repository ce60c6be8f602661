/**
 * Stands in for vitest in a page: its own `expect` and spies, and the few words that the suites use to
 * describe their tests.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
} from "@vitest/expect";
import { fn, restoreAllMocks, spyOn } from "@vitest/spy";

type Body = () => unknown;

interface Test {
  readonly name: string;
  readonly body: Body;
  readonly before: readonly Body[];
  readonly after: readonly Body[];
}

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

const matchers = (globalThis as unknown as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT];
/** How often `expect` was called in this test, and how often it has to be. */
let asserted = 0;
let demanded: number | null = null;

export const expect = Object.assign(
  (value: unknown, message?: string) => {
    asserted++;
    return chai.expect(value, message);
  },
  chai.expect,
  matchers,
  {
    assertions(count: number): void {
      demanded = count;
    },
  },
);
export const vi = { fn, spyOn, restoreAllMocks };

const tests: Test[] = [];
let path: string[] = [];
let before: Body[] = [];
let after: Body[] = [];

function titleOf(title: string, row: readonly unknown[]): string {
  let at = 0;
  return title.replace(/%[sdijo]/g, () => String(row[at++]));
}

function each(define: (title: string, body: Body) => void) {
  return (rows: readonly unknown[]) =>
    (title: string, body: (...row: unknown[]) => unknown): void => {
      for (const row of rows) {
        const given = Array.isArray(row) ? row : [row];
        define(titleOf(title, given), () => body(...given));
      }
    };
}

function defineGroup(title: string, body: Body): void {
  const outer = [path, before, after] as const;
  [path, before, after] = [[...path, title], [...before], [...after]];
  body();
  [path, before, after] = outer;
}

/** Options, which the suites give between title and body, are about time limits. */
function defineTest(title: string, ...rest: unknown[]): void {
  const body = rest.find((part) => typeof part === "function") as Body;
  tests.push({ name: [...path, title].join(" > "), body, before: [...before], after: [...after] });
}

export const describe = Object.assign(defineGroup, { each: each(defineGroup) });
export const it = Object.assign(defineTest, { each: each(defineTest) });
export const test = it;
export const beforeEach = (body: Body): void => void before.push(body);
export const afterEach = (body: Body): void => void after.push(body);
/** Each suite has a page of its own, so that its beginning and its end are those of the page. */
const first: Body[] = [];
const last: Body[] = [];
export const beforeAll = (body: Body): void => void first.push(body);
export const afterAll = (body: Body): void => void last.push(body);

async function runOne({ body, before, after }: Test): Promise<void> {
  asserted = 0;
  demanded = null;
  for (const prepare of before) await prepare();
  try {
    await body();
  } finally {
    for (const tidy of after) await tidy();
  }
  if (demanded !== null && demanded !== asserted)
    throw new Error(`${asserted} assertions were made, not ${demanded}`);
}

/** Runs what was described, but for the tests whose names begin so. */
export async function runTests(
  leftOut: readonly string[],
): Promise<{ passed: number; failed: string[]; withoutContext: number }> {
  const failed: string[] = [];
  let withoutContext = 0;
  let passed = 0;
  for (const prepare of first) await prepare();
  for (const test of tests) {
    if (leftOut.some((start) => test.name.startsWith(start))) continue;
    try {
      await runOne(test);
      passed++;
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_SK_NO_ASYNC_CONTEXT") withoutContext++;
      else failed.push(`${test.name}: ${error instanceof Error ? error.stack : error}`);
    }
  }
  for (const tidy of last) await tidy();
  return { passed, failed, withoutContext };
}
