/**
 * The C rows of the adversarial table, each in a process of its own: exit code, signal, the class of the
 * error that was raised, and a kernel that works afterwards.
 */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runToEnd } from "../helpers/program.js";

const PROGRAM = fileURLToPath(new URL("./core/run.mjs", import.meta.url));

type Row = readonly [id: string, title: string, raised: string];

const ROWS: readonly Row[] = [
  ["C01", "self-cycle in computed", "CycleError"],
  ["C02", "mutual cycle, recovers when broken", "CycleError"],
  ["C03", "cycle error caught inside the computed", "none"],
  ["C04", "computed throws once, then recovers", "RangeError"],
  ["C05", "computed throws non-Errors, identity kept", "none"],
  ["C06", "failed computed re-read rethrows the same error", "EvalError"],
  ["C07", "self-writing effect never converges", "EffectLoopError"],
  ["C08", "two effects ping-pong forever", "EffectLoopError"],
  ["C09", "self-writing effect that converges", "none"],
  ["C10", "effect throws on first run", "URIError"],
  ["C11", "one effect throws in a flush: siblings still run", "AggregateError"],
  ["C12", "signal equals throws", "RangeError"],
  ["C13", "computed equals throws, then recovers", "SyntaxError"],
  ["C14", "equals reads and writes signals", "none"],
  ["C15", "cleanup throws: others run, effect re-runs", "Error"],
  ["C16", "cleanup writes the effect's own dependency", "none"],
  ["C17", "effect disposes itself while running", "none"],
  ["C18", "effect disposed by an earlier effect in the same flush", "none"],
  ["C19", "dispose twice, dispose after the source died", "none"],
  ["C20", "computed disposed from inside its own function", "none"],
  ["C21", "reading a disposed computed", "none"],
  ["C22", "write inside a computed", "WriteInComputedError"],
  ["C23", "updater throws", "EvalError"],
  ["C24", "updater sets the same signal", "none"],
  ["C25", "batch inner throw: flushes once, depth restored", "URIError"],
  ["C26", "flushSync inside an effect, a computed and a batch", "none"],
  ["C27", "transaction throws: values restored, effects not run", "SyntaxError"],
  ["C28", "rollback must not drop effects scheduled before it", "RangeError"],
  ["C29", "two async transactions overlap", "RangeError"],
  ["C30", "transaction whose promise never settles", "none"],
  ["C31", "thenable returned by atomic throws in then", "EvalError"],
  ["C32", "deep chain 100k: update", "none"],
  ["C33", "deep chain 1e6: update", "none"],
  ["C34", "deep chain 20k: first read from the far end, then usable", "none|RangeError"],
  ["C35", "fan-out: 1e6 effects on one signal", "none"],
  ["C36", "fan-in: computed reads 1e6 signals", "none"],
  ["C37", "1e6 effects created and disposed: memory comes back", "none"],
  ["C38", "1e5 computeds dropped without dispose are collected", "none"],
  ["C39", "NaN and -0", "none"],
  ["C40", "every JS value survives a round trip", "none"],
  ["C41", "functions as values go through the updater form", "none"],
  ["C42", "peek() of a stale computed is fresh", "none"],
  ["C43", "onCleanup after a nested createEffect still belongs to the outer", "none"],
  ["C44", "cleanup reads do not subscribe the running effect", "none"],
  ["C45", "polluted Object.prototype", "none"],
  ["C46", "bad arguments", "TypeError"],
  ["C47", "methods torn off / called with a foreign this", "none"],
  ["C48", "subscribe() with forged observer nodes", "TypeError"],
  ["C49", "1e5 random ops against a naive oracle", "none"],
];

describe("adversarial C rows", () => {
  it("are all there", () => {
    expect(ROWS.map(([id]) => id)).toEqual(
      Array.from({ length: 49 }, (_, i) => `C${String(i + 1).padStart(2, "0")}`),
    );
  });

  it.each(ROWS)("%s %s", async (id, _title, raised) => {
    const program = ["--expose-gc", PROGRAM, id];
    const { code, signal, out, err } = await runToEnd(program, { timeout: 60_000 });
    expect({ code, signal, err }).toEqual({ code: 0, signal: null, err: "" });
    const result = JSON.parse(out) as { id: string; raised: string };
    expect(result.id).toBe(id);
    expect(raised.split("|")).toContain(result.raised);
  });
});
