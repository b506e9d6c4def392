// Two samples that have to share a frame: buttons held in either are held, of anything else the newer one counts.
import { elementBytes, type Field, isScalar, type Schema } from "../../simulation/schema-shape.js";

/** An unsigned field of this name is a mask of buttons, as in every game that we ship. */
const BUTTONS = "buttons";

/** For each byte of an input: 255 where bits are buttons, 0 where a number is one value. */
export function buttonBytes(schema: Schema, inputBytes: number): Uint8Array {
  const mask = new Uint8Array(inputBytes);
  markClass(schema, schema.input, 0, mask);
  return mask;
}

function markClass(schema: Schema, name: string, begin: number, mask: Uint8Array): void {
  for (const field of schema.classes[name]?.fields ?? []) {
    const size = elementBytes(schema, field);
    for (let i = 0; i < (field.count ?? 1); i++) {
      const at = begin + field.offset + i * size;
      if (!isScalar(field.type)) markClass(schema, field.type, at, mask);
      else if (isButtons(field)) mask.fill(255, at, at + size);
    }
  }
}

function isButtons(field: Field): boolean {
  return field.bool === true || field.type === "bool" || (field.name === BUTTONS && field.type.startsWith("u"));
}

/** A sample that waits for its frame, and takes in those that come meanwhile. */
export class Merging {
  readonly bytes: Uint8Array;
  length = 0;
  readonly #buttons: Uint8Array;

  constructor(buttons: Uint8Array) {
    this.#buttons = buttons;
    this.bytes = new Uint8Array(buttons.length);
  }

  /** Takes in a newer sample. */
  add(newer: Uint8Array): void {
    const { bytes } = this;
    const buttons = this.#buttons;
    for (let i = 0; i < bytes.length; i++) {
      const before = i < this.length ? bytes[i]! & buttons[i]! : 0;
      bytes[i] = before | (i < newer.length ? newer[i]! : 0);
    }
    this.length = Math.max(this.length, newer.length);
  }

  clear(): void {
    this.length = 0;
  }
}
