// The matrix for people: a line for each engine, then each difference, then one line that says it all.
import type { Difference, Matrix, Row } from "./matrix.js";

const MARK = { equal: "✓", differs: "✗", alone: "–", failed: "✗", "not run": "–" } as const satisfies Record<
  Row["outcome"],
  string
>;
const FIELDS_MAX = 8;

export function tableOf({ rows, differences }: Matrix): string {
  const head = ["", "engine", "matches", "frames", "hashes", "seconds", "version"];
  const run = rows.filter(({ outcome }) => outcome !== "not run");
  const cells = run.map((row) => [
    ...[MARK[row.outcome], row.name, String(row.matches.length), String(sum(row.matches.map(({ frames }) => frames)))],
    ...[String(row.hashesCompared), row.seconds.toFixed(1), row.version ?? ""],
  ]);
  return [
    ...aligned([head, ...cells]),
    ...run.flatMap(shortened),
    ...rows.filter(({ outcome }) => outcome === "not run").map(({ name, why }) => `– not run: ${name}: ${why}`),
    ...run.flatMap(({ name, why }) => (why === undefined ? [] : [`✗ ${name} failed: ${why}`])),
    ...differences.flatMap(linesOf),
    verdict({ rows, differences }),
  ].join("\n");
}

/** What the table does not say: of which matches the engine played a part only. */
function shortened({ name, matches }: Row): string[] {
  const parts = matches.filter(({ frames, recorded }) => frames < recorded);
  if (parts.length === 0) return [];
  const list = parts.map((match) => `${match.name} (${match.frames} of ${match.recorded} frames)`);
  return [`  ${name} played only a part of ${list.join(", ")}`];
}

function linesOf({ engine, match, frame, agreeing, fields }: Difference): string[] {
  const told = fields.slice(0, FIELDS_MAX);
  const lines = told.map(({ path, before, after }) => `    ${path}: ${before} in the others, ${after} here`);
  if (fields.length === 0) lines.push("    the state cannot be told: played again, an engine gave none, or the same");
  if (fields.length > told.length) lines.push(`    and ${fields.length - told.length} more fields`);
  return [`✗ ${engine} differs: ${match}, frame ${frame} (${agreeing} other engines agree)`, ...lines];
}

export function verdict({ rows, differences }: Matrix): string {
  const run = rows.filter(({ outcome }) => outcome !== "not run");
  const failed = run.filter(({ outcome }) => outcome === "failed");
  const hashes = sum(run.map(({ hashesCompared }) => hashesCompared));
  const others = `${rows.length - run.length} not run`;
  if (differences.length > 0) return `✗ engines differ: see above (${run.length} run, ${others})`;
  if (failed.length > 0) return `✗ ${failed.length} of ${run.length} engines failed, ${others}`;
  if (hashes === 0) return `– nothing was compared: it takes two engines (${run.length} run, ${others})`;
  return `✓ ${hashes} hashes of ${run.length} engines, all equal (${others})`;
}

function aligned(lines: readonly (readonly string[])[]): string[] {
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((cells) => cells[i]!.length)));
  const isNumber = (column: number) => column > 1 && column < lines[0]!.length - 1;
  return lines.map((cells) =>
    cells
      .map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
