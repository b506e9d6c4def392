// The rooms of the SDK as a game uses them: random, inputs, settings, events, arrays and traps.
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventReader, stateView } from "../../src/simulation/view.js";
import type { BuiltGame } from "../../src/toolchain/index.js";
import { buildProbe, Probe } from "./probe.js";

let game: BuiltGame;
let probe: Probe;
beforeAll(async () => {
  game = await buildProbe();
});
beforeEach(() => {
  probe = new Probe(game);
});

/** PCG-XSH-RR 64/32 as its paper gives it, on the default stream. */
function* pcg(seed: bigint): Generator<number> {
  const mask = (1n << 64n) - 1n;
  const advance = (state: bigint) => (state * 6364136223846793005n + 1442695040888963407n) & mask;
  let state = advance((advance(0n) + seed) & mask);
  for (;;) {
    const before = state;
    state = advance(state);
    const mixed = (((before >> 18n) ^ before) >> 27n) & 0xffffffffn;
    const turn = before >> 59n;
    yield Number(((mixed >> turn) | (mixed << ((32n - turn) & 31n))) & 0xffffffffn);
  }
}

describe("random", () => {
  test("the sequence of a seed is PCG's", () => {
    for (const [low, high] of [
      [42, 0],
      [-1, -1],
      [0, 1],
      [0x12345678, 0x1abcdef0],
    ] as const) {
      probe.call("seed", low, high);
      const reference = pcg((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
      for (let i = 0; i < 100; i++) expect(probe.call("next")).toBe(reference.next().value);
    }
  });

  test("the first numbers of seed 42 never change", () => {
    probe.call("seed", 42, 0);
    const numbers = Array.from({ length: 6 }, () => probe.call("next"));
    expect(numbers.map((number) => number.toString(16))).toMatchInlineSnapshot(`
      [
        "c2f57bd6",
        "6b07c4a9",
        "72b7b29b",
        "44215383",
        "f5af5ead",
        "68beb632",
      ]
    `);
  });

  test("below and between stay inside, and reach both ends", () => {
    probe.call("seed", 7, 7);
    const below = new Set(Array.from({ length: 300 }, () => probe.call("below", 6)));
    expect([...below].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    const between = new Set(Array.from({ length: 300 }, () => probe.call("between", -2, 2)));
    expect([...between].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    expect(probe.call("between", 5, 5)).toBe(5);
    expect(() => probe.call("between", -0x80000000, 0x7fffffff)).not.toThrow();
  });

  test("its state is in the arena, so restoring the state repeats it", () => {
    const { address } = probe.game.schema.regions.state;
    probe.call("seed", 1, 2);
    const before = probe.state;
    const first = probe.call("next");
    probe.bytes.set(before, address);
    expect(probe.call("next")).toBe(first);
  });
});

describe("inputs and settings", () => {
  test("presence and length are read from the player's own cell", () => {
    probe.press(3, 2, new Uint8Array([1, 2, 3]));
    expect(probe.call("presenceAndLength", 3)).toBe((2 << 16) | 3);
    expect(probe.call("presenceAndLength", 7)).toBe(0);
  });

  test("a player outside the cells traps", () => {
    expect(() => probe.call("presenceAndLength", 8)).toThrow(WebAssembly.RuntimeError);
    expect(probe.trap?.message).toBe("the player is outside the input cells");
    expect(() => probe.call("presenceAndLength", -1)).toThrow(WebAssembly.RuntimeError);
  });

  test("settings are read behind the header", () => {
    probe.configure(2, 0n, new Uint8Array([0x78, 0x56, 0x34, 0x12]));
    expect(probe.call("playersAndLimit")).toBe(2 * 2 ** 32 + 0x12345678);
  });

  test("init sees the seed", () => {
    probe.configure(2, 0x0000000100000002n);
    probe.init();
    expect(probe.call("next")).toBe(pcg(0x0000000100000002n).next().value);
  });
});

describe("arrays", () => {
  test("length is the declared count", () => {
    expect(probe.call("lengths")).toBe(335);
  });

  test("a function generic in the length takes any array", () => {
    probe.call("fillLeft", 2);
    probe.call("fillRight", 3);
    expect(probe.call("totals")).toBe(6 * 10 + 9);
  });

  test.each([-1, 3, 4, 0x7fffffff, -0x80000000])("index %i outside traps, and writes nothing", (index) => {
    const before = probe.state;
    expect(() => probe.call("setLeft", index, 0xff)).toThrow(WebAssembly.RuntimeError);
    expect(probe.state).toEqual(before);
    expect(probe.trap).toMatchObject({
      message: "Numbers: the index is outside the array",
      file: "assembly/sdk/state.ts",
    });
    expect(probe.trap!.line).toBeGreaterThan(0);
    expect(() => probe.call("getRight", index)).toThrow(WebAssembly.RuntimeError);
    expect(() => probe.call("setCell", index, 0)).toThrow(WebAssembly.RuntimeError);
    expect(probe.trap?.message).toBe("Slots: the index is outside the array");
  });

  test("two arrays never overlap: every element has bytes of its own", () => {
    const { schema } = probe.game;
    const changedBy = (act: () => void): string => {
      probe.bytes.fill(0, schema.regions.state.address, schema.regions.state.address + schema.regions.state.size);
      act();
      return probe.state.reduce((list, byte, at) => (byte === 0 ? list : `${list} ${at}`), "");
    };
    const places = [
      changedBy(() => probe.call("fillLeft", 255)),
      changedBy(() => probe.call("fillRight", 255)),
      ...[0, 1, 2].flatMap((cell) =>
        [0, 1, 2, 3, 4].map((value) => changedBy(() => probe.call("setCell", cell, value))),
      ),
    ];
    const bytes = places.flatMap((place) => place.trim().split(" "));
    expect(bytes.length).toBe(3 + 3 + 3 * 5 * 2);
    expect(new Set(bytes).size).toBe(bytes.length);
  });
});

describe("events", () => {
  test("a record holds class, size and fields, and starts as zeros", () => {
    const read = eventReader(probe.game.schema);
    const { address, size } = probe.game.schema.regions.events;
    probe.bytes.fill(0xff, address + 4, address + size);
    probe.call("ping", 5);
    expect(read(probe.events)).toEqual([{ type: "Ping", number: 5n, at: { x: 1.5, y: -1.5 }, note: [0, 0, 7] }]);
  });

  test("more than 4 KiB of events in a frame trap", () => {
    probe.call("big", 4);
    expect(probe.events.length).toBe(4 * 1004);
    expect(() => probe.call("big", 5)).toThrow(WebAssembly.RuntimeError);
    expect(probe.trap?.message).toBe("the events of one frame exceed 4 KiB");
  });
});

test("phase is one store to a known cell", () => {
  probe.call("fillLeft", 1);
  expect(probe.view.getInt32(probe.game.schema.regions.phase.address, true)).toBe(21);
});

test("a division by zero and the root of a negative number trap with a message", () => {
  expect(() => probe.call("div", 1, 0)).toThrow(WebAssembly.RuntimeError);
  expect(probe.trap?.message).toBe("division by zero");
  expect(() => probe.call("sqrt", -1)).toThrow(WebAssembly.RuntimeError);
  expect(probe.trap?.message).toBe("the square root of a negative number");
});

test("the view of the state reads what the game wrote", () => {
  const { schema } = probe.game;
  probe.call("fillRight", 9);
  const world = stateView(schema, "World", probe.view, schema.regions.state.address) as { right: Iterable<number> };
  expect([...world.right]).toEqual([9, 9, 9]);
});
