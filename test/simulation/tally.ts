/**
 * How often what is worth knowing has come about in simulated worlds.
 */
import type { Simulation } from "./simulation.js";

const count = <T>(list: readonly T[], is: (each: T) => boolean) => list.filter(is).length;

function reached({ cells, actors, groups }: Simulation): Record<string, number> {
  const events = cells.flatMap((cell) => cell.events);
  const launches = cells.flatMap((cell) => cell.launches);
  const iterations = cells.flatMap((cell) => cell.iterations);
  const of = (type: string) => count(events, (event) => event.startsWith(type));
  return {
    "runs of cells": of("start"),
    successes: of("success"),
    errors: of("error"),
    cancels: of("cancel"),
    "further attempts": count(launches, ({ attempt }) => attempt > 1),
    timeouts: count(launches, ({ signal }) => signal.reason?.name === "TimeoutError"),
    "closed iterables": count(iterations, ({ closed }) => closed > 0),
    transactions: actors.length,
    commits: count(actors, ({ ending }) => ending === "committed"),
    conflicts: count(actors, ({ ending }) => ending === "conflict"),
    "refused by a computed": count(actors, ({ ending }) => ending === "poisoned"),
    "transactions run again": count(actors, ({ attempts }) => attempts > 1),
    "inner transactions": count(actors, ({ depth }) => depth > 1),
    "commits of groups": groups.reduce((sum, { commits }) => sum + commits, 0),
  };
}

/** Adds what a world has reached to `counts`. */
export function tally(world: Simulation, counts: Map<string, number>): void {
  for (const [name, times] of Object.entries(reached(world)))
    counts.set(name, (counts.get(name) ?? 0) + times);
}
