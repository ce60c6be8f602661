// @ts-check
import { createEffect, signal, untracked } from "@signal-kernel/core";

/**
 * An effect for a slow outside world: hands each new value of `read` to `apply`, but after each
 * one it rests for `pause` milliseconds, however often the value changes meanwhile.
 *
 * The gate is read first. While it is shut the effect depends on nothing else, so whatever feeds
 * `read` is not even computed: dependencies are exactly what the last run read.
 *
 * @template T
 * @param {() => T} read
 * @param {(value: T) => void} apply
 * @param {{ pause: number, name: string, ready?: () => boolean }} options
 *   `ready` is one more gate, for a receiver that can be busy by itself (a full socket)
 * @returns {void} it lives as long as the effect inside which it was made
 */
export function paced(read, apply, { pause, name, ready = () => true }) {
  const open = signal(true);
  /** @type {{ value: T } | undefined} */
  let last;

  createEffect(
    () => {
      if (!ready() || !open.get()) return;
      const value = read();
      if (last && Object.is(last.value, value)) return;
      last = { value };
      untracked(() => apply(value));
      open.set(false);
    },
    { name },
  );

  createEffect(
    () => {
      if (open.get()) return;
      const timer = setTimeout(() => open.set(true), pause);
      return () => clearTimeout(timer);
    },
    { name: `${name} (pause)` },
  );
}
