/**
 * Optimistic values: what an open transaction expects to commit, shown before it does.
 *
 *     visible     what everybody reads: the value of the newest layer
 *     layers      [ transaction, value ], the newest last
 *     committed   what transactions read, and what is shown again when the last layer goes
 *
 * A layer goes with its transaction, in whatever order they end. A plain write is the program's word
 * about what is there now: it is committed, and all layers are void. A commit of another transaction
 * goes under the layers that are left.
 *
 * An overlay without layers stays until no transaction is open: it knows when the value was committed,
 * which is not when it became visible.
 */

import { onCommitted } from "./current.js";
import { isSameValue } from "./equality.js";
import type { SignalNode } from "./node.js";
import { touch } from "./pending.js";
import { rt } from "./runtime.js";
import { assignSignal, writeSignal } from "./signal.js";
import type { Staging } from "./staging.js";

interface Layer {
  staging: Staging;
  readonly value: unknown;
}

interface Overlay {
  /** The committed value, and when it was committed. */
  value: unknown;
  at: number;
  /** `changedAt` that the visible value gave to the signal: another one means a plain write. */
  shownAt: number;
  /** The synchronous transaction, open still, whose state the committed value is of; else 0. */
  frame: number;
  layers: Layer[];
}

const overlays = new Map<SignalNode, Overlay>();

/** The overlay of a signal, unless a plain write has voided it. */
function overlayOf(node: SignalNode): Overlay | undefined {
  if (overlays.size === 0) return undefined;
  const overlay = overlays.get(node);
  return overlay !== undefined && overlay.shownAt === node.changedAt ? overlay : undefined;
}

/** The value of a signal without what is only hoped for. */
export function committedValue(node: SignalNode): unknown {
  const overlay = overlayOf(node);
  return overlay === undefined ? node.value : overlay.value;
}

/** When that was committed. */
export function committedAt(node: SignalNode): number {
  const overlay = overlayOf(node);
  return overlay === undefined ? node.changedAt : overlay.at;
}

/** Whether what is visible was not simply written. */
export function isOverlaid(node: SignalNode): boolean {
  return overlays.size !== 0 && overlays.has(node);
}

type Write = (node: SignalNode, value: unknown) => void;

/** Writes what is visible, which commits nothing. */
function show(node: SignalNode, overlay: Overlay, value: unknown, write: Write = writeSignal) {
  rt.showing++;
  try {
    write(node, value);
  } finally {
    rt.showing--;
    overlay.shownAt = node.changedAt;
  }
}

/** A value comes back that was there before: no comparator is asked, which might refuse. */
function putBack(node: SignalNode, value: unknown): void {
  if (!isSameValue(node.value, value)) assignSignal(node, value);
}

/** What is visible: the newest layer, or what is committed. */
function visible({ layers, value }: Overlay): unknown {
  return layers.length === 0 ? value : (layers[layers.length - 1] as Layer).value;
}

const without = (layers: Layer[], staging: Staging) =>
  layers.filter((layer) => layer.staging !== staging);

/** Shows `value` on behalf of a transaction, at once. */
export function addLayer(staging: Staging, node: SignalNode, value: unknown): void {
  const overlay = overlayOf(node) ?? {
    value: node.value,
    at: node.changedAt,
    shownAt: 0,
    frame: rt.frame,
    layers: [],
  };
  onCommitted(() => show(node, overlay, value));
  overlay.layers = [...without(overlay.layers, staging), { staging, value }];
  overlays.set(node, overlay);
  staging.optimistic ??= new Set();
  staging.optimistic.add(node);
}

/** The transaction has ended without a commit: what it showed is not shown any more. */
export function removeLayers(staging: Staging): void {
  for (const node of staging.optimistic ?? []) {
    const overlay = overlayOf(node);
    if (overlay === undefined) continue;
    overlay.layers = without(overlay.layers, staging);
    onCommitted(() => show(node, overlay, visible(overlay), putBack));
  }
  staging.optimistic = null;
}

/** An inner transaction has committed: what it showed is the outer one's. */
export function moveLayers(inner: Staging, outer: Staging): void {
  for (const node of inner.optimistic ?? []) {
    for (const layer of overlayOf(node)?.layers ?? [])
      if (layer.staging === inner) layer.staging = outer;
    outer.optimistic ??= new Set();
    outer.optimistic.add(node);
  }
  inner.optimistic = null;
}

/**
 * Commits a value of a signal that has an overlay: under the layers of other transactions, or visibly
 * where none is left. Returns what takes it back, but for the write of the signal; null without an
 * overlay: the caller writes the signal.
 */
export function commitOverlaid(
  staging: Staging,
  node: SignalNode,
  value: unknown,
): (() => void) | null {
  const overlay = overlayOf(node);
  if (overlay === undefined) return null;
  const before = { ...overlay };
  overlay.layers = without(overlay.layers, staging);
  overlay.value = value;
  overlay.at = ++rt.clock;
  const takeBack = () => {
    Object.assign(overlay, before);
  };
  try {
    show(node, overlay, visible(overlay));
  } catch (error) {
    takeBack();
    throw error;
  }
  return takeBack;
}

/** What a transaction that is open has confirmed, and may have to take back: its number, and what was. */
interface Confirmed {
  frame: number;
  readonly node: SignalNode;
  readonly overlay: Overlay;
  readonly before: Overlay;
}

const confirmed: Confirmed[] = [];

/** A plain write of the visible value confirms it. Returns whether it was only hoped for. */
export function confirmLayers(node: SignalNode): boolean {
  const overlay = overlayOf(node);
  if (overlay === undefined || overlay.layers.length === 0) return false;
  if (rt.frame !== 0) confirmed.push({ frame: rt.frame, node, overlay, before: { ...overlay } });
  overlay.value = node.value;
  overlay.at = ++rt.clock;
  overlay.layers = [];
  return true;
}

/** What transaction `frame` has done to overlays is the business of the one around it; 0: it stays. */
export function keepConfirmed(frame: number, outer: number): void {
  if (isShowing())
    for (const overlay of overlays.values()) if (overlay.frame === frame) overlay.frame = outer;
  if (outer === 0) confirmed.length = 0;
  else for (const each of confirmed) if (each.frame === frame) each.frame = outer;
}

/** Takes back what transaction `frame` has confirmed; `restored` is told of each signal. */
export function takeConfirmedBack(frame: number, restored: (node: SignalNode) => void): void {
  while (confirmed.at(-1)?.frame === frame) {
    const { node, overlay, before } = confirmed.pop() as Confirmed;
    Object.assign(overlay, before);
    restored(node);
  }
}

/** Whether any signal has an overlay. */
export function isShowing(): boolean {
  return overlays.size !== 0;
}

/** The signals of which transaction `frame` has confirmed what is shown. */
export function confirmedBy(frame: number): SignalNode[] {
  return confirmed.filter((each) => each.frame === frame).map(({ node }) => node);
}

function showLeftOf(node: SignalNode, frame: number): void {
  const overlay = overlays.get(node);
  if (overlay === undefined) return;
  if (overlay.frame === frame) {
    overlay.frame = rt.frame;
    overlay.value = node.value;
    overlay.at = node.changedAt;
  } else if (overlay.shownAt !== node.changedAt) {
    return;
  }
  overlay.layers = overlay.layers.filter(({ staging }) => staging.state === "open");
  const value = visible(overlay);
  if (isSameValue(node.value, value)) return;
  node.value = value;
  node.changedAt = ++rt.clock;
  overlay.shownAt = node.changedAt;
  touch(node);
}

/**
 * The rollback of transaction `frame` has put signals back: of what was shown, that is left whose transaction is
 * open still. `restored` is told of each signal.
 */
export function showLeft(
  nodes: readonly SignalNode[],
  frame: number,
  restored: (node: SignalNode) => void,
): void {
  for (const node of nodes) {
    showLeftOf(node, frame);
    restored(node);
  }
}

/** A rollback gave the signal another `changedAt` for what it was at `before`. */
export function movedInTime(node: SignalNode, before: number): void {
  const overlay = overlays.get(node);
  if (overlay !== undefined && overlay.shownAt === before) overlay.shownAt = node.changedAt;
}

/** No transaction is open: what is visible is committed. */
export function forgetLayers(): void {
  overlays.clear();
}
