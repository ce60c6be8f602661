// @ts-check
// A spreadsheet of 200 times 200 cells. A cell is an input and a computed, which adds half of two cells
// further up; so what one edit changes thins out on its way down. A window of 40 times 25 cells is on the
// screen: an effect each. The rest is only brought up to date when it is asked for.

import { seededRandom } from "./random.js";
import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Shape} Shape */

/** @param {import("../harness/types.js").Scale} scale */
function plan(scale) {
  const side = scale.mode === "check" ? 40 : 200;
  const edits = { full: 1_000, quick: 60, check: 50 }[scale.mode];
  const random = seededRandom(0xce11);
  const below = (/** @type {number} */ limit) => Math.floor(random() * limit);
  /** The two cells that each one refers to; none in the first row. @type {[number, number][]} */
  const parents = [];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      if (row === 0) {
        parents.push([-1, -1]);
        continue;
      }
      const up = () => (row - 1 - below(Math.min(row, 5))) * side;
      parents.push([up() + below(side), up() + column]);
    }
  }
  const steps = Array.from({ length: edits }, (_, i) => ({
    cell: below(side * side),
    value: (i * 37) % 1_000,
    asked: below(side * side),
  }));
  return { side, parents, steps };
}

/** The value of a cell of its input and its two parents. @param {number} own @param {number} a @param {number} b */
const formula = (own, a, b) => own + ((a + b) >> 1) - ((a + b) >> 2);

/** What a run must find, with no library. @param {import("../harness/types.js").Scale} scale */
function reference(scale) {
  const { parents, steps } = plan(scale);
  const inputs = parents.map((_, i) => initial(i));
  let values = evaluate(parents, inputs);
  let asked = 0;
  for (const step of steps) {
    inputs[step.cell] = step.value;
    values = evaluate(parents, inputs);
    asked += values[step.asked];
  }
  return { asked, sum: values.reduce((sum, value) => sum + value, 0) };
}

/** @param {number} i The cell. */
const initial = (i) => i % 100;

/** @param {[number, number][]} parents @param {number[]} inputs */
function evaluate(parents, inputs) {
  const values = new Array(parents.length);
  for (let i = 0; i < values.length; i++) {
    const [a, b] = parents[i];
    values[i] = a < 0 ? inputs[i] : formula(inputs[i], values[a], values[b]);
  }
  return values;
}

/** @type {Shape} */
export const sheet = {
  name: "sheet",
  set: "programs",
  row: "spreadsheet 200x200",
  expect: reference,
  build(lib, scale, expected) {
    const { side, parents, steps } = plan(scale);
    const inputs = parents.map((_, i) => lib.signal(initial(i)));
    /** @type {import("../harness/types.js").Readable<number>[]} */
    const cells = [];
    for (let i = 0; i < parents.length; i++) {
      const own = inputs[i];
      const [a, b] = parents[i];
      const first = cells[a];
      const second = cells[b];
      cells.push(
        a < 0
          ? lib.computed(() => own.read())
          : lib.computed(() => formula(own.read(), first.read(), second.read())),
      );
      cells[i].read();
    }
    let drawn = 0;
    for (let row = side - 40; row < side; row++) {
      for (let column = 0; column < 25; column++) {
        const cell = cells[row * side + column];
        lib.effect(() => {
          cell.read();
          drawn++;
        });
      }
    }
    let asked = 0;
    return {
      prepare() {
        lib.batch(() => {
          inputs.forEach((input, i) => {
            input.write(initial(i));
          });
        });
        for (const cell of cells) cell.read();
        asked = 0;
        drawn = 0;
      },
      run() {
        for (const step of steps) {
          lib.batch(() => inputs[step.cell].write(step.value));
          asked += cells[step.asked].read();
        }
      },
      release() {
        const sum = cells.reduce((all, cell) => all + cell.read(), 0);
        verify(sum, expected.sum, "sum of the cells");
        verify(asked, expected.asked, "sum of the cells asked for");
        verify(drawn > 0, true, "the window was drawn again");
      },
    };
  },
};
