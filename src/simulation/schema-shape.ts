// The shape of a schema, and the few things everybody asks of one.
import { SamestepError } from "../error.js";

/** The custom section of a game module that holds the schema as JSON. */
export const SCHEMA_SECTION = "samestep.schema";

/** Bytes of each number as it lies in memory. */
export const SCALAR_BYTES = {
  bool: 1,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
} as const;

export type Scalar = keyof typeof SCALAR_BYTES;
export type ClassKind = "state" | "input" | "event" | "config";

export interface Field {
  readonly name: string;
  /** Bytes from the start of its object. */
  readonly offset: number;
  /** A `Scalar` when kind is number, else the name of a class. */
  readonly type: string;
  readonly kind: "number" | "nested";
  /** Elements, side by side. Absent: one value, not an array. */
  readonly count?: number;
  /** What a stored integer is divided by to get its value: 65536 for `fixed`. */
  readonly scale?: number;
  readonly bool?: true;
}

export interface SchemaClass {
  readonly kind: ClassKind;
  readonly id: number;
  /** Bytes of one object in an array: a multiple of eight. */
  readonly size: number;
  /** The end of the last field. */
  readonly bytes: number;
  /** In the order of their offsets. */
  readonly fields: readonly Field[];
}

export interface Region {
  readonly address: number;
  readonly size: number;
}

export interface Schema {
  readonly format: 1;
  /**
   * What a snapshot holds. arena: the state region, one object of the root class. managed: the whole memory, and so the root
   * class is as large as it; its fields, if it has any, lie at their addresses.
   */
  readonly kind: "arena" | "managed";
  readonly framesPerSecond: number;
  readonly players: { readonly min: number; readonly max: number };
  /** The class of the whole state. */
  readonly root: string;
  readonly input: string;
  /** Inputs are commands, each to be carried out once: predicted as none. Absent: they are held, predicted as repeated. */
  readonly commands?: true;
  readonly config?: string;
  readonly regions: {
    readonly state: Region;
    readonly config: Region;
    readonly inputs: {
      readonly address: number;
      readonly players: number;
      readonly stride: number;
      readonly bytesMax: number;
    };
    readonly events: Region;
    readonly trap: Region;
    readonly phase: Region;
    /** Of a managed game: where its globals lie between steps. */
    readonly globals?: Region;
  };
  readonly classes: { readonly [name: string]: SchemaClass };
}

export function isScalar(type: string): type is Scalar {
  return Object.hasOwn(SCALAR_BYTES, type);
}

/** @throws SamestepError UNKNOWN_FIELD */
export function classOf(schema: Schema, name: string): SchemaClass {
  const found = Object.hasOwn(schema.classes, name) ? schema.classes[name] : undefined;
  if (found === undefined) {
    const known = Object.keys(schema.classes).join(", ");
    throw new SamestepError("UNKNOWN_FIELD", `the game has no class '${name}'; it has ${known}`);
  }
  return found;
}

/** Bytes from one element of the field to the next; of a single value, its size. */
export function elementBytes(schema: Schema, field: Field): number {
  return isScalar(field.type) ? SCALAR_BYTES[field.type] : classOf(schema, field.type).size;
}

/** The number as stored: no scale, bool as 0 or 1. */
export function readScalar(type: Scalar, view: DataView, offset: number): number | bigint {
  switch (type) {
    case "bool":
    case "u8":
      return view.getUint8(offset);
    case "i8":
      return view.getInt8(offset);
    case "u16":
      return view.getUint16(offset, true);
    case "i16":
      return view.getInt16(offset, true);
    case "u32":
      return view.getUint32(offset, true);
    case "i32":
      return view.getInt32(offset, true);
    case "u64":
      return view.getBigUint64(offset, true);
    case "i64":
      return view.getBigInt64(offset, true);
    case "f32":
      return view.getFloat32(offset, true);
    case "f64":
      return view.getFloat64(offset, true);
    default:
      return type satisfies never;
  }
}
