// Codecs: one definition writes, reads and describes a value; reading fills a record that the codec's owner made once.
import type { Reader, Writer } from "./bytes.js";

export interface Codec<T> {
  /** How PROTOCOL.md shows it. */
  readonly layout: string;
  /** Makes a value to read into. */
  blank(): T;
  write(to: Writer, value: T): void;
  /** Records are filled in place, so that a frame's messages make no garbage; numbers are simply returned. */
  read(from: Reader, into: T): T;
}

const EMPTY = new Uint8Array(0);

export type ValueOf<C> = C extends Codec<infer T> ? T : never;

function number(layout: string, write: Codec<number>["write"], read: (from: Reader) => number): Codec<number> {
  return { layout, blank: () => 0, write, read };
}

export const u8: Codec<number> = number(
  "u8",
  (to, value) => to.u8(value),
  (from) => from.u8(),
);
export const u16: Codec<number> = number(
  "u16",
  (to, value) => to.u16(value),
  (from) => from.u16(),
);
export const u32: Codec<number> = number(
  "u32",
  (to, value) => to.u32(value),
  (from) => from.u32(),
);
export const varint: Codec<number> = number(
  "varint",
  (to, value) => to.varint(value),
  (from) => from.varint(),
);
/** Small numbers of either sign: 0, -1, 1, -2 … become 0, 1, 2, 3 …; magnitudes below 2^30. */
export const zigzag: Codec<number> = number(
  "zigzag",
  (to, value) => to.varint(value < 0 ? -2 * value - 1 : 2 * value),
  (from) => {
    const value = from.varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  },
);

export function bounded(inner: Codec<number>, min: number, max: number): Codec<number> {
  return number(`${inner.layout} in [${min}, ${max}]`, inner.write, (from) => {
    const value = inner.read(from, 0);
    return value < min || value > max ? from.fail() : value;
  });
}

/** A 64-bit hash as 16 hexadecimal digits; on the wire eight bytes, the least significant first. */
export const hash64: Codec<string> = {
  layout: "hash64",
  blank: () => "0000000000000000",
  write(to, value) {
    for (let i = 14; i >= 0; i -= 2) to.u8(Number.parseInt(value.slice(i, i + 2), 16));
  },
  read(from) {
    let digits = "";
    for (let i = 0; i < 8; i++) digits = from.u8().toString(16).padStart(2, "0") + digits;
    return digits;
  },
};

/** Length-prefixed bytes, copied out of the datagram. */
export function bytes(min: number, max: number): Codec<Uint8Array> {
  return {
    layout: min === max ? `byte[${max}]` : `byte[${min}..${max}]`,
    blank: () => EMPTY,
    write(to, value) {
      if (min !== max) to.varint(value.length);
      to.raw(value);
    },
    read(from) {
      const length = min === max ? max : from.varint();
      if (length < min || length > max) from.fail();
      return from.copy(from.bad ? 0 : length);
    },
  };
}

/** UTF-8 text of at most `max` bytes. */
export function text(max: number): Codec<string> {
  const inner = bytes(0, max);
  return {
    layout: `utf8[0..${max}]`,
    blank: () => "",
    write: (to, value) => inner.write(to, encodeText(value, max)),
    read: (from) => new TextDecoder().decode(inner.read(from, EMPTY)),
  };
}
function encodeText(value: string, max: number): Uint8Array {
  let encoded = new TextEncoder().encode(value);
  for (let keep = value.length; encoded.length > max; keep--) encoded = new TextEncoder().encode(value.slice(0, keep));
  return encoded;
}

/** Bytes of a datagram that are read later, where they lie: `bytes` belongs to the datagram and is not kept. */
export interface Window {
  bytes: Uint8Array;
  begin: number;
  end: number;
}

export function window(max: number): Codec<Window> {
  return {
    layout: `bits[0..${max} bytes]`,
    blank: () => ({ bytes: EMPTY, begin: 0, end: 0 }),
    write(to, value) {
      to.varint(value.end - value.begin);
      to.raw(value.bytes, value.begin, value.end);
    },
    read(from, into) {
      const length = from.varint();
      if (length > max) from.fail();
      into.bytes = from.bytes;
      into.begin = from.at;
      from.skip(from.bad ? 0 : length);
      into.end = from.bad ? into.begin : from.at;
      return into;
    },
  };
}

/** A list that keeps its items between readings: `count` of them are meant. */
export interface List<T> {
  items: T[];
  count: number;
}

export function list<T>(item: Codec<T>, max: number): Codec<List<T>> {
  return {
    layout: `(${item.layout})[0..${max}]`,
    blank: () => ({ items: [], count: 0 }),
    write(to, value) {
      to.u8(value.count);
      for (let i = 0; i < value.count; i++) item.write(to, value.items[i]!);
    },
    read(from, into) {
      into.count = 0;
      const count = from.u8();
      if (count > max) from.fail();
      for (let i = 0; i < count && !from.bad; i++) {
        if (into.items.length <= i) into.items.push(item.blank());
        into.items[i] = item.read(from, into.items[i]!);
        into.count = i + 1;
      }
      return into;
    },
  };
}

/** The next item to fill of a list that is being written. */
export function append<T>(to: List<T>, item: Codec<T>): T {
  if (to.items.length <= to.count) to.items.push(item.blank());
  return to.items[to.count++]!;
}

// biome-ignore lint/suspicious/noExplicitAny: a struct's fields are of any type; ValueOf recovers each one.
type Fields = Record<string, Codec<any>>;

export function struct<F extends Fields>(fields: F): Codec<{ -readonly [K in keyof F]: ValueOf<F[K]> }> {
  type T = { -readonly [K in keyof F]: ValueOf<F[K]> };
  const names = Object.keys(fields) as (keyof F & string)[];
  const codecs = names.map((name) => fields[name]!);
  return {
    layout: names.map((name, i) => `${name}: ${codecs[i]!.layout}`).join(", "),
    blank() {
      const value = {} as T;
      for (let i = 0; i < names.length; i++) value[names[i]!] = codecs[i]!.blank();
      return value;
    },
    write(to, value) {
      for (let i = 0; i < names.length; i++) codecs[i]!.write(to, value[names[i]!]);
    },
    read(from, into) {
      for (let i = 0; i < names.length; i++) into[names[i]!] = codecs[i]!.read(from, into[names[i]!]);
      return into;
    },
  };
}
