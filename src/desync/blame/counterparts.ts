// Which instruction of one build is which of another: by function, by line of source, and by what it does.
import { readModule } from "../../proof/binary.js";
import { type Instruction, walk } from "../../proof/opcodes.js";
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

/** The lines of both builds by common names, those of the first build; as they are where the text of either is not known. */
function lineNames(here: Sources, there: Sources): [LineOf, LineOf] {
  const files = new Map<string, Versions>();
  const versionsOf = (file: string): Versions => {
    const versions = files.get(file) ?? versionsFrom(here.linesOf(file), there.linesOf(file));
    files.set(file, versions);
    return versions;
  };
  const name = (file: string, line: number, known: Line | undefined) => ({
    name: `${file}:${known?.name ?? line}`,
    changed: known?.changed ?? false,
  });
  return [
    (file, line) => name(file, line, versionsOf(file).here[line - 1]),
    (file, line) => name(file, line, versionsOf(file).there[line - 1]),
  ];
}

interface Line {
  readonly name: string;
  readonly changed: boolean;
}

/** Each line of both versions of a file; none where one of them is not known. */
interface Versions {
  readonly here: readonly Line[];
  readonly there: readonly Line[];
}

function versionsFrom(here: readonly string[], there: readonly string[]): Versions {
  if (here.length === 0 || there.length === 0) return { here: [], there: [] };
  const mine = here.map((_, index) => ({ name: String(index + 1), changed: true }));
  const yours = linePairs(here, there).map((pair, index) => {
    if (pair === undefined) return { name: `+${index + 1}`, changed: true };
    const changed = here[pair] !== there[index];
    mine[pair] = { name: String(pair + 1), changed };
    return mine[pair];
  });
  return { here: mine, there: yours };
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
