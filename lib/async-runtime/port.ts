/**
 * How a snapshot reaches the cell behind a handle. The two module formats have their own copy of this
 * code, so the way is a method under a registered symbol, and not a list that only one of them has.
 */
import type { Companion, ScopeNode, Whole } from "#engine";
import type { SeededCell, Seeding } from "./seeded-cell.js";
import type { StreamAsyncStatus } from "./stream-types.js";

/** The key of the method of a handle that returns its port. */
export const PORT: unique symbol = Symbol.for("@signal-kernel/cell") as never;

/** A state that a cell can take over; see `Seed`. */
export type SeedOf = Parameters<SeededCell<unknown, unknown, never>["seed"]>[0];

/** A cell as a snapshot sees it. */
export interface CellPort {
  readonly kind: "resource" | "stream";
  readonly disposed: boolean;
  /** The cell as one thing in the graph. */
  readonly whole: Whole;
  /** The scope to which it belongs. */
  readonly scope: ScopeNode | null;
  /** False when a state from elsewhere would not tell on what the cell depends. */
  readonly isSeedable: boolean;
  /** Whether a run is in flight, or is going to start when its source has come to rest. */
  readonly isBusy: boolean;
  /** Whether it waits for the outcome of a run elsewhere. */
  readonly isAwaited: boolean;
  readonly status: StreamAsyncStatus;
  /** Of a single-shot cell without what is optimistic; of a stream what is visible. */
  readonly value: unknown;
  /** What `done` has committed; of a single-shot cell the value. */
  readonly stable: unknown;
  readonly error: unknown;
  readonly version: number;
  readonly updatedAt: number | undefined;
  /** Begins to take a state over. */
  seed(seed: SeedOf): Pick<Seeding, "write" | "undo" | "settle" | "finish">;
  /** The state that was taken over is of the source as it is now: that starts no run. */
  adopt(): void;
  reload(): unknown;
  /** What the cell knows beside its signals, to be put back for a while. */
  remember(): Companion;
  /** There is nothing to wait for: the cell is idle. */
  skip(): void;
}

/** What a port is of: what controls the cell. */
export interface Ported {
  readonly cell: object;
  /** As of a port; only of what starts runs by itself. */
  adopt?(): void;
  readonly isSeedable?: boolean;
  /** Whether it is about to start a run, and only waits a moment. */
  readonly isUnsure?: boolean;
  reload(): unknown;
}

type AnyCell = Omit<SeededCell<unknown, unknown, never>, "newest"> & {
  readonly isBusy: boolean;
  readonly kind: "resource" | "stream";
  committedValue(): unknown;
  skip(reason: unknown): void;
};

/** A class, whose getters are made once, and not for each of many cells. */
class Port implements CellPort {
  private readonly owner: Ported;

  constructor(owner: Ported) {
    this.owner = owner;
  }

  private get cell(): AnyCell {
    return this.owner.cell as unknown as AnyCell;
  }

  get kind() {
    return this.cell.kind;
  }

  get disposed() {
    return this.cell.disposed;
  }

  get whole() {
    return this.cell.whole;
  }

  get scope() {
    return this.cell.scope;
  }

  get isSeedable() {
    return this.owner.isSeedable !== false;
  }

  get isBusy() {
    return this.cell.isBusy || this.owner.isUnsure === true;
  }

  get isAwaited() {
    return this.cell.isAwaited;
  }

  get status() {
    return this.cell.peekStatus();
  }

  get value() {
    const { cell } = this;
    return cell.kind === "stream" ? cell.peekValue() : cell.committedValue();
  }

  get stable() {
    return this.cell.committedValue();
  }

  get error() {
    return this.cell.peekError();
  }

  get version() {
    return this.cell.version;
  }

  get updatedAt() {
    return this.cell.updatedAt;
  }

  seed(seed: SeedOf) {
    return this.cell.seed(seed);
  }

  adopt() {
    this.owner.adopt?.();
  }

  reload() {
    return this.owner.reload();
  }

  skip() {
    this.cell.skip("restore");
  }

  remember() {
    return rememberBeside(this.cell);
  }
}

export function portOf(owner: Ported): CellPort {
  return new Port(owner);
}

function rememberBeside(cell: AnyCell): Companion {
  const beside = () => {
    const { version, updatedAt, newest } = cell as unknown as SeededCell<unknown, unknown, never>;
    return { version, updatedAt, newest };
  };
  const then = beside();
  let now = then;
  return {
    write() {
      now = beside();
      Object.assign(cell, then);
    },
    undo() {
      Object.assign(cell, now);
    },
  };
}
