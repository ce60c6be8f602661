import { invalidArgument, requireFunction, takePicture, untracked } from "#engine";
import { ownOption, requireObject, wordOption } from "../core/options.js";
import { type Follow, Graph } from "./graph.js";
import { Painter, type PaintOptions } from "./painter.js";
import { addTarget, type InspectTarget, type Registered } from "./targets.js";
import type { GraphPicture, InspectOptions } from "./types.js";

interface Checked extends PaintOptions {
  readonly follow: Follow;
}

const FOLLOWS: readonly Follow[] = ["sources", "readers", "both", "none"];

function checkOptions(options: unknown): Checked {
  requireObject("options", options);
  const values = ownOption(options, "values") ?? false;
  if (typeof values !== "boolean") throw invalidArgument("options.values", "a boolean", values);
  const maxLength = ownOption(options, "maxLength") ?? 80;
  if (typeof maxLength !== "number" || !(maxLength >= 1) || !Number.isSafeInteger(maxLength))
    throw invalidArgument("options.maxLength", "an integer from 1", maxLength);
  const redact = ownOption(options, "redact") ?? ((value: unknown) => value);
  requireFunction("options.redact", redact);
  const follow = wordOption(options, "follow", FOLLOWS, "sources");
  const commits = ownOption(options, "commits");
  if (
    commits !== undefined &&
    (typeof commits !== "object" || commits === null || !("last" in commits))
  )
    throw invalidArgument("options.commits", "what observeCommits returns", commits);
  return { values, maxLength, redact, follow, commits } as Checked;
}

/**
 * Takes a picture of the graph: its nodes, what reads what, and where everything stands, as plain data.
 *
 * Nothing is evaluated, tracked, or kept: a node of a picture can be collected like any other. One call
 * into the kernel says all that it knows; the work is linear in the size of the graph. Inside an effect,
 * a computed or a transaction it is the committed state.
 *
 * Without a target the picture has all that the kernel knows of: effects, what they read, and the cells
 * of scopes that own one. What nobody observes is known to nobody but its handle, so it has to be given.
 *
 * @param target What the picture is of: a scope, with what it owns; a snapshot scope, with what is
 *   registered in it; a signal, computed or cell; or a list of such. Null or undefined: of everything.
 * @param options `values`, `maxLength`, `redact`; `follow`; `commits`.
 * @returns `{ nodes, edges, scopes }`.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad arguments; what `redact` throws; OutOfMemoryError and
 *   LimitError of the kernel.
 * @example
 * const picture = inspect(scope, { values: true, redact: (value, { name }) => name === "token" ? "***" : value });
 * console.log(toMermaid(picture));
 */
export function inspect(target?: InspectTarget | null, options: InspectOptions = {}): GraphPicture {
  const checked = checkOptions(options);
  return untracked(() => {
    const graph = new Graph(takePicture());
    let registered: Registered | null = null;
    if (target === undefined || target === null) {
      graph.addAll();
    } else {
      registered = addTarget(target, graph);
      graph.follow(checked.follow);
    }
    return new Painter(graph, checked, registered).paint();
  });
}
