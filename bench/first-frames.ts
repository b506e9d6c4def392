// The first second of a match in a fresh process: nothing is compiled for good yet, and no frame may be late for it.
import { answerOf } from "./child.js";
import { Histogram } from "./histogram.js";
import { type Figure, median } from "./measure.js";

const BUDGET_MS = 4;
const PROCESSES = 5;

export async function firstFrames(): Promise<Figure[]> {
  const all = new Histogram();
  const worst: number[] = [];
  for (let i = 0; i < PROCESSES; i++) {
    const times = await answerOf<number[]>("first-frames", []);
    for (const time of times) all.add(time);
    worst.push(Math.max(...times));
  }
  return [
    {
      what: "the longest frame of a match's first second, fighter, in a fresh process",
      value: `worst of each process ${worst.map((each) => each.toFixed(1)).join(", ")} ms; all: ${all}`,
      ...{ ratio: median(worst), budget: BUDGET_MS, sense: "most", unit: "ms" },
      against: `in all, the median of ${PROCESSES} processes`,
    },
  ];
}
