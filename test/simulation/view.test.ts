// Views that read the state where it lies, and plain objects to and from bytes.
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Schema } from "../../src/simulation/schema.js";
import { configWriter, eventReader, inputReader, inputWriter, stateView } from "../../src/simulation/view.js";
import { type BuiltGame, compileGame } from "../../src/toolchain/index.js";
import { buildSource, REPOSITORY, Running } from "../toolchain/project.js";

// biome-ignore lint/suspicious/noExplicitAny: these tests do what the types forbid.
type Spoilable = any;

interface Vec {
  readonly x: number;
  readonly y: number;
}
interface Fighter {
  position: Vec;
  health: number;
  stun: number;
  alive: boolean;
  mood: number;
  motion: Numbers;
}
interface Numbers extends Iterable<number> {
  readonly length: number;
  at(index: number): number;
}
interface World {
  frame: number;
  total: bigint;
  random: { hi: number; lo: number };
  fighters: readonly Fighter[];
  heights: Numbers;
}

let game: BuiltGame;
let schema: Schema;
let running: Running;
let world: World;
beforeAll(async () => {
  game = await compileGame({ entry: join(REPOSITORY, "test/games/duel.ts") });
  schema = game.schema;
});
beforeEach(() => {
  running = new Running(game);
  world = stateView(schema, "World", running.view, schema.regions.state.address) as World;
});

const code = (act: () => unknown): string | undefined => {
  try {
    act();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};

describe("a view of the state", () => {
  test("reads what a DataView reads, for random bytes", () => {
    const { address, size } = schema.regions.state;
    let seed = 5;
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < size; i++) running.bytes[address + i] = seed = (Math.imul(seed, 1103515245) + 12345) >>> 16;
      const { view } = running;
      expect(world.frame).toBe(view.getUint32(address, true));
      expect(world.total).toBe(view.getBigInt64(address + 8, true));
      expect(world.random.lo).toBe(view.getUint32(address + 20, true));
      for (const [i, fighter] of world.fighters.entries()) {
        const at = address + 24 + 40 * i;
        expect(fighter.health).toBe(view.getInt16(at, true));
        expect(fighter.stun).toBe(view.getUint8(at + 2));
        expect(fighter.alive).toBe(view.getUint8(at + 3) !== 0);
        expect(fighter.mood).toBe(view.getInt32(at + 4, true));
        expect(fighter.position.y).toBe(view.getInt32(at + 12, true) / 65536);
        expect([...fighter.motion]).toEqual([...running.bytes.subarray(at + 24, at + 40)]);
      }
      expect([...world.heights]).toEqual([0, 4, 8].map((i) => view.getInt32(address + 104 + i, true) / 65536));
    }
  });

  test("reads every kind of number", async () => {
    const kinds = ["bool", "i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64"];
    const built = await buildSource(`
      import { arena } from "samestep/assembly/sdk";
      @input class Pad { a: u8; }
      @state class World { ${kinds.map((kind) => `_${kind}: ${kind};`).join(" ")} }
      const world = arena<World>();
      export function init(): void {}
      export function step(): void {}
    `);
    const bytes = new DataView(new ArrayBuffer(built.schema.regions.state.size));
    for (let i = 0; i < bytes.byteLength; i++) bytes.setUint8(i, 0xc0 + i);
    const view = stateView(built.schema, "World", bytes, 0) as Record<string, unknown>;
    const at = (kind: string) => built.schema.classes.World!.fields.find(({ name }) => name === `_${kind}`)!.offset;
    expect(kinds.map((kind) => view[`_${kind}`])).toEqual([
      true,
      bytes.getInt8(at("i8")),
      bytes.getUint8(at("u8")),
      bytes.getInt16(at("i16"), true),
      bytes.getUint16(at("u16"), true),
      bytes.getInt32(at("i32"), true),
      bytes.getUint32(at("u32"), true),
      bytes.getBigInt64(at("i64"), true),
      bytes.getBigUint64(at("u64"), true),
      bytes.getFloat32(at("f32"), true),
      bytes.getFloat64(at("f64"), true),
    ]);
  });

  test("is live: the next step is seen without making a new one", () => {
    running.step();
    expect(world.frame).toBe(1);
    running.step();
    expect(world.frame).toBe(2);
  });

  test("follows its source when that changes", () => {
    let current = new DataView(new ArrayBuffer(120));
    const view = stateView(schema, "World", () => current, 0) as World;
    current = new DataView(new ArrayBuffer(120));
    current.setUint32(0, 9, true);
    expect(view.frame).toBe(9);
  });

  test("cannot be written, extended or rearranged", () => {
    const writable = world as unknown as Spoilable;
    for (const write of [
      () => {
        writable.frame = 1;
      },
      () => {
        writable.fighters = [];
      },
      () => {
        writable.fighters[0] = {};
      },
      () => {
        writable.fighters.push({});
      },
      () => {
        writable.fighters[0].health = 1;
      },
      () => {
        writable.fighters[0].position.x = 1;
      },
      () => {
        writable.fighters[0].motion.length = 1;
      },
      () => {
        writable.fighters[0].motion[0] = 1;
      },
      () => {
        writable.anything = 1;
      },
      () => {
        delete writable.fighters;
      },
      () => {
        Object.defineProperty(writable, "frame", { value: 1 });
      },
      () => {
        Object.setPrototypeOf(writable, {});
      },
      () => {
        Object.getPrototypeOf(writable).frame = 1;
      },
      () => {
        Object.getPrototypeOf(writable).anything = 1;
      },
    ]) {
      expect(write).toThrow(TypeError);
    }
    expect(running.state).toEqual(new Uint8Array(120));
  });

  test("throws outside of an array of numbers", () => {
    for (const index of [-1, 3, 1.5, Number.NaN]) expect(code(() => world.heights.at(index))).toBe("UNKNOWN_FIELD");
    expect(world.heights.length).toBe(3);
  });
});

describe("inputs and settings", () => {
  test("an input is written as its fields, and read back", () => {
    const target = new Uint8Array(8).fill(0xff);
    expect(inputWriter(schema)({ buttons: 0x1234 }, target)).toBe(2);
    expect([...target]).toEqual([0x34, 0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    expect(inputReader(schema)(target)).toEqual({ buttons: 0x1234 });
  });

  test("what is not given is zero, and what was not sent reads as zero", () => {
    const target = new Uint8Array(2).fill(0xff);
    inputWriter(schema)({}, target);
    expect([...target]).toEqual([0, 0]);
    expect(inputReader(schema)(new Uint8Array([5]))).toEqual({ buttons: 5 });
    expect(inputReader(schema)(new Uint8Array())).toEqual({ buttons: 0 });
  });

  test.each([
    [{ buttons: -1 }],
    [{ buttons: 65536 }],
    [{ buttons: 1.5 }],
    [{ buttons: Number.NaN }],
    [{ buttons: "1" }],
    [{ button: 1 }],
    [{ buttons: undefined }],
  ])("%o is refused, and nothing is written", (values) => {
    const target = new Uint8Array([7, 7]);
    expect(code(() => inputWriter(schema)(values, target))).toBe("BAD_INPUT");
    expect([...target]).toEqual([7, 7]);
  });

  test("too small a target is refused", () => {
    expect(code(() => inputWriter(schema)({}, new Uint8Array(1)))).toBe("BAD_INPUT");
  });

  test("nested objects, lists and every kind of number go both ways", async () => {
    const built = await buildSource(`
      import { arena, fixed, Numbers, numbers, Slots, slots, Vec } from "samestep/assembly/sdk";
      @state class Order { unit: u16; to: Vec; }
      @input class Orders { count: i8; queue: bool; big: i64; wide: u64; ratio: f64; orders: Slots<Order> = slots<Order>(2); path: Numbers<fixed> = numbers<fixed>(3); }
      @state class World { x: i32; }
      const world = arena<World>();
      export function init(): void {}
      export function step(): void {}
    `);
    const values = {
      count: -3,
      queue: true,
      big: -(2n ** 63n),
      wide: 2n ** 64n - 1n,
      ratio: 0.1,
      orders: [
        { unit: 9, to: { x: 1.5, y: -0.25 } },
        { unit: 0, to: { x: 0, y: 0 } },
      ],
      path: [1, -1.5, 0],
    };
    const target = new Uint8Array(100);
    const length = inputWriter(built.schema)({ ...values, orders: values.orders.slice(0, 1), path: [1, -1.5] }, target);
    expect(length).toBe(built.schema.classes.Orders!.bytes);
    expect(inputReader(built.schema)(target.subarray(0, length))).toEqual(values);
    expect(code(() => inputWriter(built.schema)({ path: [1, 2, 3, 4] }, target))).toBe("BAD_INPUT");
    expect(code(() => inputWriter(built.schema)({ path: 1 }, target))).toBe("BAD_INPUT");
    expect(code(() => inputWriter(built.schema)({ path: [40_000] }, target))).toBe("BAD_INPUT");
    expect(code(() => inputWriter(built.schema)({ orders: [1] }, target))).toBe("BAD_INPUT");
    expect(configWriter(built.schema)({}, target)).toBe(0);
    expect(code(() => configWriter(built.schema)({ speed: 1 }, target))).toBe("BAD_CONFIG");
  });

  test("settings are written as the game reads them", () => {
    const rules = new Uint8Array(8);
    expect(configWriter(schema)({ health: 100, speed: 0.25 }, rules)).toBe(8);
    running.configure(2, 0n, rules);
    running.init();
    expect(world.fighters[1]!.health).toBe(100);
    running.press(0, 1, new Uint8Array([2, 0]));
    running.step();
    expect(world.fighters[0]!.position.x).toBe(-1.75);
    expect(code(() => configWriter(schema)({ health: 1e6 }, rules))).toBe("BAD_CONFIG");
  });
});

describe("events", () => {
  test("of a step become plain objects with their class as type", () => {
    running.configure(2, 0n);
    running.init();
    running.press(0, 1, new Uint8Array([16, 0]));
    running.step();
    expect(eventReader(schema)(running.events)).toEqual([{ type: "Spark", x: 2, y: 0, strength: 2 }]);
    running.press(0, 1, new Uint8Array([0, 0]));
    running.step();
    expect(eventReader(schema)(running.events)).toEqual([]);
  });

  test.each([[[1]], [[5, 0, 16, 0]], [[0, 0, 40, 0]], [[99, 0, 0, 0]], [[5, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]]])(
    "broken records %j are refused",
    (bytes) => {
      expect(code(() => eventReader(schema)(new Uint8Array(bytes)))).toBe("BAD_GAME");
    },
  );

  test("are read up to `end`, not the end of the buffer", () => {
    expect(eventReader(schema)(new Uint8Array(100), 0)).toEqual([]);
    expect(code(() => eventReader(schema)(new Uint8Array(4), 400))).toBe("BAD_GAME");
  });
});
