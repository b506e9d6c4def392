// What distinguishes two replays as they lie in their files: builds, settings, inputs, hashes, length; nothing is played for it.
import type { Check, Replay } from "../replay/format.js";
import { cellLength } from "../session/inputs/final-inputs.js";
import { inputReader, type Plain } from "../simulation/plain.js";
import { hexBytes, type Schema } from "../simulation/schema.js";
import { CELL_HEADER_BYTES, PRESENCE_ABSENT, PRESENCE_REPLACED } from "../simulation/simulation.js";
import type { MatchConfig } from "../wire/match-config.js";

/** A named value of both, as text. */
export interface Named {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export interface InputDifference {
  /** The first frame whose inputs differ, and how many frames do. */
  readonly frame: number;
  readonly frames: number;
  /** `seat 1: buttons`; by the bytes where the schema is not known. */
  readonly values: readonly Named[];
}

export interface ReplayDifferences {
  /**
   * What comes first: other settings or another build, since then all that follows may differ; else the earlier one of
   * inputs and states. "length": all is equal as long as both last.
   */
  readonly kind: "settings" | "build" | "inputs" | "states" | "length" | "equal";
  readonly settings: readonly Named[];
  /** Hashes of the builds, where they are two. */
  readonly builds: Named | undefined;
  readonly inputs: InputDifference | undefined;
  /** The hash chains part for a state, or an input, in [frame, end). */
  readonly states: { readonly frame: number; readonly end: number } | undefined;
  readonly frames: { readonly before: number; readonly after: number };
}

/** Settings that reach the game; the others say how the match was carried, and may differ without any consequence. */
const REACH_THE_GAME: readonly (keyof MatchConfig)[] = ["players", "inputBytes", "seedLow", "seedHigh", "rules"];

/** With the build's schema, inputs are told by the names of their fields. */
export function replayDifferences(before: Replay, after: Replay, schema?: Schema): ReplayDifferences {
  const settings = settingsOf(before.config, after.config);
  const comparable = before.cellBytes === after.cellBytes && before.config.players === after.config.players;
  const inputs = comparable ? inputsOf(before, after, schema) : undefined;
  const states = chainsOf(before, after);
  const frames = { before: before.frames, after: after.frames };
  const same = before.gameHash === after.gameHash;
  const builds = same ? undefined : { path: "build", before: before.gameHash, after: after.gameHash };
  const found = { settings, builds, inputs, states, frames };
  return { kind: kindOf(found), ...found };
}

function kindOf({
  settings,
  builds,
  inputs,
  states,
  frames,
}: Omit<ReplayDifferences, "kind">): ReplayDifferences["kind"] {
  if (settings.some(({ path }) => REACH_THE_GAME.some((name) => name === path))) return "settings";
  if (builds !== undefined) return "build";
  // C[end] covers inputs before `end`: a chain that parts there may do so for these inputs alone.
  if (inputs !== undefined && (states === undefined || inputs.frame < states.end)) return "inputs";
  if (states !== undefined) return "states";
  return frames.before === frames.after ? "equal" : "length";
}

function settingsOf(before: MatchConfig, after: MatchConfig): Named[] {
  const names = Object.keys(before) as (keyof MatchConfig)[];
  const values = names.map((path) => ({ path, before: textOf(before[path]), after: textOf(after[path]) }));
  return values.filter((value) => value.before !== value.after);
}

function textOf(value: number | Uint8Array): string {
  return typeof value === "number" ? String(value) : hexBytes(value);
}

function inputsOf(before: Replay, after: Replay, schema: Schema | undefined): InputDifference | undefined {
  const others = after.records();
  let first: { frame: number; values: Named[] } | undefined;
  let frame = 0;
  let frames = 0;
  for (const record of before.records()) {
    const other = others.next();
    if (other.done) break;
    const differs = record.some((byte, i) => byte !== other.value[i]);
    if (differs) first ??= { frame, values: valuesOf(record, other.value, before.cellBytes, schema) };
    if (differs) frames += 1;
    frame += 1;
  }
  return first && { ...first, frames };
}

function valuesOf(before: Uint8Array, after: Uint8Array, cellBytes: number, schema: Schema | undefined): Named[] {
  const values: Named[] = [];
  for (let cell = 0; cell < before.length; cell += cellBytes) {
    const both = [before, after].map((record) => cellValues(record.subarray(cell, cell + cellBytes), schema));
    for (const path of new Set(both.flatMap((each) => [...each.keys()]))) {
      const [a, b] = both.map((each) => each.get(path) ?? "none");
      if (a !== b) values.push({ path: `seat ${cell / cellBytes}: ${path}`, before: a!, after: b! });
    }
  }
  return values;
}

/** The seat's presence and its input, by the names of fields; of commands as many as were given. */
function cellValues(cell: Uint8Array, schema: Schema | undefined): Map<string, string> {
  const length = cellLength(cell, 0);
  const bytes = cell.subarray(CELL_HEADER_BYTES, CELL_HEADER_BYTES + length);
  const values = new Map([["presence", presenceOf(cell[0]!)]]);
  if (schema === undefined) return values.set("input", bytes.length === 0 ? "none" : hexBytes(bytes));
  values.set("length", `${length} bytes`);
  flatten(inputReader(schema)(bytes), "", values);
  return values;
}

function presenceOf(presence: number): string {
  if (presence === PRESENCE_ABSENT) return "absent";
  return presence === PRESENCE_REPLACED ? "replaced" : "here";
}

function flatten(value: Plain | Plain[string], path: string, into: Map<string, string>): void {
  if (Array.isArray(value)) for (const [i, one] of value.entries()) flatten(one, `${path}[${i}]`, into);
  else if (typeof value !== "object") into.set(path, String(value));
  else for (const [name, one] of Object.entries(value)) flatten(one, path === "" ? name : `${path}.${name}`, into);
}

/** Where the first chain value that both have and that differs leaves the first wrong state, or input. */
function chainsOf(before: Replay, after: Replay): { frame: number; end: number } | undefined {
  let good = 0;
  const [a, b] = [before.checks(), after.checks()];
  let mine: Check | undefined = a.next().value;
  let theirs: Check | undefined = b.next().value;
  while (mine !== undefined && theirs !== undefined) {
    if (mine.frame < theirs.frame) mine = a.next().value;
    else if (theirs.frame < mine.frame) theirs = b.next().value;
    else if (mine.chain !== theirs.chain) return { frame: good, end: mine.frame };
    else {
      good = mine.frame;
      [mine, theirs] = [a.next().value, b.next().value];
    }
  }
  return undefined;
}
