// Where in its author's sources an instruction of a game comes from: function, file and line, as a person would name them.
import { type Body, readModule } from "../proof/binary.js";
import { isAuthors, type Place, SourceMap } from "./source-map.js";

export interface SourcePlace {
  /** By the source where its text is known, since the compiler moves functions into each other; else by the module. */
  readonly function: string;
  readonly file?: string;
  /** Both count from one. */
  readonly line?: number;
  readonly column?: number;
}

const FUNCTION = /^\s*(?:export\s+)?function\s+([\w$]+)/;
const METHOD = /^\s+(?:(?:static|private|protected|public|get|set)\s+)*([\w$]+)\s*(?:<[^>]*>)?\([^)]*\)\s*:[^=;]+\{/;
const CLASS = /^(?:export\s+)?(?:abstract\s+)?class\s+([\w$]+)/;
const NO_NAMES = new Set(["if", "for", "while", "switch", "catch"]);
/** A function of one line around a load or a store only goes where its caller says: `putU8(…) { store<u8>(…); }`. */
const ACCESS = /\b(?:load|store)</;
const LINES_OF_ONE = 2;

interface SourceFunction {
  readonly name: string;
  readonly isAccess: boolean;
  /** One line that returns something: it writes nothing. */
  readonly isAnswer: boolean;
}

export class Places {
  readonly #wasm: Uint8Array;
  readonly #bodies: readonly Body[];
  readonly #names: ReadonlyMap<number, string>;
  readonly #firstFunction: number;
  readonly #map: SourceMap | undefined;
  readonly #lines = new Map<string, readonly string[]>();

  /** `sourceMap` is the text of the module's map; without it, places are functions only. */
  constructor(wasm: Uint8Array, sourceMap?: string) {
    const module = readModule(wasm);
    this.#wasm = wasm;
    this.#bodies = module.bodies;
    this.#names = module.functionNames;
    this.#firstFunction = module.importedFunctions;
    this.#map = sourceMap === undefined ? undefined : new SourceMap(sourceMap);
  }

  /** Of an instruction: its offset in the module. */
  at(offset: number): SourcePlace {
    const index = this.#bodies.findIndex(({ begin, end }) => offset >= begin && offset < end);
    const compiled = this.#names.get(this.#firstFunction + index) ?? `function ${this.#firstFunction + index}`;
    const found = this.#map && this.#lineOf(this.#map, offset, this.#bodies[index]?.begin ?? 0);
    if (found === undefined) return { function: compiled };
    const { file, line, column } = found;
    return { function: this.#functionAt(found)?.name ?? compiled, file, line, column };
  }

  /**
   * The nearest line before the instruction that is the author's and more than an access to memory: that is the line which
   * said what to read or write. Where there is none, the nearest line that there is.
   */
  #lineOf(map: SourceMap, offset: number, begin: number): Place | undefined {
    let authors: Place | undefined;
    const writes = isWrite(this.#wasm, offset);
    for (const place of map.backwards(offset, begin)) {
      if (!isAuthors(place.file)) continue;
      authors ??= place;
      const found = this.#functionAt(place);
      // Outside of functions lies what the toolchain wrote into a class, to reach its fields.
      if (found === undefined && this.linesOf(place.file).length > 0) continue;
      // What a write was given has just been computed, often by a function that was inlined.
      if (found === undefined || !(found.isAccess || (writes && found.isAnswer))) return place;
    }
    return authors ?? map.locate(offset, begin, isAuthors);
  }

  #functionAt({ file, line }: Place): SourceFunction | undefined {
    const lines = this.linesOf(file);
    for (let i = Math.min(line, lines.length) - 1; i >= 0; i--) {
      if (i < line - 1 && lines[i]!.startsWith("}")) return undefined;
      const name = FUNCTION.exec(lines[i]!)?.[1] ?? METHOD.exec(lines[i]!)?.[1];
      if (name === undefined || NO_NAMES.has(name)) continue;
      const text = linesOf(lines, i) <= LINES_OF_ONE ? lines.slice(i, i + 2).join("\n") : "";
      const isAccess = ACCESS.test(text);
      return { name: this.#classOf(lines, i) + name, isAccess, isAnswer: /\breturn\b/.test(text) };
    }
    return undefined;
  }

  /** `Fighter.` in front of a method's name. */
  #classOf(lines: readonly string[], at: number): string {
    if (!/^\s/.test(lines[at]!)) return "";
    for (let i = at; i >= 0; i--) {
      const name = CLASS.exec(lines[i]!)?.[1];
      if (name !== undefined) return `${name}.`;
    }
    return "";
  }

  /** The text of a source; empty where the map does not have it. */
  linesOf(file: string): readonly string[] {
    let lines = this.#lines.get(file);
    if (lines === undefined) {
      lines = this.#map?.texts.get(file)?.split("\n") ?? [];
      this.#lines.set(file, lines);
    }
    return lines;
  }
}

/** From a function's head to the bracket that closes it, which stands as far in as the head. */
function linesOf(lines: readonly string[], head: number): number {
  if (/\}\s*$/.test(lines[head]!)) return 0;
  const indent = /^\s*/.exec(lines[head]!)![0];
  let end = head;
  while (end < lines.length && !lines[end]!.startsWith(`${indent}}`)) end++;
  return end - head;
}

/** A store, or memory.init, memory.copy, memory.fill. */
function isWrite(wasm: Uint8Array, offset: number): boolean {
  const [opcode, behind] = [wasm[offset]!, wasm[offset + 1]!];
  if (opcode === 0xfd) return behind === 0x0b || (behind >= 0x58 && behind <= 0x5b);
  return (opcode >= 0x36 && opcode <= 0x3e) || opcode === 0xfc;
}
