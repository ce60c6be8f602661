import {
  addCleanupTo,
  createScopeNode,
  currentScope,
  disposeScope,
  invalidArgument,
  onAbort,
  requireFunction,
  runInScope,
  type ScopeNode,
  scopeHandles,
} from "#engine";
import { checkName, checkSignal, ownOption } from "./options.js";

/** Options of {@link createScope}. */
export interface ScopeOptions {
  /** For error messages and inspection. */
  name?: string | undefined;
  /**
   * Takes what effects and cleanups of the scope throw in a flush that has no caller, and what
   * callbacks of its asynchronous cells throw. An error that it takes is handled; what it throws goes
   * to the next scope outside.
   */
  onError?: ((error: unknown) => void) | undefined;
  /** Belongs to nobody: only `dispose` ends it. Default: it ends with the effect or scope around it. */
  detached?: boolean | undefined;
  /** Ends the scope when it is aborted. */
  signal?: AbortSignal | undefined;
}

/** Owns what is created in it, and ends it all together. Every method works detached. */
export interface Scope extends Disposable {
  /**
   * Runs a function in the scope. In Node what it creates after an await belongs to the scope as well.
   *
   * @returns What `fn` returns.
   * @throws DisposedError when the scope has ended; what `fn` throws.
   */
  readonly run: <T>(fn: () => T) => T;
  /** Ends the scope: what was created last ends first, then the cleanups run, the last one first. */
  readonly dispose: () => void;
  /** Whether it has ended. */
  readonly disposed: boolean;
}

/** Where the platform has no Symbol.dispose yet, its well-known name. */
const disposeKey: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

function handleOf(node: ScopeNode): Scope {
  const dispose = () => disposeScope(node);
  return {
    run: (fn) => {
      requireFunction("fn", fn);
      return runInScope(node, fn);
    },
    dispose,
    get disposed() {
      return node.disposed;
    },
    [disposeKey]: dispose,
  };
}

function create(options: object): ScopeNode {
  const onError = ownOption(options, "onError");
  if (onError !== undefined) requireFunction("options.onError", onError);
  const detached = ownOption(options, "detached");
  if (detached !== undefined && typeof detached !== "boolean")
    throw invalidArgument("options.detached", "a boolean", detached);
  const signal = checkSignal(options);
  const node = createScopeNode(
    checkName(options),
    (onError as ScopeNode["onError"] | undefined) ?? null,
    detached === true,
  );
  node.handle = handleOf(node);
  scopeHandles.set(node.handle, node);
  if (signal === undefined) return node;
  const dispose = () => disposeScope(node);
  addCleanupTo(node, () => signal.removeEventListener("abort", dispose));
  if (signal.aborted) dispose();
  else onAbort(signal, dispose);
  return node;
}

/**
 * Creates a scope: an owner of effects, subscriptions, asynchronous cells, transactions in flight and
 * other scopes, which it ends together. A scope that is created inside an effect or another scope
 * belongs to that.
 *
 * @param fn Run in the scope at once, if given. When it throws, the scope is disposed.
 * @param options `name`, `onError`, `detached`, `signal`. They may stand alone, without `fn`.
 * @returns `{ run, dispose, disposed, [Symbol.dispose] }`.
 * @throws What `fn` throws. TypeError (`ERR_SK_INVALID_ARG`) for bad arguments. DisposedError inside a
 *   scope that has ended.
 * @example
 * using request = createScope({ name: "GET /", onError: (error) => log(error) });
 * await request.run(async () => {
 *   const [user] = createResource(id.get, loadUser);
 *   await settled();
 *   response.end(render(user()));
 * }); // whatever is still running is aborted when the block ends
 */
export function createScope(fn?: (() => unknown) | null, options?: ScopeOptions): Scope;
export function createScope(options: ScopeOptions): Scope;
export function createScope(
  first?: (() => unknown) | ScopeOptions | null,
  second?: ScopeOptions,
): Scope {
  const fn = typeof first === "function" ? first : undefined;
  const options = fn === undefined && first !== null && first !== undefined ? first : second;
  if (options !== undefined && (typeof options !== "object" || options === null))
    throw options === first
      ? invalidArgument("fn", "a function, or options", options)
      : invalidArgument("options", "an object", options);
  const node = create(options ?? {});
  const scope = node.handle as Scope;
  if (fn === undefined) return scope;
  try {
    scope.run(fn);
  } catch (error) {
    scope.dispose();
    throw error;
  }
  return scope;
}

/**
 * The scope to which what is created here belongs: that of the innermost `run`, also inside an effect
 * and after an await; null outside of all.
 *
 * @example
 * const scope = getScope();
 * scope?.run(() => createEffect(draw));
 */
export function getScope(): Scope | null {
  return (currentScope()?.handle as Scope | undefined) ?? null;
}

/**
 * Registers a function to be called when the current scope ends, the last registered first. In a
 * scope that has ended it is called at once; outside of all scopes nothing happens.
 *
 * @param fn Its reads are not tracked. What it throws, the caller of `dispose` gets.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) when `fn` is not a function.
 * @example
 * createScope(() => {
 *   const server = listen();
 *   onScopeDispose(() => server.close());
 * });
 */
export function onScopeDispose(fn: () => void): void {
  requireFunction("fn", fn);
  const scope = currentScope();
  if (scope !== null) addCleanupTo(scope, fn);
}
