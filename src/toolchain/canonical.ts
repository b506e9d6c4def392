// Rewrites a compiled module so that a NaN is the same on every machine before its bits are seen: positive, quiet, canonical.
// It comes after the compiler's optimiser, which would move or merge what is inserted here. Which sites are open, the proof
// says; this room closes exactly those, so a module that is proved already comes out as it went in.
import { type Body, type ModuleShape, readModule } from "../proof/binary.js";
import { CLOSING, type Lanes } from "../proof/floats.js";
import { NanWatch, type OpenSite } from "../proof/nan.js";
import { walk } from "../proof/opcodes.js";
import { Reader } from "../proof/reader.js";
import { leb, SECTION } from "./sections.js";

export interface Rewritten {
  readonly wasm: Uint8Array;
  /** Where an instruction lies now: from its offset in the module as it was. */
  readonly moved: (offset: number) => number;
}

const HEADER_BYTES = 8;
const [LOCAL_GET, LOCAL_TEE] = [0x20, 0x22];

/** Closes every site where the bits of a NaN could be seen. */
export function canonical(wasm: Uint8Array): Rewritten {
  const module = readModule(wasm);
  const sites = openSites(wasm, module);
  if (sites.length === 0) return { wasm, moved: (offset) => offset };
  const section = codeSection(wasm);
  const bodies = module.bodies.map((body, index) => {
    const own = sites.filter((site) => site.index === index);
    return own.length === 0 ? [run(wasm, body.begin, body.end)] : closed(wasm, body, own, paramsOf(module, index));
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

function openSites(wasm: Uint8Array, module: ModuleShape): readonly OpenSite[] {
  const watch = new NanWatch(wasm);
  for (const [index, { begin, end }] of module.bodies.entries()) {
    watch.enter(index);
    walk(wasm, begin, end, (instruction, operand, offset) => watch.see(instruction, operand, offset));
  }
  return watch.sites;
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

/** A function's body with its sites closed, and the locals that this takes behind its own. */
function closed(wasm: Uint8Array, { begin, end }: Body, sites: readonly OpenSite[], params: number): Part[] {
  const reader = new Reader(wasm, begin, end);
  const groups = reader.u32();
  const declarations = reader.at;
  let locals = params;
  for (let i = 0; i < groups; i++) {
    locals += reader.u32();
    reader.valueType();
  }
  const types = [...new Set(sites.map(({ lanes }) => CLOSING[lanes].local))];
  const added = types.flatMap((type) => [1, type]);
  const parts: Part[] = [leb(groups + types.length), run(wasm, declarations, reader.at), added];
  let from = reader.at;
  for (const { at, lanes } of [...sites].sort((x, y) => x.at - y.at)) {
    const local = locals + types.indexOf(CLOSING[lanes].local);
    parts.push(run(wasm, from, at), sequence(lanes, local));
    from = at;
  }
  parts.push(run(wasm, from, end));
  return parts;
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
