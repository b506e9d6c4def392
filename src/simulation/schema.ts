// The schema of a game module: where its regions lie and what their bytes mean; and with it, the name of any byte of a state.
import { assert } from "../assert.js";
import { SamestepError } from "../error.js";
import {
  classOf,
  elementBytes,
  type Field,
  isScalar,
  readScalar,
  SCALAR_BYTES,
  type Scalar,
  type Schema,
} from "./schema-shape.js";

export { readSchema } from "./schema-reader.js";
export * from "./schema-shape.js";

/** One line of a report for so many bytes side by side, and so many lines for a stretch of memory. */
const MEMORY_RUN_BYTES = 8;
const MEMORY_RUNS_MAX = 32;

export interface FieldDifference {
  /** `fighters[1].position.x`; bytes of no field are `fighters[1] (padding at 4)`. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export interface FieldPlace {
  readonly path: string;
  readonly field: Field;
  /** Where the value itself starts: bytes from the start of the object that was asked about. */
  readonly offset: number;
}

/** The value that a byte of an object belongs to; undefined for padding and outside. */
export function fieldAt(schema: Schema, className: string, byteOffset: number): FieldPlace | undefined {
  const { fields } = classOf(schema, className);
  for (const field of fields) {
    const bytes = elementBytes(schema, field);
    const index = Math.floor((byteOffset - field.offset) / bytes);
    if (index < 0 || index >= (field.count ?? 1)) continue;
    const path = elementPath(field, index);
    const offset = field.offset + index * bytes;
    if (field.kind === "number") return { path, field, offset };
    const inner = fieldAt(schema, field.type, byteOffset - offset);
    return inner && { path: `${path}.${inner.path}`, field: inner.field, offset: offset + inner.offset };
  }
  return undefined;
}

/** One stored number for people: fixed point and floats as decimal with the raw bits behind. */
export function formatField(field: Field, view: DataView, offset: number): string {
  assert(isScalar(field.type), "only numbers are formatted");
  const raw = readScalar(field.type, view, offset);
  if (field.bool) return raw === 0 || raw === 1 ? String(raw === 1) : `${raw} (a bool)`;
  if (field.scale !== undefined) {
    const digits = Math.max(1, Math.ceil(Math.log10(field.scale)));
    return `${(Number(raw) / field.scale).toFixed(digits)} (${hex(field.type, view, offset)})`;
  }
  if (field.type === "f32" || field.type === "f64") return `${raw} (${hex(field.type, view, offset)})`;
  return String(raw);
}

/**
 * Every value that differs between two states of the game (the bytes of the state region).
 * @throws SamestepError BAD_GAME when a state is not as long as the schema says.
 */
export function differences(schema: Schema, before: Uint8Array, after: Uint8Array): FieldDifference[] {
  const { size } = schema.regions.state;
  for (const { length } of [before, after]) {
    if (length !== size) throw new SamestepError("BAD_GAME", `a state of this game has ${size} bytes, not ${length}`);
  }
  const found: FieldDifference[] = [];
  const both = { before, after, beforeView: viewOf(before), afterView: viewOf(after), found };
  compareObject(schema, schema.root, 0, "", both);
  return found;
}

interface Both {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly beforeView: DataView;
  readonly afterView: DataView;
  readonly found: FieldDifference[];
}

function compareObject(schema: Schema, className: string, base: number, path: string, both: Both): void {
  const { fields, size } = classOf(schema, className);
  if (equal(both, base, base + size)) return;
  const gap = (begin: number, end: number) =>
    schema.kind === "managed" && path === ""
      ? compareMemory(schema, both, begin, end)
      : comparePadding(both, base, begin, end, path);
  let at = base;
  for (const field of fields) {
    gap(at, base + field.offset);
    const bytes = elementBytes(schema, field);
    at = base + field.offset;
    for (let index = 0; index < (field.count ?? 1); index++, at += bytes) {
      if (equal(both, at, at + bytes)) continue;
      const inner = path === "" ? elementPath(field, index) : `${path}.${elementPath(field, index)}`;
      if (field.kind === "nested") compareObject(schema, field.type, at, inner, both);
      else
        both.found.push({
          path: inner,
          before: formatField(field, both.beforeView, at),
          after: formatField(field, both.afterView, at),
        });
    }
  }
  gap(at, base + size);
}

/** No game writes between its fields; a difference there is worth more than silence. */
function comparePadding({ before, after, found }: Both, base: number, begin: number, end: number, path: string): void {
  for (let at = begin; at < end; at++) {
    if (before[at] === after[at]) continue;
    const place = `${path} (padding at ${at - base})`.trimStart();
    found.push({ path: place, before: hexByte(before[at]!), after: hexByte(after[at]!) });
  }
}

/** A managed game's memory has no names of its own: bytes that lie together are told together, and many as a number. */
function compareMemory(schema: Schema, { before, after, found }: Both, begin: number, end: number): void {
  const places: { begin: number; end: number }[] = [];
  for (let at = begin; at < end; at++) {
    if (before[at] === after[at]) continue;
    const last = places.at(-1);
    if (last !== undefined && last.end === at && at - last.begin < MEMORY_RUN_BYTES) last.end++;
    else places.push({ begin: at, end: at + 1 });
  }
  const told = places.slice(0, MEMORY_RUNS_MAX);
  for (const place of told)
    found.push({
      path: `${regionAt(schema, place.begin)} at 0x${place.begin.toString(16)}`,
      before: hexBytes(before.subarray(place.begin, place.end)),
      after: hexBytes(after.subarray(place.begin, place.end)),
    });
  const rest = places.slice(told.length);
  if (rest.length === 0) return;
  const bytes = `${rest.reduce((sum, place) => sum + place.end - place.begin, 0)} bytes`;
  found.push({ path: `memory from 0x${rest[0]!.begin.toString(16)} on`, before: bytes, after: `other ${bytes}` });
}

/** The region that an address belongs to; the rest is memory that the game gives out itself. */
export function regionAt({ regions }: Schema, address: number): string {
  const { config, inputs, events, trap, phase, globals } = regions;
  const sizes = { config, inputs: { ...inputs, size: inputs.players * inputs.stride }, events, trap, phase, globals };
  for (const [name, region] of Object.entries(sizes))
    if (region !== undefined && address >= region.address && address < region.address + region.size) return name;
  return "memory";
}

function equal({ before, after }: Both, begin: number, end: number): boolean {
  for (let at = begin; at < end; at++) if (before[at] !== after[at]) return false;
  return true;
}

function elementPath(field: Field, index: number): string {
  return field.count === undefined ? field.name : `${field.name}[${index}]`;
}

function hex(type: Scalar, view: DataView, offset: number): string {
  let digits = "";
  for (let i = SCALAR_BYTES[type] - 1; i >= 0; i--)
    digits += view
      .getUint8(offset + i)
      .toString(16)
      .padStart(2, "0");
  return `0x${digits}`;
}

function hexByte(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}

/** `01 ff`: bytes that have no name. */
export function hexBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
