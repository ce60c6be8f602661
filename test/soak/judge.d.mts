/** What a series may grow by. */
export interface Tolerance {
  readonly by: number;
  readonly part: number;
}
export interface Judgement {
  readonly first: number;
  readonly last: number;
  readonly growth: number;
  readonly allowed: number;
  readonly grown: boolean;
}
export const TOLERANCES: Readonly<Record<string, Tolerance>>;
export function median(numbers: readonly number[]): number;
export function judge(values: readonly number[], tolerance: Tolerance): Judgement;
export function judgeAll(
  samples: readonly Readonly<Record<string, number>>[],
): ({ readonly name: string } & Judgement)[];
