// What a build makes: the layout, the schema, the types, and the same bytes every time.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readSchema } from "../../src/simulation/schema.js";
import { type BuiltGame, compileGame } from "../../src/toolchain/index.js";
import { buildSource, failureOf, project, REPOSITORY, Running } from "./project.js";

const DUEL = join(REPOSITORY, "test/games/duel.ts");
let duel: BuiltGame;
beforeAll(async () => {
  duel = await compileGame({ entry: DUEL });
});

describe("the layout", () => {
  test("of a small game never changes", () => {
    const rows = Object.entries(duel.schema.classes).map(([name, { kind, id, size, bytes, fields }]) => {
      const cells = fields.map(
        ({ name: field, offset, type, count, scale }) =>
          `${field}@${offset}:${type}${scale ? "/65536" : ""}${count ? `[${count}]` : ""}`,
      );
      return `${name} @${kind} ${id} ${bytes}/${size}: ${cells.join(" ")}`;
    });
    expect(rows).toMatchInlineSnapshot(`
      [
        "Fighter @state 0 40/40: health@0:i16 stun@2:u8 alive@3:bool mood@4:i32 position@8:Vec velocity@16:Vec motion@24:u8[16]",
        "Pad @input 1 2/8: buttons@0:u16",
        "Random @state 2 8/8: hi@0:u32 lo@4:u32",
        "Rules @config 3 8/8: health@0:i16 speed@4:i32/65536",
        "Silence @event 4 8/8: frames@0:u64",
        "Spark @event 5 9/16: x@0:i32/65536 y@4:i32/65536 strength@8:u8",
        "Vec @state 6 8/8: x@0:i32/65536 y@4:i32/65536",
        "World @state 7 116/120: frame@0:u32 total@8:i64 random@16:Random fighters@24:Fighter[2] heights@104:i32/65536[3]",
      ]
    `);
    const { classes, ...head } = duel.schema;
    expect(head).toMatchInlineSnapshot(`
      {
        "config": "Rules",
        "format": 1,
        "framesPerSecond": 50,
        "input": "Pad",
        "kind": "arena",
        "players": {
          "max": 2,
          "min": 2,
        },
        "regions": {
          "config": {
            "address": 1024,
            "size": 24,
          },
          "events": {
            "address": 1184,
            "size": 4096,
          },
          "inputs": {
            "address": 1056,
            "bytesMax": 8,
            "players": 8,
            "stride": 16,
          },
          "phase": {
            "address": 5312,
            "size": 4,
          },
          "state": {
            "address": 6400,
            "size": 120,
          },
          "trap": {
            "address": 5280,
            "size": 20,
          },
        },
        "root": "World",
      }
    `);
  });

  test("is what the module's own section says", () => {
    expect(readSchema(duel.wasm)).toEqual(duel.schema);
  });

  test("is what the compiled code does: a written field changes its bytes and no others", () => {
    const running = new Running(duel);
    running.configure(2, 1n, new Uint8Array([0x2c, 0x01, 0, 0, 0, 0x40, 0, 0]));
    running.init();
    const { address } = duel.schema.regions.state;
    const fighters = duel.schema.classes.World!.fields.find(({ name }) => name === "fighters")!.offset;
    const [first, second] = [address + fighters, address + fighters + duel.schema.classes.Fighter!.size];
    expect([running.view.getInt16(first, true), running.view.getInt16(second, true)]).toEqual([300, 300]);
    expect([running.view.getInt32(first + 8, true), running.view.getInt32(second + 8, true)]).toEqual([
      -0x20000, 0x20000,
    ]);
  });

  test("of classes that the game declares and never uses is known too", async () => {
    const { schema } = await buildSource(`
      import { arena, Slots, slots } from "samestep/assembly/sdk";
      @input class Pad { a: u8; }
      @state class Unused { x: f64; list: Slots<Pad> = slots<Pad>(2); }
      @event class Never { x: u16; }
      @state class World { last: Pad; }
      const world = arena<World>();
      export function init(): void {}
      export function step(): void { world.last.a++; }
    `);
    expect(schema.classes.Unused).toMatchObject({ size: 24, bytes: 24 });
    expect(schema.classes.Never).toMatchObject({ kind: "event", size: 8, bytes: 2 });
    expect(schema).toMatchObject({ framesPerSecond: 60, players: { min: 1, max: 8 } });
    expect(schema.config).toBeUndefined();
    expect(schema.regions.config.size).toBe(16);
  });

  test("memory is exactly as large as the game needs, and cannot grow", async () => {
    const running = new Running(duel);
    expect(running.memory.buffer.byteLength).toBe(65536);
    expect(() => running.memory.grow(1)).toThrow(RangeError);
    const large = await buildSource(`
      import { arena, Numbers, numbers } from "samestep/assembly/sdk";
      @input class Pad { orders: Numbers<u32> = numbers<u32>(1024); }
      @state class World { cells: Numbers<u8> = numbers<u8>(200000); }
      export const world = arena<World>();
      export function init(): void {}
      export function step(): void { world.cells.set(199999, 7); }
    `);
    expect(large.schema.regions.inputs).toMatchObject({ bytesMax: 4096, stride: 4104 });
    const game = new Running(large);
    game.step();
    expect(game.state[199999]).toBe(7);
    expect(game.memory.buffer.byteLength % 65536).toBe(0);
    expect(game.memory.buffer.byteLength).toBeLessThan(200000 + 8 * 4104 + 2 * 65536);
  });
});

test("the types name every class and say what each is for", () => {
  expect(duel.types).toMatchInlineSnapshot(`
    "// Written by samestep build from the game's classes. Change them there.

    /** Numbers side by side in the state. \`at\` throws outside of it. */
    export interface Numbers<T> extends Iterable<T> {
      readonly length: number;
      at(index: number): T;
    }

    export interface Fighter {
      readonly health: number;
      readonly stun: number;
      readonly alive: boolean;
      readonly mood: number;
      readonly position: Vec;
      readonly velocity: Vec;
      readonly motion: Numbers<number>;
    }

    export interface Pad {
      readonly buttons: number;
    }

    export interface Random {
      readonly hi: number;
      readonly lo: number;
    }

    export interface Rules {
      readonly health: number;
      readonly speed: number;
    }

    export interface Silence {
      readonly type: "Silence";
      readonly frames: bigint;
    }

    export interface Spark {
      readonly type: "Spark";
      readonly x: number;
      readonly y: number;
      readonly strength: number;
    }

    export interface Vec {
      readonly x: number;
      readonly y: number;
    }

    export interface World {
      readonly frame: number;
      readonly total: bigint;
      readonly random: Random;
      readonly fighters: readonly [Fighter, Fighter];
      readonly heights: Numbers<number>;
    }

    export interface Game {
      readonly state: World;
      readonly input: Pad;
      readonly config: Rules;
      readonly event: Silence | Spark;
    }
    "
  `);
});

describe("the same sources", () => {
  const files = { "src/game.ts": readFileSync(DUEL, "utf8").replace("../../assembly/sdk", "samestep/assembly/sdk") };

  test("give the same bytes, wherever the project lies", async () => {
    const [a, b] = [await project(files), await project(files)];
    const [first, second, again] = [
      await compileGame({ entry: join(a, "src/game.ts") }),
      await compileGame({ entry: join(b, "src/game.ts") }),
      await compileGame({ entry: join(a, "src/game.ts") }),
    ];
    expect(Buffer.compare(first.wasm, second.wasm)).toBe(0);
    expect(Buffer.compare(first.wasm, again.wasm)).toBe(0);
    expect(second.sourceMap).toBe(first.sourceMap);
    for (const made of [Buffer.from(first.wasm).toString("latin1"), first.sourceMap]) {
      expect(made).not.toContain(a);
      expect(made).not.toContain(REPOSITORY);
    }
  });

  test("give the same bytes when two builds run at once", async () => {
    const entry = join(await project(files), "src/game.ts");
    const [one, two] = await Promise.all([compileGame({ entry }), compileGame({ entry })]);
    expect(Buffer.compare(one.wasm, two.wasm)).toBe(0);
  });

  test("give the same schema through node_modules as inside the repository", async () => {
    const folder = await project(files);
    const built = await compileGame({ entry: join(folder, "src/game.ts") });
    expect(built.schema).toMatchObject({ classes: duel.schema.classes });
    expect(JSON.parse(built.sourceMap).sources).toContain("~lib/samestep/assembly/sdk/state.ts");
  });

  test("do not change because an asconfig.json lies about", async () => {
    const folder = await project({
      ...files,
      "asconfig.json": `{ "entries": ["nothing.ts"], "options": { "noAssert": true } }`,
    });
    const built = await compileGame({ entry: join(folder, "src/game.ts") });
    expect(built.schema.root).toBe("World");
  });
});

describe("a game of several files", () => {
  test("has its classes in one and its arena in another", async () => {
    const folder = await project({
      "game/index.ts": `import { world } from "./world";\nexport * from "./settings";\nexport function init(): void {}\nexport function step(): void { world.unit.x++; }`,
      "game/settings.ts": "export const framesPerSecond = 30; export const commands = true;",
      "game/world.ts": `import { arena } from "samestep/assembly/sdk";\nimport { Pad, Unit } from "./unit";\n@state class World { unit: Unit; last: Pad; }\nexport const world = arena<World>();`,
      "game/unit.ts": "@input export class Pad { a: u8; }\n@state export class Unit { x: i32; }",
    });
    const { schema } = await compileGame({ entry: join(folder, "game/index.ts") });
    expect(schema).toMatchObject({ root: "World", input: "Pad", framesPerSecond: 30, commands: true });
  });

  const SDK = `import { arena, configOf, emit, inputOf, Numbers, numbers, Random, Slots, slots, Vec } from "samestep/assembly/sdk";`;
  // What of the game stands on which others; `step` is in the main file.
  const PARTS: Record<string, [code: string, ...uses: string[]]> = {
    COUNT: ["export const COUNT = 2;"],
    PLAYERS: ["export const PLAYERS = COUNT + 1;", "COUNT"],
    Aim: ["@state export class Aim { at: Vec; random: Random; }"],
    Pad: ["@input export class Pad { keys: Numbers<u8> = numbers<u8>(PLAYERS); aim: Aim; }", "PLAYERS", "Aim"],
    Rules: ["@config export class Rules { spots: Slots<Aim> = slots<Aim>(COUNT); at: Vec; }", "COUNT", "Aim"],
    Spark: ["@event export class Spark { at: Vec; }"],
    Fighter: ["@state export class Fighter { position: Vec; last: Pad; }", "Pad"],
    World: [
      "@state export class World { frame: u32; random: Random; fighters: Slots<Fighter> = slots<Fighter>(PLAYERS); rules: Rules; }",
      "Fighter",
      "PLAYERS",
      "Rules",
    ],
    world: ["export const world = arena<World>();", "World"],
    step: [
      "export function init(): void {}\nexport function step(): void { world.frame += inputOf<Pad>(0).keys.get(0) + configOf<Rules>().at.x; emit<Spark>().at.x = COUNT; }",
      "world",
      "Pad",
      "Rules",
      "Spark",
      "COUNT",
    ],
  };

  /** The files of the game when each part lies in the one named for it, the others in the main file. */
  function arranged(places: Readonly<Record<string, string>>, sdkFirst: boolean): Record<string, string> {
    const placeOf = (part: string) => places[part] ?? "index";
    const files: Record<string, string> = {};
    for (const file of new Set(["index", ...Object.values(places)])) {
      const mine = Object.keys(PARTS).filter((part) => placeOf(part) === file);
      const used = new Set(mine.flatMap((part) => PARTS[part]!.slice(1)));
      const imports = [...used]
        .filter((part) => placeOf(part) !== file)
        .map((part) => `import { ${part} } from "./${placeOf(part)}";`);
      const head = sdkFirst ? [SDK, ...imports] : [...imports, SDK];
      files[`${file}.ts`] = [...head, ...mine.map((part) => PARTS[part]![0])].join("\n");
    }
    return files;
  }

  const all = (file: string) => Object.fromEntries(Object.keys(PARTS).map((part) => [part, file]));
  const constants = { COUNT: "numbers", PLAYERS: "numbers" };
  test.each([
    ["all in the main file", {}],
    ["all in one other file", { ...all("game"), step: "index" }],
    ["the input apart", { Pad: "input", ...constants }],
    ["the settings apart", { Rules: "rules", ...constants }],
    ["input and state apart", { Pad: "types", Fighter: "types", Aim: "types", World: "types", ...constants }],
    [
      "the state in one file, what it holds in two",
      { Aim: "aim", world: "aim", World: "world", Fighter: "fighter", ...constants },
    ],
    [
      "the arena beside a class of the input",
      { Pad: "outside", Rules: "outside", Aim: "state", Fighter: "state", world: "state" },
    ],
    [
      "each in a file of its own",
      Object.fromEntries(Object.keys(PARTS).map((part) => [part, part === "step" ? "index" : `file-${part}`])),
    ],
  ])("is the same game in any arrangement: %s", async (_, places) => {
    for (const sdkFirst of [true, false]) {
      const folder = await project(arranged(places, sdkFirst));
      const { schema } = await compileGame({ entry: join(folder, "index.ts") });
      expect(schema.classes.Pad).toMatchObject({ size: 24 });
      expect(schema.classes.World).toMatchObject({ size: 152 });
      expect(schema.regions).toMatchObject({
        state: { size: schema.classes.World!.size },
        config: { size: 16 + schema.classes.Rules!.size },
        inputs: { bytesMax: 24, stride: 32 },
      });
      const regions = Object.values(schema.regions).map((region) => ({
        begin: region.address,
        end: region.address + ("size" in region ? region.size : region.players * region.stride),
      }));
      regions.sort((a, b) => a.begin - b.begin);
      for (const [i, { end }] of regions.slice(0, -1).entries())
        expect(regions[i + 1]!.begin).toBeGreaterThanOrEqual(end);
    }
  });

  test("may import single files of the SDK, and its assertions still arrive", async () => {
    const running = new Running(
      await buildSource(`
        import { arena, Numbers, numbers } from "samestep/assembly/sdk/state";
        @input class Pad { a: u8; }
        @state class World { frame: i32; list: Numbers<u8> = numbers<u8>(1); }
        const world = arena<World>();
        export function init(): void {}
        export function step(): void { world.list.set(++world.frame, 1); }
      `),
    );
    expect(() => running.step()).toThrow(WebAssembly.RuntimeError);
    expect(running.trap?.message).toBe("Numbers: the index is outside the array");
  });

  test("is told which of them is missing", async () => {
    const folder = await project({
      "game.ts": `import { x } from "./nowhere";\nexport function step(): void { x(); }`,
    });
    const message = await failureOf(compileGame({ entry: join(folder, "game.ts") }));
    expect(message).toContain("nowhere.ts' not found");
    expect(message).toContain("game.ts(1,19)");
  });
});

describe("the source map", () => {
  test("is named in the module after the given name, or not at all", async () => {
    const named = await compileGame({ entry: DUEL, name: "other" });
    expect(Buffer.from(named.wasm).toString("latin1")).toContain("./other.wasm.map");
    const bare = await compileGame({ entry: DUEL, sourceMap: false });
    expect(WebAssembly.validate(bare.wasm as BufferSource)).toBe(true);
    expect(Buffer.from(bare.wasm).toString("latin1")).not.toContain("wasm.map");
    expect(bare.sourceMap).toBe(duel.sourceMap);
  });

  test("carries the sources", () => {
    const map = JSON.parse(duel.sourceMap) as { sources: string[]; sourcesContent: string[] };
    expect(map.sources).toContain("test/games/duel.ts");
    expect(map.sourcesContent[map.sources.indexOf("test/games/duel.ts")]).toBe(readFileSync(DUEL, "utf8"));
  });
});
