/**
 * A producer that is an async iterable: each pull is an answer that is awaited.
 */
import { deferred } from "../async/support.js";
import type { Launched } from "./cell.js";
import { ahead } from "./loop.js";
import type { World } from "./world.js";

type Result = IteratorResult<string, undefined>;

export function iterable(world: World, launched: Launched): AsyncIterable<string> {
  const { cell, token, attempt } = launched;
  const { model } = cell;
  const run = model?.runs[token - 1];
  const iteration = { launched, pulled: 0, closed: 0, exhausted: false };
  cell.iterations.push(iteration);

  const isOpen = () => run !== undefined && model?.isOpen(run, attempt) === true;
  const came = (result: Result) => {
    if (run === undefined || !isOpen()) return;
    iteration.exhausted = result.done === true;
    if (result.done) model?.succeed(run, attempt, run.accumulated);
    else model?.emit(run, attempt, result.value);
  };
  const broke = (error: unknown) => {
    if (run === undefined || !isOpen()) return;
    iteration.exhausted = true;
    model?.fail(run, attempt, error);
  };
  const next = () => {
    if (iteration.closed > 0) world.fail("A8", `run ${token} is pulled after it was closed`);
    iteration.pulled++;
    const { promise, resolve, reject } = deferred<Result>();
    ahead(promise, (result) => came(result as Result), broke);
    const settle = (how: number, text: string) => {
      if (how === 2) reject(text);
      else if (how === 1) resolve({ done: true, value: undefined });
      else resolve({ done: false, value: `${text} ` });
    };
    world.open.push({ settle, launched });
    if (world.open.filter((each) => each.launched === launched).length > 1)
      world.fail("A8", `run ${token} is pulled before the last pull was answered`);
    return promise;
  };
  const close = () => {
    iteration.closed++;
    return Promise.resolve({ done: true as const, value: undefined });
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: close }) };
}
