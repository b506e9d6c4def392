// The page's copy of the rules says the same as the simulation's source and schema.
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { CHARACTERS } from "../../src/games/fighter/characters.js";
import { COLUMNS, Effect, Level, ROWS } from "../../src/games/fighter/moves.js";
import * as rules from "../../src/games/fighter/rules.js";
import { gameTypes } from "../../src/toolchain/types.js";
import { schema } from "./bout.js";

const source = (name: string) => readFile(new URL(`../../assembly/games/fighter/${name}`, import.meta.url), "utf8");
const [rulesSource, movesSource, charactersSource] = await Promise.all(
  ["rules.ts", "moves.ts", "characters.ts"].map(source),
);
const types = await readFile(new URL("../../src/games/fighter/types.ts", import.meta.url), "utf8");

function enumOf(text: string, name: string): Record<string, number> {
  const body = new RegExp(`const enum ${name} \\{([^}]*)\\}`).exec(text)![1]!;
  return Object.fromEntries([...body.matchAll(/(\w+) = (\d+)/g)].map(([, key, value]) => [key, Number(value)]));
}

/** The numbers of the one table of a source, without its comments. */
function tableOf(text: string): number[] {
  const body = /memory\.data<i16>\(\s*\[([\s\S]*?)\]/.exec(text)![1]!.replaceAll(/\/\/.*/g, "");
  return [...body.matchAll(/-?\d+/g)].map(([number]) => Number(number));
}

function columnsOf(text: string): string[] {
  return [...text.matchAll(/readonly (\w+): i16;/g)].map(([, name]) => name!);
}

describe("the page's rules", () => {
  test("agree on every list of names", () => {
    const lists = Object.entries(rules).filter(([name, value]) => typeof value === "object" && name !== "ACTION_NAMES");
    expect(lists.length).toBe(7);
    for (const [name, list] of lists) expect(list, name).toEqual(enumOf(rulesSource!, name));
  });

  test("agree on every constant of the same name", () => {
    const theirs = new Map(
      [...rulesSource!.matchAll(/const (\w+)(?:: \w+)? = (\d+);/g)].map(([, name, value]) => [name!, Number(value)]),
    );
    const ours = Object.entries(rules).filter(([, value]) => typeof value === "number");
    expect(ours.length).toBeGreaterThan(8);
    for (const [name, value] of ours) expect([name, value]).toEqual([name, theirs.get(name)]);
  });

  test("agree on the move table", () => {
    expect([...COLUMNS]).toEqual(columnsOf(movesSource!));
    expect(ROWS.flat()).toEqual(tableOf(movesSource!));
    expect(Level).toEqual(enumOf(movesSource!, "Level"));
    expect(Effect).toEqual(enumOf(movesSource!, "Effect"));
  });

  test("agree on the characters", () => {
    const columns = columnsOf(charactersSource!);
    const rows = CHARACTERS.map((character) =>
      columns.map((column) => (character as unknown as Record<string, number>)[column]),
    );
    expect(rows.flat()).toEqual(tableOf(charactersSource!));
  });

  test("have the types that the schema of the module gives", () => {
    const words = (text: string) => text.replaceAll(/\s+|(?<==)\s*\|/g, "");
    expect(words(types).replaceAll(/([:=])\|/g, "$1")).toBe(words(gameTypes(schema)).replaceAll(/([:=])\|/g, "$1"));
  });
});
