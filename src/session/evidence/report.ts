// The report of a desync: one plain object, the same on both sides but for the point of view, made to be saved as JSON.
import type { MatchConfig } from "../../wire/match-config.js";

/** Raised whenever a field changes its meaning. */
export const REPORT_SCHEMA = "samestep.desync/1";

/**
 * What kind of fault it is, as far as both sides together can tell:
 *
 * - "protocol": the two played other inputs. The states may be right; what carried the inputs is not.
 * - "build": the two are not the same program: game, schema, core or settings differ.
 * - "restore": a machine that plays the frame again from the same state comes to something else than it did: the
 *   snapshot does not cover all that the step depends on (a cache, a variable outside the state).
 * - "host": both come to the same when they play the frame again, and one of them had something else: its state was
 *   written outside of the step, by the page, the engine or the machine.
 * - "simulation": both repeat what they did, and it differs: the step computes two things (engine, NaN bits, a module that
 *   is not the one it says it is).
 * - "chain": states and inputs are equal, and the hash chain that one told is not theirs.
 * - "unknown": one side no longer holds, or did not send, what it takes to tell.
 */
export type DesyncVerdict = "protocol" | "build" | "restore" | "host" | "simulation" | "chain" | "unknown";

/** What differs at the first bad frame: the state, the inputs, or neither (then the hash chain that was told is wrong). */
export type Differs = "state" | "inputs" | "chain";

/** What a side runs. `engine` and `platform` are what its host said, and may be empty; the hashes are 16 digits. */
export interface DesyncIdentity {
  /** The version of Samestep. */
  samestep: string;
  engine: string;
  platform: string;
  /** XXH3-64 of the game's module, of its schema, of core.wasm, and of the match's settings. */
  game: string;
  schema: string;
  core: string;
  config: string;
}

/**
 * Hashes of the state of the first bad frame as it comes out when the side plays the step before it again, with the same
 * inputs (state 0: when the game starts again); "trapped" where the step stops, "unrestored" where the state before it is not
 * what had been given back. `clean` begins with the memory as the compiler made it and the snapshot; each of
 * `again` with the memory as play left it, the second one after other frames were played in between.
 */
export interface Rerun {
  clean: string;
  again: string[];
}

/** At `to` it was noticed that a frame had been played with a wrong input, and the frames [from, to) were played again. */
export interface RollbackMark {
  from: number;
  to: number;
}

export interface DesyncSide {
  /** The seat, or AUTHORITY: the sequencer's own simulation. */
  party: number;
  /** XXH3-64 of its state at the first bad frame; of a "chain" difference, the chain value it told. */
  hash: string;
  /** The low 32 bits of the XXH3-64 of its inputs of that frame. */
  inputsHash: string;
  /** Undefined, like what follows, while nothing has come from there. */
  identity: DesyncIdentity | undefined;
  rerun: Rerun | undefined;
  /** The newest before the report, oldest first. */
  rollbacks: RollbackMark[];
  /** Where inputs differ: its inputs of the frame, a cell for each seat, in hexadecimal digits. */
  record: string | undefined;
}

/** One seat's inputs of the frames before the first bad one: [begin, begin + inputs.length), where they are still held. */
export interface SeatInputs {
  seat: number;
  begin: number;
  /** Frame by frame, in hexadecimal digits. */
  inputs: string[];
  /** A letter a frame: `h` here, `r` replaced by the sequencer, since it came too late, `a` absent. */
  presence: string;
  /**
   * What each side first played the frame with, a letter a frame: `c` the final input, `p` a prediction that was right,
   * `m` a misprediction, `?` it is not known. `sides` order; undefined while nothing has come from there.
   */
  marks: [string | undefined, string | undefined];
}

export interface DesyncField {
  /** `fighters[1].position.x`; bytes of no field are `fighters[1] (padding at 4)`. */
  path: string;
  /** In `sides` order. Fixed point and floats: as decimal, and the raw bits behind. */
  values: [string, string];
}

/** One differing 4 KiB leaf of the state: both sides' bytes, in base64. */
export interface DesyncLeaf {
  index: number;
  bytes: [string, string];
}

/**
 * Both sides make this object of the same facts: of two reports of one desync all is equal but `own` and `took`. Plain
 * data, so that `JSON.stringify(report)` is the file that `samestep info`, `diff` and `blame` read; a field that is not
 * known is left out of it.
 */
export interface DesyncReport {
  schema: typeof REPORT_SCHEMA;
  /** Whose report it is: an index of `sides`; undefined: neither's. */
  own: 0 | 1 | undefined;
  /** The first frame whose state (or inputs) differ. Its state is what the step of `frame - 1` made. */
  frame: number;
  /** The frame at which the hash chains were seen to differ. */
  noticed: number;
  verdict: DesyncVerdict;
  /** The verdict in a sentence. */
  why: string;
  differs: Differs;
  /** Seats that are wrong, where that is known: not with the server's simulation, or not with the majority. */
  blamed: number[];
  /** So many that compute the same, of so many that were compared. */
  agree: number;
  of: number;
  /** The two that differ, a blamed one first. */
  sides: [DesyncSide, DesyncSide];
  fields: DesyncField[];
  /** The first of the leaves that differ; past eight their fields would fill pages. */
  leaves: DesyncLeaf[];
  /** The last sixty frames of every seat. */
  inputs: SeatInputs[];
  /**
   * The whole state of `frame - 1`, equal on both sides, in base64, where it has at most 64 KiB: with the inputs of that
   * frame, all that it takes to play the step again. Only in reports of the two sides themselves.
   */
  start: string | undefined;
  config: ReportConfig;
  /** Why there are no fields, when there are none. */
  note: string | undefined;
  /** From the first question that reached us until the report, and in round trips to the sequencer. */
  took: { ms: number; roundTrips: number | undefined };
  /** The frame at which this side took over the truth, if it did (`onDesync: "heal"`). */
  healed: number | undefined;
}

/** The match's settings; the seed in 16 hexadecimal digits, the rules in two a byte. */
export type ReportConfig = Omit<MatchConfig, "seedLow" | "seedHigh" | "rules"> & { seed: string; rules: string };

/** Bytes as hexadecimal digits. */
export function hexDigits(bytes: Uint8Array): string {
  let digits = "";
  for (const byte of bytes) digits += byte.toString(16).padStart(2, "0");
  return digits;
}

/** Bytes in base64, on any host. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** The bytes of a text in base64; undefined when it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

export function reportConfig({ seedLow, seedHigh, rules, ...config }: MatchConfig): ReportConfig {
  const half = (value: number): string => value.toString(16).padStart(8, "0");
  return { ...config, seed: half(seedHigh) + half(seedLow), rules: hexDigits(rules) };
}
