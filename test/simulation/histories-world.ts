/** What the parts of a history have in common. */
import type { Computed, Signal } from "@signal-kernel/core";
import type { Actor } from "./histories-actor.js";
import type { Model } from "./histories-model.js";
import type { Random } from "./random.js";

export interface World {
  readonly random: Random;
  readonly model: Model;
  readonly signals: readonly Signal<number>[];
  readonly computeds: readonly Computed<number>[];
  readonly isCounting: boolean;
  readonly hasContext: boolean;
  readonly actors: Actor[];
  formula(at: number): (read: (name: number) => number) => number;
  value(): number;
  flushed(): void;
  note(step: string): void;
  fail(fault: string): void;
}
