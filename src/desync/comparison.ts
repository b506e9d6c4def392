// Compares the states of two builds of a game: byte for byte where both lay them out alike, otherwise field by field.
import { SamestepError } from "../error.js";
import type { WasmSimulation } from "../simulation/game.js";
import { differences, type FieldDifference, type Schema } from "../simulation/schema.js";
import { classOf } from "../simulation/schema-shape.js";
import { NamedFields } from "./named-fields.js";

/** What a build says of its states, and one of them. */
export interface Sample {
  readonly schema: Schema;
  readonly gameHash: string;
  /** The state at frame 0. */
  readonly state: Uint8Array;
}

export class Comparison {
  /** Fields that only one build has: never compared, always told. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  readonly #schema: Schema;
  readonly #names: NamedFields | undefined;

  /** @throws SamestepError GAME_MISMATCH where the states have nothing in common that could be compared. */
  constructor(before: Sample, after: Sample) {
    this.#schema = before.schema;
    this.#names = laidOutAlike(before.schema, after.schema) ? undefined : named(before, after);
    // Another build of a managed game has its texts and objects elsewhere: then only what has a name means the same.
    if (before.schema.kind === "managed" && before.gameHash !== after.gameHash && this.#names === undefined) {
      const names = new NamedFields(before.schema, after.schema);
      if (names.common > 0 && !sameWords(before.state, after.state)) this.#names = names;
    }
    this.onlyBefore = this.#names?.onlyBefore ?? [];
    this.onlyAfter = this.#names?.onlyAfter ?? [];
  }

  /** "fields": what has no name, or none that both know, is not compared. */
  get by(): "bytes" | "fields" {
    return this.#names === undefined ? "bytes" : "fields";
  }

  equal(before: Uint8Array, after: Uint8Array): boolean {
    return this.#names === undefined ? sameWords(before, after) : this.#names.equal(before, after);
  }

  differences(before: Uint8Array, after: Uint8Array): FieldDifference[] {
    return this.#names?.differences(before, after) ?? differences(this.#schema, before, after);
  }
}

function named(before: Sample, after: Sample): NamedFields {
  const names = new NamedFields(before.schema, after.schema);
  if (names.common > 0) return names;
  throw new SamestepError(
    "GAME_MISMATCH",
    `the states of builds ${before.gameHash} and ${after.gameHash} have no field in common: compare builds of one game`,
  );
}

/** Whether a byte means the same in both states, whatever lies beside the state in memory. */
export function laidOutAlike(a: Schema, b: Schema): boolean {
  return a === b || layoutOf(a) === layoutOf(b);
}

function layoutOf(schema: Schema): string {
  const { kind, root, regions } = schema;
  return JSON.stringify([kind, regions.state.size, layoutOfClass(schema, root), kind === "managed" && regions]);
}

/** A class and all within it, by what it holds and not by what it is called. */
export function layoutOfClass(schema: Schema, className: string): unknown {
  const { size, fields } = classOf(schema, className);
  return [size, fields.map((field) => [field, field.kind === "nested" && layoutOfClass(schema, field.type)])];
}

/** Whether two simulations of one layout saved the same state in a slot. A megabyte is hashed five times as fast as it is read here. */
export function sameSlot(a: WasmSimulation, b: WasmSimulation, slot: number): boolean {
  const hashes = new Uint32Array(4);
  a.hash(slot, hashes, 0);
  b.hash(slot, hashes, 2);
  return hashes[0] === hashes[2] && hashes[1] === hashes[3];
}

/** Word by word, since states may be large and are mostly equal. */
export function sameWords(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  const whole = a.byteOffset % 4 === 0 && b.byteOffset % 4 === 0 ? a.length >> 2 : 0;
  const wordsA = new Uint32Array(a.buffer, whole > 0 ? a.byteOffset : 0, whole);
  const wordsB = new Uint32Array(b.buffer, whole > 0 ? b.byteOffset : 0, whole);
  for (let i = 0; i < whole; i++) if (wordsA[i] !== wordsB[i]) return false;
  for (let i = 4 * whole; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
