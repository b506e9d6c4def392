// The numbers of a state by their names, wherever a build puts them: how two builds that lay their state out otherwise meet.
import { readValue } from "../simulation/plain.js";
import { type FieldDifference, formatField } from "../simulation/schema.js";
import { classOf, elementBytes, type Field, type Schema } from "../simulation/schema-shape.js";

/** A number that has a name, or an array of numbers. */
interface Named {
  readonly field: Field;
  /** Of its first element, from the start of the state. */
  readonly offset: number;
  readonly bytes: number;
  readonly count: number;
}

/** One that both builds have. */
interface Pair {
  readonly path: string;
  readonly before: Named;
  readonly after: Named;
  readonly count: number;
  /** Stored alike in both, so that equal bytes are equal values. */
  readonly alike: boolean;
}

/** Bytes of both states that are held against each other at once: of fields that lie side by side in both. */
export interface Stretch {
  before: number;
  after: number;
  bytes: number;
}

/** Compares states of two schemas by the fields that both have. */
export class NamedFields {
  /** Fields that one build has and the other has not, `units[].target`; in the order of their names. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  readonly #pairs: readonly Pair[];
  readonly #stretches: readonly Stretch[];
  readonly #others: readonly Pair[];

  constructor(before: Schema, after: Schema) {
    const theirs = namesOf(after);
    const ours = namesOf(before);
    const pairs: Pair[] = [];
    const onlyBefore = new Set<string>();
    const onlyAfter = new Set<string>();
    for (const [path, mine] of ours) {
      const other = theirs.get(path);
      if (other === undefined || other.count < mine.count) onlyBefore.add(other ? `${path}[]` : withoutIndices(path));
      if (other === undefined) continue;
      if (other.count > mine.count) onlyAfter.add(`${path}[]`);
      const count = Math.min(mine.count, other.count);
      pairs.push({ path, before: mine, after: other, count, alike: storedAlike(mine.field, other.field) });
    }
    for (const path of theirs.keys()) if (!ours.has(path)) onlyAfter.add(withoutIndices(path));
    this.onlyBefore = [...onlyBefore].sort();
    this.onlyAfter = [...onlyAfter].sort();
    this.#pairs = pairs;
    this.#stretches = stretchesOf(pairs.filter(({ alike }) => alike));
    this.#others = pairs.filter(({ alike }) => !alike);
  }

  /** Which bytes mean the same in both: those of fields that both store alike. */
  get stretches(): readonly Readonly<Stretch>[] {
    return this.#stretches;
  }

  /** How many fields both have; of arrays each is one. */
  get common(): number {
    return this.#pairs.length;
  }

  equal(before: Uint8Array, after: Uint8Array): boolean {
    for (const stretch of this.#stretches) {
      for (let i = 0; i < stretch.bytes; i++) {
        if (before[stretch.before + i] !== after[stretch.after + i]) return false;
      }
    }
    return this.#others.length === 0 || this.#differences(this.#others, before, after).length === 0;
  }

  differences(before: Uint8Array, after: Uint8Array): FieldDifference[] {
    return this.#differences(this.#pairs, before, after);
  }

  #differences(pairs: readonly Pair[], before: Uint8Array, after: Uint8Array): FieldDifference[] {
    const views = [before, after].map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const found: FieldDifference[] = [];
    for (const pair of pairs) {
      for (let index = 0; index < pair.count; index++) {
        const [a, b] = [pair.before, pair.after].map((named) => named.offset + index * named.bytes);
        if (pair.alike && sameBytes(before, a!, after, b!, pair.before.bytes)) continue;
        // As text, so that what an author calls 2 is 2 in whatever number a build keeps it.
        const values = [readValue(pair.before.field, views[0]!, a!), readValue(pair.after.field, views[1]!, b!)];
        if (!pair.alike && String(values[0]) === String(values[1])) continue;
        found.push({
          path: pair.before.field.count === undefined ? pair.path : `${pair.path}[${index}]`,
          before: formatField(pair.before.field, views[0]!, a!),
          after: formatField(pair.after.field, views[1]!, b!),
        });
      }
    }
    return found;
  }
}

/** `fighters[1].position.x` as `fighters[].position.x`. */
export function withoutIndices(path: string): string {
  return path.replace(/\[\d+\]/g, "[]");
}

function namesOf(schema: Schema): Map<string, Named> {
  const names = new Map<string, Named>();
  const visit = (className: string, base: number, path: string): void => {
    for (const field of classOf(schema, className).fields) {
      const bytes = elementBytes(schema, field);
      const offset = base + field.offset;
      const name = path === "" ? field.name : `${path}.${field.name}`;
      if (field.kind === "number") names.set(name, { field, offset, bytes, count: field.count ?? 1 });
      else if (field.count === undefined) visit(field.type, offset, name);
      else for (let i = 0; i < field.count; i++) visit(field.type, offset + i * bytes, `${name}[${i}]`);
    }
  };
  visit(schema.root, 0, "");
  return names;
}

function storedAlike(a: Field, b: Field): boolean {
  return a.type === b.type && a.scale === b.scale && a.bool === b.bool;
}

function stretchesOf(pairs: readonly Pair[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { before, after, count } of pairs) {
    const bytes = count * before.bytes;
    const last = stretches.at(-1);
    const goesOn = last && last.before + last.bytes === before.offset && last.after + last.bytes === after.offset;
    if (goesOn) last.bytes += bytes;
    else stretches.push({ before: before.offset, after: after.offset, bytes });
  }
  return stretches;
}

function sameBytes(a: Uint8Array, atA: number, b: Uint8Array, atB: number, bytes: number): boolean {
  for (let i = 0; i < bytes; i++) if (a[atA + i] !== b[atB + i]) return false;
  return true;
}
