/**
 * A page that arrives in a browser, part by part. What a parser does between parts is done here: the
 * nodes are appended one by one, and a script runs after those who watch have seen it.
 */
import type { HydrationDocument } from "@signal-kernel/snapshot";
import { Window } from "happy-dom";
import { turns } from "./support.js";

interface Node {
  readonly localName?: string;
  readonly type?: string;
  readonly textContent: string;
}

export class Arriving {
  readonly window = new Window();
  readonly document = this.window.document as unknown as HydrationDocument & {
    readonly body: { append(node: Node): void; readonly innerHTML: string };
    createElement(name: string): {
      innerHTML: string;
      readonly content: { readonly childNodes: Iterable<Node> };
    };
    dispatchEvent(event: unknown): void;
  };
  private readyState = "loading";

  constructor() {
    Object.defineProperty(this.document, "readyState", { get: () => this.readyState });
  }

  /** What the page shows. */
  get shown(): string {
    return this.document.body.innerHTML
      .replace(/<script[^>]*>[\s\S]*?<\/script>/g, "")
      .replaceAll("<!---->", "");
  }

  /** The next part: whole elements, in the body. */
  async arrive(part: string): Promise<void> {
    const template = this.document.createElement("template");
    template.innerHTML = part;
    for (const node of [...template.content.childNodes]) {
      this.document.body.append(node);
      await turns(1);
      if (node.localName === "script" && node.type !== "application/json")
        this.run(node.textContent);
    }
  }

  /** Nothing more will come. */
  async end(): Promise<void> {
    this.readyState = "interactive";
    this.document.dispatchEvent(new this.window.Event("DOMContentLoaded"));
    await turns();
  }

  private run(code: string): void {
    new Function("self", "document", `with (self) { ${code} }`)(this.window, this.document);
  }
}
