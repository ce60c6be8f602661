/**
 * V8 keeps the layout of a class, and all compiled code that relies on it, while there is an object of it: a
 * program that for a moment has no effect, say, would lose both at the next full collection, and compile
 * everything anew. So one node of each kind stays for ever.
 */
import { ComputedNode, EffectNode, ScopeNode, SignalNode, Write } from "./node.js";

/** To be kept. */
export function nodeOfEachKind(): object[] {
  const fn = () => undefined;
  return [
    new SignalNode(undefined, null),
    new ComputedNode(fn, null),
    new EffectNode(fn, null),
    new ScopeNode(null, undefined, null),
    new Write(),
  ];
}
