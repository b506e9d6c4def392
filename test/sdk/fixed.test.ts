// Q16.16 arithmetic against BigInt, and the tables of sine and cosine against Math.
import { beforeAll, describe, expect, test } from "vitest";
import { buildProbe, Probe } from "./probe.js";

let probe: Probe;
beforeAll(async () => {
  probe = new Probe(await buildProbe());
});

const EDGES = [0, 1, -1, 0x7fff, 0x8000, 0xffff, 0x10000, -0x10000, 0x12345678, -0x12345678, 0x7fffffff, -0x80000000];
const PAIRS = EDGES.flatMap((a) => EDGES.map((b): [number, number] => [a, b])).concat(
  Array.from({ length: 2000 }, (_, i): [number, number] => [
    Math.imul(i + 1, 0x9e3779b1),
    Math.imul(i + 1, 0x85ebca6b) >> (i % 31),
  ]),
);

describe("fixed point", () => {
  test("mul is the exact product, rounded down", () => {
    for (const [a, b] of PAIRS)
      expect(probe.call("mul", a, b), `${a} * ${b}`).toBe(Number(BigInt.asIntN(32, (BigInt(a) * BigInt(b)) >> 16n)));
  });

  test("div is the exact quotient, rounded towards zero", () => {
    for (const [a, b] of PAIRS) {
      if (b !== 0)
        expect(probe.call("div", a, b), `${a} / ${b}`).toBe(Number(BigInt.asIntN(32, (BigInt(a) << 16n) / BigInt(b))));
    }
  });

  test("sqrt is the largest number whose square is not above", () => {
    for (const value of [...EDGES, ...PAIRS.map(([a]) => a)].filter((each) => each >= 0)) {
      const root = BigInt(probe.call("sqrt", value));
      const square = BigInt(value) << 16n;
      expect(root * root <= square && (root + 1n) * (root + 1n) > square, `sqrt ${value} = ${root}`).toBe(true);
    }
  });

  test("toInt rounds down, fromInt is exact", () => {
    expect([0x18000, -0x18000, 0xffff, -1].map((value) => probe.call("toInt", value))).toEqual([1, -2, 0, -1]);
    expect([3, -3, 0].map((value) => probe.call("fromInt", value))).toEqual([0x30000, -0x30000, 0]);
  });

  test("fx of a constant is rounded to the nearest", () => {
    expect(probe.call("constants")).toBe(0x4000 - 0x10001);
  });
});

describe("trigonometry", () => {
  test("sine and cosine of every angle of a turn are within two 2^-16", () => {
    let worst = 0;
    for (let turns = 0; turns < 0x10000; turns++) {
      const angle = (2 * Math.PI * turns) / 0x10000;
      worst = Math.max(worst, Math.abs(probe.call("sin", turns) - 0x10000 * Math.sin(angle)));
      worst = Math.max(worst, Math.abs(probe.call("cos", turns) - 0x10000 * Math.cos(angle)));
    }
    // Measured 1.18; the promise is two, and the margin is not for spending.
    expect(worst).toBeLessThan(1.2);
  });

  test("the four quarters are mirror images", () => {
    for (let turns = 0; turns <= 0x4000; turns++) {
      const value = probe.call("sin", turns);
      expect(
        [probe.call("sin", 0x8000 - turns), probe.call("sin", 0x8000 + turns), probe.call("sin", -turns)].map(
          (each) => each + 0,
        ),
      ).toEqual([value, -value + 0, -value + 0]);
    }
  });

  test("angles wrap: a turn more or less changes nothing", () => {
    for (const turns of [0, 1, 0x1234, 0x4000, 0xffff]) {
      expect(probe.call("sin", turns + 0x70000)).toBe(probe.call("sin", turns));
      expect(probe.call("sin", turns - 0x7fff0000)).toBe(probe.call("sin", turns));
    }
    expect([0, 0x4000, 0x8000, 0xc000].map((turns) => probe.call("cos", turns))).toEqual([0x10000, 0, -0x10000, 0]);
  });
});
