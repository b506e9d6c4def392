// The small parts a WebAssembly binary is made of: LEB128 numbers, names, types, limits.
import type { Rule } from "./finding.js";

/** Bytes that nobody can read, or types of which nobody here knows how long they are: then the rule that forbids them. */
export class Malformed extends Error {
  readonly rule: Rule;

  constructor(what: string, rule: Rule = "malformed") {
    super(what);
    this.rule = rule;
  }
}

export interface Limits {
  readonly flags: number;
  readonly min: number;
  readonly max: number | undefined;
}

const NUMBER_AND_REFERENCE_TYPES = new Set([0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f]);
/** References to types of a module, and to objects of the engine. Some have more bytes behind them. */
const NEWER_REFERENCES = new Set([0x63, 0x64, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x71, 0x72, 0x73]);
const EXCEPTION_REFERENCES = new Set([0x69, 0x74]);

/** What blocks leave that have no type of the module: nothing, or one value. */
export const BLOCK_EMPTY = -1;
export const BLOCK_ONE = -2;
const EMPTY_BLOCK = 0x40;
/** One byte of a signed number from here on is below zero. */
const FIRST_OF_NEGATIVES = 0x40;

export class Reader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, begin: number, end: number) {
    this.bytes = bytes;
    this.at = begin;
    this.end = end;
  }

  u8(): number {
    if (this.at >= this.end) throw new Malformed("the bytes end too early");
    return this.bytes[this.at++]!;
  }

  /** An unsigned LEB128 of at most 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw new Malformed("a number is longer than 32 bits");
  }

  /** A signed LEB128 of at most 32 bits, as `i32.const` has them. */
  s32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return shift + 7 < 32 && byte & 0x40 ? value | (-1 << (shift + 7)) : value;
    }
    throw new Malformed("a number is longer than 32 bits");
  }

  /** Steps over a LEB128 of at most `bytesMax` bytes. */
  skipLeb(bytesMax: number): void {
    for (let i = 0; i < bytesMax; i++) if (this.u8() < 0x80) return;
    throw new Malformed("a number is too long");
  }

  skip(count: number): void {
    if (count > this.end - this.at) throw new Malformed("the bytes end too early");
    this.at += count;
  }

  name(): string {
    const length = this.u32();
    const begin = this.at;
    this.skip(length);
    return new TextDecoder().decode(this.bytes.subarray(begin, this.at));
  }

  valueType(): void {
    const type = this.u8();
    if (NUMBER_AND_REFERENCE_TYPES.has(type)) return;
    const what = `value type 0x${type.toString(16)} is outside the profile`;
    if (NEWER_REFERENCES.has(type)) throw new Malformed(`${what} (garbage collection)`, "garbage-collection");
    if (EXCEPTION_REFERENCES.has(type)) throw new Malformed(`${what} (exceptions)`, "exceptions");
    throw new Malformed(what);
  }

  /**
   * A block's: BLOCK_EMPTY, BLOCK_ONE, or the index of a function's type. In the bytes that is a signed number that is not
   * negative, of up to 33 bits, which reads like an unsigned one.
   */
  blockType(): number {
    const first = this.u8();
    if (first === EMPTY_BLOCK) return BLOCK_EMPTY;
    this.at--;
    if (first < FIRST_OF_NEGATIVES || first >= 0x80) return this.u32();
    this.valueType();
    return BLOCK_ONE;
  }

  limits(): Limits {
    const flags = this.u8();
    const min = this.#bound(flags);
    return { flags, min, max: flags & 1 ? this.#bound(flags) : undefined };
  }

  // Memory64 has bounds of 64 bits; such a memory is refused by its flags, so their value does not matter.
  #bound(flags: number): number {
    if (!(flags & 4)) return this.u32();
    this.skipLeb(10);
    return 0;
  }
}
