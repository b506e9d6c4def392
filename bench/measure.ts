// Measuring on a shared machine: every case in turn, round after round, and the median of what the rounds say.
import Benchmark from "benchmark";

export interface Case {
  name: string;
  run: () => void;
  /** Operations in one run, so that a short one is not measured together with the call around it. 1 by default. */
  batch?: number;
}

/** Rounds of all cases; the median of five shrugs off two disturbed ones. */
const ROUNDS = 5;

/** Time for one case in one round, in seconds. */
const SECONDS = 0.12;

/** How long each case of each round takes, in microseconds an operation. */
export class Rounds<Name extends string> {
  readonly #rounds: ReadonlyMap<Name, number[]>;

  constructor(rounds: ReadonlyMap<Name, number[]>) {
    this.#rounds = rounds;
  }

  /** Microseconds of one operation. */
  us(name: Name): number {
    return median(this.#rounds.get(name)!);
  }

  /**
   * What `of` makes of the times of one round, as the median over all rounds. A ratio is formed inside a round: a
   * machine that slows down for a second slows both of its sides.
   */
  median(of: (us: (name: Name) => number) => number): number {
    const count = [...this.#rounds.values()][0]!.length;
    return median(Array.from({ length: count }, (_, round) => of((name) => this.#rounds.get(name)![round]!)));
  }

  /** How many times as long as `base` one operation of `name` takes. */
  ratio(name: Name, base: Name): number {
    return this.median((us) => us(name) / us(base));
  }
}

/** Runs all cases in turn, round after round. */
export function rounds<const C extends readonly Case[]>(
  cases: C,
  options: { rounds?: number; seconds?: number } = {},
): Rounds<C[number]["name"]> {
  const { rounds: count = ROUNDS, seconds = SECONDS } = options;
  const samples = new Map<C[number]["name"], number[]>(cases.map(({ name }) => [name, []]));
  for (let round = 0; round < count; round++) {
    for (const { name, run, batch = 1 } of cases) {
      const bench = new Benchmark(name, run, { maxTime: seconds, minTime: seconds / 4, minSamples: 3 });
      bench.run({ async: false });
      if (bench.error !== undefined) throw new Error(`the bench of ${name} failed`, { cause: bench.error });
      samples.get(name)!.push((1e6 * median(bench.stats.sample)) / batch);
    }
  }
  return new Rounds(samples);
}

export interface Play<Name extends string = string> {
  name: Name;
  /** Prepares a play, untimed, and answers what is timed. Warm-up rounds count from 0, and so do those that count. */
  start: (round: number) => () => void;
  /** Operations in what is timed. */
  operations: number;
}

/** Rounds of plays are short, so there are many: a ratio near 1 needs them. */
const PLAY_ROUNDS = 25;

/** Rounds before those that count. */
const WARM_ROUNDS = 2;

/** Plays with a beginning and an end, in turn, round after round. */
export function playRounds<const P extends readonly Play[]>(plays: P, count = PLAY_ROUNDS): Rounds<P[number]["name"]> {
  const samples = new Map<P[number]["name"], number[]>(plays.map(({ name }) => [name, []]));
  for (let round = -WARM_ROUNDS; round < count; round++) {
    for (const { name, start, operations } of plays) {
      const play = start(round < 0 ? round + WARM_ROUNDS : round);
      const begin = performance.now();
      play();
      if (round >= 0) samples.get(name)!.push((1000 * (performance.now() - begin)) / operations);
    }
  }
  return new Rounds(samples);
}

/** Microseconds of one operation of each case. */
export function microseconds<const C extends readonly Case[]>(cases: C): Record<C[number]["name"], number> {
  const measured = rounds(cases);
  return Object.fromEntries(cases.map(({ name }) => [name, measured.us(name)])) as Record<C[number]["name"], number>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

export function us(value: number): string {
  return `${value < 10 ? value.toFixed(3) : value.toFixed(1)} µs`;
}

export function gigabytesPerSecond(bytes: number, microsecondsEach: number): number {
  return bytes / microsecondsEach / 1000;
}

/** What a bench answers: one figure for each claim, with the budget it is held to. */
export interface Figure {
  /** The claim's work, as the table names it. */
  what: string;
  /** What was measured, as a person reads it. */
  value: string;
  /** What the budget limits, and the budget; without one the figure is only told. */
  ratio: number;
  budget?: number;
  /** "most": the ratio must not exceed the budget; "least": it must reach it. */
  sense: "most" | "least";
  /** What the ratio is held against, measured in the same run. */
  against: string;
  /** What `ratio` and `budget` count where they are no multiple of `against`: "µs", "bytes". */
  unit?: string;
  /** What was counted on the way, for `--json`. */
  also?: object;
  /** Why it could not be measured here. Such a figure never passes. */
  notRun?: string;
}
