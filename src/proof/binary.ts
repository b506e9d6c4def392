// The sections of a WebAssembly module, read from a stranger's bytes. Throws Malformed, and nothing else.
import { type Limits, Malformed, Reader } from "./reader.js";

export { Malformed } from "./reader.js";

export interface FunctionType {
  readonly params: number;
  readonly results: number;
}

export interface Import {
  readonly module: string;
  readonly name: string;
  readonly kind: number;
}

export interface Export {
  readonly name: string;
  readonly kind: number;
  readonly index: number;
}

export interface Body {
  readonly begin: number;
  readonly end: number;
}

export interface CustomSection {
  readonly name: string;
  readonly contents: Uint8Array;
  /** Where the section lies in the module, with its header. */
  readonly begin: number;
  readonly end: number;
}

export interface ModuleShape {
  readonly types: FunctionType[];
  readonly imports: Import[];
  readonly importedFunctions: number;
  /** The type index of every function defined here. */
  readonly functions: number[];
  readonly memories: Limits[];
  /** Whether each global defined here is mutable. */
  readonly globals: boolean[];
  readonly exports: Export[];
  /** The function that runs when the module is instantiated. */
  readonly start: number | undefined;
  /** The tag section belongs to exceptions. */
  readonly hasTags: boolean;
  readonly bodies: Body[];
  readonly customs: CustomSection[];
  readonly functionNames: ReadonlyMap<number, string>;
  readonly globalNames: ReadonlyMap<number, string>;
}

export const KIND = { function: 0, table: 1, memory: 2, global: 3 } as const;

const KIND_TAG = 4;

const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The order sections must come in: tags stand between memories and globals, the data count before the code. */
const ORDER: readonly number[] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];
const FUNCTION_FORM = 0x60;
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const NAME_SUBSECTION = { functions: 1, globals: 7 } as const;

export function readModule(bytes: Uint8Array): ModuleShape {
  if (bytes.length < MAGIC.length || MAGIC.some((byte, i) => bytes[i] !== byte))
    throw new Malformed("not a WebAssembly module");
  const shape = {
    types: [] as FunctionType[],
    imports: [] as Import[],
    importedFunctions: 0,
    functions: [] as number[],
    memories: [] as Limits[],
    globals: [] as boolean[],
    exports: [] as Export[],
    start: undefined as number | undefined,
    hasTags: false,
    bodies: [] as Body[],
    customs: [] as CustomSection[],
    functionNames: new Map<number, string>(),
    globalNames: new Map<number, string>(),
  };
  const reader = new Reader(bytes, MAGIC.length, bytes.length);
  let before = -1;
  while (reader.at < bytes.length) {
    const header = reader.at;
    const id = reader.u8();
    const length = reader.u32();
    const begin = reader.at;
    reader.skip(length);
    const section = new Reader(bytes, begin, reader.at);
    if (id === SECTION.custom) {
      readCustom(section, header, shape);
      continue;
    }
    const place = ORDER.indexOf(id);
    if (place < 0) throw new Malformed(`section ${id} is unknown`);
    if (place <= before) throw new Malformed(`section ${id} comes out of order`);
    before = place;
    if (id === SECTION.tag) shape.hasTags = true;
    const read = READERS[id];
    if (read === undefined) continue;
    read(section, shape);
    if (section.at !== section.end) throw new Malformed(`section ${id} is longer than its contents`);
  }
  if (shape.bodies.length !== shape.functions.length)
    throw new Malformed("functions and their bodies differ in number");
  return shape;
}

/** The module without the section that names its source map. It comes after the code, so that the map's offsets stay true. */
export function withoutMapName(bytes: Uint8Array): Uint8Array {
  const map = readModule(bytes).customs.find(({ name }) => name === "sourceMappingURL");
  if (map === undefined) return bytes;
  const rest = new Uint8Array(bytes.length - (map.end - map.begin));
  rest.set(bytes.subarray(0, map.begin));
  rest.set(bytes.subarray(map.end), map.begin);
  return rest;
}

type Growing = { -readonly [key in keyof ModuleShape]: ModuleShape[key] } & {
  functionNames: Map<number, string>;
  globalNames: Map<number, string>;
};

// Elements and data have no reader: they only fill tables and memory at the start, the same on every machine.
const READERS: Readonly<Record<number, (section: Reader, shape: Growing) => void>> = {
  [SECTION.type]: (section, shape) => each(section, () => shape.types.push(readType(section))),
  [SECTION.import]: (section, shape) => each(section, () => readImport(section, shape)),
  [SECTION.function]: (section, shape) => each(section, () => shape.functions.push(section.u32())),
  [SECTION.table]: (section) => each(section, () => readTable(section)),
  [SECTION.memory]: (section, shape) => each(section, () => shape.memories.push(section.limits())),
  [SECTION.global]: (section, shape) => each(section, () => shape.globals.push(readGlobal(section))),
  [SECTION.export]: (section, shape) => each(section, () => shape.exports.push(readExport(section))),
  [SECTION.start]: (section, shape) => {
    shape.start = section.u32();
  },
  [SECTION.code]: (section, shape) => each(section, () => shape.bodies.push(readBody(section))),
};

function each(section: Reader, read: () => void): void {
  for (let count = section.u32(); count > 0; count--) read();
}

function readType(section: Reader): FunctionType {
  const form = section.u8();
  if (form !== FUNCTION_FORM) {
    const what = `type form 0x${form.toString(16)} is outside the profile (garbage collection)`;
    throw new Malformed(what, "garbage-collection");
  }
  let params = 0;
  each(section, () => {
    section.valueType();
    params++;
  });
  let results = 0;
  each(section, () => {
    section.valueType();
    results++;
  });
  return { params, results };
}

function readImport(section: Reader, shape: Growing): void {
  const found = { module: section.name(), name: section.name(), kind: section.u8() };
  shape.imports.push(found);
  switch (found.kind) {
    case KIND.function:
      section.u32();
      shape.importedFunctions++;
      return;
    case KIND.table:
      readTable(section);
      return;
    case KIND.memory:
      section.limits();
      return;
    case KIND.global:
      section.valueType();
      section.u8();
      return;
    case KIND_TAG:
      throw new Malformed("it imports a tag, which belongs to exceptions", "exceptions");
    default:
      throw new Malformed(`import kind ${found.kind} is unknown`);
  }
}

function readTable(section: Reader): void {
  section.valueType();
  section.limits();
}

function readExport(section: Reader): Export {
  return { name: section.name(), kind: section.u8(), index: section.u32() };
}

function readBody(section: Reader): Body {
  const size = section.u32();
  const begin = section.at;
  section.skip(size);
  return { begin, end: section.at };
}

function readGlobal(section: Reader): boolean {
  section.valueType();
  const mutable = section.u8();
  if (mutable > 1) throw new Malformed("a global is neither mutable nor immutable");
  skipConstant(section);
  return mutable === 1;
}

/** Steps over a constant expression: constants, references, global.get, and the additions of extended constants. */
export function skipConstant(section: Reader): void {
  for (;;) {
    const opcode = section.u8();
    if (opcode === 0x0b) return;
    if (opcode === 0x41) section.skipLeb(5);
    else if (opcode === 0x42) section.skipLeb(10);
    else if (opcode === 0x43) section.skip(4);
    else if (opcode === 0x44) section.skip(8);
    else if (opcode === 0x23 || opcode === 0xd2) section.u32();
    else if (opcode === 0xd0) section.u8();
    else if (opcode === 0xfd && section.u32() === 12) section.skip(16);
    else if (!(opcode >= 0x6a && opcode <= 0x6c) && !(opcode >= 0x7c && opcode <= 0x7e))
      throw new Malformed(`opcode 0x${opcode.toString(16)} in a constant`);
  }
}

function readCustom(section: Reader, begin: number, shape: Growing): void {
  const name = section.name();
  shape.customs.push({ name, contents: section.bytes.subarray(section.at, section.end), begin, end: section.end });
  if (name !== "name") return;
  try {
    readNames(section, shape);
  } catch (error) {
    // Names are only for people: engines ignore a broken section, and so do we.
    if (!(error instanceof Malformed)) throw error;
  }
}

function readNames(section: Reader, shape: Growing): void {
  while (section.at < section.end) {
    const id = section.u8();
    const length = section.u32();
    const part = new Reader(section.bytes, section.at, section.at + length);
    section.skip(length);
    const names =
      id === NAME_SUBSECTION.functions
        ? shape.functionNames
        : id === NAME_SUBSECTION.globals
          ? shape.globalNames
          : undefined;
    if (names) each(part, () => names.set(part.u32(), part.name()));
  }
}
