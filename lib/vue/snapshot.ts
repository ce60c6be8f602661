/**
 * A snapshot scope for an app or a part of it: restored before anything of it renders.
 */
import { type App, hasInjectionContext, type InjectionKey, inject, provide } from "vue";
import { invalidArgument, SignalKernelError } from "#engine";
import { requireObject } from "../core/options.js";
import { restoreOnce } from "../snapshot/once.js";
import { documentOf, scriptOf } from "../snapshot/page.js";
import type { SnapshotScope } from "../snapshot/scope.js";
import type { RestoreOptions, SnapshotDocument } from "../snapshot/types.js";

/** Options of {@link createSnapshotPlugin} and {@link provideSnapshotScope}. */
export interface SnapshotProvision {
  /** The nodes that the components show. On a server, those of one request. */
  readonly scope: SnapshotScope;
  /** What is restored into them, once for each scope and document. */
  readonly document?: SnapshotDocument | null | undefined;
  /** How it is restored. */
  readonly restore?: RestoreOptions | undefined;
  /**
   * Without a `document`: whether it is that of the page, where there is one, in the element that `toScript`
   * has written; or the id of that element. Default false.
   */
  readonly script?: boolean | string | undefined;
}

const KEY: InjectionKey<SnapshotScope> = Symbol("snapshot scope");

function documentFor({ document, script }: SnapshotProvision): SnapshotDocument | null {
  if (document !== undefined && document !== null) return document;
  if (script === undefined || script === false) return null;
  if (script !== true && typeof script !== "string")
    throw invalidArgument("options.script", "a boolean or an id", script);
  const element = scriptOf(script === true ? undefined : script);
  return element === null ? null : documentOf(element);
}

/** Restores what is to be restored, and returns the scope. */
function prepare(options: SnapshotProvision): SnapshotScope {
  requireObject("options", options);
  const { scope, restore } = options;
  if (typeof scope?.getRegistration !== "function")
    throw invalidArgument("options.scope", "a snapshot scope", scope);
  const document = documentFor(options);
  if (document !== null) restoreOnce(scope, document, restore);
  return scope;
}

/**
 * A plugin that gives a snapshot scope to an app, and restores a document into it when it is installed.
 *
 * Install it before `mount`: an app that is hydrated then starts with what the server has shown. A document
 * is restored once into a scope, however many apps and components ask for it.
 *
 * @param options `scope`; `document` or `script`; `restore`.
 * @returns The plugin. Installing it throws SnapshotError and what else `restoreSnapshot` throws.
 * @throws TypeError (`ERR_SK_INVALID_ARG`) for bad options, here or when it is installed.
 * @example
 * // on the server, one scope per request
 * const app = createSSRApp(App).use(createSnapshotPlugin({ scope }));
 * response.end((await renderToString(app)) + toScript(captureSnapshot(scope)));
 * // in the page
 * createSSRApp(App).use(createSnapshotPlugin({ scope, script: true })).mount("#app");
 */
export function createSnapshotPlugin(options: SnapshotProvision): { install(app: App): void } {
  requireObject("options", options);
  return {
    install(app) {
      app.provide(KEY, prepare(options));
    },
  };
}

/**
 * Gives a snapshot scope to the components below this one, in the place of the app's or of one above.
 *
 * @param options As of {@link createSnapshotPlugin}. What they name is restored at once.
 * @throws As installing the plugin; SignalKernelError (`ERR_SK_NO_SCOPE`) outside of `setup()`.
 * @example
 * provideSnapshotScope({ scope: editor, document: props.draft });
 */
export function provideSnapshotScope(options: SnapshotProvision): void {
  if (!hasInjectionContext())
    throw new SignalKernelError("ERR_SK_NO_SCOPE", "provideSnapshotScope() belongs into setup().");
  provide(KEY, prepare(options));
}

/**
 * The snapshot scope of the app, or of the innermost component above that provides one.
 *
 * @throws SignalKernelError (`ERR_SK_NO_SCOPE`) where there is none, and outside of `setup()`.
 * @example
 * const scope = useSnapshotScope();
 * const save = () => localStorage.setItem("draft", encodeJsonSnapshot(captureSnapshot(scope)));
 */
export function useSnapshotScope(): SnapshotScope {
  const scope = hasInjectionContext() ? inject(KEY, null) : null;
  if (scope === null)
    throw new SignalKernelError(
      "ERR_SK_NO_SCOPE",
      "useSnapshotScope() belongs into setup(), in an app with createSnapshotPlugin().",
    );
  return scope;
}
