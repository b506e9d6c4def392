// Makes a snapshot of the memory all of a module's state: its globals lie in the memory between steps, and nothing runs at load.
//
//   exported init:  __globals_reset · what ran at load · the game's init · __globals_save
//   exported step:  __globals_load  ·                    the game's step · __globals_save
//
// It comes after the compiler's optimiser, which removes globals, makes constants of others, and would inline the hooks.
// Nothing needs to be exported for this: the host copies memory and knows nothing of globals. It works on the module's
// bytes, so it serves whatever language made them, and its source map stays true but for one distance.
import { SamestepError } from "../error.js";
import { KIND, Malformed, type ModuleShape, readModule } from "../proof/binary.js";
import { CALL, END, GLOBAL_GET, GLOBAL_SET, I32_CONST } from "../proof/opcodes.js";
import { Reader } from "../proof/reader.js";
import { appended, joined, leb, nameBytes, readSections, SECTION, vector, writeSections } from "../proof/sections.js";
import type { Region } from "../simulation/schema.js";
import type { Rewritten } from "./canonical.js";
import { type Global, readGlobals } from "./globals.js";

interface ValueType {
  readonly bytes: number;
  readonly load: readonly number[];
  readonly store: readonly number[];
}

const VALUE_TYPES: Readonly<Record<number, ValueType>> = {
  127: { bytes: 4, load: [0x28], store: [0x36] }, // i32
  126: { bytes: 8, load: [0x29], store: [0x37] }, // i64
  125: { bytes: 4, load: [0x2a], store: [0x38] }, // f32
  124: { bytes: 8, load: [0x2b], store: [0x39] }, // f64
  123: { bytes: 16, load: [0xfd, 0], store: [0xfd, 11] }, // v128
};

const NOTHING_TO_NOTHING = [0x60, 0, 0];
const NO_LOCALS = [0];
const FUNCTION_NAMES = 1;

/**
 * Keeps the mutable globals of a module in `block` between steps. A module that has none, and no code that runs at load,
 * comes out as it is.
 * @throws SamestepError BUILD_FAILED for a global that no memory can hold.
 */
export function keepGlobals(wasm: Uint8Array, block: Region): Rewritten {
  const module = readModule(wasm);
  const globals = mutableGlobals(wasm, module);
  const entries = ["init", "step"].map((name) =>
    module.exports.find((each) => each.kind === KIND.function && each.name === name),
  );
  const [init, step] = entries.map((entry) => entry?.index);
  // Without them, or with those of somebody else, it is no game, which the proof tells better.
  const isGame = [init, step].every((index) => index !== undefined && index >= module.importedFunctions);
  if (!isGame || (globals.length === 0 && module.start === undefined)) return { wasm, moved: (offset) => offset };
  const first = module.importedFunctions + module.functions.length;
  const [reset, load, save] = [first, first + 1, first + 2];
  const start = module.start === undefined ? [] : [module.start];
  const added = [
    { name: "__globals_reset", code: globals.flatMap(({ index, initial }) => [...initial, GLOBAL_SET, ...leb(index)]) },
    { name: "__globals_load", code: loads(globals, block) },
    { name: "__globals_save", code: saves(globals, block) },
    { name: "samestep/init", code: calls([reset, ...start, init!, save]) },
    { name: "samestep/step", code: calls([load, step!, save]) },
  ];
  const edits: Record<number, (contents: Uint8Array) => Uint8Array> = {
    [SECTION.type]: (contents) => appended(contents, [NOTHING_TO_NOTHING]),
    [SECTION.function]: (contents) =>
      appended(
        contents,
        added.map(() => leb(module.types.length)),
      ),
    [SECTION.export]: () => exportsOf(module, globals, { init: first + 3, step: first + 4 }),
    [SECTION.code]: (contents) =>
      appended(
        contents,
        added.map(({ code }) => [...leb(code.length + 2), ...NO_LOCALS, ...code, END]),
      ),
    [SECTION.custom]: (contents) => named(contents, first, added),
  };
  const edited = readSections(wasm)
    .filter(({ id }) => id !== SECTION.start)
    .map((section) => ({ ...section, contents: edits[section.id]?.(section.contents) ?? section.contents }));
  const rewritten = writeSections(wasm, edited);
  const distance = readModule(rewritten).bodies[0]!.begin - module.bodies[0]!.begin;
  return { wasm: rewritten, moved: (offset) => offset + distance };
}

/** @throws SamestepError BUILD_FAILED for one that holds a reference. */
function mutableGlobals(wasm: Uint8Array, module: ModuleShape): Global[] {
  const found = readGlobals(wasm, module).filter(({ mutable }) => mutable);
  const bad = found.find(({ type }) => VALUE_TYPES[type] === undefined);
  if (bad === undefined) return found;
  throw new SamestepError(
    "BUILD_FAILED",
    `the global '${module.globalNames.get(bad.index) ?? `#${bad.index}`}' holds a reference, which no memory can hold and no snapshot restore: keep a number instead, such as an index into a table`,
  );
}

function calls(functions: readonly number[]): number[] {
  return functions.flatMap((index) => [CALL, ...leb(index)]);
}

function loads(globals: readonly Global[], block: Region): number[] {
  return placed(globals, block).flatMap(({ index, type, address }) => [
    ...[I32_CONST, 0, ...VALUE_TYPES[type]!.load, 0, ...leb(address)],
    ...[GLOBAL_SET, ...leb(index)],
  ]);
}

function saves(globals: readonly Global[], block: Region): number[] {
  return placed(globals, block).flatMap(({ index, type, address }) => [
    ...[I32_CONST, 0, GLOBAL_GET, ...leb(index)],
    ...[...VALUE_TYPES[type]!.store, 0, ...leb(address)],
  ]);
}

/** One behind the other. */
function placed(globals: readonly Global[], { address, size }: Region): (Global & { address: number })[] {
  let at = address;
  const found = globals.map((global) => {
    const place = { ...global, address: at };
    at += VALUE_TYPES[global.type]!.bytes;
    return place;
  });
  if (at > address + size)
    throw new SamestepError(
      "BUILD_FAILED",
      `the module has ${globals.length} variables outside of its memory, which take ${at - address} bytes, and its globals region has ${size}: make it larger`,
    );
  return found;
}

/** The exports with other functions behind init and step, and without the variables that a host could write. */
function exportsOf(
  module: ModuleShape,
  globals: readonly Global[],
  functions: { readonly [name: string]: number },
): Uint8Array {
  const kept = module.exports.filter(
    ({ kind, index }) => kind !== KIND.global || !globals.some((each) => each.index === index),
  );
  return vector(
    kept.map(({ name, kind, index }) => {
      const now = kind === KIND.function && Object.hasOwn(functions, name) ? functions[name]! : index;
      return [...nameBytes(name), kind, ...leb(now)];
    }),
  );
}

/** The section of names with those of the new functions; any other custom section as it is, and one that cannot be read. */
function named(contents: Uint8Array, first: number, added: readonly { name: string }[]): Uint8Array {
  try {
    return withNames(contents, first, added);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return contents;
  }
}

function withNames(contents: Uint8Array, first: number, added: readonly { name: string }[]): Uint8Array {
  const reader = new Reader(contents, 0, contents.length);
  if (reader.name() !== "name") return contents;
  const parts: (Uint8Array | number[])[] = [contents.subarray(0, reader.at)];
  while (reader.at < contents.length) {
    const id = reader.u8();
    const length = reader.u32();
    const begin = reader.at;
    reader.skip(length);
    const part = contents.subarray(begin, reader.at);
    const names = added.map(({ name }, i) => [...leb(first + i), ...nameBytes(name)]);
    const now = id === FUNCTION_NAMES ? appended(part, names) : part;
    parts.push([id, ...leb(now.length)], now);
  }
  return joined(parts);
}
