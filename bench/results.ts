// How figures are told: a line on the terminal, a row of bench/RESULTS.md, and the machine they were measured on.
import { cpus, totalmem } from "node:os";
import type { Figure } from "./measure.js";

/** "told": of a figure without a budget. */
export type Verdict = "ok" | "MISSED" | "not run" | "told";

export interface Result extends Figure {
  bench: string;
  verdict: Verdict;
}

/** The table's place in bench/RESULTS.md; what stands around it is written by hand and kept. */
const BEGIN = "<!-- measured: written by `npm run bench -- --update` -->";
const END = "<!-- /measured -->";

export function judge(bench: string, figure: Figure): Result {
  return { bench, ...figure, verdict: verdict(figure) };
}

function verdict({ ratio, budget, sense, notRun }: Figure): Verdict {
  if (notRun !== undefined) return "not run";
  if (budget === undefined) return "told";
  // Asked so that a ratio that is no number fails.
  const met = sense === "most" ? ratio <= budget : ratio >= budget;
  return met ? "ok" : "MISSED";
}

/** Whether a run with this figure has failed. */
export function isMissed({ verdict }: Result): boolean {
  return verdict === "MISSED" || verdict === "not run";
}

/** How many figures, how many of them have a budget, and how many budgets were missed. */
export function count(results: readonly Result[]): string {
  const budgets = results.filter(({ budget }) => budget !== undefined).length;
  return `${results.length} figures, ${budgets} of them with a budget, ${results.filter(isMissed).length} missed`;
}

export function line(result: Result): string {
  const { what, value, against, verdict, notRun } = result;
  if (notRun !== undefined) return `${verdict} ${what}\n         ${notRun};  ${heldTo(result)}, ${against}`;
  return `${verdict.padEnd(6)} ${what}\n         ${value};  ${amount(result)} (${heldTo(result)}) ${against}`;
}

/** Three digits that count, and their unit. */
function amount({ ratio, unit = "×" }: Figure): string {
  const text = ratio === 0 || Math.abs(ratio) >= 100 ? ratio.toFixed(0) : ratio.toPrecision(3);
  return `${text} ${unit}`;
}

function heldTo({ budget, sense }: Figure): string {
  return budget === undefined ? "no budget" : `${sense === "most" ? "≤" : "≥"} ${budget}`;
}

export function machine(): string {
  const [cpu] = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${cpu?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${gibibytes} GiB, ${process.platform} ${process.arch}, Node ${process.version}`;
}

/** The document with its measured part written anew. Throws when the marks of that part are gone. */
export function withTable(document: string, results: readonly Result[], date: Date): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`bench/RESULTS.md has lost the lines ${BEGIN} and ${END}: put them back where the table belongs`);
  }
  return `${document.slice(0, begin)}${BEGIN}\n\n${table(results, date)}\n\n${document.slice(end)}`;
}

function table(results: readonly Result[], date: Date): string {
  const rows = results.map((result) => {
    const measured = result.notRun ?? result.value;
    const ratio = result.notRun === undefined ? amount(result) : "not run";
    const cells = [result.bench, result.what, measured, ratio, heldTo(result), result.against, result.verdict];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return [
    `${machine()}, ${date.toISOString().slice(0, 10)}. ${count(results)}.`,
    "",
    "| bench | work | measured | ratio | budget | against | |",
    "|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}
