// Runs of inputs as bits: each frame against the one before it, one bit when nothing changed.
//
//   0                          same as the frame before (the first: as the delta base)
//   1 0  (index 1)* index 0    these bits toggled, least significant first; index = log2(8 * length) bits
//   1 1 0  mask  bytes         same length: one mask bit a byte, then the XOR of each marked byte
//   1 1 1  length  bytes       anything else: 13 bits of length, then the bytes; of a long input the length alone
//
// Before any of these: 1 1 1 and a length of 8189 + presence, when from this frame on the seat is absent (0), here (1) or
// replaced (2). So what is always here, and the same, costs one bit a frame.
import type { Writer } from "./bytes.js";
import { INPUT_BYTES_MAX, LONG_INPUTS_MAX } from "./limits.js";

const LENGTH_BITS = 13; // INPUT_BYTES_MAX = 4096 needs 13

/** Above every length: the presence that holds from here on. */
const PRESENCE = 8189;
const PRESENCE_MAX = 2;
const HERE = 1;

/** Bits of a toggle's index for inputs of `length` bytes. */
function indexBits(length: number): number {
  return 32 - Math.clz32(8 * length - 1);
}

/** Toggles are only worth their index bits on short inputs. */
const TOGGLE_BYTES_MAX = 8;

/** What a spelling costs that cannot be had. Whole, as Infinity is not: engines would reckon in fractions. */
const NEVER = 0x7fff_ffff;

class Value {
  readonly bytes: Uint8Array = new Uint8Array(INPUT_BYTES_MAX);
  length = 0;

  set(from: Uint8Array, at: number, length: number): void {
    for (let i = 0; i < length; i++) this.bytes[i] = from[at + i]!;
    this.length = length;
  }
}

/** Writes a run into its own buffer; `bytes` up to `length` is the result. */
export class RunWriter {
  readonly bytes: Uint8Array;
  count = 0;
  /** Which frames of the run are only marked, `marked` of them, counted from its first: their bytes travel as parts. */
  readonly marks: Int32Array = new Int32Array(LONG_INPUTS_MAX);
  marked = 0;
  readonly #inlineMax: number;
  readonly #previous = new Value();
  #presence = HERE;
  #bit = 0;

  /** Inputs longer than `inlineMax` are marked. */
  constructor(bytesMax: number, inlineMax: number = INPUT_BYTES_MAX) {
    this.bytes = new Uint8Array(bytesMax);
    this.#inlineMax = inlineMax;
  }

  get length(): number {
    return (this.#bit + 7) >> 3;
  }

  /** Starts a run against a base: the input of a final frame, or none (length 0). */
  begin(base: Uint8Array, at: number, length: number, presence: number = HERE): void {
    // A loop: runs are a few bytes long, and a call of `fill` costs more than they do.
    for (let i = this.length - 1; i >= 0; i--) this.bytes[i] = 0;
    this.#bit = 0;
    this.count = 0;
    this.marked = 0;
    this.#presence = presence;
    this.#previous.set(base, at, length);
  }

  /** Adds one frame; false when it does not fit any more (the run stays as it was). */
  put(input: Uint8Array, at: number, length: number, presence: number = HERE): boolean {
    return presence === this.#presence ? this.#put(input, at, length) : this.#turn(input, at, length, presence);
  }

  #turn(input: Uint8Array, at: number, length: number, presence: number): boolean {
    const bit = this.#bit;
    if (!this.#fits(3 + LENGTH_BITS)) return false;
    this.#bits(0b111, 3);
    this.#bits(PRESENCE + presence, LENGTH_BITS);
    if (this.#put(input, at, length)) {
      this.#presence = presence;
      return true;
    }
    for (; this.#bit > bit; this.#bit--) this.bytes[(this.#bit - 1) >> 3]! &= ~(1 << ((this.#bit - 1) & 7));
    return false;
  }

  #put(input: Uint8Array, at: number, length: number): boolean {
    const { length: before, bytes: previous } = this.#previous;
    let changed = 0;
    let toggled = 0;
    for (let i = 0; i < length && length === before; i++) {
      const difference = input[at + i]! ^ previous[i]!;
      if (difference === 0) continue;
      changed += 1;
      toggled += popcount(difference);
    }
    if (changed === 0 && length === before) return this.#fits(1) && this.#same();
    if (length > this.#inlineMax) return this.#mark(input, at, length);
    const toggles = length !== before || length > TOGGLE_BYTES_MAX ? NEVER : 2 + toggled * (indexBits(length) + 1);
    const mask = length !== before ? NEVER : 3 + length + 8 * changed;
    const raw = 3 + LENGTH_BITS + 8 * length;
    const cost = Math.min(toggles, mask, raw);
    if (!this.#fits(cost)) return false;
    if (cost === toggles) this.#putToggles(input, at, length);
    else if (cost === mask) this.#putMask(input, at, length);
    else this.#putRaw(input, at, length);
    this.#previous.set(input, at, length);
    this.count += 1;
    return true;
  }

  #same(): true {
    this.#bits(0, 1);
    this.count += 1;
    return true;
  }

  #mark(input: Uint8Array, at: number, length: number): boolean {
    if (this.marked === LONG_INPUTS_MAX || !this.#fits(3 + LENGTH_BITS)) return false;
    this.#bits(0b111, 3);
    this.#bits(length, LENGTH_BITS);
    this.marks[this.marked++] = this.count;
    this.#previous.set(input, at, length);
    this.count += 1;
    return true;
  }

  #putToggles(input: Uint8Array, at: number, length: number): void {
    const bits = indexBits(length);
    this.#bits(0b01, 2);
    let first = true;
    for (let i = 0; i < length; i++) {
      for (let x = input[at + i]! ^ this.#previous.bytes[i]!; x !== 0; x &= x - 1) {
        if (!first) this.#bits(1, 1);
        first = false;
        this.#bits(8 * i + (31 - Math.clz32(x & -x)), bits);
      }
    }
    this.#bits(0, 1);
  }

  #putMask(input: Uint8Array, at: number, length: number): void {
    const previous = this.#previous.bytes;
    this.#bits(0b011, 3);
    for (let i = 0; i < length; i++) this.#bits(input[at + i] === previous[i] ? 0 : 1, 1);
    for (let i = 0; i < length; i++) {
      if (input[at + i] !== previous[i]) this.#bits(input[at + i]! ^ previous[i]!, 8);
    }
  }

  #putRaw(input: Uint8Array, at: number, length: number): void {
    this.#bits(0b111, 3);
    this.#bits(length, LENGTH_BITS);
    for (let i = 0; i < length; i++) this.#bits(input[at + i]!, 8);
  }

  #fits(bits: number): boolean {
    return this.#bit + bits <= 8 * this.bytes.length;
  }

  /** Appends at most 16 bits, which touch three bytes at most. */
  #bits(value: number, count: number): void {
    const { bytes } = this;
    const shifted = value << (this.#bit & 7);
    const first = this.#bit >> 3;
    this.#bit += count;
    for (let at = first, rest = shifted; rest !== 0; at++, rest >>>= 8) bytes[at]! |= rest & 255;
  }

  /** Appends the finished run to a datagram or file. */
  copyTo(to: Writer): void {
    to.raw(this.bytes, 0, this.length);
  }
}

/**
 * Reads a run: after each `next()` that answers true, `bytes` up to `length` is that frame's input, unless it is long:
 * then `longLength` is its length, and the reader has to be supplied with its bytes before it goes on.
 */
export class RunReader {
  readonly #value = new Value();
  #source: Uint8Array = new Uint8Array(0);
  #bit = 0;
  #end = 0;
  #left = 0;
  #inputBytesMax = 0;
  #inlineMax = 0;
  longLength = 0;
  /** Whether that frame's seat is absent (0), here (1) or replaced (2). */
  presence = HERE;
  #turned = false;

  get bytes(): Uint8Array {
    return this.#value.bytes;
  }
  get length(): number {
    return this.#value.length;
  }
  /** True when every frame was read and less than a byte is left over. */
  get finished(): boolean {
    const rest = this.#end - this.#bit;
    return this.#left === 0 && rest >= 0 && rest < 8;
  }

  open(
    source: { bytes: Uint8Array; begin: number; end: number },
    count: number,
    inputBytesMax: number,
    inlineMax: number = INPUT_BYTES_MAX,
  ): void {
    this.#source = source.bytes;
    this.#bit = 8 * source.begin;
    this.#end = 8 * source.end;
    this.#left = count;
    this.#inputBytesMax = inputBytesMax;
    this.#inlineMax = inlineMax;
    this.#value.length = 0;
  }

  base(bytes: Uint8Array, at: number, length: number, presence: number = HERE): void {
    this.presence = presence;
    this.#value.set(bytes, at, length);
  }

  /** The bytes of the long input that was marked. */
  supply(bytes: Uint8Array, at: number): void {
    this.#value.set(bytes, at, this.longLength);
  }

  /** False at the end of the run, and for good once the bits turn out malformed. */
  next(): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    this.longLength = 0;
    const ok = this.#take(1) === 0 || this.#change();
    if (!ok || this.#bit > this.#end) {
      this.#bit = this.#end + 8; // never `finished`: the run is malformed
      this.#left = 0;
      return false;
    }
    return true;
  }

  #change(): boolean {
    if (this.#take(1) === 0) return this.#toggles();
    return this.#take(1) === 0 ? this.#masked() : this.#raw();
  }

  #toggles(): boolean {
    const { bytes, length } = this.#value;
    if (length === 0 || length > TOGGLE_BYTES_MAX) return false;
    const bits = indexBits(length);
    for (let count = 0; count < 8 * length; count++) {
      const index = this.#take(bits);
      if (index >= 8 * length) return false;
      bytes[index >> 3]! ^= 1 << (index & 7);
      if (this.#take(1) === 0) return true;
    }
    return false;
  }

  #masked(): boolean {
    const { bytes, length } = this.#value;
    const mask = this.#bit;
    this.#bit += length;
    if (this.#bit > this.#end) return false;
    for (let i = 0; i < length; i++) {
      const at = mask + i;
      if ((this.#source[at >> 3]! >> (at & 7)) & 1) bytes[i]! ^= this.#take(8);
    }
    return true;
  }

  #raw(): boolean {
    const length = this.#take(LENGTH_BITS);
    if (length >= PRESENCE) return this.#turn(length - PRESENCE);
    if (length > this.#inputBytesMax) return false;
    if (length > this.#inlineMax) {
      this.longLength = length;
      return true;
    }
    if (this.#bit + 8 * length > this.#end) return false;
    for (let i = 0; i < length; i++) this.#value.bytes[i] = this.#take(8);
    this.#value.length = length;
    return true;
  }

  /** Another presence, told once, then the frame itself. */
  #turn(presence: number): boolean {
    if (presence > PRESENCE_MAX || presence === this.presence || this.#turned) return false;
    this.presence = presence;
    this.#turned = true;
    const ok = this.#take(1) === 0 || this.#change();
    this.#turned = false;
    return ok;
  }

  /** The next bits, least significant first; zeroes past the end, which `next` then refuses. */
  #take(count: number): number {
    const source = this.#source;
    const begin = this.#bit;
    const end = begin + count;
    this.#bit = end;
    let value = 0;
    for (let at = begin & ~7; at < end && at < this.#end; at += 8) {
      const byte = source[at >> 3]!;
      value |= at < begin ? byte >> (begin - at) : byte << (at - begin);
    }
    return value & ((1 << count) - 1);
  }
}

/** Set bits of a byte. */
function popcount(byte: number): number {
  const pairs = byte - ((byte >> 1) & 0x55);
  const nibbles = (pairs & 0x33) + ((pairs >> 2) & 0x33);
  return (nibbles + (nibbles >> 4)) & 15;
}
