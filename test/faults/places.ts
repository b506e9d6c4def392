// Every place of a state by its path, as the injector reads the schema: the reports must come to the same names by their own way.
import {
  classOf,
  elementBytes,
  type Field,
  isScalar,
  SCALAR_BYTES,
  type Schema,
} from "../../src/simulation/schema-shape.js";

export interface Place {
  /** As a report would say it. */
  readonly path: string;
  /** Without the indices: all elements of an array are one field. */
  readonly field: string;
  /** Of a number; undefined for a byte of padding. */
  readonly type: string | undefined;
  /** Bytes from the beginning of the state. */
  readonly offset: number;
  readonly bytes: number;
}

/** A battle's state has some hundred thousand. */
const KNOWN = new WeakMap<Schema, readonly Place[]>();

/** All of them, side by side, without a gap. */
export function placesOf(schema: Schema): readonly Place[] {
  const known = KNOWN.get(schema);
  if (known !== undefined) return known;
  const places: Place[] = [];
  addObject(schema, schema.root, 0, { path: "", field: "" }, places);
  KNOWN.set(schema, places);
  return places;
}

type Name = Pick<Place, "path" | "field">;

function addObject(schema: Schema, className: string, base: number, name: Name, places: Place[]): void {
  const { fields, size } = classOf(schema, className);
  let end = 0;
  for (const field of fields) {
    addPadding(base, end, field.offset, name, places);
    for (let index = 0; index < (field.count ?? 1); index++) addElement(schema, field, index, base, name, places);
    end = field.offset + (field.count ?? 1) * elementBytes(schema, field);
  }
  addPadding(base, end, size, name, places);
}

function addElement(schema: Schema, field: Field, index: number, base: number, name: Name, places: Place[]): void {
  const dot = name.path === "" ? "" : ".";
  const path = `${name.path}${dot}${field.name}${field.count === undefined ? "" : `[${index}]`}`;
  const inner = { path, field: `${name.field}${dot}${field.name}` };
  const offset = base + field.offset + index * elementBytes(schema, field);
  if (isScalar(field.type)) places.push({ ...inner, type: field.type, offset, bytes: SCALAR_BYTES[field.type] });
  else addObject(schema, field.type, offset, inner, places);
}

function addPadding(base: number, begin: number, end: number, { path, field }: Name, places: Place[]): void {
  for (let at = begin; at < end; at++) {
    const padding = `${path} (padding at ${at})`.trimStart();
    places.push({ path: padding, field: `${field} (padding)`, type: undefined, offset: base + at, bytes: 1 });
  }
}

/** The places in which two states differ, as far as those 4 KiB leaves go that a report looks into. */
export function differingPlaces(places: readonly Place[], a: Uint8Array, b: Uint8Array): string[] {
  const leaves = new Set(differingLeaves(a, b).slice(0, LEAVES_TOLD));
  const differs = (at: number): boolean => a[at] !== b[at] && leaves.has(Math.floor(at / LEAF_BYTES));
  return places.filter((place) => someByte(place, differs)).map(({ path }) => path);
}

export function someByte({ offset, bytes }: Place, is: (at: number) => boolean): boolean {
  for (let at = offset; at < offset + bytes; at++) if (is(at)) return true;
  return false;
}

/** Larger differences are told by their first leaves. */
const LEAVES_TOLD = 8;
export const LEAF_BYTES = 4096;

export function differingLeaves(a: Uint8Array, b: Uint8Array): number[] {
  const leaves: number[] = [];
  for (let begin = 0; begin < a.length; begin += LEAF_BYTES) {
    const end = Math.min(a.length, begin + LEAF_BYTES);
    if (Buffer.compare(a.subarray(begin, end), b.subarray(begin, end)) !== 0) leaves.push(begin / LEAF_BYTES);
  }
  return leaves;
}
