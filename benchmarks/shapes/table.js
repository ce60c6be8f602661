// @ts-check
// A list of 10,000 rows. A row has two signals, its total, whether it is selected, its text, and an
// effect that draws it; below the list stands the sum of all. Selecting asks every row whether it is the
// one, and two say yes or not any more.

import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Shape} Shape */

/** @type {Shape} */
export const table = {
  name: "rows",
  set: "programs",
  row: "list of 10,000 rows",
  build(lib, scale) {
    const count = scale.mode === "check" ? 500 : 10_000;
    const selections = { full: 10, quick: 3, check: 2 }[scale.mode];
    const selected = lib.signal(-1);
    let drawn = 0;
    let text = "";
    const rows = Array.from({ length: count }, (_, i) => {
      const price = lib.signal(i);
      const amount = lib.signal(1);
      const total = lib.computed(() => price.read() * amount.read());
      const isSelected = lib.computed(() => selected.read() === i);
      const label = lib.computed(() => `${isSelected.read() ? "*" : " "}${total.read()}`);
      lib.effect(() => {
        text = label.read();
        drawn++;
      });
      return { amount, total };
    });
    const sum = lib.computed(() => {
      let all = 0;
      for (const row of rows) all += row.total.read();
      return all;
    });
    let seen = 0;
    lib.effect(() => {
      seen = sum.read();
    });
    let amount = 1;
    return {
      run() {
        drawn = 0;
        for (let i = 0; i < selections; i++) {
          lib.batch(() => selected.write(i));
          verify(text[0], i === 0 ? "*" : text[0], "a selected row is drawn as such");
        }
        verify(drawn, 2 * selections - 1, "rows drawn by selecting");
        drawn = 0;
        amount++;
        lib.batch(() => {
          for (let i = 0; i < count; i += 10) rows[i].amount.write(amount);
        });
        // Row 0 costs nothing.
        verify(drawn, count / 10 - 1, "rows drawn by a new amount");
        const every = count * (count - 1) * 0.5;
        const tenths = (count / 10) * (count / 10 - 1) * 5;
        verify(seen, every + tenths * (amount - 1), "sum of the rows");
        lib.batch(() => selected.write(-1));
      },
    };
  },
};
