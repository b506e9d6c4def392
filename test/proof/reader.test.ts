// Numbers of the binary format: what is read is what was written, to the last byte.
import { expect, test } from "vitest";
import { Malformed } from "../../src/proof/binary.js";
import { Reader } from "../../src/proof/reader.js";
import { signedLeb } from "../../src/proof/sections.js";

const BOUNDS = [
  0,
  1,
  -1,
  63,
  64,
  -64,
  -65,
  8191,
  8192,
  -8192,
  -8193,
  2 ** 20 - 1,
  2 ** 27,
  -(2 ** 27),
  2 ** 31 - 1,
  -(2 ** 31),
];

test("a signed number is read as it was written, and its bytes are used up", () => {
  for (const value of BOUNDS) {
    const bytes = Uint8Array.from(signedLeb(value));
    const reader = new Reader(bytes, 0, bytes.length);
    expect([reader.s32(), reader.at]).toEqual([value, bytes.length]);
  }
});

test("a signed number of more than 32 bits is malformed, and so is one that does not end", () => {
  for (const bytes of [[0x80, 0x80, 0x80, 0x80, 0x80, 0x00], [0x80]])
    expect(() => new Reader(Uint8Array.from(bytes), 0, bytes.length).s32()).toThrow(Malformed);
});
