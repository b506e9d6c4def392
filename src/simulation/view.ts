// What a game's bytes mean to TypeScript: a live view of the state that can only be read. Plain objects are made next door.
import { SamestepError } from "../error.js";
import { readValue, type Value } from "./plain.js";
import { classOf, elementBytes, type Field, type Scalar, type Schema } from "./schema-shape.js";

export {
  configWriter,
  eventReader,
  type GameEvent,
  inputReader,
  inputWriter,
  type Plain,
  readPlain,
  type Value,
  type Writer,
} from "./plain.js";

/** Where a view reads. A function, where the memory may be replaced; it must stay cheap, for every read asks it. */
export type Source = DataView | (() => DataView);

const BASE = Symbol("base");
type Based = { readonly [BASE]: number };

/**
 * A frozen object that reads the state as it is now. Nested objects and arrays of objects are made in advance; numbers in an
 * array have `length`, `at(index)` and an iterator. Fixed point reads as a decimal number, 64-bit integers as bigint.
 * Assigning to anything throws, as modules are strict.
 */
export function stateView(schema: Schema, className: string, source: Source, base: number): object {
  const current = typeof source === "function" ? source : () => source;
  return new ViewMaker(schema, current).make(className, base);
}

class ViewMaker {
  readonly #schema: Schema;
  readonly #current: () => DataView;
  readonly #prototypes = new Map<string, object>();

  constructor(schema: Schema, current: () => DataView) {
    this.#schema = schema;
    this.#current = current;
  }

  make(className: string, base: number): object {
    const view: object = Object.create(this.#prototype(className));
    Object.defineProperty(view, BASE, { value: base });
    for (const field of classOf(this.#schema, className).fields) {
      if (field.kind === "number" && field.count === undefined) continue;
      Object.defineProperty(view, field.name, { value: this.#inside(field, base + field.offset), enumerable: true });
    }
    return Object.freeze(view);
  }

  #inside(field: Field, base: number): object {
    if (field.kind === "number") return this.#numbers(field, base);
    if (field.count === undefined) return this.make(field.type, base);
    const bytes = elementBytes(this.#schema, field);
    return Object.freeze(
      Array.from({ length: field.count }, (_, index) => this.make(field.type, base + index * bytes)),
    );
  }

  #prototype(className: string): object {
    const known = this.#prototypes.get(className);
    if (known !== undefined) return known;
    const prototype = {};
    for (const field of classOf(this.#schema, className).fields) {
      if (field.kind === "nested" || field.count !== undefined) continue;
      Object.defineProperty(prototype, field.name, { get: getter(field, this.#current), enumerable: true });
    }
    this.#prototypes.set(className, Object.freeze(prototype));
    return prototype;
  }

  #numbers(field: Field, base: number): object {
    const current = this.#current;
    const count = field.count!;
    const bytes = elementBytes(this.#schema, field);
    const at = (index: number): Value => {
      if (!Number.isInteger(index) || index < 0 || index >= count)
        throw new SamestepError("UNKNOWN_FIELD", `'${field.name}' has ${count} elements, and no [${index}]`);
      return readValue(field, current(), base + index * bytes);
    };
    function* values(): Generator<Value> {
      for (let index = 0; index < count; index++) yield at(index);
    }
    return Object.freeze({ length: count, at, [Symbol.iterator]: values });
  }
}

/** One closure for each kind of number: a read is then one call that the engine inlines, with no switch inside. */
function getter({ type, offset, scale }: Field, current: () => DataView): (this: Based) => Value {
  if (scale !== undefined)
    return type === "i32"
      ? function () {
          return current().getInt32(this[BASE] + offset, true) / scale;
        }
      : function () {
          return current().getUint32(this[BASE] + offset, true) / scale;
        };
  switch (type as Scalar) {
    case "bool":
      return function () {
        return current().getUint8(this[BASE] + offset) !== 0;
      };
    case "u8":
      return function () {
        return current().getUint8(this[BASE] + offset);
      };
    case "i8":
      return function () {
        return current().getInt8(this[BASE] + offset);
      };
    case "u16":
      return function () {
        return current().getUint16(this[BASE] + offset, true);
      };
    case "i16":
      return function () {
        return current().getInt16(this[BASE] + offset, true);
      };
    case "u32":
      return function () {
        return current().getUint32(this[BASE] + offset, true);
      };
    case "i32":
      return function () {
        return current().getInt32(this[BASE] + offset, true);
      };
    case "u64":
      return function () {
        return current().getBigUint64(this[BASE] + offset, true);
      };
    case "i64":
      return function () {
        return current().getBigInt64(this[BASE] + offset, true);
      };
    case "f32":
      return function () {
        return current().getFloat32(this[BASE] + offset, true);
      };
    case "f64":
      return function () {
        return current().getFloat64(this[BASE] + offset, true);
      };
    default:
      return type as never;
  }
}
