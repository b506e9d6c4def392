// The reader of schemas, which a stranger's module cannot break.
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readSchema, SCHEMA_SECTION, type Schema } from "../../src/simulation/schema.js";
import { type BuiltGame, compileGame } from "../../src/toolchain/index.js";
import { wholeMemory } from "../../src/toolchain/whole-memory.js";
import { assemble, custom } from "../proof/module.js";
import { REPOSITORY } from "../toolchain/project.js";

// biome-ignore lint/suspicious/noExplicitAny: these tests do what the types forbid.
type Spoilable = any;

let game: BuiltGame;
let schema: Schema;
beforeAll(async () => {
  game = await compileGame({ entry: join(REPOSITORY, "test/games/duel.ts") });
  schema = game.schema;
});

const code = (act: () => unknown): string | undefined => {
  try {
    act();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};

describe("readSchema", () => {
  const module = (json: unknown) =>
    assemble({
      custom: [
        custom(SCHEMA_SECTION, [...new TextEncoder().encode(typeof json === "string" ? json : JSON.stringify(json))]),
      ],
    });
  const copy = () => JSON.parse(JSON.stringify(schema)) as Spoilable;

  test("reads what the build wrote", () => {
    expect(readSchema(module(copy()))).toEqual(schema);
    expect(readSchema(game.wasm)).toEqual(schema);
  });

  const faults: [string, (schema: Spoilable) => void][] = [
    [
      "another format",
      (s) => {
        s.format = 2;
      },
    ],
    [
      "another kind",
      (s) => {
        s.kind = "managed";
      },
    ],
    [
      "no frame rate",
      (s) => {
        delete s.framesPerSecond;
      },
    ],
    [
      "a frame rate of 10^9",
      (s) => {
        s.framesPerSecond = 1e9;
      },
    ],
    [
      "commands that are neither",
      (s) => {
        s.commands = 1;
      },
    ],
    [
      "inputs between two words",
      (s) => {
        s.regions.inputs.address += 1;
      },
    ],
    [
      "events between two words",
      (s) => {
        s.regions.events.address += 2;
      },
    ],
    [
      "players in reverse",
      (s) => {
        s.players = { min: 2, max: 1 };
      },
    ],
    [
      "nine players",
      (s) => {
        s.players = { min: 1, max: 9 };
      },
    ],
    [
      "a root that is no class",
      (s) => {
        s.root = "constructor";
      },
    ],
    [
      "a root that is no state",
      (s) => {
        s.root = "Pad";
      },
    ],
    [
      "an input that is none",
      (s) => {
        s.input = "Vec";
      },
    ],
    [
      "a config that is none",
      (s) => {
        s.config = 7;
      },
    ],
    [
      "a state outside of the memory",
      (s) => {
        s.regions.state.address = 65536 - 100;
      },
    ],
    [
      "a state at a fraction",
      (s) => {
        s.regions.state.address = 6400.5;
      },
    ],
    [
      "a state of another size",
      (s) => {
        s.regions.state.size = 1 << 30;
      },
    ],
    [
      "regions that overlap",
      (s) => {
        s.regions.trap.address = s.regions.state.address + 8;
      },
    ],
    [
      "inputs that overrun",
      (s) => {
        s.regions.inputs.players = 1e6;
      },
    ],
    [
      "a stride of its own",
      (s) => {
        s.regions.inputs.stride = 4;
      },
    ],
    [
      "a missing region",
      (s) => {
        delete s.regions.events;
      },
    ],
    [
      "no regions",
      (s) => {
        s.regions = null;
      },
    ],
    [
      "classes as a list",
      (s) => {
        s.classes = [];
      },
    ],
    [
      "a class that is null",
      (s) => {
        s.classes.Vec = null;
      },
    ],
    [
      "a class with an improper name",
      (s) => {
        s.classes["\u001b[2J"] = s.classes.Vec;
      },
    ],
    [
      "a field called __proto__",
      (s) => {
        s.classes.Vec.fields[0].name = "__proto__";
      },
    ],
    [
      "two fields of one name",
      (s) => {
        s.classes.Vec.fields[1].name = "x";
      },
    ],
    [
      "fields that overlap",
      (s) => {
        s.classes.World.fields[1].offset = 2;
      },
    ],
    [
      "a field outside of its object",
      (s) => {
        s.classes.Vec.fields[1].offset = 8;
      },
    ],
    [
      "a negative offset",
      (s) => {
        s.classes.Vec.fields[0].offset = -4;
      },
    ],
    [
      "an unknown type",
      (s) => {
        s.classes.Vec.fields[0].type = "i128";
      },
    ],
    [
      "a nested number",
      (s) => {
        s.classes.Vec.fields[0].kind = "nested";
      },
    ],
    [
      "an array of 10^9",
      (s) => {
        s.classes.World.fields[3].count = 1e9;
      },
    ],
    [
      "an array of none",
      (s) => {
        s.classes.World.fields[3].count = 0;
      },
    ],
    [
      "a scale of zero",
      (s) => {
        s.classes.Vec.fields[0].scale = 0;
      },
    ],
    [
      "a class that contains itself",
      (s) => {
        s.classes.Vec.fields[0] = { name: "x", offset: 0, type: "Vec", kind: "nested" };
      },
    ],
    [
      "classes that share an id",
      (s) => {
        s.classes.Vec.id = 0;
      },
    ],
    [
      "an object of no size",
      (s) => {
        s.classes.Vec.size = 0;
      },
    ],
    [
      "a bool that is none",
      (s) => {
        s.classes.Vec.fields[0].bool = true;
      },
    ],
  ];
  test.each(faults)("refuses %s", (_, spoil) => {
    const spoilt = copy();
    spoil(spoilt);
    expect(code(() => readSchema(module(spoilt)))).toBe("BAD_GAME");
  });

  test("reads a managed game's, whose state is all of the memory and may show nothing", () => {
    const managed = wholeMemory(schema, 65536);
    expect(readSchema(module(managed))).toEqual(managed);
    const { World: _, ...others } = copy().classes;
    const nameless = wholeMemory({ ...copy(), classes: others, root: "" }, 65536);
    expect(readSchema(module(nameless))).toEqual(nameless);
    expect(nameless.classes[nameless.root]).toMatchObject({ size: 65536, fields: [] });
  });

  const managedFaults: [string, (schema: Spoilable) => void][] = [
    [
      "a state beside the memory's start",
      (s) => {
        s.regions.state.address = 8;
      },
    ],
    [
      "a state of half the memory",
      (s) => {
        s.regions.state.size = s.classes.World.size = 32768;
      },
    ],
    [
      "globals on the inputs",
      (s) => {
        s.regions.globals = { address: s.regions.inputs.address + 8, size: 4 };
      },
    ],
    [
      "a class without fields that is not the root",
      (s) => {
        s.classes.Vec.fields = [];
      },
    ],
  ];
  test.each(managedFaults)("refuses of a managed game %s", (_, spoil) => {
    const spoilt = JSON.parse(JSON.stringify(wholeMemory(schema, 65536)));
    spoil(spoilt);
    expect(code(() => readSchema(module(spoilt)))).toBe("BAD_GAME");
  });

  test.each(["", "null", "7", "[]", "{", '"arena"', "[".repeat(100_000)])(
    "refuses JSON that is no schema: %.10s",
    (json) => {
      expect(code(() => readSchema(module(json)))).toBe("BAD_GAME");
    },
  );

  test("refuses a module without a schema, with two, and what is no module", () => {
    expect(code(() => readSchema(assemble()))).toBe("BAD_GAME");
    const twice = [custom(SCHEMA_SECTION, [0x7b, 0x7d]), custom(SCHEMA_SECTION, [0x7b, 0x7d])];
    expect(code(() => readSchema(assemble({ custom: twice })))).toBe("BAD_GAME");
    expect(code(() => readSchema(new Uint8Array([1, 2, 3])))).toBe("BAD_GAME");
  });

  test("5 000 random changes of the schema are read or refused, and never crash", () => {
    const json = JSON.stringify(schema);
    let seed = 77;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const parts = ["-1", "1e99", "null", "{}", "[]", '"x"', "true", "0", "65536", ","];
    for (let round = 0; round < 5000; round++) {
      const at = random(json.length);
      const changed = json.slice(0, at) + parts[random(parts.length)] + json.slice(at + random(6));
      expect(["BAD_GAME", undefined], `round ${round} of seed 77`).toContain(code(() => readSchema(module(changed))));
    }
  });
});
