// The page's copy of the rules and tables says the same as the simulation's source and schema.
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import * as rules from "../../src/games/skirmish/rules.js";
import * as stats from "../../src/games/skirmish/stats.js";
import { gameTypes } from "../../src/toolchain/types.js";
import { schema } from "./campaign.js";

const source = (name: string) => readFile(new URL(`../../assembly/games/skirmish/${name}`, import.meta.url), "utf8");
const [rulesSource, statsSource] = (await Promise.all(["rules.ts", "stats.ts"].map(source))) as [string, string];
const types = await readFile(new URL("../../src/games/skirmish/types.ts", import.meta.url), "utf8");

function enumOf(text: string, name: string): Record<string, number> {
  const body = new RegExp(`const enum ${name} \\{([^}]*)\\}`).exec(text)![1]!;
  return Object.fromEntries([...body.matchAll(/(\w+) = (\d+)/g)].map(([, key, value]) => [key, Number(value)]));
}

function constantsOf(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(/const (\w+)(?:: \w+)? = (\d+);/g)].map(([, name, value]) => [name!, Number(value)]),
  );
}

/** The numbers of one table of the source, without its comments. */
function tableOf(name: string): number[] {
  const body = new RegExp(`const ${name}: usize = memory\\.data<i16>\\(\\[([\\s\\S]*?)\\]\\)`).exec(statsSource)![1]!;
  return [...body.replaceAll(/\/\/.*/g, "").matchAll(/-?\d+/g)].map(([number]) => Number(number));
}

function columnsOf(name: string): string[] {
  const body = new RegExp(`class ${name} \\{([\\s\\S]*?)\\n\\}`).exec(statsSource)![1]!;
  return [...body.matchAll(/readonly (\w+): i16;/g)].map(([, column]) => column!);
}

describe("the page's rules", () => {
  test("agree on every list of names", () => {
    const lists = Object.entries(rules).filter(([, value]) => typeof value === "object");
    expect(lists.length).toBe(8);
    for (const [name, list] of lists) expect(list, name).toEqual(enumOf(rulesSource, name));
  });

  test("agree on every constant", () => {
    const theirs = constantsOf(rulesSource);
    const ours = Object.entries(rules).filter(([name, value]) => typeof value === "number" && theirs.has(name));
    expect(ours.length).toBe(theirs.size);
    for (const [name, value] of ours) expect([name, value]).toEqual([name, theirs.get(name)]);
    expect(rules.FRAMES_PER_SECOND).toBe(schema.framesPerSecond);
  });

  test("agree on units, buildings and who is good against whom", () => {
    expect([...stats.UNIT_COLUMNS]).toEqual(columnsOf("UnitStats"));
    expect([...stats.BUILDING_COLUMNS]).toEqual(columnsOf("BuildingStats"));
    expect(stats.UNIT_ROWS.flat()).toEqual(tableOf("UNITS"));
    expect(stats.BUILDING_ROWS.flat()).toEqual(tableOf("BUILDINGS"));
    expect(stats.BONUS_ROWS.flat()).toEqual(tableOf("BONUS"));
    const theirs = constantsOf(statsSource);
    const ours = Object.entries(stats).filter(([, value]) => typeof value === "number");
    expect(ours.length).toBe(4);
    for (const [name, value] of ours) expect([name, value]).toEqual([name, theirs.get(name)]);
  });

  test("have the types that the schema of the module gives", () => {
    const words = (text: string) => text.replaceAll(/\s+|(?<==)\s*\|/g, "").replaceAll(/([:=])\|/g, "$1");
    expect(words(types)).toBe(words(gameTypes(schema)));
  });
});

describe("the state", () => {
  test("fits a megabyte", () => {
    expect(schema.regions.state.size).toBeLessThanOrEqual(1 << 20);
  });

  test("takes commands, so that nobody repeats them by predicting", () => {
    expect(schema.commands).toBe(true);
  });
});
