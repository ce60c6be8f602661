// @vitest-environment happy-dom
import { signal } from "@signal-kernel/core";
import { useReactive, useSignalValue } from "@signal-kernel/react";
import * as React from "react";
import { describe, expect, it } from "vitest";
import { act, h, live, mount } from "./dom.js";
import { describeCells } from "./suite-cells.js";
import { describeValues } from "./suite-values.js";

describeValues("19");
describeCells("19");

describe("Activity", () => {
  type Mode = "visible" | "hidden";

  it("shows, when it is shown again, what has changed while it was hidden", async () => {
    const before = live();
    const count = signal(1);
    const App = () => `${useSignalValue(count)} ${useReactive(() => count.get() * 2)}`;
    const child = h(App);
    const page = (mode: Mode) => h(React.Activity, { mode, children: child });
    const app = await mount(page("visible"));
    await act(async () => count.set(2));
    const shown = live();
    await app.render(page("hidden"));
    expect(live()).toEqual(before);
    await act(async () => count.set(3));
    await app.render(page("visible"));
    expect(app.text()).toBe("3 6");
    expect(live()).toEqual(shown);
    await act(async () => count.set(4));
    expect(app.text()).toBe("4 8");
    await app.unmount();
    expect(live()).toEqual(before);
  });

  it("renders a tree that was never shown without subscribing", async () => {
    const before = live();
    const count = signal(1);
    const App = () => useSignalValue(count);
    const page = (mode: Mode) => h(React.Activity, { mode, children: h(App) });
    const app = await mount(page("hidden"));
    expect(live()).toEqual(before);
    await act(async () => count.set(2));
    await app.render(page("visible"));
    expect(app.text()).toBe("2");
    await app.unmount();
    expect(live()).toEqual(before);
  });
});
