/**
 * What the compiler must say about the async runtime. Nothing here runs: async.test.ts compiles it.
 */
import {
  type AsyncGroup,
  type AsyncMeta,
  type AsyncSignal,
  type AsyncState,
  type AsyncStatus,
  type AutoResourceDescriptor,
  asyncComputed,
  asyncSignal,
  type CellObserver,
  type CellSubscription,
  type Clock,
  createAsyncGroup,
  createKeyedRevision,
  createResource,
  createRevision,
  createStreamResource,
  type FromPromiseEvent,
  type FromPromiseOptions,
  fromPromise,
  type KeyedRevision,
  type ManualResourceDescriptor,
  type ResourceContext,
  type ResourceOptions,
  type Revision,
  type RunnableAsyncSignal,
  SKIP,
  type Skip,
  type StreamAsyncMeta,
  type StreamAsyncStatus,
  type StreamContext,
  type StreamInterruptionPolicy,
  type StreamResourceDescriptor,
  type StreamResourceOptions,
  setClock,
  type valuesOf,
} from "@signal-kernel/async-runtime";
import { signal } from "@signal-kernel/core";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only when the two types are the same. */
const same = <A, B>(_are: Same<A, B>): void => {};

interface User {
  readonly name: string;
}
declare const load: (id: number, context: ResourceContext) => Promise<User>;

same<AsyncStatus, "idle" | "pending" | "success" | "error" | "cancelled">(true);
same<StreamAsyncStatus, AsyncStatus | "streaming">(true);
same<StreamInterruptionPolicy, "keep-partial" | "rollback" | "clear">(true);

/* fromPromise */
const user = fromPromise(async () => ({ name: "Ada" }));
same<ReturnType<typeof user.value>, { name: string } | undefined>(true);
same<ReturnType<typeof user.status>, AsyncStatus>(true);
same<ReturnType<typeof user.error>, unknown>(true);
same<ReturnType<typeof user.reload>, Promise<{ name: string } | undefined>>(true);
user.run();
const asPublished: AsyncSignal<User, Error> = fromPromise<User, Error>(async () => ({
  name: "Ada",
}));
same<ReturnType<typeof asPublished.error>, Error | undefined>(true);
same<ReturnType<ReturnType<typeof fromPromise<number>>["value"]>, number | undefined>(true);
fromPromise(() => 5)
  .value()
  ?.toFixed();
fromPromise(({ signal: abort, token }) => fetch(`/${token}`, { signal: abort }));

const saving = fromPromise({
  run: (id: number) => load(id, { signal: new AbortController().signal, token: 1 }),
});
same<typeof saving, RunnableAsyncSignal<number, User, unknown>>(true);
saving.run(1);
// @ts-expect-error the input has a type
saving.run("1");
// @ts-expect-error the input is not left out
saving.run();
// @ts-expect-error a producer is a function
fromPromise(5);
// @ts-expect-error an option that does not exist
fromPromise(async () => 1, { retries: 3 });

/* Policies */
fromPromise(async () => ({ id: 1 }), {
  equals: (a, b) => a.id === b.id,
  initialValue: { id: 0 },
  name: "user",
  timeoutMs: 1000,
  retry: { count: 3, backoff: (attempt) => attempt * 100, jitter: 0.5, when: (_error, n) => n < 2 },
  concurrency: "parallel",
});
fromPromise(async () => 1, { equals: false, retry: 2 });
// @ts-expect-error there is no such policy
fromPromise(async () => 1, { concurrency: "some" });
// @ts-expect-error the initial value is a value
fromPromise<number>(async () => 1, { initialValue: "1" });

/* Options and events */
const options: FromPromiseOptions = { onSuccess: (value: unknown) => void value };
fromPromise(async () => 1, options);
fromPromise(async () => 1, { onSuccess: (value) => value.toFixed() });
const resourceOptions: ResourceOptions<User, Error> = {
  onError: (error) => error.message,
  onEvent: (event) => {
    if (event.type === "error") same<typeof event.error, Error>(true);
    if (event.type === "cancel") same<typeof event.reason, unknown>(true);
    // @ts-expect-error only an error event has one
    if (event.type === "start") event.error;
  },
};
declare const event: FromPromiseEvent<Error>;
same<typeof event.type, "start" | "success" | "error" | "cancel">(true);
same<typeof event.token | typeof event.ts, number>(true);

/* asyncSignal */
const [text, textMeta] = asyncSignal(async () => "text");
same<ReturnType<typeof text>, string | undefined>(true);
same<typeof textMeta, AsyncMeta<unknown, string, void>>(true);
textMeta.run();
const metaAsPublished: AsyncMeta<Error> = asyncSignal<string, Error>(async () => "text")[1];
metaAsPublished.cancel("reason");

/* createResource */
const id = signal(1);
const [found, foundMeta] = createResource(id.get, load, resourceOptions);
same<ReturnType<typeof found>, User | undefined>(true);
same<ReturnType<typeof foundMeta.error>, Error | undefined>(true);
same<typeof foundMeta.keepPreviousValueOnPending, boolean>(true);
foundMeta.run(2);
const anyMeta: AsyncMeta<Error> = foundMeta;
anyMeta.reload();
// @ts-expect-error the fetcher takes what the source gives
createResource(() => "1", load);
// @ts-expect-error a resource requires a fetcher
createResource(id.get);

const auto: AutoResourceDescriptor<number, User> = { input: id.get, observe: [id.get], run: load };
same<ReturnType<ReturnType<typeof createResource<number, User>>[0]>, User | undefined>(true);
createResource(auto)[0]()?.name.trim();

const users = createKeyedRevision<number>();
const list = createRevision();
const [, rename] = createResource({
  trigger: "manual",
  run: async (input: { id: number; name: string }) => input.name,
  invalidates: [
    list,
    users.target(1),
    foundMeta,
    (input: { id: number; name: string }, value: string) =>
      value ? users.target(input.id) : undefined,
  ],
});
rename.run({ id: 1, name: "Ada" });
// @ts-expect-error the input has a type
rename.run({ id: "1" });
const manual: ManualResourceDescriptor<number, User> = {
  trigger: "manual",
  run: load,
  invalidates: users,
};
createResource(manual)[1].run(1);
// @ts-expect-error what can be invalidated has invalidate or reload
createResource({ trigger: "manual", run: load, invalidates: 5 });

/* Sources that are skipped, debounced, polled */
const maybe = signal<number | undefined>(1);
const [skipped, skippedMeta] = createResource(() => maybe.get() ?? SKIP, load, {
  debounceMs: 100,
  pollMs: 1000,
  skip: (input) => input.toFixed() === "0",
});
same<ReturnType<typeof skipped>, User | undefined>(true);
skippedMeta.run(1);
// @ts-expect-error the input is not SKIP for the fetcher
createResource(() => "1" as string | Skip, load);
createResource({ input: () => maybe.get() ?? SKIP, run: load, skip: (input) => input > 5 });
// @ts-expect-error a concurrency is for runs that are asked for
createResource(id.get, load, { concurrency: "queue" });

/* What stands beside */
same<ReturnType<typeof user.promise>, Promise<{ name: string }>>(true);
same<ReturnType<typeof foundMeta.state>, AsyncState<User, Error, AsyncStatus>>(true);
same<ReturnType<typeof foundMeta.version>, number>(true);
foundMeta.mutate(2, { optimistic: { name: "Ada" } });
foundMeta.mutate(2, { optimistic: (shown, n) => ({ name: `${shown?.name} ${n.toFixed()}` }) });
foundMeta.mutate({ name: "Ada" });
foundMeta.mutate((shown) => ({ name: shown?.name ?? "" }), { run: () => load(1, {} as never) });
// @ts-expect-error the optimistic value has the type of the value
foundMeta.mutate(2, { optimistic: 5 });
// @ts-expect-error a value has its type
foundMeta.mutate(5);
const subscription: CellSubscription = foundMeta.subscribe({
  next: (value) => value.name.trim(),
  error: (error) => error.message,
});
subscription.unsubscribe();
const observer: CellObserver<User, Error> = { complete: () => {} };
foundMeta.subscribe(observer);
foundMeta.subscribe((value) => value.name.trim());
same<ReturnType<typeof foundMeta.values>, AsyncIterableIterator<User>>(true);
same<ReturnType<typeof foundMeta.toReadableStream>, ReadableStream<User>>(true);
const everything: AsyncIterable<User> = foundMeta;
same<ReturnType<typeof valuesOf<number>>, AsyncIterableIterator<number>>(true);
const disposable: Disposable = foundMeta;
export const views = [everything, disposable];

/* Groups and async computeds */
const group: AsyncGroup = createAsyncGroup();
createResource(id.get, load, { group });
same<ReturnType<ReturnType<typeof group.committed<number>>>, number>(true);
// @ts-expect-error a group is made by createAsyncGroup
createResource(id.get, load, { group: {} });
const [page, pageMeta] = asyncComputed(async ({ get, track, signal: abort, token }) => {
  same<typeof abort, AbortSignal>(true);
  same<typeof token, number>(true);
  const n: number = get(id);
  return `${n}${get(id.get)}${track(() => id.get())}`;
});
same<ReturnType<typeof page>, string | undefined>(true);
same<typeof pageMeta, AsyncMeta<unknown, string, void>>(true);
asyncComputed<number, Error>(async () => 1, { group, retry: 1, initialValue: 0 });
// @ts-expect-error its input is what it reads
asyncComputed(async () => 1, { debounceMs: 5 });

/* The clock */
const clock: Clock = {
  now: () => 0,
  setTimeout: (fn: () => void, ms: number) => [fn, ms].length,
  clearTimeout: (handle: number) => void handle,
};
setClock(clock);
setClock(null);
// @ts-expect-error a clock tells the time
setClock({});

/* createStreamResource */
const [story, storyMeta] = createStreamResource(
  id.get,
  (input: number, context: StreamContext<string, string>) => {
    same<typeof context.signal, AbortSignal>(true);
    context.emit(String(input));
    context.done();
    // @ts-expect-error chunks have a type
    context.emit(1);
  },
  { initialValue: "", reduce: (current = "", chunk) => current + chunk, onCancel: "keep-partial" },
);
same<ReturnType<typeof story>, string | undefined>(true);
same<ReturnType<typeof storyMeta.stableValue>, string | undefined>(true);
same<ReturnType<typeof storyMeta.status>, StreamAsyncStatus>(true);
const streamAsPublished: StreamAsyncMeta<unknown, string, string> = storyMeta;
streamAsPublished.dispose();
const streamOptions: StreamResourceOptions<number, number[], Error> = {
  reduce: (current = [], chunk) => [...current, chunk],
  onSuccess: (value) => value.at(0),
  onErrorEffect: (error) => error.message,
};
const stream: StreamResourceDescriptor<number, number, number[], Error> = {
  input: id.get,
  stream: async function* (input) {
    yield input;
  },
  ...streamOptions,
};
same<
  ReturnType<ReturnType<typeof createStreamResource<number, number, number[]>>[0]>,
  number[] | undefined
>(true);
createStreamResource(stream)[1].error()?.message.trim();
// @ts-expect-error there is no such policy
createStreamResource(id.get, () => {}, { onError: "keep" });

/* Revisions */
same<typeof list, Revision>(true);
same<typeof users, KeyedRevision<number>>(true);
same<ReturnType<typeof users.get>, number>(true);
// @ts-expect-error keys have a type
users.invalidate("1");
