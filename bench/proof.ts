// The proof that a module is deterministic: the first one of a fresh process, which is what a player waits for.
import { readdir, stat } from "node:fs/promises";
import { answerOf } from "./child.js";
import { type Figure, median } from "./measure.js";

const FOLDER = "build/games";

const BUDGET_MS = 50;
const PROCESSES = 5;

export async function proof(): Promise<Figure[]> {
  const modules = (await readdir(FOLDER)).filter((name) => name.endsWith(".wasm")).sort();
  const figures: Figure[] = [];
  for (const name of modules) {
    const path = `${FOLDER}/${name}`;
    const times: number[] = [];
    for (let i = 0; i < PROCESSES; i++) times.push(await answerOf<number>("prove", [path]));
    const kilobytes = ((await stat(path)).size / 1000).toFixed(1);
    figures.push({
      what: `proof of ${name}, the first of a process`,
      value: `${kilobytes} kB`,
      ...{ ratio: median(times), budget: BUDGET_MS, sense: "most", unit: "ms" },
      against: `in all, the median of ${PROCESSES} processes`,
    });
  }
  return figures;
}
