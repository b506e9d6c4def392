// Every way a game can be refused by its layout, from its source: the reason, and where it is written.
import { describe, expect, test } from "vitest";
import { ENTRY, game, type Parts, pointed, refused } from "./faulty-game.js";
import { buildSource, failureOf } from "./project.js";

test("the game around the faults below builds", async () => {
  await expect(buildSource(game({}))).resolves.toBeDefined();
});

describe("refused by the layout", () => {
  const cases: [string, Parts, string, string][] = [
    ["an initial value", { fields: "health: i32 = 100;" }, "'World.health' cannot have an initial value here", "100"],
    ["a string", { fields: "name: string;" }, "'World.name' is a 'string', which cannot live in the state", "string"],
    ["an Array", { fields: "list: Array<i32>;" }, "'World.list' is a 'Array<i32>', which cannot live", "Array<i32>"],
    [
      "a StaticArray",
      { fields: "list: StaticArray<i32>;" },
      "'StaticArray<i32>', which cannot live",
      "StaticArray<i32>",
    ],
    ["a pointer", { fields: "at: usize;" }, "'World.at' is a 'usize', which cannot live", "usize"],
    ["a vector register", { fields: "lanes: v128;" }, "'World.lanes' is a 'v128', which cannot live", "v128"],
    ["a function", { fields: "act: () => void;" }, "'World.act' is a '() => void', which cannot live", "() => void"],
    [
      "an ordinary class",
      { fields: "plain: Plain;", before: "class Plain { x: i32 = 0; }" },
      "'World.plain' is a 'Plain'",
      "Plain",
    ],
    ["a nullable field", { fields: "vec: Vec | null;" }, "'World.vec' cannot be null", "Vec | null"],
    ["an untyped field", { fields: "what;" }, "Type expected", "what"],
    [
      "an array without its length",
      { fields: "list: Slots<Vec>;" },
      "Slots<Vec> = slots<Vec>(count)",
      "list: Slots<Vec>",
    ],
    ["Slots of numbers", { fields: "list: Slots<u8> = slots<u8>(4);" }, "'u8' is none", "u8"],
    ["Numbers of objects", { fields: "list: Numbers<Vec> = numbers<Vec>(4);" }, "Slots<Vec>", "Vec"],
    [
      "Numbers of strings",
      { fields: "list: Numbers<string> = numbers<string>(4);" },
      "'string', which cannot live",
      "string",
    ],
    ["an array of none", { fields: "list: Numbers<u8> = numbers<u8>(0);" }, "'World.list' has 0 elements", "0"],
    [
      "a count only known later",
      { fields: "list: Numbers<u8> = numbers<u8>(count());", before: "function count(): i32 { return load<i32>(0); }" },
      "compile-time constant",
      "count()",
    ],
    ["inheritance", { before: "@state class Fast extends Vec { speed: fixed; }" }, "cannot extend another", "Vec"],
    ["a generic class", { before: "@state class Box<T> { value: i32; }" }, "cannot be generic", "Box"],
    [
      "a constructor",
      { before: "@state class Box { value: i32; constructor() { this.value = 1; } }" },
      "cannot have a constructor",
      "",
    ],
    ["a class without fields", { before: "@event class Nothing {}" }, "has no fields", "Nothing"],
    [
      "a class that contains itself",
      { before: "@state class Egg { hen: Hen; } @state class Hen { egg: Egg; }" },
      "contains itself",
      "Egg",
    ],
    [
      "two marks",
      { before: "@state @event class Both { x: i32; }" },
      "'Both' is one of @state, @event, not both",
      "Both",
    ],
    [
      "two classes of one name",
      { before: "@state class Random { x: i32; }" },
      "Two classes are called 'Random'",
      "Random",
    ],
    ["a name of the generated types", { before: "@state class Game { x: i32; }" }, "call this class otherwise", "Game"],
    ["an event field called type", { before: "@event class Boom { type: i32; }" }, "'Boom.type'", "type"],
    ["a misspelled mark", { before: "@State class Box { value: i32; }" }, "'@State' means nothing here", "@State"],
    ["a misspelled input", { input: "@inputs class Pad { buttons: u8; }" }, "'@inputs' means nothing here", ENTRY],
    ["a marked function", { before: "@state function box(): void {}" }, "@state marks a class that", "@state"],
    [
      "a marked class in a namespace",
      { before: "namespace A { @state export class Box { value: i32; } }" },
      "@state marks a class that",
      "@state",
    ],
    [
      "an interface",
      { before: "interface Boxed { value: i32; } @state class Box implements Boxed { value: i32; }" },
      "cannot implement an interface",
      "Boxed",
    ],
    [
      "a class without a mark in Slots",
      { fields: "list: Slots<Plain> = slots<Plain>(2);", before: "class Plain { x: i32 = 0; }" },
      "'Plain' is none: mark it with @state",
      "Plain",
    ],
    [
      "an array made for others",
      { fields: "list: Slots<Vec> = slots<Random>(2);" },
      "'World.list' holds 'Vec': slots<Vec>(count)",
      "Random",
    ],
    [
      "an array too long",
      { fields: "list: Slots<Vec> = slots<Vec>(400000000);" },
      "an array has from 1 to 1048576",
      "400000000",
    ],
    ["a broken count", { fields: "list: Numbers<u8> = numbers<u8>(2.5);" }, "requires an explicit cast", "2.5"],
    [
      "a count that is a variable",
      { fields: "list: Numbers<u8> = numbers<u8>(COUNT);", before: "let COUNT = 4;" },
      "The length of 'World.list' is a compile-time constant",
      "COUNT",
    ],
    [
      "a class that is not imported",
      { imports: `import { arena } from "samestep/assembly/sdk";`, fields: "vec: Vec;" },
      "'Vec' is not known in this file: import it",
      "Vec",
    ],
    [
      "an arena of an unmarked class",
      { arena: "class Plain { x: i32; } const world = arena<Plain>();" },
      "'Plain' is none",
      "arena<Plain>()",
    ],
    ["an arena without its type", { arena: "const world: World = arena();" }, "arena<World>()", "arena()"],
    ["an arena that is a variable", { arena: "let world = arena<World>();" }, "const world = arena<World>()", "world"],
    [
      "new of a @state class",
      { step: "const v = new Vec(); world.frame = v.x;" },
      "'Vec' is never made with new",
      "new Vec()",
    ],
    [
      "new of an event",
      { before: "@event class Boom { x: i32; }", step: "const b = new Boom(); b.x = 1;" },
      "Make it with emit<Boom>()",
      "new Boom()",
    ],
    [
      "inputOf another class",
      { step: "world.frame = inputOf<Vec>(0).x;" },
      "inputOf<T>() takes the @input class",
      "Vec",
    ],
    [
      "configOf another class",
      { step: "world.frame = configOf<Vec>().x;" },
      "configOf<T>() takes the @config class",
      "Vec",
    ],
    [
      "an element of an array outside the state that is written to",
      { before: "const counts: StaticArray<i32> = [1, 2, 3];", step: "counts[world.frame % 3]++;" },
      "'counts' lies outside the state, so a rollback would not restore its elements",
      "counts[world.frame % 3]",
    ],
    [
      "an element of a static field that is written to",
      { before: "class Board { static cells: StaticArray<i32> = [1, 2, 3]; }", step: "Board.cells[1] = world.frame;" },
      "'Board.cells' lies outside the state",
      "Board.cells[1]",
    ],
    [
      "settings that are written to",
      { before: "@config class Rules { speed: i32; }", step: "const rules = configOf<Rules>(); rules.speed += 2;" },
      "Inputs and settings are the host's: copy what changes into the state",
      "2",
    ],
    [
      "an input that is written to",
      { step: "inputOf<Pad>(0).buttons = 0;" },
      "Inputs and settings are the host's",
      "0",
    ],
    ["emit of another class", { step: "emit<Vec>().x = 1;" }, "emit<T>() takes the @event class", "Vec"],
    ["a number too large for a fixed", { step: "world.frame = fx(-40_000);" }, "-40000 does not fit", "-40_000"],
    [
      "a setting that is not exported",
      { before: "const framesPerSecond = 50;" },
      "a setting of the game only when it is exported",
      "framesPerSecond",
    ],
    [
      "an init with a parameter",
      { init: "export function init(seed: i32): void { world.frame = seed; }" },
      "init() takes nothing and returns nothing",
      "init",
    ],
    [
      "an init that returns",
      { init: "export function init(): i32 { return 1; }" },
      "init() takes nothing and returns nothing",
      "init",
    ],
    ["an init that is no function", { init: "export const init = (): void => {};" }, "No init: a game exports", ENTRY],
    ["no arena", { arena: "const world = changetype<World>(0);" }, "No state: declare", ENTRY],
    ["two arenas", { before: "const other = arena<World>();" }, "one arena<T>()", "arena<World>()"],
    ["an arena of no @state class", { arena: "const world = arena<Pad>();" }, "arena<World>()", "arena<Pad>()"],
    ["no input", { input: "" }, "mark the class of one player's input with @input", ENTRY],
    ["two inputs", { before: "@input class Stick { x: i8; }" }, "one @input class", "Stick"],
    ["two configs", { before: "@config class A { x: i8; } @config class B { x: i8; }" }, "one @config class", "B"],
    [
      "an input above 4096 bytes",
      { input: "@input class Pad { list: Numbers<u8> = numbers<u8>(4097); }" },
      "at most 4096",
      "Pad",
    ],
    ["no init", { init: "" }, "No init: a game exports", ENTRY],
    [
      "an impossible frame rate",
      { before: "export const framesPerSecond = 0;" },
      "framesPerSecond is a whole number from 1 to 240",
      ENTRY,
    ],
    [
      "too many players",
      { before: "export const playersMax = 17;" },
      "playersMax is a whole number from 1 to 16",
      ENTRY,
    ],
    [
      "more players least than most",
      { before: "export const playersMin = 4; export const playersMax = 2;" },
      "playersMin is above playersMax",
      ENTRY,
    ],
  ];
  test.each(cases)("%s", async (_, parts, reason, place) => {
    const message = await refused(parts);
    expect(message).toContain(reason);
    if (place === ENTRY) expect(message).toContain(ENTRY);
    else expect(pointed(message)).toContain(place);
    expect(message).not.toContain("User-defined");
  });

  test("a game that does not import the SDK", async () => {
    expect(await failureOf(buildSource("export function init(): void {}\nexport function step(): void {}"))).toContain(
      "samestep/assembly/sdk",
    );
  });

  test("Math.random(), once", async () => {
    const message = await refused({ step: "world.frame = <i32>(Math.random() * 10);" });
    expect(message).toContain("Keep a Random in the state and seed it in init().");
    expect(message.match(/REFUSED/g)).toHaveLength(1);
  });

  test("an array without a length as a parameter", async () => {
    const message = await refused({
      fields: "list: Numbers<u8> = numbers<u8>(4);",
      before: "function sum(list: Numbers<u8>): i32 { return list.get(0); }",
      step: "sum(world.list);",
    });
    expect(message).toContain("AnyLength");
    expect(message).toContain("game.ts(8,");
  });
});
