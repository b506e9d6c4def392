// Laws of the checksum: it is the published XXH3-64, for every length and alignment, and the tree is made of it.
import { createXXHash3 } from "hash-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { bytesOf, fill, hexAt, instantiateCore, randomFrom } from "./instance.js";

const SEED = 20_240_601;
const MIB = 1 << 20;
const core = instantiateCore();
core.configure(MIB + 128, 1, 64 * 1024);
const memory = bytesOf(core);
const state = core.slot(0);
const out = core.scratch();

let reference: (bytes: Uint8Array) => string;

beforeAll(async () => {
  fill(memory.subarray(state, state + MIB + 128), randomFrom(SEED));
  const hasher = await createXXHash3(0, 0);
  reference = (bytes) => hasher.init().update(bytes).digest("hex");
});

function hashHex(at: number, length: number): string {
  core.hash(at, length, out);
  return hexAt(core, out);
}

// The input of the sanity table of xxHash (tests/sanity_test.c): top bytes of PRIME32^2 * PRIME64^i.
function sanityInput(length: number): Uint8Array {
  let generator = 2654435761n;
  return Uint8Array.from({ length }, () => {
    const byte = Number(generator >> 56n);
    generator = (generator * 11400714785074694797n) & 0xffff_ffff_ffff_ffffn;
    return byte;
  });
}

describe("hash", () => {
  it("of nothing is 2d06800538d394c2, written as eight little-endian bytes", () => {
    memory.fill(0xaa, out, out + 16);
    core.hash(state, 0, out);
    expect(Buffer.from(memory.subarray(out, out + 16)).toString("hex")).toBe("c294d3380580062d" + "aa".repeat(8));
  });

  // From the table of xxHash's tests/sanity_test_vectors.h, seed 0.
  it.each([
    [1, "c44bdff4074eecdb"],
    [6, "27b56a84cd2d7325"],
    [12, "a713daf0dfbb77e7"],
    [24, "a3fe70bf9d3510eb"],
    [48, "397da259ecba1f11"],
    [80, "bcdefbbb2c47c90a"],
    [195, "cd94217ee362ec3a"],
    [403, "cdeb804d65c6dea4"],
    [512, "617e49599013cb6b"],
    [2048, "dd59e2c3a5f038e0"],
    [2240, "6e73a90539cf2948"],
  ])("of the %i sanity bytes is the published %s", (length, published) => {
    const at = core.scratch() + 64;
    memory.set(sanityInput(length), at);
    expect(hashHex(at, length)).toBe(published);
  });

  it(`equals hash-wasm for every length up to 1200 (seed ${SEED})`, () => {
    for (let length = 0; length <= 1200; length++) {
      expect(hashHex(state, length), `length ${length}`).toBe(reference(memory.subarray(state, state + length)));
    }
  });

  it.each([2048, 4096, 65536, MIB])(
    "equals hash-wasm around %i bytes, at aligned and unaligned addresses",
    (middle) => {
      for (const length of [-65, -64, -63, -1, 0, 1, 63, 64, 65].map((off) => middle + off)) {
        for (const shift of [0, 1, 7, 13]) {
          const bytes = memory.subarray(state + shift, state + shift + length);
          expect(hashHex(state + shift, length), `length ${length}, shift ${shift}`).toBe(reference(bytes));
        }
      }
    },
  );

  it("reads up to the last byte of memory and no further", () => {
    for (let length = 0; length <= 600; length++) {
      const at = memory.length - length;
      expect(hashHex(at, length), `length ${length}`).toBe(reference(memory.subarray(at)));
    }
  });

  it("depends on no byte outside", () => {
    const at = state + 64;
    for (const length of [0, 1, 3, 4, 8, 9, 16, 17, 128, 129, 240, 241, 1024, 4096]) {
      const before = hashHex(at, length);
      const kept = memory.slice(state, state + 8192);
      for (const i of [at - 1, at + length]) memory[i] = memory[i]! ^ 0xff;
      expect(hashHex(at, length), `length ${length}`).toBe(before);
      memory.set(kept, state);
    }
  });
});

describe("leaves and root", () => {
  it.each([0, 1, 4095, 4096, 4097, 65536, 65537, MIB - 1])("a state of %i bytes", (length) => {
    memory.fill(0xaa, out, out + 4096);
    const count = core.leaves(state, length, out);
    expect(count).toBe(Math.ceil(length / 4096));
    for (let i = 0; i < count; i++) {
      const leaf = memory.subarray(state + i * 4096, state + Math.min(length, (i + 1) * 4096));
      expect(hexAt(core, out + i * 8), `leaf ${i}`).toBe(reference(leaf));
    }
    expect(memory[out + count * 8]).toBe(0xaa);
    core.root(out, count, out + 8192);
    expect(hexAt(core, out + 8192)).toBe(reference(memory.subarray(out, out + count * 8)));
  });

  it("one changed byte changes its own leaf and no other", () => {
    const length = 10 * 4096 + 100;
    for (const changed of [0, 4095, 4096, 20_000, length - 1]) {
      const count = core.leaves(state, length, out);
      memory[state + changed] = memory[state + changed]! ^ 1;
      core.leaves(state, length, out + 1024);
      memory[state + changed] = memory[state + changed]! ^ 1;
      const differing = Array.from({ length: count }, (_, i) => i).filter(
        (i) => hexAt(core, out + i * 8) !== hexAt(core, out + 1024 + i * 8),
      );
      expect(differing).toEqual([Math.floor(changed / 4096)]);
    }
  });
});
