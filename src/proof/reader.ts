// The small parts a WebAssembly binary is made of: LEB128 numbers, names, types, limits.
export class Malformed extends Error {}

export interface Limits {
  readonly flags: number;
  readonly min: number;
  readonly max: number | undefined;
}

const NUMBER_AND_REFERENCE_TYPES = new Set([0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f]);

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
    if (!NUMBER_AND_REFERENCE_TYPES.has(type))
      throw new Malformed(`value type 0x${type.toString(16)} is outside the profile`);
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
