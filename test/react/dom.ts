/** What the suites render with, and how they look at the result. */
import * as React from "react";
import { createRoot, type Root } from "react-dom/client";
import { engine } from "#engine";

/** What the suites need of a document: the types of the DOM are not those of this project. */
export interface Container extends Element {
  innerHTML: string;
  value: string;
  dispatchEvent(event: Event): void;
  readonly textContent: string;
  querySelectorAll(selector: string): Iterable<Container>;
  querySelector(selector: string): Container | null;
}

declare const document: {
  createElement(name: string): Container;
  body: { append(element: Element): void };
};

const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
environment.IS_REACT_ACT_ENVIRONMENT = true;

export const { act, createElement: h } = React;

export function container(html = ""): Container {
  const element = document.createElement("div");
  element.innerHTML = html;
  document.body.append(element);
  return element;
}

export interface Mounted {
  readonly root: Root;
  readonly element: Container;
  readonly text: () => string;
  readonly render: (node: React.ReactNode) => Promise<void>;
  readonly unmount: () => Promise<void>;
}

export async function mount(
  node: React.ReactNode,
  options?: Parameters<typeof createRoot>[1],
): Promise<Mounted> {
  const element = container();
  const root = createRoot(element, options);
  const render = (next: React.ReactNode) => act(async () => root.render(next));
  await render(node);
  return {
    root,
    element,
    text: () => element.textContent,
    render,
    unmount: () => act(async () => root.unmount()),
  };
}

/** Types into an input as a person does: React's own setter of the value is passed by. */
export function typeInto(input: Container, text: string): void {
  const prototype = Object.getPrototypeOf(input);
  Object.getOwnPropertyDescriptor(prototype, "value")?.set?.call(input, text);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Lets promises settle, cells commit and React render. */
export function settle(change?: () => unknown): Promise<void> {
  return act(async () => {
    change?.();
    await new Promise((resolve) => setTimeout(resolve, 1));
  });
}

/** Runs `fn` where React renders in slices, as it does in a program: inside of `act` it does not. */
export async function outsideAct(fn: () => Promise<void>): Promise<void> {
  environment.IS_REACT_ACT_ENVIRONMENT = false;
  try {
    await fn();
  } finally {
    environment.IS_REACT_ACT_ENVIRONMENT = true;
  }
}

/** What the kernel holds. */
export function live(): { nodes: number; edges: number; effects: number; tasks: number } {
  const { nodes, edges, effects, tasks } = engine().counters;
  return { nodes, edges, effects, tasks };
}

/** Shows what it catches, and what it is given again after `reset`. */
export class Boundary extends React.Component<
  { children?: React.ReactNode },
  { error: unknown; failed: boolean }
> {
  override state = { error: undefined as unknown, failed: false };

  static getDerivedStateFromError(error: unknown) {
    return { error, failed: true };
  }

  readonly reset = () => this.setState({ error: undefined, failed: false });

  override render(): React.ReactNode {
    const { error, failed } = this.state;
    if (failed) return `caught ${error instanceof Error ? error.message : String(error)}`;
    return this.props.children;
  }
}

/** Collects what React writes to the console while `fn` runs. */
export async function consoleOf(fn: () => Promise<void>): Promise<string[]> {
  const { error, warn } = console;
  const lines: string[] = [];
  console.error = (...args: unknown[]) => void lines.push(args.map(String).join(" "));
  console.warn = console.error;
  try {
    await fn();
  } finally {
    Object.assign(console, { error, warn });
  }
  return lines;
}
