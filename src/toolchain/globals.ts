// The globals that a module defines, with their types and initial values.
import { KIND, type ModuleShape, skipConstant } from "../proof/binary.js";
import { I32_CONST } from "../proof/opcodes.js";
import { Reader } from "../proof/reader.js";
import { readSections, SECTION } from "../proof/sections.js";

export interface Global {
  /** In the module's index space. */
  readonly index: number;
  readonly type: number;
  readonly mutable: boolean;
  /** Its initial value, as the instructions that push it. */
  readonly initial: Uint8Array;
}

export function readGlobals(wasm: Uint8Array, module: ModuleShape): Global[] {
  const contents = readSections(wasm).find(({ id }) => id === SECTION.global)?.contents;
  if (contents === undefined) return [];
  const imported = module.imports.filter(({ kind }) => kind === KIND.global).length;
  const reader = new Reader(contents, 0, contents.length);
  return Array.from({ length: reader.u32() }, (_, i) => {
    const type = contents[reader.at]!;
    reader.valueType();
    const mutable = reader.u8() === 1;
    const begin = reader.at;
    skipConstant(reader);
    return { index: imported + i, type, mutable, initial: contents.subarray(begin, reader.at - 1) };
  });
}

/** The number that an i32 constant is; undefined for anything else. */
export function constantOf({ mutable, initial }: Global): number | undefined {
  if (mutable || initial[0] !== I32_CONST) return undefined;
  return new Reader(initial, 1, initial.length).s32();
}
