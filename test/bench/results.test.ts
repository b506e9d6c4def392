// How benches are judged and written down: a missed budget cannot pass, and what people wrote stays.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Figure } from "../../bench/measure.js";
import { count, isMissed, judge, line, withTable } from "../../bench/results.js";

const FIGURE: Figure = {
  what: "a copy",
  value: "1.2 µs",
  ratio: 1.05,
  budget: 1.15,
  sense: "most",
  against: "memory.copy",
};

const DOCUMENT = readFileSync("bench/RESULTS.md", "utf8");

describe("a figure", () => {
  it("meets its budget at the budget, and misses it beyond", () => {
    expect(judge("copies", { ...FIGURE, ratio: 1.15 }).verdict).toBe("ok");
    expect(judge("copies", { ...FIGURE, ratio: 1.151 }).verdict).toBe("MISSED");
    expect(judge("peers", { ...FIGURE, sense: "least", ratio: 1.15 }).verdict).toBe("ok");
    expect(judge("peers", { ...FIGURE, sense: "least", ratio: 1.149 }).verdict).toBe("MISSED");
  });

  it("that is no number is missed", () => {
    for (const sense of ["most", "least"] as const)
      expect(judge("copies", { ...FIGURE, sense, ratio: Number.NaN }).verdict).toBe("MISSED");
  });

  it("that could not be measured does not pass, and says why", () => {
    const result = judge("peers", { ...FIGURE, ratio: 1, notRun: "its package is not installed" });
    expect(result.verdict).toBe("not run");
    expect(line(result)).toContain("its package is not installed");
  });

  it("without a budget is told, neither met nor missed, and counts as no budget", () => {
    const { budget: _, ...free } = FIGURE;
    const told = judge("ledger", { ...free, ratio: 7 });
    expect(told.verdict).toBe("told");
    expect(isMissed(told)).toBe(false);
    expect(line(told)).toContain("7.00 × (no budget)");
    const missed = judge("copies", { ...FIGURE, ratio: 2 });
    expect(count([told, missed, judge("copies", FIGURE)])).toBe("3 figures, 2 of them with a budget, 1 missed");
    expect(withTable(DOCUMENT, [told], new Date(0))).toContain("| ledger | a copy | 1.2 µs | 7.00 × | no budget |");
  });

  it("is printed beside its budget, in its unit", () => {
    expect(line(judge("tick", { ...FIGURE, ratio: 2.5, budget: 2, unit: "µs" }))).toContain("2.50 µs (≤ 2)");
  });
});

describe("bench/RESULTS.md", () => {
  const date = new Date("2026-01-02");

  it("gets a new table, and keeps every line around it", () => {
    const first = withTable(DOCUMENT, [judge("copies", FIGURE)], date);
    expect(first).toContain("| copies | a copy | 1.2 µs | 1.05 × | ≤ 1.15 | memory.copy | ok |");
    expect(first).toContain("2026-01-02");
    const second = withTable(first, [judge("copies", { ...FIGURE, what: "a save" })], date);
    expect(second).not.toContain("| a copy |");
    const around = (text: string) => text.replace(/<!-- measured[\s\S]*<!-- \/measured -->/, "");
    expect(around(second)).toBe(around(DOCUMENT));
  });

  it("is not overwritten when the marks of the table are gone", () => {
    expect(() => withTable("# Results\n", [], date)).toThrow("has lost the lines");
  });

  it("has a note on every bench", () => {
    const [, table = ""] = readFileSync("bench/benches.ts", "utf8").split("export const BENCHES");
    const names = [...table.matchAll(/^ {2}"?([a-z-]+)"?: /gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !DOCUMENT.includes(`\n### ${name}\n`))).toEqual([]);
  });
});
