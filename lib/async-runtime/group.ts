/**
 * Groups: cells whose outcomes, when one change has asked for them, become visible together.
 */
import {
  addCleanup,
  type Cleanups,
  forget,
  invalidArgument,
  kernel,
  type Owned,
  requireFunction,
  untracked,
  writeSignal,
} from "#engine";
import { createEffect } from "../core/index.js";
import { ownOption } from "../core/options.js";
import { commit } from "./commit.js";
import { Joint, type Member } from "./joint.js";
import type { Run } from "./run.js";
import { createState, readState, type State } from "./state.js";

/** Taken at load: a program may replace the global one. */
const enqueue = queueMicrotask;

/** Under this key the handle has its group; registered, since both module formats must find it. */
const GROUP = Symbol.for("@signal-kernel/async-group");

/** Cells that commit together. Every method works detached. */
export interface AsyncGroup {
  /**
   * A source as it was when what the cells of the group show was asked for: it changes with them, in
   * one flush. A change that starts no run of the group passes a microtask later.
   */
  readonly committed: <T>(get: () => T) => () => T;
  /** Whether an outcome is awaited or held back; tracked. */
  readonly pending: () => boolean;
  /** Ends the group: what is held back commits, and each cell goes on by itself. */
  readonly dispose: () => void;
  readonly [Symbol.dispose]: () => void;
}

export class Group implements Owned {
  /** Both module formats have this class, and one engine; another copy of the library has another. */
  readonly kernel = kernel;
  readonly pending = createState(false);
  private gathering: Joint | null = null;
  private readonly joints = new Set<Joint>();
  /** Sources of joints whose runs are all gone: they wait for the next runs. */
  private readonly passedOn = new Map<State<unknown>, unknown>();
  private readonly followers: (() => void)[] = [];
  private disposed = false;
  registeredIn: Cleanups | null = null;

  /** A run has started, and has perhaps superseded another. */
  join(member: Member, run: Run<unknown>, superseded: Run<unknown> | null): void {
    if (this.disposed) return;
    const joint = this.gather();
    joint.join(member, run);
    for (const [source, value] of this.passedOn)
      if (!joint.sources.has(source)) joint.sources.set(source, value);
    this.passedOn.clear();
    const older = superseded?.joint ?? null;
    if (superseded !== null && older !== null) {
      older.runs.delete(superseded);
      if (older !== joint) {
        joint.absorb(older);
        this.joints.delete(older);
      }
    }
  }

  /** To be called in a commit. */
  showPending(): void {
    writeSignal(
      this.pending,
      [...this.joints].some(({ runs }) => runs.size > 0),
    );
  }

  /** The joint of all that starts in this microtask. */
  private gather(): Joint {
    if (this.gathering !== null) return this.gathering;
    const joint = new Joint((complete) => this.release(complete));
    this.gathering = joint;
    this.joints.add(joint);
    enqueue(() => {
      this.gathering = null;
      if (this.joints.has(joint)) joint.endGathering();
    });
    return joint;
  }

  /** Commits what a joint has, as one. */
  private release(joint: Joint): void {
    if (!this.joints.delete(joint)) return;
    const isLost = joint.hadRuns && joint.runs.size === 0;
    if (isLost) for (const [source, value] of joint.sources) this.passedOn.set(source, value);
    const places = [...joint.runs];
    for (const [run] of places) run.joint = null;
    commit(() => {
      if (!isLost) for (const [source, value] of joint.sources) writeSignal(source, value);
      this.showPending();
      for (const [run, { member, parked }] of places)
        if (parked !== null) member.conclude(run as never, parked.fulfilled, parked.outcome);
    });
    for (const [, { member }] of places) member.tellEnds();
  }

  /** A source that changes with the cells. */
  follow<T>(get: () => T): () => T {
    let shown: State<T> | null = null;
    const stop = createEffect(
      () => {
        const value = get();
        if (shown === null) shown = createState(value);
        else if (!this.disposed) this.gather().sources.set(shown as State<unknown>, value);
      },
      { name: "source of an async group" },
    );
    if (this.disposed) stop();
    else this.followers.push(stop);
    return () => readState(shown as unknown as State<T>);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    forget(this);
    for (const stop of this.followers.splice(0)) stop();
    for (const joint of [...this.joints]) {
      for (const [run, { parked }] of [...joint.runs])
        if (parked === null) {
          joint.runs.delete(run);
          run.joint = null;
        }
      this.release(joint);
    }
  }
}

/** The option `group`. */
export function groupOf(options: object): Group | null {
  const handle = ownOption(options, "group");
  if (handle === undefined) return null;
  const group =
    typeof handle === "object" && handle !== null
      ? (handle as { [GROUP]?: Group })[GROUP]
      : undefined;
  if (group === undefined || group.kernel !== kernel)
    throw invalidArgument("options.group", "a group of createAsyncGroup", handle);
  return group;
}

/**
 * Creates a group. Cells join it by their option `group`; those of them that start in one microtask -
 * because one change has woken them, say - commit together when the last of them has settled, however
 * it settled. Everything else goes on meanwhile.
 *
 * A newer change supersedes: what it replaces never commits, and what is left of the older commit
 * waits for the newer one. A member that is cancelled or disposed is not waited for. One that never
 * settles holds up its group alone. The chunks of a stream in a group are not shown before its end.
 *
 * @returns `{ committed, pending, dispose }`. Created inside an effect, it ends with that effect's run.
 * @example
 * const id = signal(1);
 * const group = createAsyncGroup();
 * const [user] = createResource(id.get, loadUser, { group });
 * const [posts] = createResource(id.get, loadPosts, { group });
 * const shownId = group.committed(id.get);
 * createEffect(() => render(shownId(), user(), posts())); // never the posts of another user
 */
export function createAsyncGroup(): AsyncGroup {
  const group = new Group();
  const dispose = () => group.dispose();
  addCleanup(group);
  return Object.defineProperties(
    {
      committed: <T>(get: () => T) => {
        requireFunction("get", get);
        return untracked(() => group.follow(get));
      },
      pending: () => readState(group.pending),
      dispose,
    },
    { [Symbol.dispose]: { value: dispose }, [GROUP]: { value: group } },
  ) as AsyncGroup;
}
