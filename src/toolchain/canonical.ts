// Rewrites a compiled module so that it computes the same bits in every engine, and nothing else about it.
//
// A NaN is made positive, quiet and canonical before its bits are seen, what engines dispute is written otherwise, and growing
// the memory fails. This comes after the compiler's optimiser, which would move or merge what is inserted here. Which places
// these are, the proof says; this file changes exactly those, so a module that is proved already comes out as it went in.
import { type Body, type ModuleShape, readModule } from "../proof/binary.js";
import { type DisputedSite, DisputeWatch } from "../proof/disputed.js";
import { CLOSING, type Lanes } from "../proof/floats.js";
import { NanWatch } from "../proof/nan.js";
import {
  DROP,
  I32_AND,
  I32_CONST,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  MEMORY_GROW,
  VECTOR,
  walk,
} from "../proof/opcodes.js";
import { Reader } from "../proof/reader.js";
import { leb, SECTION } from "../proof/sections.js";
import type { Step } from "../proof/vectors.js";

export interface Rewritten {
  readonly wasm: Uint8Array;
  /** Where an instruction lies now: from its offset in the module as it was. */
  readonly moved: (offset: number) => number;
}

const HEADER_BYTES = 8;
/** As a signed number of one byte. */
const MINUS_ONE = 0x7f;
const V128 = 0x7b;
const V128_AND = [VECTOR, 0x4e];
const V128_XOR = [VECTOR, 0x51];

/** New code in a function. */
interface Edit {
  /** Of the function, among those defined in the module. */
  readonly index: number;
  /** The old code from here to `end` falls away; it may be none. */
  readonly at: number;
  readonly end: number;
  /** The types of the locals that it needs. All edits of a function share them. */
  readonly locals: readonly number[];
  readonly write: (locals: readonly number[]) => readonly number[];
}

/** Closes every site where the bits of a NaN could be seen, and settles every dispute. */
export function canonical(wasm: Uint8Array): Rewritten {
  const module = readModule(wasm);
  const edits = editsOf(wasm, module);
  if (edits.length === 0) return { wasm, moved: (offset) => offset };
  const section = codeSection(wasm);
  const bodies = module.bodies.map((body, index) => {
    const own = edits.filter((edit) => edit.index === index);
    return own.length === 0 ? [run(wasm, body.begin, body.end)] : edited(wasm, body, own, paramsOf(module, index));
  });
  const code = [leb(bodies.length), ...bodies.flatMap((parts) => [leb(bytesOf(parts)), ...parts])];
  return laidOut([
    run(wasm, 0, section.begin),
    [SECTION.code],
    leb(bytesOf(code)),
    ...code,
    run(wasm, section.end, wasm.length),
  ]);
}

function editsOf(wasm: Uint8Array, module: ModuleShape): readonly Edit[] {
  const nans = new NanWatch(wasm);
  const disputes = new DisputeWatch(wasm);
  const growths: Edit[] = [];
  for (const [index, { begin, end }] of module.bodies.entries()) {
    const code: Step[] = [];
    nans.enter(index, code);
    disputes.enter(index, code);
    walk(wasm, begin, end, (instruction, operand, offset) => {
      const step = { instruction, operand, offset };
      nans.see(step);
      disputes.see(step);
      code.push(step);
      if (instruction === MEMORY_GROW) growths.push(failed(wasm, index, offset));
    });
  }
  const closing = nans.sites.map(({ index, at, lanes }): Edit => {
    const write = ([local]: readonly number[]) => sequence(lanes, local!);
    return { index, at, end: at, locals: [CLOSING[lanes].local], write };
  });
  // What is closed for its NaN is no constant any more.
  const isClosed = ({ offset }: DisputedSite) => closing.some(({ at }) => at === offset);
  return [...growths, ...closing, ...disputes.sites.filter((site) => !isClosed(site)).map(settled)];
}

/** `memory.grow` becomes what it answers where min == max: -1, for any number of pages but none. */
function failed(wasm: Uint8Array, index: number, at: number): Edit {
  const memory = new Reader(wasm, at + 1, wasm.length);
  memory.u32();
  return { index, at, end: memory.at, locals: [], write: () => [DROP, I32_CONST, MINUS_ONE] };
}

function settled({ name, index, offset, end }: DisputedSite): Edit {
  switch (name) {
    case "v128.bitselect":
      return { index, at: offset, end, locals: [V128, V128], write: ([b, mask]) => selection(b!, mask!) };
    case "i32.shr_u":
      return { index, at: offset, end: offset, locals: [], write: () => [I32_CONST, 31, I32_AND] };
    case "f32.copysign":
    case "f64.copysign": {
      // Its sign comes out of the closing sequence as it was, and no compiler knows it.
      const lanes = name === "f32.copysign" ? "f32" : "f64";
      const write = ([local]: readonly number[]) => sequence(lanes, local!);
      return { index, at: offset, end: offset, locals: [CLOSING[lanes].local], write };
    }
  }
}

/** A stretch of the old module, taken over as it is. */
interface Run {
  readonly bytes: Uint8Array;
  readonly from: number;
}

/** What the new module is made of: old bytes and new ones. */
type Part = Run | readonly number[];

function run(wasm: Uint8Array, begin: number, end: number): Run {
  return { bytes: wasm.subarray(begin, end), from: begin };
}

/** A function's body with its edits, and the locals that these take behind its own. */
function edited(wasm: Uint8Array, { begin, end }: Body, edits: readonly Edit[], params: number): Part[] {
  const reader = new Reader(wasm, begin, end);
  const groups = reader.u32();
  const declarations = reader.at;
  let locals = params;
  for (let i = 0; i < groups; i++) {
    locals += reader.u32();
    reader.valueType();
  }
  const shared = sharedLocals(edits);
  const added = shared.flatMap((type) => [1, type]);
  const parts: Part[] = [leb(groups + shared.length), run(wasm, declarations, reader.at), added];
  let from = reader.at;
  // What is closed in front of an instruction comes before what stands in its place.
  for (const edit of [...edits].sort((x, y) => x.at - y.at || x.end - y.end)) {
    parts.push(run(wasm, from, edit.at), edit.write(placesOf(edit.locals, shared, locals)));
    from = edit.end;
  }
  parts.push(run(wasm, from, end));
  return parts;
}

/** As many locals of each type as the edit has that needs most of them. */
function sharedLocals(edits: readonly Edit[]): number[] {
  const shared: number[] = [];
  const count = (types: readonly number[], type: number) => types.filter((each) => each === type).length;
  for (const { locals } of edits)
    for (const type of locals) if (count(shared, type) < count(locals, type)) shared.push(type);
  return shared;
}

/** The index of each of an edit's locals, none taken twice. */
function placesOf(types: readonly number[], shared: readonly number[], first: number): number[] {
  const free = new Map(shared.entries());
  return types.map((type) => {
    const [place] = [...free].find(([, each]) => each === type)!;
    free.delete(place);
    return first + place;
  });
}

/** `a · b · mask` become ((a xor b) and mask) xor b, which is a where the mask is set and b elsewhere. */
function selection(b: number, mask: number): number[] {
  const [setMask, teeB] = [
    [LOCAL_SET, ...leb(mask)],
    [LOCAL_TEE, ...leb(b)],
  ];
  const [getMask, getB] = [mask, b].map((local) => [LOCAL_GET, ...leb(local)]);
  return [...setMask, ...teeB, ...V128_XOR, ...getMask!, ...V128_AND, ...getB!, ...V128_XOR];
}

/** `tee t · const NaN · get t · get t · eq · choose`, and for a vector `tee t` again: see src/proof/nan.ts. */
function sequence(lanes: Lanes, local: number): number[] {
  const { nan, equal, choose } = CLOSING[lanes];
  const get = [LOCAL_GET, ...leb(local)];
  const tee = [LOCAL_TEE, ...leb(local)];
  const last = lanes === "f32" || lanes === "f64" ? [] : tee;
  return [...tee, ...nan, ...get, ...get, ...encoded(equal), ...encoded(choose), ...last];
}

/** An instruction's bytes: one, or a prefix and a number. */
function encoded(instruction: number): number[] {
  return instruction < 0x10000 ? [instruction] : [instruction >>> 16, ...leb(instruction & 0xffff)];
}

function paramsOf(module: ModuleShape, index: number): number {
  return module.types[module.functions[index]!]!.params;
}

/** The section of the code with its header. */
function codeSection(wasm: Uint8Array): Body {
  const reader = new Reader(wasm, HEADER_BYTES, wasm.length);
  for (;;) {
    const begin = reader.at;
    const id = reader.u8();
    reader.skip(reader.u32());
    if (id === SECTION.code) return { begin, end: reader.at };
  }
}

function laidOut(parts: readonly Part[]): Rewritten {
  const wasm = new Uint8Array(bytesOf(parts));
  const runs: { from: number; to: number }[] = [];
  let at = 0;
  for (const part of parts) {
    const bytes = bytesIn(part);
    wasm.set(bytes, at);
    if ("from" in part) runs.push({ from: part.from, to: at });
    at += bytes.length;
  }
  return { wasm, moved: (offset) => offset + shift(runs, offset) };
}

/** How far the last run that begins at or before an offset has moved. What lies between runs is a header, which no map names. */
function shift(runs: readonly { from: number; to: number }[], offset: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runs[middle]!.from <= offset) low = middle + 1;
    else high = middle;
  }
  const { from, to } = runs[low - 1]!;
  return to - from;
}

function bytesIn(part: Part): ArrayLike<number> {
  return "from" in part ? part.bytes : part;
}

function bytesOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + bytesIn(part).length, 0);
}
