// Rewrites a game so that it logs every write to its memory, and computes the same states as before.
//
//   memory:  the game's own pages | the log, as log-helpers.ts writes it            only the copy's memory is larger
//
// Each instruction that writes becomes `i32.const SITE · call HELPER`, where SITE is its offset in the module as it was, so that
// source maps and names stay true; one that computes a value is followed by such a call. The helpers stand behind all other
// functions: no index changes.
import { assert } from "../../assert.js";
import { readModule } from "../../proof/binary.js";
import { type Instruction, walk } from "../../proof/opcodes.js";
import { appended, joined, leb, readSections, SECTION, vector, writeSections } from "../../proof/sections.js";
import {
  called,
  constant,
  Helpers,
  MEMORY_COPY,
  MEMORY_FILL,
  MEMORY_INIT,
  PAGE_BYTES,
  PAGES_MAX,
  STORES,
} from "./log-helpers.js";
import { resultOf } from "./results.js";

export interface Instrumented {
  readonly wasm: Uint8Array;
  /** Where the log begins: the end of the game's own memory. */
  readonly base: number;
  readonly logBytes: number;
}

const MEMORY_SIZE = 0x3f;

/** What a log holds: writes to memory, or these and every number that is computed. */
export type Logged = "writes" | "values";

/**
 * The module with its log of `logPages` behind its memory. A log that is full says so and stops the step (`unreachable`): what it
 * holds by then is true, but not all.
 */
export function instrument(wasm: Uint8Array, logged: Logged, logPages: number): Instrumented {
  const module = readModule(wasm);
  const pages = module.memories[0]!.min;
  assert(pages + logPages <= PAGES_MAX, "the game's memory and its log fit into one memory");
  const helpers = new Helpers(module.importedFunctions + module.functions.length, pages);
  const edit = (instruction: Instruction, site: number) =>
    writing(instruction, site, helpers) ?? (logged === "values" ? computing(instruction, site, helpers) : undefined);
  const bodies = module.bodies.map(({ begin, end }) => {
    const parts = rewritten(wasm, begin, end, edit);
    return [...leb(parts.reduce((sum, part) => sum + part.length, 0)), ...joined(parts)];
  });
  const added = helpers.added;
  const first = module.types.length;
  const edits: Record<number, (contents: Uint8Array) => Uint8Array> = {
    [SECTION.type]: (contents) =>
      appended(
        contents,
        added.map(({ params, results }) => [
          0x60,
          ...leb(params.length),
          ...params,
          ...leb(results.length),
          ...results,
        ]),
      ),
    [SECTION.function]: (contents) =>
      appended(
        contents,
        added.map((_, i) => leb(first + i)),
      ),
    [SECTION.memory]: () => vector([[1, ...leb(pages + logPages), ...leb(pages + logPages)]]),
    [SECTION.code]: () => vector([...bodies, ...added.map(({ code }) => [...leb(code.length), ...code])]),
  };
  const sections = readSections(wasm).map(({ id, contents }) => ({ id, contents: edits[id]?.(contents) ?? contents }));
  return { wasm: writeSections(wasm, sections), base: pages * PAGE_BYTES, logBytes: logPages * PAGE_BYTES };
}

/** What stands in place of an instruction, by its bytes; undefined where it stays as it is. */
type Edit = ((raw: Uint8Array) => number[]) | undefined;

/** A function's body with its instructions edited. */
function rewritten(
  wasm: Uint8Array,
  begin: number,
  end: number,
  edit: (instruction: Instruction, site: number) => Edit,
): (Uint8Array | number[])[] {
  const parts: (Uint8Array | number[])[] = [];
  let from = begin;
  let edited: { readonly at: number; readonly by: NonNullable<Edit> } | undefined;
  walk(wasm, begin, end, (instruction, _, offset) => {
    // An instruction ends where the next one begins; the last of a body is its end, which does nothing.
    if (edited !== undefined) {
      parts.push(wasm.subarray(from, edited.at), edited.by(wasm.subarray(edited.at, offset)));
      from = offset;
    }
    const by = edit(instruction, offset);
    edited = by && { at: offset, by };
  });
  parts.push(wasm.subarray(from, end));
  return parts;
}

function writing(instruction: Instruction, site: number, helpers: Helpers): Edit {
  const call = (index: number) => [...constant(site), ...called(index)];
  const stored = STORES.get(instruction);
  if (stored !== undefined) return (raw) => call(helpers.store(instruction, raw, stored));
  if (instruction === MEMORY_COPY || instruction === MEMORY_FILL || instruction === MEMORY_INIT)
    return (raw) => call(helpers.bulk(instruction, raw));
  // An allocator asks where the memory ends; for the game it ends where it did.
  if (instruction === MEMORY_SIZE) return () => constant(helpers.pages);
  return undefined;
}

function computing(instruction: Instruction, site: number, helpers: Helpers): Edit {
  const type = resultOf(instruction);
  return type && ((raw) => [...raw, ...constant(site), ...called(helpers.note(type))]);
}
