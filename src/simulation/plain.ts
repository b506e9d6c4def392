// Inputs, settings and events as plain objects: written into bytes, and read back.
import { SamestepError } from "../error.js";
import {
  classOf,
  elementBytes,
  type Field,
  readScalar,
  SCALAR_BYTES,
  type Scalar,
  type Schema,
} from "./schema-shape.js";

export type Value = number | bigint | boolean;
export type PlainValue = Value | Plain | (Value | Plain)[];
export type Plain = { [field: string]: PlainValue };
export type GameEvent = { type: string; [field: string]: string | PlainValue };
/** Writes an object's fields and returns how many bytes they take. What is not given is zero. */
export type Writer = (values: object, target: Uint8Array) => number;

type Refuse = (message: string) => never;

const EVENT_HEADER_BYTES = 4;

/** The smallest and largest number of each kind, as bigint to be exact. */
const RANGES: Readonly<Partial<Record<Scalar, readonly [bigint, bigint]>>> = Object.fromEntries(
  [8, 16, 32, 64].flatMap((bits) => [
    [`u${bits}`, [0n, 2n ** BigInt(bits) - 1n]],
    [`i${bits}`, [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]],
  ]),
);

/** Writes the game's @input class. The writer throws SamestepError BAD_INPUT for what does not fit. */
export function inputWriter(schema: Schema): Writer {
  return writer(schema, schema.input, "BAD_INPUT");
}

/** Writes the game's @config class; a game without one takes no fields. The writer throws SamestepError BAD_CONFIG. */
export function configWriter(schema: Schema): Writer {
  if (schema.config !== undefined) return writer(schema, schema.config, "BAD_CONFIG");
  return (values) => {
    const [name] = Object.keys(values);
    if (name !== undefined) throw new SamestepError("BAD_CONFIG", `this game has no settings, and so no '${name}'`);
    return 0;
  };
}

/** Reads the game's @input class as the game does: bytes that were not sent are zero. */
export function inputReader(schema: Schema): (bytes: Uint8Array) => Plain {
  const { size } = classOf(schema, schema.input);
  return (bytes) => {
    const whole = new Uint8Array(size);
    whole.set(bytes.subarray(0, size));
    return readPlain(schema, schema.input, new DataView(whole.buffer), 0);
  };
}

/**
 * Reads a frame's event records: u16 class id, u16 size, fields; `end` bytes of them.
 * The reader throws SamestepError BAD_GAME where the game wrote no proper record.
 */
export function eventReader(schema: Schema): (records: Uint8Array, end?: number) => GameEvent[] {
  const names = new Map<number, string>();
  for (const [name, { kind, id }] of Object.entries(schema.classes)) if (kind === "event") names.set(id, name);
  return (records, end = records.length) => {
    const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    const events: GameEvent[] = [];
    for (let at = 0; at < end; ) {
      const fits = at + EVENT_HEADER_BYTES <= Math.min(end, records.length);
      const type = fits ? names.get(view.getUint16(at, true)) : undefined;
      const size = fits ? view.getUint16(at + 2, true) : 0;
      const after = at + EVENT_HEADER_BYTES + size;
      if (type === undefined || size !== classOf(schema, type).size || after > Math.min(end, records.length))
        throw new SamestepError("BAD_GAME", `the game's events are broken at byte ${at} of ${end}`);
      events.push({ type, ...readPlain(schema, type, view, at + EVENT_HEADER_BYTES) });
      at = after;
    }
    return events;
  };
}

/** One object as a plain one: fixed point as decimal, 64-bit integers as bigint, arrays as arrays. */
export function readPlain(schema: Schema, className: string, view: DataView, base: number): Plain {
  const plain: Plain = {};
  for (const field of classOf(schema, className).fields) {
    const one = (offset: number) =>
      field.kind === "nested" ? readPlain(schema, field.type, view, offset) : readValue(field, view, offset);
    const at = base + field.offset;
    const bytes = elementBytes(schema, field);
    plain[field.name] =
      field.count === undefined ? one(at) : Array.from({ length: field.count }, (_, index) => one(at + index * bytes));
  }
  return plain;
}

/** One number as the author means it. */
export function readValue(field: Field, view: DataView, offset: number): Value {
  const raw = readScalar(field.type as Scalar, view, offset);
  if (field.bool) return raw !== 0;
  return field.scale === undefined ? raw : Number(raw) / field.scale;
}

function writer(schema: Schema, className: string, code: "BAD_INPUT" | "BAD_CONFIG"): Writer {
  const { bytes, size } = classOf(schema, className);
  const refuse: Refuse = (message) => {
    throw new SamestepError(code, message);
  };
  return (values, target) => {
    if (target.length < bytes) refuse(`'${className}' takes ${bytes} bytes, and there are ${target.length}`);
    // Written aside first, so that a refused value leaves the target as it was.
    const whole = new Uint8Array(size);
    writePlain(schema, className, values, new DataView(whole.buffer), 0, className, refuse);
    target.set(whole.subarray(0, bytes));
    return bytes;
  };
}

function writePlain(
  schema: Schema,
  className: string,
  values: object,
  view: DataView,
  base: number,
  path: string,
  refuse: Refuse,
): void {
  const { fields } = classOf(schema, className);
  for (const [name, value] of Object.entries(values)) {
    const field = fields.find((each) => each.name === name);
    if (field === undefined) {
      refuse(`'${path}' has no field '${name}'; it has ${fields.map((each) => each.name).join(", ")}`);
    }
    const write = (one: unknown, offset: number, at: string): void => {
      if (field.kind === "number") writeValue(field, one, view, offset, at, refuse);
      else if (typeof one !== "object" || one === null) refuse(`'${at}' is an object of '${field.type}'`);
      else writePlain(schema, field.type, one, view, offset, at, refuse);
    };
    const at = base + field.offset;
    if (field.count === undefined) {
      write(value, at, `${path}.${name}`);
      continue;
    }
    const elements =
      typeof value === "object" && value !== null && Symbol.iterator in value
        ? [...(value as Iterable<unknown>)]
        : undefined;
    if (elements === undefined || elements.length > field.count)
      refuse(`'${path}.${name}' is a list of at most ${field.count}`);
    const bytes = elementBytes(schema, field);
    for (const [index, one] of elements.entries()) write(one, at + index * bytes, `${path}.${name}[${index}]`);
  }
}

function writeValue(field: Field, value: unknown, view: DataView, offset: number, path: string, refuse: Refuse): void {
  const type = field.type as Scalar;
  if (type === "bool") {
    if (typeof value !== "boolean") refuse(`'${path}' is true or false, not ${String(value)}`);
    view.setUint8(offset, value ? 1 : 0);
    return;
  }
  if (typeof value !== "number" && typeof value !== "bigint") refuse(`'${path}' is a number, not ${String(value)}`);
  if (type === "f32") view.setFloat32(offset, Number(value), true);
  else if (type === "f64") view.setFloat64(offset, Number(value), true);
  else writeInteger(field, type, value, view, offset, path, refuse);
}

function writeInteger(
  field: Field,
  type: Exclude<Scalar, "bool" | "f32" | "f64">,
  value: number | bigint,
  view: DataView,
  offset: number,
  path: string,
  refuse: Refuse,
): void {
  const stored = field.scale === undefined ? value : Math.round(Number(value) * field.scale);
  const [least, most] = RANGES[type]!;
  const exact = typeof stored === "bigint" ? stored : Number.isInteger(stored) ? BigInt(stored) : undefined;
  if (exact === undefined || exact < least || exact > most)
    refuse(`'${path}' is ${String(value)}, which no ${type} holds`);
  // The low bytes of the two's complement are the number in any width.
  const raw = BigInt.asUintN(64, exact);
  for (let i = 0; i < SCALAR_BYTES[type]; i++) view.setUint8(offset + i, Number((raw >> BigInt(8 * i)) & 0xffn));
}
