/**
 * A snapshot at the root of a tree: restored before anything below renders, and on the server written
 * into the page.
 */
import {
  createContext,
  createElement,
  Fragment,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import { invalidArgument, type Moment, SignalKernelError } from "#engine";
import { type CaptureSnapshotOptions, captureSnapshot } from "../snapshot/capture.js";
import { encodeJsonSnapshot } from "../snapshot/codec.js";
import type { ScriptOptions } from "../snapshot/html.js";
import { restoreOnce } from "../snapshot/once.js";
import { documentOf, isPage, scriptOf } from "../snapshot/page.js";
import type { SnapshotScope } from "../snapshot/scope.js";
import type { RestoreOptions, SnapshotDocument } from "../snapshot/types.js";
import { SCRIPT_ID } from "../snapshot/wire.js";
import { whileRendering } from "./rendering.js";

/** Options of the script element of {@link SnapshotProvider}. */
export interface SnapshotScriptOptions extends ScriptOptions {
  /** What the snapshot is captured with. */
  readonly capture?: CaptureSnapshotOptions | undefined;
}

/** Properties of {@link SnapshotProvider}. */
export interface SnapshotProviderProps {
  /** The nodes that the tree shows. On a server, those of one request. */
  readonly scope: SnapshotScope;
  /**
   * What is restored into them before the tree renders, once for each scope and document. Another one
   * that is given later is restored when React has committed.
   */
  readonly document?: SnapshotDocument | null | undefined;
  /** How it is restored. */
  readonly restore?: RestoreOptions | undefined;
  /**
   * Whether the page has the state in a script element behind the tree: the server writes it, and where
   * the page is hydrated it is read and restored, unless there is a `document`. Default false.
   */
  readonly script?: boolean | SnapshotScriptOptions | undefined;
  readonly children?: ReactNode;
}

/** What is known below of a provider and those around it. */
interface Provided {
  readonly scope: SnapshotScope;
  /** What was restored, the outermost first: while React hydrates, that is what hooks show. */
  readonly moments: readonly Moment[];
}

const Context = createContext<Provided | null>(null);

const NONE: readonly Moment[] = [];

/** The moments that hold where a hook is called. */
export function useMoments(): readonly Moment[] {
  return useContext(Context)?.moments ?? NONE;
}

const never = () => () => {};
const yes = () => true;
const no = () => false;

/** Whether the server renders, or its page is hydrated; as it was when the component was first rendered. */
function useIsFirst(): boolean {
  const isFirst = useSyncExternalStore(never, no, yes);
  return useState(isFirst)[0];
}

/** The element that has the state. Where it is not there yet, this is the server. */
function StateScript(props: {
  scope: SnapshotScope;
  options: SnapshotScriptOptions;
}): ReactElement {
  const { scope, options } = props;
  const { id = SCRIPT_ID, nonce, capture } = options;
  const [text] = useState(
    () => scriptOf(id)?.textContent ?? encodeJsonSnapshot(captureSnapshot(scope, capture)),
  );
  return createElement("script", {
    type: "application/json",
    id,
    nonce,
    suppressHydrationWarning: true,
    /* No text of a document can end the element: `<` is escaped in it. */
    dangerouslySetInnerHTML: { __html: text },
  });
}

function checkProps(props: SnapshotProviderProps): void {
  if (typeof props.scope?.getRegistration !== "function")
    throw invalidArgument("scope", "a snapshot scope", props.scope);
  const { script } = props;
  if (
    script !== undefined &&
    typeof script !== "boolean" &&
    (typeof script !== "object" || !script)
  )
    throw invalidArgument("script", "a boolean or options", script);
}

/**
 * Gives a snapshot scope to a tree, and restores a document into it before anything of the tree renders.
 *
 * While React hydrates, however late a part of the page, hooks below show what was restored, as the server
 * did; afterwards what is there now. Inside another provider both hold: `useSnapshotScope` is of the
 * inner one. A document is restored once into a scope, whoever renders how often, StrictMode included.
 *
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad properties; SnapshotError and what else
 *   `restoreSnapshot` throws; both to the next error boundary.
 * @example
 * // on the server, one scope per request
 * renderToPipeableStream(<SnapshotProvider scope={scope} script={{ nonce }}><App /></SnapshotProvider>);
 * // in the page
 * hydrateRoot(root, <SnapshotProvider scope={scope} script restore={{ resume: true }}><App /></SnapshotProvider>);
 */
export function SnapshotProvider(props: SnapshotProviderProps): ReactElement {
  checkProps(props);
  const { scope, document = null, restore, children } = props;
  const options = props.script === true ? {} : props.script || null;
  const around = useMoments();
  const isFirst = useIsFirst();
  const [first] = useState(() => {
    if (document !== null || options === null || !isFirst) return document;
    const element = scriptOf(options.id);
    return element === null ? null : documentOf(element);
  });
  const moment = first === null ? null : whileRendering(() => restoreOnce(scope, first, restore));
  useEffect(() => {
    if (document !== null && document !== first) restoreOnce(scope, document, restore);
  }, [scope, document, first, restore]);
  const provided = useMemo<Provided>(
    () => ({
      scope,
      /* A server shows what is there now. */
      moments: moment === null || !isPage() ? around : [...around, moment],
    }),
    [scope, moment, around],
  );
  const script =
    options === null || !isFirst ? null : createElement(StateScript, { scope, options });
  return createElement(
    Context.Provider,
    { value: provided },
    createElement(Fragment, null, children, script),
  );
}

/**
 * The snapshot scope of the innermost {@link SnapshotProvider} around.
 *
 * @throws SignalKernelError (`ERR_SK_NO_SCOPE`) when there is none.
 * @example
 * const scope = useSnapshotScope();
 * const save = () => localStorage.setItem("draft", encodeJsonSnapshot(captureSnapshot(scope)));
 */
export function useSnapshotScope(): SnapshotScope {
  const provided = useContext(Context);
  if (provided === null)
    throw new SignalKernelError(
      "ERR_SK_NO_SCOPE",
      "useSnapshotScope() belongs into a component below a SnapshotProvider.",
    );
  return provided.scope;
}
