// The bots of record and synctest: what they press is an input that a page could have sent, and depends on nothing but a seed.
import { describe, expect, it } from "vitest";
import { BOTS, type BotName, botsOf } from "../../src/cli/bots.js";
import type { Schema, SchemaClass } from "../../src/simulation/schema.js";

const FRAMES = 500;

/** `buttons: u16; aim: Aim; flags: Numbers<bool>` of two, with an Aim of a bool and a byte. */
function schema(commands?: true): Schema {
  const number = (name: string, offset: number, type: string) => ({ name, offset, type, kind: "number" as const });
  const of = (bytes: number, fields: SchemaClass["fields"]): SchemaClass => ({
    kind: "input",
    id: 1,
    size: 8,
    bytes,
    fields,
  });
  return {
    ...(commands && { commands }),
    input: "Pad",
    classes: {
      Pad: of(6, [
        number("buttons", 0, "u16"),
        { name: "aim", offset: 2, type: "Aim", kind: "nested" },
        { ...number("flags", 4, "bool"), count: 2 },
      ]),
      Aim: of(2, [number("up", 0, "bool"), number("angle", 1, "u8")]),
    },
  } as unknown as Schema;
}

/** What each seat presses, frame by frame, in hexadecimal. */
function played(name: BotName, options: { players?: number; seed?: number; commands?: true } = {}): string[][] {
  const { players = 1, seed = 1, commands } = options;
  const into = new Uint8Array(6);
  return botsOf(schema(commands), name, { players, seed }).map((bot) =>
    Array.from({ length: FRAMES }, () => Buffer.from(into.subarray(0, bot(into))).toString("hex")),
  );
}

/** How often each input comes in a row. */
function runs(inputs: string[]): number[] {
  const found: number[] = [];
  for (const [i, input] of inputs.entries()) {
    if (i > 0 && input === inputs[i - 1]) found[found.length - 1]! += 1;
    else found.push(1);
  }
  return found;
}

describe.each(Object.keys(BOTS) as BotName[])("the bot %s", (name) => {
  it("presses the same for the same seed, whoever else plays", () => {
    const [first] = played(name, { seed: 3 });
    expect(played(name, { seed: 3, players: 4 })[0]).toEqual(first);
    if (name !== "idle") expect(played(name, { seed: 4 })[0]).not.toEqual(first);
  });

  it("sends whole inputs, whose bools are 0 or 1", () => {
    for (const input of played(name, { players: 2 }).flat()) expect(input).toMatch(/^....(00|01)..(00|01)(00|01)$/);
  });
});

describe("the bot", () => {
  it("random presses something else in every frame", () => {
    const [first, second] = played("random", { players: 2 });
    expect(runs(first!)).toEqual(new Array(FRAMES).fill(1));
    expect(second).not.toEqual(first);
  });

  it("hold keeps each press for up to thirty frames", () => {
    const lengths = runs(played("hold")[0]!).slice(0, -1);
    expect(Math.max(...lengths)).toBeGreaterThan(20);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(30);
    expect(new Set(lengths).size).toBeGreaterThan(8);
  });

  it("hold gives a command once, and then none for a while", () => {
    const inputs = played("hold", { commands: true })[0]!;
    const given = inputs.filter((input) => input !== "");
    expect(given.length).toBeGreaterThan(10);
    expect(given.length).toBeLessThan(FRAMES / 8);
    expect(new Set(given.map(({ length }) => length / 2))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(inputs.some((input, i) => input !== "" && input === inputs[i - 1])).toBe(false);
  });

  it("idle presses nothing, and commands nothing", () => {
    expect(new Set(played("idle")[0])).toEqual(new Set(["000000000000"]));
    expect(new Set(played("idle", { commands: true })[0])).toEqual(new Set([""]));
  });
});
