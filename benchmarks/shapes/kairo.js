// @ts-check
// The kairo family: eight small graphs, each with one habit of real programs taken to the extreme.
// One `iterate` is one pass of the public benchmark; a timed run makes a thousand of them at full
// scale.

import { verify } from "./verify.js";

/** @typedef {import("../harness/types.js").Adapter} Adapter */
/** @typedef {import("../harness/types.js").Shape} Shape */
/** @typedef {import("../harness/types.js").Readable<number>} Numeric */

/** Work that a reactive library cannot save, and an engine cannot remove: its result is used. */
function busy() {
  let a = 0;
  for (let i = 0; i < 100; i++) a++;
  return a;
}

/** @param {Numeric[]} nodes */
const total = (nodes) => nodes.map((node) => node.read()).reduce((a, b) => a + b, 0);

/** A value that stays the same half way down: nothing behind it may run. @param {Adapter} lib */
function avoidable(lib) {
  const head = lib.signal(0);
  let behind = 0;
  const copy = lib.computed(() => head.read());
  const constant = lib.computed(() => {
    copy.read();
    return 0;
  });
  const heavy = lib.computed(() => {
    behind++;
    return busy() - 99 + constant.read();
  });
  const plus2 = lib.computed(() => heavy.read() + 2);
  const plus3 = lib.computed(() => plus2.read() + 3);
  lib.effect(() => {
    plus3.read();
    busy();
  });
  return () => {
    lib.batch(() => head.write(1));
    verify(plus3.read(), 6, "avoidable");
    for (let i = 0; i < 1000; i++) {
      lib.batch(() => head.write(i));
      verify(plus3.read(), 6, "avoidable");
    }
    verify(behind, 1, "avoidable: runs behind the constant");
  };
}

/** One signal, fifty chains of two, an effect on each. @param {Adapter} lib */
function broad(lib) {
  const head = lib.signal(0);
  let runs = 0;
  /** @type {Numeric} */
  let last = head;
  for (let i = 0; i < 50; i++) {
    const first = lib.computed(() => head.read() + i);
    const second = lib.computed(() => first.read() + 1);
    lib.effect(() => {
      second.read();
      runs++;
    });
    last = second;
  }
  return () => {
    lib.batch(() => head.write(1));
    runs = 0;
    for (let i = 0; i < 50; i++) {
      lib.batch(() => head.write(i));
      verify(last.read(), i + 50, "broad");
    }
    verify(runs, 50 * 50, "broad: runs of effects");
  };
}

/** One chain of fifty. @param {Adapter} lib */
function deep(lib) {
  const length = 50;
  const head = lib.signal(0);
  let runs = 0;
  /** @type {Numeric} */
  let current = head;
  for (let i = 0; i < length; i++) {
    const before = current;
    current = lib.computed(() => before.read() + 1);
  }
  const last = current;
  lib.effect(() => {
    last.read();
    runs++;
  });
  return () => {
    lib.batch(() => head.write(1));
    runs = 0;
    for (let i = 0; i < 50; i++) {
      lib.batch(() => head.write(i));
      verify(last.read(), length + i, "deep");
    }
    verify(runs, 50, "deep: runs of the effect");
  };
}

/** Five ways from the signal to the sum. @param {Adapter} lib */
function diamond(lib) {
  const width = 5;
  const head = lib.signal(0);
  let runs = 0;
  const arms = Array.from({ length: width }, () => lib.computed(() => head.read() + 1));
  const sum = lib.computed(() => total(arms));
  lib.effect(() => {
    sum.read();
    runs++;
  });
  return () => {
    lib.batch(() => head.write(1));
    verify(sum.read(), 2 * width, "diamond");
    runs = 0;
    for (let i = 0; i < 500; i++) {
      lib.batch(() => head.write(i));
      verify(sum.read(), (i + 1) * width, "diamond");
    }
    verify(runs, 500, "diamond: runs of the effect");
  };
}

/**
 * A hundred signals gathered in one record and split again: ninety-nine parts never change.
 *
 * @param {Adapter} lib
 */
function mux(lib) {
  const heads = Array.from({ length: 100 }, () => lib.signal(0));
  const gathered = lib.computed(() => Object.fromEntries(heads.map((h) => h.read()).entries()));
  let runs = 0;
  const parts = heads.map((_, index) => {
    const part = lib.computed(() => gathered.read()[index]);
    return lib.computed(() => part.read() + 1);
  });
  for (const part of parts) {
    lib.effect(() => {
      part.read();
      runs++;
    });
  }
  return () => {
    runs = 0;
    for (let i = 0; i < 10; i++) {
      lib.batch(() => heads[i].write(i));
      verify(parts[i].read(), i + 1, "mux");
    }
    for (let i = 0; i < 10; i++) {
      lib.batch(() => heads[i].write(i * 2));
      verify(parts[i].read(), i * 2 + 1, "mux");
    }
    // Head 0 goes from 0 to 0, twice.
    verify(runs, 18, "mux: runs of effects");
  };
}

/** One computed that reads the same signal thirty times. @param {Adapter} lib */
function repeated(lib) {
  const size = 30;
  const head = lib.signal(0);
  let runs = 0;
  const sum = lib.computed(() => {
    let result = 0;
    for (let i = 0; i < size; i++) result += head.read();
    return result;
  });
  lib.effect(() => {
    sum.read();
    runs++;
  });
  return () => {
    lib.batch(() => head.write(1));
    verify(sum.read(), size, "repeated");
    runs = 0;
    for (let i = 0; i < 100; i++) {
      lib.batch(() => head.write(i));
      verify(sum.read(), i * size, "repeated");
    }
    verify(runs, 100, "repeated: runs of the effect");
  };
}

/**
 * A chain of ten, and a sum over all of its links: every way has another length.
 *
 * @param {Adapter} lib
 */
function triangle(lib) {
  const width = 10;
  const head = lib.signal(0);
  let runs = 0;
  /** @type {Numeric[]} */
  const links = [];
  /** @type {Numeric} */
  let current = head;
  for (let i = 0; i < width; i++) {
    const before = current;
    links.push(before);
    current = lib.computed(() => before.read() + 1);
  }
  const sum = lib.computed(() => total(links));
  lib.effect(() => {
    sum.read();
    runs++;
  });
  const offsets = (width * (width - 1)) / 2;
  return () => {
    lib.batch(() => head.write(1));
    verify(sum.read(), width + offsets, "triangle");
    runs = 0;
    for (let i = 0; i < 100; i++) {
      lib.batch(() => head.write(i));
      verify(sum.read(), i * width + offsets, "triangle");
    }
    verify(runs, 100, "triangle: runs of the effect");
  };
}

/**
 * Each write swaps which of two computeds is read: dependencies change every time.
 *
 * @param {Adapter} lib
 */
function unstable(lib) {
  const reads = 20;
  const head = lib.signal(0);
  let runs = 0;
  const double = lib.computed(() => head.read() * 2);
  const inverse = lib.computed(() => -head.read());
  const current = lib.computed(() => {
    let result = 0;
    for (let i = 0; i < reads; i++) result += head.read() % 2 ? double.read() : inverse.read();
    return result;
  }, [head, double, inverse]);
  lib.effect(() => {
    current.read();
    runs++;
  });
  return () => {
    lib.batch(() => head.write(1));
    verify(current.read(), 2 * reads, "unstable");
    runs = 0;
    for (let i = 0; i < 100; i++) {
      lib.batch(() => head.write(i));
      verify(current.read(), i % 2 ? i * 2 * reads : 0 - i * reads, "unstable");
    }
    verify(runs, 100, "unstable: runs of the effect");
  };
}

/**
 * @param {string} name
 * @param {string} row
 * @param {(lib: Adapter) => () => void} graph
 * @returns {Shape}
 */
function kairoShape(name, row, graph) {
  return {
    name,
    set: "kairo",
    row,
    build(lib, scale) {
      const passes = { full: 1000, quick: 60, check: 5 }[scale.mode];
      const iterate = graph(lib);
      return {
        run() {
          for (let i = 0; i < passes; i++) iterate();
        },
      };
    },
  };
}

/** @type {Shape[]} */
export const kairo = [
  kairoShape("avoidable", "avoidable propagation", avoidable),
  kairoShape("broad", "broad", broad),
  kairoShape("deep", "deep", deep),
  kairoShape("diamond", "diamond", diamond),
  kairoShape("mux", "mux", mux),
  kairoShape("repeated", "repeated observers", repeated),
  kairoShape("triangle", "triangle", triangle),
  kairoShape("unstable", "unstable", unstable),
];
