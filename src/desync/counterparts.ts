// Which instruction of one build is which of another: by function, by line of source, and by what it does.
import { readModule } from "../proof/binary.js";
import { type Instruction, walk } from "../proof/opcodes.js";
import { linePairs } from "./line-pairs.js";
import { STORES } from "./log-helpers.js";
import { resultOf } from "./results.js";

/** What is known of a build's sources: where an instruction comes from, and the text of each file, if it is known. */
export interface Sources {
  at(site: number): { readonly function: string; readonly file?: string; readonly line?: number };
  linesOf(file: string): readonly string[];
}

/** A build's instructions as far as the other build has them too. */
export interface Counterparts {
  /** What an instruction does in which line, as a number that is the same for both; none where the other build has none. */
  readonly known: ReadonlyMap<number, number>;
  /** Instructions of lines that stand otherwise in the other build, or not at all. */
  readonly changed: ReadonlySet<number>;
}

type LineOf = (file: string, line: number) => { readonly name: string; readonly changed: boolean };

/** Comparisons are one kind, since they are what a flipped one is mistaken for. */
const COMPARISONS: readonly (readonly [number, number])[] = [
  [0x46, 0x4f],
  [0x51, 0x5a],
  [0x5b, 0x60],
  [0x61, 0x66],
];

export function counterparts(
  here: { readonly wasm: Uint8Array; readonly sources: Sources },
  there: { readonly wasm: Uint8Array; readonly sources: Sources },
): { readonly here: Counterparts; readonly there: Counterparts } {
  const [linesHere, linesThere] = lineNames(here.sources, there.sources);
  const [mine, yours] = [grouped(here, linesHere), grouped(there, linesThere)];
  const [a, b] = [new Map<number, number>(), new Map<number, number>()];
  for (const [name, [key, sites]] of [...mine.groups].entries()) {
    const others = yours.groups.get(key);
    // With one more or one less, the line does something else.
    if (others?.length !== sites.length) continue;
    for (const site of sites) a.set(site, name);
    for (const site of others) b.set(site, name);
  }
  return { here: { known: a, changed: mine.changed }, there: { known: b, changed: yours.changed } };
}

/** The lines of both builds by common names: those of the first build. */
function lineNames(here: Sources, there: Sources): [LineOf, LineOf] {
  const files = new Map<string, (number | undefined)[]>();
  const pairsOf = (file: string): (number | undefined)[] => {
    let pairs = files.get(file);
    if (pairs === undefined) {
      pairs = linePairs(here.linesOf(file), there.linesOf(file));
      files.set(file, pairs);
    }
    return pairs;
  };
  const isChanged = (file: string, line: number, other: number): boolean =>
    here.linesOf(file)[line - 1] !== there.linesOf(file)[other - 1];
  const ofHere: LineOf = (file, line) => {
    const other = pairsOf(file).indexOf(line - 1) + 1;
    return { name: `${file}:${line}`, changed: isChanged(file, line, other) };
  };
  const ofThere: LineOf = (file, line) => {
    const pair = pairsOf(file)[line - 1];
    if (there.linesOf(file).length === 0) return { name: `${file}:${line}`, changed: false };
    if (pair === undefined) return { name: `${file}:+${line}`, changed: true };
    return { name: `${file}:${pair + 1}`, changed: isChanged(file, pair + 1, line) };
  };
  return [ofHere, ofThere];
}

function grouped(
  { wasm, sources }: { readonly wasm: Uint8Array; readonly sources: Sources },
  lineOf: LineOf,
): { readonly groups: ReadonlyMap<string, number[]>; readonly changed: ReadonlySet<number> } {
  const module = readModule(wasm);
  const groups = new Map<string, number[]>();
  const changed = new Set<number>();
  for (const [index, { begin, end }] of module.bodies.entries()) {
    const name = module.functionNames.get(module.importedFunctions + index) ?? String(index);
    walk(wasm, begin, end, (instruction, _, site) => {
      if (resultOf(instruction) === undefined && !STORES.has(instruction)) return;
      const { file, line } = sources.at(site);
      const place = file === undefined || line === undefined ? undefined : lineOf(file, line);
      if (place?.changed) changed.add(site);
      const key = `${name} ${place?.name} ${kindOf(instruction)}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [site]);
      else group.push(site);
    });
  }
  return { groups, changed };
}

function kindOf(instruction: Instruction): number {
  return COMPARISONS.find(([first, last]) => instruction >= first && instruction <= last)?.[0] ?? instruction;
}
