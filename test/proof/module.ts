// WebAssembly modules put together by hand, for what no compiler of ours would emit.
export function leb(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value > 0 ? low | 128 : low);
  } while (value > 0);
  return bytes;
}

export function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...leb(bytes.length), ...bytes];
}

export function section(id: number, contents: number[]): number[] {
  return [id, ...leb(contents.length), ...contents];
}

export function custom(name: string, contents: number[]): number[] {
  return section(0, [...text(name), ...contents]);
}

export function list(items: readonly (readonly number[])[]): number[] {
  return [...leb(items.length), ...items.flat()];
}

export interface Parts {
  types?: number[][];
  imports?: number[][];
  memory?: number[] | null;
  tables?: number[][];
  globals?: number[][];
  exports?: number[][];
  start?: number;
  elements?: number[][];
  data?: number[][];
  /** Bodies after those of init and step (which does `step`), each `[]→[]`; the local and the end are added. */
  functions?: number[][];
  step?: number[];
  /** Groups of locals that every function has behind the first: how many, of which type. */
  locals?: number[][];
  custom?: number[][];
}

export const MEMORY_EXPORT: number[] = [...text("memory"), 2, 0];
export const FIXED: number[] = [1, 1, 1];
const VOID = [0x60, 0, 0];
/** Every function has one i32, so that instructions on locals have something to name. */
const LOCAL = [1, 0x7f];

/** A module that meets every rule, but for the parts given. Functions 0 and 1 are init and step. */
export function assemble(parts: Parts = {}): Uint8Array {
  const locals = list([LOCAL, ...(parts.locals ?? [])]);
  const bodies = [[], parts.step ?? [], ...(parts.functions ?? [])].map((code) => [...locals, ...code, 0x0b]);
  const exports = [[...text("init"), 0, 0], [...text("step"), 0, 1], MEMORY_EXPORT, ...(parts.exports ?? [])];
  const optional = (id: number, items: number[][] | undefined) => (items ? section(id, list(items)) : []);
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([VOID, ...(parts.types ?? [])])),
    ...optional(2, parts.imports),
    ...section(3, list(bodies.map(() => [0]))),
    ...optional(4, parts.tables),
    ...(parts.memory === null ? [] : section(5, list([parts.memory ?? FIXED]))),
    ...optional(6, parts.globals),
    ...section(7, list(exports)),
    ...(parts.start === undefined ? [] : section(8, leb(parts.start))),
    ...optional(9, parts.elements),
    ...(parts.data ? section(12, leb(parts.data.length)) : []),
    ...section(10, list(bodies.map((body) => [...leb(body.length), ...body]))),
    ...optional(11, parts.data),
    ...(parts.custom ?? []).flat(),
  ]);
}
