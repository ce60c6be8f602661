/**
 * How long a fuzzer runs: so many programs, always the same, as a test; or SK_FUZZ_SECONDS from the seed
 * SK_FUZZ_SEED on, when `npm run fuzz` says so.
 */
const SECONDS = Number(process.env.SK_FUZZ_SECONDS ?? 0);
const SEED = Number(process.env.SK_FUZZ_SEED ?? 1);
const TELL_MS = 5000;

/** Longer than any run: for the limit of a test. */
export const TIMEOUT_MS = SECONDS * 1000 + 300_000;

/** The seeds to be run, one after the other. */
export function* seeds(count: number): Generator<number> {
  const started = performance.now();
  let told = started;
  let at = 0;
  /* Seeds of different starts are far from each other. */
  const first = SECONDS === 0 ? 1 : SEED * 1_000_003;
  for (; SECONDS === 0 ? at < count : performance.now() - started < SECONDS * 1000; at++) {
    if (SECONDS > 0 && performance.now() - told > TELL_MS) {
      told = performance.now();
      console.log(`fuzz: ${at} programs, the next has the seed ${first + at}`);
    }
    yield first + at;
  }
  if (SECONDS > 0) console.log(`fuzz: ${at} programs; nothing found in ${SECONDS} s`);
}

/** The seed that SK_FUZZ_ONLY repeats, if any. */
export const ONLY =
  process.env.SK_FUZZ_ONLY === undefined ? null : Number(process.env.SK_FUZZ_ONLY);
