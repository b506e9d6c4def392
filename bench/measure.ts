// Measuring on a shared machine: every case in turn, round after round, and the median of each case's rounds.
import Benchmark from "benchmark";

export interface Case {
  name: string;
  run: () => void;
}

/** Rounds of all cases; the median of five shrugs off two disturbed ones. */
const ROUNDS = 5;

/** Time for one case in one round, in seconds. */
const SECONDS = 0.12;

/** Microseconds of one run of each case, as the median over interleaved rounds. */
export function microseconds<const C extends readonly Case[]>(cases: C): Record<C[number]["name"], number> {
  const samples = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, run } of cases) {
      const bench = new Benchmark(name, run, { maxTime: SECONDS, minTime: SECONDS / 4, minSamples: 3 });
      bench.run({ async: false });
      samples.get(name)!.push(1e6 / bench.hz);
    }
  }
  return Object.fromEntries([...samples].map(([name, values]) => [name, median(values)])) as Record<
    C[number]["name"],
    number
  >;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

export interface Figure {
  what: string;
  /** What was measured, as a person reads it. */
  value: string;
  /** The ratio that the budget limits, and the budget. */
  ratio: number;
  budget: number;
  /** "most": the ratio must not exceed the budget; "least": it must reach it. */
  sense: "most" | "least";
  /** What the ratio is held against, measured in the same run. */
  against: string;
}

export function met({ ratio, budget, sense }: Figure): boolean {
  return sense === "most" ? ratio <= budget : ratio >= budget;
}

export function us(value: number): string {
  return `${value < 10 ? value.toFixed(3) : value.toFixed(1)} µs`;
}
