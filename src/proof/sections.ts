// The sections of a module as bytes, for what rewrites some of them and takes the others over as they are.
import { Reader } from "./reader.js";

export const SECTION = {
  custom: 0,
  type: 1,
  function: 3,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  code: 10,
  data: 11,
} as const;

const HEADER_BYTES = 8;

export interface Section {
  readonly id: number;
  readonly contents: Uint8Array;
}

export function readSections(wasm: Uint8Array): Section[] {
  const reader = new Reader(wasm, HEADER_BYTES, wasm.length);
  const sections: Section[] = [];
  while (reader.at < wasm.length) {
    const id = reader.u8();
    const length = reader.u32();
    sections.push({ id, contents: wasm.subarray(reader.at, reader.at + length) });
    reader.skip(length);
  }
  return sections;
}

export function writeSections(wasm: Uint8Array, sections: readonly Section[]): Uint8Array {
  const parts = sections.flatMap(({ id, contents }) => [new Uint8Array([id, ...leb(contents.length)]), contents]);
  return joined([wasm.subarray(0, HEADER_BYTES), ...parts]);
}

/** A vector of the binary format with more items at its end. */
export function appended(contents: Uint8Array, items: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  const reader = new Reader(contents, 0, contents.length);
  const count = reader.u32();
  return joined([new Uint8Array(leb(count + items.length)), contents.subarray(reader.at), ...items]);
}

/** A vector of the binary format. */
export function vector(items: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  return joined([leb(items.length), ...items]);
}

export function joined(parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Unsigned LEB128. */
export function leb(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return [...bytes, value];
}

/** Signed LEB128 of 32 bits, as `i32.const` takes them. */
export function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest & 0x7f];
}

export function nameBytes(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...leb(bytes.length), ...bytes];
}
