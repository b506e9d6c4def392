// The functions that an instrumented game calls: they write for it, and log what was there before and after, or what was computed.
//
//   log:     header | write | value | write | …
//   header:  cursor u32, end u32, full u32
//   write:   site u32, address u32, size u32, the bytes before, the bytes after
//   value:   site u32 with its highest bit set, the value as i64
import { behind, CALL, END, I32_CONST, type Instruction, LOCAL_GET, VECTOR } from "../../proof/opcodes.js";
import { Reader } from "../../proof/reader.js";
import { leb, signedLeb } from "../../proof/sections.js";
import type { NumberType } from "./results.js";

/** Of WebAssembly. */
export const PAGE_BYTES = 65536;
/** A memory of 32-bit addresses has so many pages at most. */
export const PAGES_MAX = 65535;
export const HEADER = { cursor: 0, end: 4, full: 8, bytes: 64 } as const;
export const WRITE = { site: 0, address: 4, size: 8, bytes: 12 } as const;
export const VALUE = { site: 0, value: 4, bytes: 12, mark: 0x80000000 } as const;

const [I32, I64, F32, F64, V128] = [0x7f, 0x7e, 0x7d, 0x7c, 0x7b];
const [NUMERIC, NO_RESULT] = [0xfc, 0x40];

interface Stored {
  readonly type: number;
  readonly bytes: number;
}

export const STORES: ReadonlyMap<Instruction, Stored> = new Map([
  [0x36, { type: I32, bytes: 4 }],
  [0x37, { type: I64, bytes: 8 }],
  [0x38, { type: F32, bytes: 4 }],
  [0x39, { type: F64, bytes: 8 }],
  [0x3a, { type: I32, bytes: 1 }],
  [0x3b, { type: I32, bytes: 2 }],
  [0x3c, { type: I64, bytes: 1 }],
  [0x3d, { type: I64, bytes: 2 }],
  [0x3e, { type: I64, bytes: 4 }],
  [behind(VECTOR, 0x0b), { type: V128, bytes: 16 }],
  [behind(VECTOR, 0x58), { type: V128, bytes: 1 }], // storeN_lane
  [behind(VECTOR, 0x59), { type: V128, bytes: 2 }],
  [behind(VECTOR, 0x5a), { type: V128, bytes: 4 }],
  [behind(VECTOR, 0x5b), { type: V128, bytes: 8 }],
]);

/** The code of a type, and how a number of it becomes 64 bits. Of a vector, both halves are folded into one. */
const NUMBERS: Readonly<Record<NumberType, { readonly byte: number; readonly bits: readonly number[] }>> = {
  i32: { byte: I32, bits: [0xad] },
  i64: { byte: I64, bits: [] },
  f32: { byte: F32, bits: [0xbc, 0xad] },
  f64: { byte: F64, bits: [0xbd] },
  v128: { byte: V128, bits: [VECTOR, 0x1d, 0, LOCAL_GET, 0, VECTOR, 0x1d, 1, 0x42, 1, 0x89, 0x85] },
};

export const MEMORY_INIT: Instruction = behind(NUMERIC, 8);
export const MEMORY_COPY: Instruction = behind(NUMERIC, 10);
export const MEMORY_FILL: Instruction = behind(NUMERIC, 11);

interface Added {
  readonly params: readonly number[];
  readonly results: readonly number[];
  readonly code: readonly number[];
}

/** The functions that write for the game, and log: one for each instruction with its operands; and those that only log. */
export class Helpers {
  readonly added: Added[] = [];
  /** Of the game's own memory. */
  readonly pages: number;
  readonly #first: number;
  readonly #base: number;
  readonly #known = new Map<string, number>();
  readonly #begin: number;
  readonly #end: number;

  constructor(first: number, pages: number) {
    this.pages = pages;
    this.#first = first;
    this.#base = pages * PAGE_BYTES;
    this.#begin = this.#add({ params: [I32, I32, I32, I32], results: [], code: beginCode(this.#base) });
    this.#end = this.#add({ params: [], results: [], code: endCode(this.#base) });
  }

  /** Takes the store's own operands, then the site. */
  store(instruction: Instruction, raw: Uint8Array, { type, bytes }: Stored): number {
    return this.#once(raw.join(), () => {
      const operands = new Reader(raw, 1, raw.length);
      if (instruction >= behind(VECTOR, 0)) operands.u32(); // the opcode behind the prefix
      operands.u32(); // the alignment, a hint
      const displacement = operands.u32();
      const before = [...get(2), ...get(0), ...constant(displacement), ...constant(bytes), ...called(this.#begin)];
      return {
        params: [I32, type, I32],
        results: [],
        code: body(before, [...get(0), ...get(1), ...raw], called(this.#end)),
      };
    });
  }

  /** memory.copy, memory.fill and memory.init: address, something, size, then the site. */
  bulk(instruction: Instruction, raw: Uint8Array): number {
    return this.#once(raw.join(), () => {
      const before = [...get(3), ...get(0), ...constant(0), ...get(2), ...called(this.#begin)];
      const source = instruction === MEMORY_COPY ? inside(get(1), [], get(2), this.#base) : [];
      const write = [...get(0), ...get(1), ...get(2), ...raw];
      return {
        params: [I32, I32, I32, I32],
        results: [],
        code: body([...source, ...before], write, called(this.#end)),
      };
    });
  }

  /** Takes a number and the site, and hands the number back. */
  note(type: NumberType): number {
    return this.#once(type, () => {
      const { byte, bits } = NUMBERS[type];
      return { params: [byte, I32], results: [byte], code: noteCode(this.#base, bits) };
    });
  }

  #once(key: string, make: () => Added): number {
    let index = this.#known.get(key);
    if (index === undefined) {
      index = this.#add(make());
      this.#known.set(key, index);
    }
    return index;
  }

  #add(helper: Added): number {
    this.added.push(helper);
    return this.#first + this.added.length - 1;
  }
}

const get = (local: number): number[] => [LOCAL_GET, ...leb(local)];
const set = (local: number): number[] => [0x21, ...leb(local)];
export const constant = (value: number): number[] => [I32_CONST, ...signedLeb(value)];
export const called = (index: number): number[] => [CALL, ...leb(index)];
const load = (offset: number): number[] => [0x28, 0, ...leb(offset)];
const save = (offset: number): number[] => [0x36, 0, ...leb(offset)];
const ADD = [0x6a];
const UNREACHABLE = [0x00];
const COPY = [NUMERIC, 10, 0, 0];
const WIDE = [0xad]; // i64.extend_i32_u
const WIDE_ADD = [0x7c];
const IF = [0x04, NO_RESULT];

function body(...code: readonly (readonly number[])[]): number[] {
  return [0, ...code.flat(), END];
}

/** What lies outside of the game's own memory traps, as it does in the game, though the copy's memory is larger. */
function inside(address: number[], displacement: number[], size: number[], base: number): number[] {
  const wideDisplacement = displacement.length === 0 ? [] : [...displacement, ...WIDE, ...WIDE_ADD];
  const end = [...address, ...WIDE, ...wideDisplacement, ...size, ...WIDE, ...WIDE_ADD];
  return [...end, ...constant(base), ...WIDE, 0x56, ...IF, ...UNREACHABLE, END]; // i64.gt_u
}

/** The entry at local `at` needs so many bytes: where they are not left, the log is full. */
function roomFor(base: number, needed: number[]): number[] {
  const overfull = [...needed, ...constant(0), ...load(base + HEADER.end), ...WIDE, 0x56]; // i64.gt_u
  return [...overfull, ...IF, ...constant(0), ...constant(1), ...save(base + HEADER.full), ...UNREACHABLE, END];
}

/** begin(site, address, displacement, size): the head of an entry and the bytes as they are. */
function beginCode(base: number): number[] {
  const [site, address, displacement, size, at] = [get(0), get(1), get(2), get(3), get(4)];
  const needed = [...at, ...WIDE, ...size, ...WIDE, 0x42, 1, 0x86, ...WIDE_ADD, 0x42, WRITE.bytes, ...WIDE_ADD];
  return [
    ...[1, 1, I32],
    ...inside(address, displacement, size, base),
    ...[...constant(0), ...load(base + HEADER.cursor), ...set(4)],
    ...roomFor(base, needed),
    ...[...at, ...site, ...save(WRITE.site)],
    ...[...at, ...address, ...displacement, ...ADD, ...save(WRITE.address)],
    ...[...at, ...size, ...save(WRITE.size)],
    ...[...at, ...constant(WRITE.bytes), ...ADD, ...address, ...displacement, ...ADD, ...size, ...COPY],
    END,
  ];
}

/** end(): the bytes as they are now, and the entry is done. */
function endCode(base: number): number[] {
  const [at, size] = [get(0), get(1)];
  return [
    ...[1, 2, I32],
    ...[...constant(0), ...load(base + HEADER.cursor), ...set(0)],
    ...[...at, ...load(WRITE.size), ...set(1)],
    ...[...at, ...constant(WRITE.bytes), ...ADD, ...size, ...ADD, ...at, ...load(WRITE.address), ...size, ...COPY],
    ...[...constant(0), ...at, ...constant(WRITE.bytes), ...ADD, ...size, ...ADD, ...size, ...ADD],
    ...save(base + HEADER.cursor),
    END,
  ];
}

/** note(value, site): the value, logged. */
function noteCode(base: number, bits: readonly number[]): number[] {
  const [value, site, at] = [get(0), get(1), get(2)];
  return [
    ...[1, 1, I32],
    ...[...constant(0), ...load(base + HEADER.cursor), ...set(2)],
    ...roomFor(base, [...at, ...WIDE, 0x42, VALUE.bytes, ...WIDE_ADD]),
    ...[...at, ...site, ...constant(VALUE.mark), 0x72, ...save(VALUE.site)], // i32.or
    ...[...at, ...value, ...bits, 0x37, 0, VALUE.value], // i64.store
    ...[...constant(0), ...at, ...constant(VALUE.bytes), ...ADD, ...save(base + HEADER.cursor)],
    ...value,
    END,
  ];
}
