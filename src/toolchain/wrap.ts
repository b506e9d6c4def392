// Makes a managed game of a module that another compiler made: fixes its memory, keeps its globals, and gives it a schema.
import { SamestepError } from "../error.js";
import { KIND, Malformed, type ModuleShape, readModule } from "../proof/binary.js";
import { certify } from "../proof/certificate.js";
import type { Finding } from "../proof/finding.js";
import { joined, leb, nameBytes, readSections, SECTION, vector, writeSections } from "../proof/sections.js";
import { readSchema, SCHEMA_SECTION, type Schema } from "../simulation/schema.js";
import { canonical } from "./canonical.js";
import { type Description, describe } from "./description.js";
import { constantOf, readGlobals } from "./globals.js";
import { keepGlobals } from "./managed.js";
import { gameTypes } from "./types.js";

export interface WrapOptions {
  readonly wasm: Uint8Array;
  readonly description: Description;
  /** The memory in pages of 64 KiB, all of it a snapshot; by default what the module asks for at its start. */
  readonly pages?: number;
}

export interface WrappedGame {
  readonly wasm: Uint8Array;
  readonly schema: Schema;
  readonly types: string;
  /** What the proof notices and does not refuse. */
  readonly notices: string;
}

const PAGE_BYTES = 65536;
const HAS_MAXIMUM = 1;
const NOWHERE = { address: 0, size: 0 };

/**
 * @throws SamestepError BAD_USAGE for a description that does not fit the module, BAD_GAME for a schema that is none.
 * @throws SamestepError BUILD_FAILED with every reason why the game could desync.
 */
export function wrapModule({ wasm, description, pages: asked }: WrapOptions): WrappedGame {
  const module = shapeOf(wasm);
  const least = module.memories[0]?.min;
  if (least === undefined)
    throw new SamestepError("BUILD_FAILED", "the module has no memory of its own, and so no state");
  const pages = asked ?? least;
  if (pages < least)
    throw new SamestepError("BAD_USAGE", `the module asks for ${least} pages of memory, and would get ${pages}`);
  const schema = describe(description, pages * PAGE_BYTES, (name) => addressOf(wasm, module, name));
  const kept = keepGlobals(wasm, schema.regions.globals ?? NOWHERE);
  const finished = finish(canonical(kept.wasm).wasm, schema, pages);
  const proof = certify(finished, "managed");
  if (!proof.ok) throw new SamestepError("BUILD_FAILED", listed(proof.findings, "REFUSED"));
  return {
    wasm: finished,
    schema: readSchema(finished),
    types: gameTypes(schema),
    notices: listed(proof.notices, "NOTICE"),
  };
}

function shapeOf(wasm: Uint8Array): ModuleShape {
  try {
    const module = readModule(wasm);
    if (!module.customs.some(({ name }) => name === SCHEMA_SECTION)) return module;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new SamestepError("BUILD_FAILED", `the module cannot be read: ${error.message}`);
  }
  throw new SamestepError("BAD_USAGE", "the module is a Samestep game already: it has a schema");
}

/** Where an object lies that the module exports by name: compilers export its address as a constant. */
function addressOf(wasm: Uint8Array, module: ModuleShape, name: string): number {
  const exported = module.exports.find((each) => each.name === name && each.kind === KIND.global);
  const global = readGlobals(wasm, module).find(({ index }) => index === exported?.index);
  const address = global && constantOf(global);
  if (address !== undefined) return address;
  const known = module.exports.filter(({ kind }) => kind === KIND.global).map((each) => each.name);
  throw new SamestepError(
    "BAD_USAGE",
    `the module exports no address '${name}'; it exports ${known.join(", ") || "none"}: link it with --export=${name}`,
  );
}

/** The module with a memory of one size, and its schema at the end. */
function finish(wasm: Uint8Array, schema: Schema, pages: number): Uint8Array {
  const memory = vector([[HAS_MAXIMUM, ...leb(pages), ...leb(pages)]]);
  const json = new TextEncoder().encode(JSON.stringify(schema));
  const custom = { id: SECTION.custom, contents: joined([nameBytes(SCHEMA_SECTION), json]) };
  const { memories } = readModule(wasm);
  // Several memories, shared ones, 64-bit ones: the proof refuses them as they are.
  const plain = memories.length === 1 && memories[0]!.flags <= HAS_MAXIMUM;
  const fixed = readSections(wasm).map((section) =>
    plain && section.id === SECTION.memory ? { ...section, contents: memory } : section,
  );
  return writeSections(wasm, [...fixed, custom]);
}

function listed(findings: readonly Finding[], word: string): string {
  return findings
    .map(({ message, function: name }) => `${word} ${message}${name ? `\n  in ${name}` : ""}`)
    .join("\n\n");
}
