// Laws of the delta: it round-trips, it is unique, and a stranger's bytes can neither trap it nor make it write outside.
import { describe, expect, it } from "vitest";
import { bytesOf, fill, instantiateCore, randomFrom } from "./instance.js";

const SLOT = 1 << 17;
// More than a block: a write of a whole one where only a part is left must be seen.
const GUARD = 192;
const FILL = 0xc5;
const core = instantiateCore();
// Three slots in use and two behind them, whose end is the end of memory.
core.configure(SLOT + 2 * GUARD, 5, 2 * SLOT);
const memory = bytesOf(core);
const base = core.slot(0) + GUARD;
const next = core.slot(1) + GUARD;
const rebuilt = core.slot(2) + GUARD;
const delta = core.scratch() + GUARD;

const LENGTHS = [...Array.from({ length: 300 }, (_, i) => i), 4079, 4080, 4095, 4096, 4097, 32_768, 65_535, SLOT];
// What share of bytes changes, in 1/1000. 0 and 1000 are the two ends; 2 leaves long runs.
const SHARES = [0, 2, 30, 400, 1000];

function states(length: number, share: number, random: (below: number) => number): void {
  fill(memory.subarray(base, base + length), random);
  memory.copyWithin(next, base, base + length);
  // Some blocks march: all their numbers change by nearly the same.
  const marches = Array.from({ length: Math.ceil(length / 128) }, () => random(3) === 0);
  for (let i = 0; i < length; i++) {
    if (random(1000) >= share) continue;
    const change = marches[i >> 7] ? 1 + random(17) + 120 * (i & 1) : 1 + random(255);
    memory[next + i] = memory[next + i]! + change;
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
  for (let at = 0; at < from.length; at += 128) {
    const block = plainBlock(from.subarray(at, at + 128), to.subarray(at, at + 128));
    if (block[0] === 0) {
      run += 1;
      continue;
    }
    out.push(...plainRun(run), ...block);
    run = 0;
  }
  return Uint8Array.from([...out, ...plainRun(run)]);
}

function plainRun(blocks: number): number[] {
  if (blocks === 0) return [];
  return blocks > 256 ? [0, 255, ...plainRun(blocks - 256)] : [0, blocks - 1];
}

function plainBlock(from: Uint8Array, to: Uint8Array): number[] {
  let groups = 0;
  const forms: number[] = [];
  const masks: number[] = [];
  const halves: number[] = [];
  for (let group = 0; group < 8; group++) {
    const changes = Array.from({ length: 8 }, (_, i) => changeAt(from, to, 16 * group + 2 * i));
    if (changes.every((change) => change === 0)) continue;
    groups |= 1 << group;
    const lows = plainHalf(changes.map((change) => (change << 24) >> 24));
    const highs = plainHalf(changes.map((change) => ((change + 128) << 16) >> 24));
    forms.push(lows.form | (highs.form << 2));
    masks.push(...lows.mask, ...highs.mask);
    halves.push(...lows.bytes, ...highs.bytes);
  }
  return [groups, ...fours(forms), ...masks, ...halves];
}

function changeAt(from: Uint8Array, to: Uint8Array, at: number): number {
  const numberOf = (state: Uint8Array) => (state[at] ?? 0) + 256 * (state[at + 1] ?? 0);
  return numberOf(to) - numberOf(from);
}

function plainHalf(changes: number[]): { form: number; mask: number[]; bytes: number[] } {
  const mask = changes.reduce((bits, change, i) => (change === 0 ? bits : bits | (1 << i)), 0);
  if (mask === 0) return { form: 0, mask: [], bytes: [] };
  const bytes = changes.filter((change) => change !== 0).map((change) => change & 255);
  if (mask !== 255) return { form: 1, mask: [mask], bytes };
  const least = Math.min(...changes);
  if (Math.max(...changes) - least > 15) return { form: 2, mask: [], bytes };
  return { form: 3, mask: [], bytes: [least & 255, ...fours(changes.map((change) => change - least))] };
}

function fours(values: number[]): number[] {
  return values.flatMap((low, i) => (i % 2 === 0 ? [low | ((values[i + 1] ?? 0) << 4)] : []));
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
  it("is runs of unchanged blocks, and blocks of groups, forms, masks, halves", () => {
    memory.fill(0, base, base + 600);
    memory.fill(0, next, next + 600);
    expect(hex(encode(600))).toBe("0004");
    memory[next + 128 + 17] = 0xab;
    memory[next + 128 + 31] = 0xcd;
    expect(hex(encode(600))).toBe("0000" + "02" + "04" + "81" + "abcd" + "0002");
    memory[next + 128 + 127] = 0xef;
    expect(hex(encode(600))).toBe("0000" + "82" + "44" + "8180" + "abcdef" + "0002");
    memory[next] = 0x12;
    memory[next + 599] = 0x34;
    const [first, second, last] = [
      "01" + "01" + "01" + "12",
      "82" + "44" + "8180" + "abcdef",
      "20" + "04" + "08" + "34",
    ];
    expect(hex(encode(600))).toBe(`${first}${second}0001${last}`);
    expect(hex(encode(0))).toBe("");
  });

  it.each([
    ["one step up", [1], "01" + "01" + "01"],
    ["one step down", [-1], "01" + "01" + "ff"],
    ["the furthest that is a byte", [-128, 127], "01" + "03" + "807f"],
    ["one further each", [-129, 128], "05" + "0303" + "7f80" + "ff01"],
    ["all near each other", [9, 8, 7, 6, 5, 4, 3, 2], "03" + "02" + "67452301"],
    ["as far from each other as near goes", [-9, 6, 1, 1, 1, 1, 1, 1], "03" + "f7" + "f0aaaaaa"],
    ["one further", [-10, 6, 1, 1, 1, 1, 1, 1], "02" + "f606010101010101"],
    ["near each other but for one that rests", [1, 2, 3, 4, 5, 6, 7, 0], "01" + "7f" + "01020304050607"],
    ["far away but all near each other", [300, 301, 302, 303, 300, 300, 300, 300], "0f" + "2c10320000" + "0100000000"],
  ])("writes %s as it must", (_, steps, expected) => {
    fill(memory.subarray(base, base + 16), randomFrom(3));
    memory.copyWithin(next, base, base + 16);
    const numbers = new DataView(memory.buffer, next, 16);
    for (const [i, step] of steps.entries()) numbers.setUint16(2 * i, numbers.getUint16(2 * i, true) + step, true);
    expect(hex(encode(16))).toBe(`01${expected}`);
    expect(decodeAtEnd(encode(16), 16)).toBe(1);
    expect(hex(memory.slice(rebuilt, rebuilt + 16))).toBe(hex(memory.slice(next, next + 16)));
  });

  it("spells more than 256 unchanged blocks with several runs, each but the last a full one", () => {
    memory.fill(0, base, base + 128 * 770);
    memory.fill(0, next, next + 128 * 770);
    expect([1, 255, 256, 257, 512, 513, 770].map((blocks) => hex(encode(blocks * 128)))).toEqual([
      "0000",
      "00fe",
      "00ff",
      "00ff0000",
      "00ff00ff",
      "00ff00ff0000",
      "00ff00ff00ff0001",
    ]);
  });

  it("has runs of about 256 and 512 between changed blocks", () => {
    for (const blocks of [254, 255, 256, 257, 258, 511, 512, 513]) {
      const last = 1 + blocks;
      const length = 128 * (last + 2);
      memory.fill(0, base, base + length);
      memory.fill(0, next, next + length);
      memory[next] = 0xab;
      memory.fill(0xcd, next + 128 * last, next + 128 * last + 128);
      const expected = plainEncode(memory.subarray(base, base + length), memory.subarray(next, next + length));
      expect(hex(encode(length)), `${blocks} blocks`).toBe(hex(expected));
      expect(decodeAtEnd(expected, length)).toBe(1);
      const rebuiltState = memory.subarray(rebuilt, rebuilt + length);
      expect(Buffer.compare(rebuiltState, memory.subarray(next, next + length))).toBe(0);
    }
  });

  it("spells every set of changed groups", () => {
    for (let groups = 0; groups < 256; groups++) {
      memory.fill(0, base, base + 128);
      memory.fill(0, next, next + 128);
      for (let group = 0; group < 8; group++) if ((groups >> group) & 1) memory[next + 17 * group] = 1 + group;
      const expected = plainEncode(memory.subarray(base, base + 128), memory.subarray(next, next + 128));
      expect(hex(encode(128))).toBe(hex(expected));
      expect(decodeAtEnd(expected, 128)).toBe(1);
      expect(hex(memory.slice(rebuilt, rebuilt + 128))).toBe(hex(memory.slice(next, next + 128)));
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
    for (let length = 0; length < 300; length++) {
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
    for (let length = 0; length < 260; length++) {
      states(length, 300, random);
      memory.fill(0x11, base + length, base + length + 128);
      memory.fill(0x22, next + length, next + length + 128);
      const first = hex(encode(length));
      memory.fill(0x22, base + length, base + length + 128);
      expect(hex(encode(length))).toBe(first);
    }
  });

  it("may be applied in place", () => {
    const random = randomFrom(5);
    for (const length of [1, 16, 70, 128, 200, 4097]) {
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
    for (const length of [1, 15, 16, 17, 100, 128, 129, 500]) {
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
    ["a run where nothing is due", 0, "0000"],
    ["a run past the end", 128, "0001"],
    ["a run past the end behind a block", 256, "01" + "01" + "01" + "aa" + "0001"],
    ["full runs past the end", 128, "00ff".repeat(60)],
    ["a run that is cut", 128, "00"],
    ["a run behind one that is not full", 256, "00000000"],
    ["a run behind one that is not full, behind a full one", 128 * 258, "00ff00000000"],
    ["a full run and no more", 128 * 257, "00ff"],
    ["a block without its forms", 16, "01"],
    ["forms that are cut", 48, "07" + "11"],
    ["forms of nothing", 16, "01" + "00"],
    ["forms of nothing before others", 32, "03" + "10" + "01" + "aa"],
    ["forms of nothing behind others", 32, "03" + "01" + "01" + "aa"],
    ["forms filled up with others", 16, "01" + "21" + "01" + "aa"],
    ["an empty mask", 16, "01" + "01" + "00"],
    ["an empty mask before another", 16, "01" + "05" + "0001" + "aa"],
    ["an empty mask behind another", 16, "01" + "05" + "0100" + "aa"],
    ["a mask of all", 16, "01" + "01" + "ff" + "aabbccdd11223344"],
    ["a block without its mask", 16, "01" + "01"],
    ["masks that are cut", 16, "01" + "05" + "01"],
    ["bytes that are cut", 16, "01" + "01" + "03" + "aa"],
    ["eight bytes that are cut", 16, "01" + "02" + "aabbccdd112233"],
    ["a near half that is cut", 16, "01" + "03" + "01" + "103254"],
    ["a byte of zero", 16, "01" + "01" + "03" + "aa00"],
    ["a byte of zero among eight", 16, "01" + "02" + "aabbccdd11223300"],
    ["eight bytes that are near", 16, "01" + "02" + "0102030405060710"],
    ["eight bytes that are near, for the highs", 16, "01" + "08" + "0102030405060710"],
    ["a least that none is", 16, "01" + "03" + "01" + "21436587"],
    ["a least that none is, for the highs", 16, "01" + "0c" + "01" + "21436587"],
    ["a near zero", 16, "01" + "03" + "ff" + "10325476"],
    ["a near half past the greatest byte", 16, "01" + "03" + "7a" + "103254f6"],
    ["a number behind the state's end", 5, "01" + "01" + "08" + "aa"],
    ["the other byte of a number that the state's end cuts", 5, "01" + "04" + "04" + "aa"],
    ["a group behind the state's end", 16, "02" + "01" + "01" + "aa"],
    ["the last group behind the state's end", 128 + 100, "0000" + "80" + "01" + "80" + "aa"],
  ])("%s", (_, length, source) => {
    // Zeroes or what an earlier delta left behind: neither may complete this one.
    for (const before of ["0004", "01" + "01" + "0f" + "aaaaaaaa" + "0004"]) {
      decodeAtEnd(Buffer.from(before, "hex"), 128 * 6);
      expect(decodeAtEnd(Buffer.from(source, "hex"), length)).toBe(0);
    }
  });

  it("a changed byte of zero, and an empty mask, in any block of a long one", () => {
    const blocks = 50;
    const length = 128 * (2 * blocks + 3);
    // Every second block has one changed byte, so each takes six bytes with its run; then a run of three.
    const good = Uint8Array.from([...new Array(blocks).fill([0, 0, 4, 1, 8, 0xab]).flat(), 0, 2]);
    expect(decodeAtEnd(good, length)).toBe(1);
    for (let block = 0; block < blocks; block++) {
      const zero = good.slice();
      zero[6 * block + 5] = 0;
      expect(decodeAtEnd(zero, length), `a zero in block ${block}`).toBe(0);
      const before = good.subarray(0, 6 * block);
      const empty = Uint8Array.from([...before, 0, 0, 4, 1, 0, ...good.subarray(6 * block + 6)]);
      expect(decodeAtEnd(empty, length), `an empty mask in block ${block}`).toBe(0);
      const twice = Uint8Array.from([...before, 0, 0, 0, 0, ...good.subarray(6 * block + 6)]);
      expect(decodeAtEnd(twice, length), `two runs for block ${block}`).toBe(0);
    }
  });

  it("200 000 random, mutated and cut ones neither trap nor write outside; what is accepted is what encode would write", () => {
    const seed = 4_242;
    const random = randomFrom(seed);
    let accepted = 0;
    let good = new Uint8Array(0);
    let length = 0;
    for (let i = 0; i < 200_000; i++) {
      if (i % 50 === 0) {
        length = random(400);
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
