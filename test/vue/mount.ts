/** What the suites about composables share: components that are mounted, and what they leave behind. */
import { type App, type Component, createApp, effectScope, nextTick } from "vue";
import { engine } from "#engine";

interface Container {
  innerHTML: string;
  readonly textContent: string;
  querySelector(selector: string): Container & { value: string; dispatchEvent(e: Event): void };
}
declare const document: { createElement(name: string): Container };

export function live() {
  const { nodes, edges, effects, tasks } = engine().counters;
  return { nodes, edges, effects, tasks };
}

export function mount(component: Component, create: typeof createApp = createApp, html = "") {
  const element = document.createElement("div");
  element.innerHTML = html;
  const app: App = create(component);
  app.mount(element as never);
  return { app, element, text: () => element.textContent };
}

/** Lets promises settle, cells commit and Vue render. */
export async function settle(change?: () => unknown): Promise<void> {
  change?.();
  await new Promise((resolve) => setTimeout(resolve, 1));
  await nextTick();
}

/** Calls a composable where it may be called. */
export function inScope<T>(use: () => T): { result: T; stop: () => void } {
  const scope = effectScope(true);
  return { result: scope.run(use) as T, stop: () => scope.stop() };
}
