// Laws of the delta: it round-trips, it is unique, and a stranger's bytes can neither trap it nor make it write outside.
import { describe, expect, it } from "vitest";
import { bytesOf, fill, instantiateCore, randomFrom } from "./instance.js";

const SLOT = 1 << 17;
const GUARD = 64;
const FILL = 0xc5;
const core = instantiateCore();
// Three slots in use and two behind them, whose end is the end of memory.
core.configure(SLOT + 2 * GUARD, 5, 2 * SLOT);
const memory = bytesOf(core);
const base = core.slot(0) + GUARD;
const next = core.slot(1) + GUARD;
const rebuilt = core.slot(2) + GUARD;
const delta = core.scratch() + GUARD;

const LENGTHS = [
  ...Array.from({ length: 100 }, (_, i) => i),
  255,
  256,
  257,
  4079,
  4080,
  4081,
  4095,
  4096,
  4097,
  65_535,
  SLOT,
];
// What share of bytes changes, in 1/1000. 0 and 1000 are the two ends; 2 leaves long runs.
const SHARES = [0, 2, 30, 400, 1000];

function states(length: number, share: number, random: (below: number) => number): void {
  fill(memory.subarray(base, base + length), random);
  memory.copyWithin(next, base, base + length);
  for (let i = 0; i < length; i++) {
    if (random(1000) < share) memory[next + i] = memory[next + i]! ^ (1 + random(255));
  }
}

function encode(length: number): Uint8Array {
  const used = core.deltaEncode(base, next, length, delta);
  return memory.slice(delta, delta + used);
}

// The source ends where memory ends, so reading one byte too many would trap.
function decodeAtEnd(source: Uint8Array, length: number): number {
  const at = memory.length - source.length;
  memory.set(source, at);
  return core.deltaDecode(base, at, source.length, rebuilt, length);
}

// The format as delta.ts states it, byte by byte.
function plainEncode(from: Uint8Array, to: Uint8Array): Uint8Array {
  const out: number[] = [];
  let run = 0;
  for (let at = 0; at < from.length; at += 16) {
    const changes = [...from.subarray(at, at + 16)].map((byte, i) => byte ^ to[at + i]!);
    const mask = changes.reduce((bits, change, i) => (change === 0 ? bits : bits | (1 << i)), 0);
    if (mask === 0) {
      run += 1;
      continue;
    }
    out.push(...plainRun(run), mask & 255, mask >> 8, ...changes.filter((change) => change !== 0));
    run = 0;
  }
  if (run > 0) out.push(...plainRun(run));
  return Uint8Array.from(out);
}

function plainRun(groups: number): number[] {
  return [...new Array<number>(Math.floor(groups / 255)).fill(255), groups % 255];
}

function guard(at: number, length: number): void {
  memory.fill(FILL, at - GUARD, at);
  memory.fill(FILL, at + length, at + length + GUARD);
}

function guarded(at: number, length: number): boolean {
  for (let i = 1; i <= GUARD; i++) if (memory[at - i] !== FILL || memory[at + length + i - 1] !== FILL) return false;
  return true;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

describe("delta", () => {
  it("is run, mask, changed bytes", () => {
    memory.fill(0, base, base + 70);
    memory.fill(0, next, next + 70);
    expect(hex(encode(70))).toBe("05");
    memory[next + 17] = 0xab;
    memory[next + 31] = 0xcd;
    expect(hex(encode(70))).toBe("01" + "0280" + "abcd" + "03");
    memory[next + 69] = 0xef;
    expect(hex(encode(70))).toBe("01" + "0280" + "abcd" + "02" + "2000" + "ef");
    expect(hex(encode(0))).toBe("");
  });

  it("spells a run of 255 and more with ff bytes", () => {
    memory.fill(0, base, base + 16 * 600);
    memory.fill(0, next, next + 16 * 600);
    expect([254, 255, 256, 510, 511].map((groups) => hex(encode(groups * 16)))).toEqual([
      "fe",
      "ff00",
      "ff01",
      "ffff00",
      "ffff01",
    ]);
  });

  it("ends a run of about 255 or 510 anywhere in a block of 64 bytes", () => {
    for (const first of [0, 1, 2, 3]) {
      for (const groups of [
        ...Array.from({ length: 16 }, (_, i) => 248 + i),
        ...Array.from({ length: 9 }, (_, i) => 506 + i),
      ]) {
        const last = first + 1 + groups;
        const length = 16 * (last + 2);
        memory.fill(0, base, base + length);
        memory.fill(0, next, next + length);
        memory[next + 16 * first] = 0xab;
        memory.fill(0xcd, next + 16 * last, next + 16 * last + 16);
        const expected = plainEncode(memory.subarray(base, base + length), memory.subarray(next, next + length));
        expect(hex(encode(length)), `${groups} groups after group ${first}`).toBe(hex(expected));
        expect(decodeAtEnd(expected, length)).toBe(1);
        const rebuiltState = memory.subarray(rebuilt, rebuilt + length);
        expect(Buffer.compare(rebuiltState, memory.subarray(next, next + length))).toBe(0);
      }
    }
  });

  it.each(SHARES)("of every length with %i/1000 of the bytes changed is what a plain encoder writes", (share) => {
    const random = randomFrom(101 + share);
    for (const length of LENGTHS) {
      states(length, share, random);
      const expected = plainEncode(memory.subarray(base, base + length), memory.subarray(next, next + length));
      expect(Buffer.compare(encode(length), expected), `length ${length}`).toBe(0);
    }
  });

  it.each(SHARES)("round-trips every length with %i/1000 of the bytes changed, inside its bound", (share) => {
    const random = randomFrom(1 + share);
    for (const length of LENGTHS) {
      for (const shift of [0, 3]) {
        states(length, share, random);
        memory.copyWithin(next - shift, next, next + length);
        guard(delta, core.deltaBound(length));
        const used = core.deltaEncode(base, next - shift, length, delta);
        expect(used).toBeLessThanOrEqual(core.deltaBound(length));
        expect(guarded(delta, core.deltaBound(length)), `encode of ${length} over-writes`).toBe(true);
        guard(rebuilt, length);
        expect(decodeAtEnd(memory.slice(delta, delta + used), length), `decode of ${length}`).toBe(1);
        expect(guarded(rebuilt, length)).toBe(true);
        const same = Buffer.compare(
          memory.subarray(rebuilt, rebuilt + length),
          memory.subarray(next - shift, next - shift + length),
        );
        expect(same, `length ${length}, shift ${shift}`).toBe(0);
      }
    }
  });

  it("is read from a state that ends with memory as from any other", () => {
    const random = randomFrom(13);
    for (let length = 0; length < 100; length++) {
      states(length, 300, random);
      const first = hex(encode(length));
      const last = memory.length - length;
      memory.copyWithin(last, next, next + length);
      const used = core.deltaEncode(base, last, length, delta);
      expect(hex(memory.slice(delta, delta + used)), `length ${length}`).toBe(first);
    }
  });

  it("does not depend on bytes behind the states", () => {
    const random = randomFrom(77);
    for (let length = 0; length < 64; length++) {
      states(length, 300, random);
      memory.fill(0x11, base + length, base + length + 16);
      memory.fill(0x22, next + length, next + length + 16);
      const first = hex(encode(length));
      memory.fill(0x22, base + length, base + length + 16);
      expect(hex(encode(length))).toBe(first);
    }
  });

  it("may be applied in place", () => {
    const random = randomFrom(5);
    for (const length of [1, 16, 70, 4097]) {
      states(length, 100, random);
      const used = encode(length).length;
      expect(core.deltaDecode(base, delta, used, base, length)).toBe(1);
      expect(hex(memory.slice(base, base + length))).toBe(hex(memory.slice(next, next + length)));
    }
  });
});

describe("a malformed delta is refused:", () => {
  it("each of its beginnings, and itself with a byte more", () => {
    const random = randomFrom(9);
    for (const length of [1, 15, 16, 17, 100, 500]) {
      for (const share of SHARES) {
        states(length, share, random);
        const good = encode(length);
        for (let cut = 0; cut < good.length; cut++) expect(decodeAtEnd(good.subarray(0, cut), length)).toBe(0);
        for (const extra of [0, 1, 255]) expect(decodeAtEnd(Uint8Array.of(...good, extra), length)).toBe(0);
        expect(decodeAtEnd(good, length)).toBe(1);
      }
    }
  });

  it.each([
    ["nothing where 16 bytes are due", 16, ""],
    ["a byte where nothing is due", 0, "00"],
    ["a run past the end", 16, "02"],
    ["a long run past the end", 16, "ff" + "ff".repeat(60)],
    ["a run that is not ended", 255 * 16, "ff"],
    ["an empty mask", 16, "000000"],
    ["an empty mask where bytes follow", 32, "000000000100aa"],
    ["a mask that is cut", 16, "0001"],
    ["changed bytes that are cut", 16, "00" + "0300" + "aa"],
    ["a changed byte of zero", 16, "00" + "0300" + "aa00"],
    ["a mask past the end of the state", 5, "00" + "2000" + "aa"],
  ])("%s", (_, length, source) => {
    expect(decodeAtEnd(Buffer.from(source, "hex"), length)).toBe(0);
  });

  it("a changed byte of zero, and an empty mask, in any group of a long one", () => {
    const groups = 50;
    const length = 16 * (2 * groups + 3);
    // Every second group has one changed byte, so each takes four bytes with its run; then a run of three.
    const good = Uint8Array.from([...new Array(groups).fill([1, 4, 0, 0xab]).flat(), 3]);
    expect(decodeAtEnd(good, length)).toBe(1);
    for (let group = 0; group < groups; group++) {
      const zero = good.slice();
      zero[4 * group + 3] = 0;
      expect(decodeAtEnd(zero, length), `a zero in group ${group}`).toBe(0);
      const empty = Uint8Array.from([...good.subarray(0, 4 * group), 1, 0, 0, ...good.subarray(4 * group + 4)]);
      expect(decodeAtEnd(empty, length), `an empty mask in group ${group}`).toBe(0);
    }
  });

  it("a run whose sum leaves 32 bits", () => {
    // 255 · 16 843 009 + 2 = 2³² + 1, which must not pass for one group.
    const length = 16_843_010;
    const large = instantiateCore();
    large.configure(16, 2, length);
    bytesOf(large).fill(0xff, large.scratch(), large.scratch() + length - 1)[large.scratch() + length - 1] = 2;
    expect(large.deltaDecode(large.slot(0), large.scratch(), length, large.slot(1), 16)).toBe(0);
  });

  it("200 000 random, mutated and cut ones neither trap nor write outside; what is accepted is what encode would write", () => {
    const seed = 4_242;
    const random = randomFrom(seed);
    let accepted = 0;
    let good = new Uint8Array(0);
    let length = 0;
    for (let i = 0; i < 200_000; i++) {
      if (i % 50 === 0) {
        length = random(200);
        states(length, SHARES[random(SHARES.length)]!, random);
        good = encode(length) as Uint8Array<ArrayBuffer>;
      }
      const source = mutate(good, i % 4, random);
      guard(rebuilt, length);
      const verdict = decodeAtEnd(source, length);
      if (!guarded(rebuilt, length)) throw new Error(`seed ${seed}, round ${i}: wrote outside`);
      if (verdict === 0) continue;
      accepted += 1;
      const used = core.deltaEncode(base, rebuilt, length, delta);
      if (hex(memory.subarray(delta, delta + used)) !== hex(source)) {
        throw new Error(`seed ${seed}, round ${i}: accepted ${hex(source)}, which encode would not write`);
      }
    }
    // A decoder that refuses everything would pass the above.
    expect(accepted).toBeGreaterThan(10_000);
    expect(accepted).toBeLessThan(190_000);
  });
});

function mutate(good: Uint8Array, way: number, random: (below: number) => number): Uint8Array {
  const changed = good.slice();
  if (way === 0) return fill(new Uint8Array(random(40)), random);
  if (way === 1) return changed.subarray(0, random(good.length + 1));
  const edits = way === 2 ? 1 : 1 + random(6);
  for (let k = 0; k < edits && good.length > 0; k++) changed[random(good.length)] = random(4) === 0 ? 255 : random(256);
  return changed;
}
