// What a write did, in the game's own words: which field, its value before and after.
import { type FieldPlace, fieldAt, formatField, hexBytes, regionAt } from "../../simulation/schema.js";
import { elementBytes, type Schema } from "../../simulation/schema-shape.js";
import type { Write } from "./write-log.js";

/** Some bytes of a state that belong together. */
export interface Span {
  /** `fighters[1].position.x`; of bytes without a name, where they lie. */
  readonly path: string;
  /** From the start of the state. */
  readonly offset: number;
  readonly bytes: number;
  /** Undefined where the bytes have no name. */
  readonly place: FieldPlace | undefined;
}

/** Bytes without a name are told so many at a time. */
const RUN_BYTES = 8;

/** The field that a byte of the state belongs to, or the byte itself. */
function spanAt(schema: Schema, offset: number): Span {
  const place = fieldAt(schema, schema.root, offset);
  if (place !== undefined)
    return { path: place.path, offset: place.offset, bytes: elementBytes(schema, place.field), place };
  return { path: addressOf(schema, schema.regions.state.address + offset), offset, bytes: 1, place };
}

/** All that differs between two states, in the order in which it lies there. */
export function differingSpans(schema: Schema, a: Uint8Array, b: Uint8Array): Span[] {
  const spans: Span[] = [];
  for (let offset = 0; offset < a.length; offset++) {
    if (a[offset] === b[offset]) continue;
    const span = spanAt(schema, offset);
    const last = spans.at(-1);
    const goesOn =
      last !== undefined && last.place === undefined && span.place === undefined && last.offset + last.bytes === offset;
    if (goesOn && last.bytes < RUN_BYTES) spans[spans.length - 1] = { ...last, bytes: last.bytes + 1 };
    else spans.push(span);
    offset = span.offset + span.bytes - 1;
  }
  return spans;
}

/** A span's value, as it stands in a state or in any bytes that begin `from` behind the state's start. */
export function valueIn({ place, offset, bytes }: Span, state: Uint8Array, from = 0): string {
  const at = offset - from;
  if (place !== undefined) return formatField(place.field, new DataView(state.buffer, state.byteOffset), at);
  return hexBytes(state.subarray(at, at + bytes));
}

export interface WrittenField {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** What a write did to the field around `address`; to the bytes that it has of it where it has not all of it. */
export function writtenField(schema: Schema, write: Write, address: number): WrittenField {
  const { state } = schema.regions;
  const inState = address >= state.address && address < state.address + state.size;
  const span = inState ? spanAt(schema, address - state.address) : undefined;
  const path = span?.path ?? addressOf(schema, address);
  const from = write.address - state.address;
  const whole = span !== undefined && span.offset >= from && span.offset + span.bytes <= from + write.after.length;
  if (whole) return { path, before: valueIn(span, write.before, from), after: valueIn(span, write.after, from) };
  const [before, after] = [write.before, write.after].map((bytes) => hexBytes(partAt(bytes, address - write.address)));
  return { path, before: before!, after: after! };
}

/** All of a small write, the bytes around the place of a large one. */
function partAt(bytes: Uint8Array, at: number): Uint8Array {
  const begin = bytes.length <= RUN_BYTES ? 0 : at;
  return bytes.subarray(begin, begin + RUN_BYTES);
}

function addressOf(schema: Schema, address: number): string {
  const { state } = schema.regions;
  const padding = schema.kind === "arena" && address >= state.address && address < state.address + state.size;
  return `${padding ? "padding" : regionAt(schema, address)} at 0x${address.toString(16)}`;
}
