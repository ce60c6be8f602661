/** React.Activity, which hides a tree and keeps its state. */
import { signal } from "@signal-kernel/core";
import { useReactive, useSignalValue } from "@signal-kernel/react";
import * as React from "react";
import { describe, expect, it } from "vitest";
import { act, h, live, mount } from "./dom.js";

export function describeActivity(version: string): void {
  describe(`Activity, React ${version}`, () => {
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

    it("does so after a render for another reason, too", async () => {
      const count = signal(1);
      let again = () => {};
      const App = () => {
        const [n, set] = React.useState(0);
        again = () => set(n + 1);
        return `${n} ${useSignalValue(count)}`;
      };
      const child = h(App);
      const page = (mode: Mode) => h(React.Activity, { mode, children: child });
      const app = await mount(page("visible"));
      await act(async () => again());
      await app.render(page("hidden"));
      await act(async () => count.set(2));
      await app.render(page("visible"));
      expect(app.text()).toBe("1 2");
      await app.unmount();
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
}
