// Builds a game: AssemblyScript in, a proven module with its schema out.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import * as asc from "assemblyscript/asc";
import { SamestepError } from "../error.js";
import { withoutMapName } from "../proof/binary.js";
import { certify } from "../proof/certificate.js";
import type { Finding } from "../proof/finding.js";
import { readSchema, type Schema } from "../simulation/schema.js";
import { canonical } from "./canonical.js";
import { withHints } from "./hints.js";
import { keepGlobals } from "./managed.js";
import { type Runtime, runtimeFlags, runtimeOf } from "./runtime.js";
import { isAuthors, movedMap, SourceMap } from "./source-map.js";
import { GameTransform } from "./transform.js";
import { gameTypes } from "./types.js";

export interface BuildOptions {
  /** The game's main file: it exports init, step and the match's settings. */
  readonly entry: string;
  /** What the module calls its map: `NAME.wasm.map` beside it. The name is part of the bytes. By default the entry's. */
  readonly name?: string;
  /** false: the module names no map. The map is made in any case, for the messages. */
  readonly sourceMap?: boolean;
  /** Builds a managed game, which may allocate: `new`, Array, Map, string. Without it all state lies in the arena. */
  readonly runtime?: Runtime;
}

export interface BuiltGame {
  readonly wasm: Uint8Array;
  readonly sourceMap: string;
  readonly schema: Schema;
  /** TypeScript declarations of the game's classes, for the code that draws it. */
  readonly types: string;
  /** The compiler's warnings. */
  readonly diagnostics: string;
  /** What the proof notices and does not refuse, in a managed game: recursion, calls through variables. */
  readonly notices: string;
}

type LateConstants = GameTransform["lateConstants"];

export interface Compiled {
  readonly wasm: Uint8Array;
  readonly map: string;
  readonly diagnostics: string;
  readonly lateConstants: LateConstants;
}

interface Project {
  /** The main file, as seen from the base. */
  readonly entry: string;
  readonly base: string;
  readonly runtime: Runtime | undefined;
}

const FLAGS = ["--enable", "simd", "--noColors", "--disableWarning", "235"];

/** Findings printed for a refused game; the first ones teach most. */
const FINDINGS_SHOWN = 12;

/**
 * Compiles and proves a game.
 * @throws SamestepError BAD_USAGE for a runtime that no game can have.
 * @throws SamestepError BUILD_FAILED with the compiler's text, or with every finding of the proof and its line of source.
 */
export async function compileGame(options: BuildOptions): Promise<BuiltGame> {
  const output = await compile(options);
  const rewritten = canonical(output.wasm);
  const sourceMap = movedMap(output.map, rewritten.moved);
  const wasm = options.sourceMap === false ? withoutMapName(rewritten.wasm) : rewritten.wasm;
  const proof = certify(wasm, options.runtime === undefined ? "arena" : "managed");
  const map = new SourceMap(sourceMap);
  if (!proof.ok) throw new SamestepError("BUILD_FAILED", refusal(proof.findings, map, output.lateConstants));
  const schema = readSchema(wasm);
  const notices = proof.notices.map((each) => `NOTICE ${each.message}${place(each, map)}`).join("\n\n");
  return { wasm, sourceMap, schema, types: gameTypes(schema), diagnostics: output.diagnostics, notices };
}

/** What the compiler makes of a game: its NaNs are not yet the same everywhere, and nothing is proved. */
export async function compile(options: BuildOptions): Promise<Compiled> {
  const entry = resolve(options.entry);
  const base = folderOf(entry);
  const main = relative(base, entry).split(sep).join("/");
  const runtime = options.runtime === undefined ? undefined : runtimeOf(options.runtime);
  const output = await compileTwice({ entry: main, base, runtime }, options.name ?? basename(entry, ".ts"));
  if (runtime === undefined) return output;
  const kept = keepGlobals(output.wasm, readSchema(output.wasm).regions.globals!);
  return { ...output, wasm: kept.wasm, map: movedMap(output.map, kept.moved) };
}

/** The folder that paths in the module are relative to, so that its bytes do not depend on where a project lies. */
function folderOf(entry: string): string {
  for (let folder = dirname(entry); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return dirname(entry);
  }
}

/** Compiles once. Throws what the compiler said when it found a mistake. */
async function runCompiler(
  { entry, base, runtime }: Project,
  transform: GameTransform,
  flags: readonly string[],
): Promise<{ written: ReadonlyMap<string, Uint8Array | string>; diagnostics: string }> {
  const written = new Map<string, Uint8Array | string>();
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main([entry, "--baseDir", base, ...FLAGS, ...runtimeFlags(runtime), ...flags], {
    stdout: asc.createMemoryStream(),
    stderr,
    // Sources only: an asconfig.json that lies about must not change what a game is.
    readFile: (path, from) => (path.endsWith(".ts") ? readFile(resolve(from, path), "utf8").catch(() => null) : null),
    writeFile: (path, contents) => {
      written.set(path, contents);
    },
    listFiles: () => [],
    transforms: [transform as unknown as asc.Transform],
  });
  // Our own refusals come through the compiler under its number for other people's messages.
  const diagnostics = withHints(stderr.toString().replaceAll("AS102: User-defined: ", ""));
  if (error) throw new SamestepError("BUILD_FAILED", diagnostics || String(error));
  return { written, diagnostics };
}

/** Where each region lies depends on the sizes of the game's classes, so a first compilation measures them. */
async function compileTwice(project: Project, name: string): Promise<Compiled> {
  const managed = project.runtime !== undefined;
  const measuring = new GameTransform(managed);
  await runCompiler(project, measuring, ["--noEmit"]);
  const outFile = `${name}.wasm`;
  const placing = new GameTransform(managed, measuring.sizes);
  const { written, diagnostics } = await runCompiler(project, placing, [
    ...["--outFile", outFile, "--sourceMap", `./${outFile}.map`],
    ...["--optimizeLevel", "3", "--shrinkLevel", "0", "--debug"],
  ]);
  const wasm = written.get(outFile) as Uint8Array;
  return { wasm, map: written.get(`${outFile}.map`) as string, diagnostics, lateConstants: placing.lateConstants };
}

/** The proof's findings, each with the line of source that caused it. */
function refusal(findings: readonly Finding[], map: SourceMap, late: LateConstants): string {
  const told = [...late].filter(([name]) => findings.some((finding) => isVariable(finding, name)));
  const others = findings.filter(
    (finding) => !told.some(([name]) => isVariable(finding, name)) && !(finding.rule === "start" && told.length > 0),
  );
  const texts = [
    ...told.map(([name, at]) => `${lateConstant(name)}\n  in ${at.file}:${at.line}:${at.column}`),
    ...others.map((finding) => `${finding.message}${place(finding, map)}`),
  ];
  const lines = texts.slice(0, FINDINGS_SHOWN).map((each) => `REFUSED ${each}`);
  const more = texts.length - lines.length;
  if (more > 0) lines.push(`… and ${more} more.`);
  return lines.join("\n\n");
}

/** The proof sees no constants, only variables that are set when the module loads. */
function isVariable(finding: Finding, name: string): boolean {
  return finding.rule === "mutable-global" && finding.message.startsWith(`'${name}' `);
}

function lateConstant(name: string): string {
  return `'${name}' is computed by code that runs when the module is loaded. A constant outside of functions is made of numbers, other constants, operators and fx(). Compute anything else where it is used, or in init() into the state.`;
}

function place({ function: name, offset, bodyOffset }: Finding, map: SourceMap): string {
  if (name === undefined || offset === undefined) return "";
  const found = map.locate(offset, bodyOffset ?? 0, isAuthors);
  return found ? `\n  in ${name} (${found.file}:${found.line}:${found.column})` : `\n  in ${name}`;
}
