import { expect, it } from "vitest";
import { forEachEngine } from "../helpers/engines.js";

forEachEngine(
  "T2 nested transactions",
  ({ signal, computed, createEffect, transaction, flushSync }) => {
    function attempt(fn: () => void): boolean {
      try {
        transaction(fn);
        return true;
      } catch {
        return false;
      }
    }

    function fail(): never {
      throw new Error("fail");
    }

    it("an inner one that throws and is caught rolls back to its own start only", () => {
      const a = signal(0);
      const b = signal(0);
      const seen: string[] = [];
      createEffect(() => void seen.push(`${a.get()} ${b.get()}`));
      transaction(() => {
        a.set(1);
        attempt(() => {
          a.set(2);
          b.set(2);
          fail();
        });
        expect([a.get(), b.get()]).toEqual([1, 0]);
      });
      expect(seen).toEqual(["0 0", "1 0"]);
    });

    it("an outer rollback undoes committed inner ones", () => {
      const a = signal(0);
      const b = signal(0);
      expect(
        attempt(() => {
          a.set(1);
          attempt(() => {
            a.set(2);
            b.set(2);
          });
          expect([a.get(), b.get()]).toEqual([2, 2]);
          fail();
        }),
      ).toBe(false);
      expect([a.get(), b.get()]).toEqual([0, 0]);
    });

    it("an inner throw that is not caught rolls everything back", () => {
      const a = signal(0);
      expect(
        attempt(() => {
          a.set(1);
          transaction(() => {
            a.set(2);
            fail();
          });
        }),
      ).toBe(false);
      expect(a.get()).toBe(0);
    });

    it("five levels: each goes back to where it began", () => {
      const a = signal(0);
      const after: [level: number, value: number][] = [];
      const nest = (level: number): void => {
        a.set((n) => n * 10 + level);
        if (level < 5)
          attempt(() => {
            nest(level + 1);
            if (level % 2 === 0) fail();
          });
        after.push([level, a.get()]);
      };
      transaction(() => nest(1));
      expect(after).toEqual([
        [5, 12345],
        [4, 1234],
        [3, 1234],
        [2, 12],
        [1, 12],
      ]);
    });

    it("siblings do not touch each other", () => {
      const a = signal(0);
      const b = signal(0);
      transaction(() => {
        attempt(() => a.set(1));
        attempt(() => {
          a.set(5);
          b.set(5);
          fail();
        });
        attempt(() => b.set(2));
        expect([a.get(), b.get()]).toEqual([1, 2]);
      });
      expect([a.get(), b.get()]).toEqual([1, 2]);
    });

    it("a signal first written by a rolled back inner one belongs to nobody afterwards", () => {
      const a = signal(0);
      expect(
        attempt(() => {
          attempt(() => {
            a.set(1);
            fail();
          });
          a.set(2);
          fail();
        }),
      ).toBe(false);
      expect(a.get()).toBe(0);
      transaction(() => {
        attempt(() => {
          a.set(1);
          fail();
        });
        a.set(2);
      });
      expect(a.get()).toBe(2);
    });

    it("an inner one that took the outer one's write back, read, and was rolled back changes nothing", () => {
      for (const readInside of [true, false]) {
        const a = signal(4);
        const double = computed(() => a.get() * 2);
        const direct: number[] = [];
        const derived: number[] = [];
        createEffect(() => void direct.push(a.get()));
        createEffect(() => void derived.push(double.get()));
        transaction(() => {
          a.set(7);
          attempt(() => {
            a.set(4);
            if (readInside) expect(double.get()).toBe(8);
            fail();
          });
        });
        expect([direct, derived]).toEqual([
          [4, 7],
          [8, 14],
        ]);
      }
    });

    it("computeds are right at every level and afterwards", () => {
      const a = signal(1);
      const double = computed(() => a.get() * 2);
      const seen: number[] = [];
      createEffect(() => void seen.push(double.get()));
      transaction(() => {
        a.set(2);
        expect(double.get()).toBe(4);
        attempt(() => {
          a.set(3);
          expect(double.get()).toBe(6);
          attempt(() => {
            a.set(4);
            expect(double.get()).toBe(8);
            fail();
          });
          expect(double.get()).toBe(6);
          fail();
        });
        expect(double.get()).toBe(4);
      });
      expect(double.get()).toBe(4);
      flushSync();
      expect(seen).toEqual([2, 4]);
    });

    it("a rolled back inner one leaves the outer one's computeds and effects alone", () => {
      const a = signal(1);
      const b = signal(1);
      const sum = computed(() => a.get() + b.get());
      const seen: number[] = [];
      createEffect(() => void seen.push(sum.get()));
      transaction(() => {
        a.set(10);
        expect(sum.get()).toBe(11);
        attempt(() => {
          b.set(100);
          expect(sum.get()).toBe(110);
          fail();
        });
      });
      expect(sum.get()).toBe(11);
      expect(seen).toEqual([2, 11]);
    });
  },
);
