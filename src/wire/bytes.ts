// Bounded little-endian cursors: a Reader never reads past its end, a Writer never grows.

/** Largest datagram on the wire, in bytes: fits every path's MTU with room for a carrier's own headers. */
export const DATAGRAM_BYTES_MAX = 1200;

const EMPTY = new Uint8Array(0);

/** Reads one datagram. Past the end it goes `bad` and answers zeroes, so decoding needs no exception. */
export class Reader {
  bytes: Uint8Array = EMPTY;
  at = 0;
  bad = false;

  open(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
    this.bad = false;
  }

  get rest(): number {
    return this.bytes.length - this.at;
  }

  fail(): 0 {
    this.bad = true;
    return 0;
  }

  u8(): number {
    if (this.at >= this.bytes.length) return this.fail();
    return this.bytes[this.at++]!;
  }

  u16(): number {
    if (this.rest < 2) return this.fail();
    const at = this.at;
    this.at += 2;
    return this.bytes[at]! | (this.bytes[at + 1]! << 8);
  }

  u32(): number {
    if (this.rest < 4) return this.fail();
    const at = this.at;
    this.at += 4;
    const bytes = this.bytes;
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  }

  /** LEB128 up to 32 bits; an encoding longer than needed is refused, so every value has one spelling. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let length = 1; length <= 5; length++) {
      const byte = this.u8();
      value += (byte & 127) * scale;
      if (byte < 128) return value > 0xffff_ffff || (byte === 0 && length > 1) ? this.fail() : value;
      scale *= 128;
    }
    return this.fail();
  }

  /** The next `length` bytes, as a copy that may be kept. */
  copy(length: number): Uint8Array {
    if (length > this.rest) {
      this.fail();
      return EMPTY;
    }
    this.at += length;
    return this.bytes.slice(this.at - length, this.at);
  }

  skip(length: number): void {
    if (length > this.rest) this.fail();
    else this.at += length;
  }
}

/** Writes one datagram into a buffer it is given. Past the end it goes `full` and writes nothing more. */
export class Writer {
  bytes: Uint8Array = EMPTY;
  at = 0;
  full = false;

  open(bytes: Uint8Array, at = 0): void {
    this.bytes = bytes;
    this.at = at;
    this.full = false;
  }

  get room(): number {
    return this.bytes.length - this.at;
  }

  u8(value: number): void {
    if (this.room < 1) this.full = true;
    else this.bytes[this.at++] = value;
  }

  u16(value: number): void {
    this.u8(value & 255);
    this.u8((value >>> 8) & 255);
  }

  u32(value: number): void {
    this.u16(value & 0xffff);
    this.u16(value >>> 16);
  }

  varint(value: number): void {
    while (value > 127) {
      this.u8((value % 128) | 128);
      value = Math.floor(value / 128);
    }
    this.u8(value);
  }

  raw(bytes: Uint8Array, begin = 0, end: number = bytes.length): void {
    if (this.room < end - begin) {
      this.full = true;
      return;
    }
    for (let i = begin; i < end; i++) this.bytes[this.at++] = bytes[i]!;
  }
}
