/**
 * Polling: the next run some time after the last one has settled.
 */
import { after, runAs, type Stop } from "#engine";
import { msOption } from "./options.js";
import type { SingleCell } from "./single-cell.js";

/** The option `pollMs`. */
export function pollMsOf(options: object): number | undefined {
  return msOption(options, "pollMs");
}

/**
 * Calls `reload` `ms` milliseconds after each success and error. A run that is started meanwhile
 * begins the time anew when it settles; cancelled, disposed or idle cells are not polled. It goes on
 * for ever, and so does not keep the process alive.
 */
export function poll<T, E>(
  cell: SingleCell<T, E>,
  ms: number | undefined,
  reload: () => unknown,
): void {
  if (ms === undefined) return;
  const { onEnd, onDrop } = cell.more();
  let stop: Stop | null = null;
  const drop = () => {
    stop?.();
    stop = null;
  };
  onDrop.add(drop);
  onEnd.add((run) => {
    const { newest } = cell;
    if (cell.disposed || (run !== newest && newest?.end === null)) return;
    drop();
    if (run.end === "cancel") return;
    stop = after(
      ms,
      () => {
        stop = null;
        if (!cell.isBusy && cell.peekStatus() !== "idle") runAs(cell.scope, reload);
      },
      false,
    );
  });
}
