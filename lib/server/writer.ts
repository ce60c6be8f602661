/**
 * Writing a page, in the order in which its parts are known:
 *
 *     settled        wait; everything; the state
 *     in-order       up to the first slot that is pending; the state; wait; the slot, what has changed; ...
 *     out-of-order   everything, pending slots as such; the state; wait; slots that are over, what has
 *                    changed; ...
 *
 * and then, however it was sent, what the page began with ends it: `</body></html>` is kept for last.
 * Outside of slots everything is known before the first part is sent: an error there is the caller's.
 */
import { invalidArgument, untracked } from "#engine";
import { attribute } from "../snapshot/html.js";
import { CELL_ATTRIBUTE, CONTENT_ID, SLOT_ID, SWAP } from "../snapshot/wire.js";
import { flatten, type Html, isSlot } from "./html.js";
import type { Request } from "./request.js";
import type { Slot } from "./slot.js";
import type { PageState } from "./state.js";
import { swapScript } from "./swap.js";

/** The end of a document, if it is there. */
const TAIL = /(?:<\/body\s*>)?\s*(?:<\/html\s*>)?\s*$/i;

/** Whoever writes more between the two tags, or behind them, gets the state behind all of it. */
const LONGEST_TAIL = 200;

/** Text, and slots in it. */
type Flat = readonly (string | Slot)[];

export class Writer {
  private readonly request: Request;
  private readonly state: PageState;
  /** What is written and not sent. */
  private text = "";
  /** Slots that are shown as pending, and their numbers. */
  private readonly late = new Map<Slot, number>();
  private slots = 0;

  constructor(request: Request, state: PageState) {
    this.request = request;
    this.state = state;
  }

  /** Writes a page of templates; each part that is yielded can be sent. */
  async *write(page: Html): AsyncGenerator<string, void, void> {
    const { mode } = this.request.options;
    this.request.watchScope();
    if (mode === "settled") await this.settle();
    const [body, tail] = this.cut(this.request.run(() => flatten(page)));
    if (mode === "out-of-order") {
      this.writeNow(body);
      this.sendState();
      yield* this.showLate();
    } else yield* this.writeInOrder(body);
    if (mode !== "settled") yield* this.rest();
    this.writeState();
    yield this.text + tail;
  }

  /** Writes a page that comes in pieces, from elsewhere. Its state follows when they are over. */
  async *relay(page: AsyncIterator<unknown>): AsyncGenerator<string, void, void> {
    const { request } = this;
    const decoder = new TextDecoder();
    const isWhole = request.options.mode === "settled";
    request.watchScope();
    let tail = "";
    request.keep(() => {
      end(page).catch((error) => request.report(error));
    });
    for (;;) {
      const { done, value } = await request.race(async () => page.next());
      if (done === true) break;
      const [body, rest] = cutText(tail + textOf(value, decoder));
      this.text += body;
      tail = rest;
      if (!isWhole && this.text !== "") yield this.take();
    }
    if (isWhole) await this.settle();
    else yield* this.rest();
    this.writeState();
    yield this.text + decoder.decode() + tail;
  }

  private take(): string {
    const { text } = this;
    this.text = "";
    return text;
  }

  private cut(flat: (string | Slot)[]): [Flat, string] {
    const last = flat.at(-1);
    if (typeof last !== "string") return [flat, ""];
    const [body, tail] = cutText(last);
    return [[...flat.slice(0, -1), body], tail];
  }

  /** Writes what of the state has changed, with the slots that are shown with it. */
  private writeState(slots: readonly number[] = []): boolean {
    const script = this.state.write(slots);
    this.text += script;
    return script !== "";
  }

  private get isUnsettled(): boolean {
    const { isLate, isSettled } = this.request;
    const isWaiting = this.state.watchAll();
    return (isWaiting || !isSettled) && !isLate;
  }

  /** Until the scope has settled there is nothing to do, and it tells when it has. */
  private async settle(): Promise<void> {
    while (this.isUnsettled) await this.request.changed();
  }

  /** What no slot shows is waited for, too: its state is what the client does not have to fetch. */
  private async *rest(): AsyncGenerator<string, void, void> {
    while (this.isUnsettled) {
      this.sendState();
      if (this.text !== "") yield this.take();
      await this.request.changed();
    }
  }

  /** A client knows by what follows an element that all of it is there. */
  private sendState(): void {
    if (this.writeState()) this.text += "<!---->";
  }

  /** What a slot shows; to be called in the request. */
  private show(slot: Slot): Flat {
    return slot.show(flatten, (error) => this.request.report(error));
  }

  /** Whether what the slot shows is still to come; if so, the request is woken when it does. */
  private isPending(slot: Slot): boolean {
    if (untracked(() => slot.isOver)) return false;
    this.state.watch(slot.cell);
    return !this.request.isLate;
  }

  private async *writeInOrder(flat: Flat): AsyncGenerator<string, void, void> {
    const rest = [...flat].reverse();
    for (;;) {
      this.request.run(() => this.writeThrough(rest));
      const slot = rest.at(-1);
      if (slot === undefined) return;
      while (this.isPending(slot as Slot)) {
        if (this.request.options.mode === "in-order") {
          this.sendState();
          if (this.text !== "") yield this.take();
        }
        await this.request.changed();
      }
    }
  }

  /** Writes what there is up to a slot that is pending; `rest` has the parts, the next one last. */
  private writeThrough(rest: (string | Slot)[]): void {
    for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
      if (!isSlot(part)) {
        this.text += part;
        continue;
      }
      if (this.isPending(part)) {
        rest.push(part);
        return;
      }
      const shown = this.show(part);
      for (let i = shown.length - 1; i >= 0; i--) rest.push(shown[i] as string | Slot);
    }
  }

  /** Writes all of it; a slot that is pending as what it shows meanwhile. */
  private writeNow(flat: Flat): void {
    for (const part of flat) {
      if (!isSlot(part)) this.text += part;
      else if (this.isPending(part)) this.writePending(part);
      else this.writeNow(this.request.run(() => this.show(part)));
    }
  }

  private writePending(slot: Slot): void {
    const { request } = this;
    const number = ++this.slots;
    this.late.set(slot, number);
    const id = `${SLOT_ID}${number}`;
    this.text += `<template id="${id}"></template>`;
    this.writeNow(request.run(() => slot.fall(flatten, (error) => request.report(error))));
    this.text += `<!--/${id}-->`;
  }

  private async *showLate(): AsyncGenerator<string, void, void> {
    if (this.late.size > 0) this.writeScript(swapScript);
    while (this.late.size > 0 && !this.request.isLate) {
      const ready = [...this.late].filter(([slot]) => !this.isPending(slot));
      if (ready.length > 0) this.writeReady(ready);
      else this.sendState();
      if (this.text !== "") yield this.take();
      if (this.late.size > 0) await this.request.changed();
    }
  }

  private writeReady(ready: readonly (readonly [Slot, number])[]): void {
    const numbers = ready.map(([, number]) => number);
    for (const [slot, number] of ready) {
      this.late.delete(slot);
      const cell = attribute(CELL_ATTRIBUTE, this.state.idOf(slot));
      this.text += `<template id="${CONTENT_ID}${number}"${cell}>`;
      this.writeNow(this.request.run(() => this.show(slot)));
      this.text += "</template>";
    }
    this.writeState(numbers);
    this.writeScript(`${SWAP}(${numbers})`);
  }

  private writeScript(code: string): void {
    this.text += `<script${attribute("nonce", this.request.options.nonce)}>${code}</script>`;
  }
}

/** Cuts off the end of a document. */
function cutText(text: string): [string, string] {
  const from = Math.max(0, text.length - LONGEST_TAIL);
  const at = from + text.slice(from).search(TAIL);
  return [text.slice(0, at), text.slice(at)];
}

/** The text of a piece of a page. */
function textOf(piece: unknown, decoder: InstanceType<typeof TextDecoder>): string {
  if (typeof piece === "string") return piece;
  if (piece instanceof Uint8Array) return decoder.decode(piece, { stream: true });
  throw invalidArgument("page", "pieces of text, or bytes", piece);
}

/** Nobody wants the rest of a page. */
async function end(page: AsyncIterator<unknown>): Promise<void> {
  await page.return?.();
}
