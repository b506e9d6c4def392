// A report made of a verdict and two sides' exhibits: whoever makes it comes to the same.
import { LEAF_BYTES } from "../../simulation/core.js";
import { differences } from "../../simulation/schema.js";
import { CELL_HEADER_BYTES, PRESENCE_ABSENT, PRESENCE_REPLACED, type Simulation } from "../../simulation/simulation.js";
import { BLOCKS_TOLD_MAX, SEATS_MAX } from "../../wire/limits.js";
import type { MatchConfig } from "../../wire/match-config.js";
import type { Body } from "../../wire/messages.js";
import { cellLength, type FinalInputs } from "../inputs/final-inputs.js";
import { unpackBlocks } from "./blocks.js";
import { classify, nameOf, TRAPPED_WORD, UNRESTORED_WORD } from "./classify.js";
import type { Exhibit } from "./exhibit.js";
import { hexHash } from "./hash-chain.js";
import {
  base64,
  type DesyncLeaf,
  type DesyncReport,
  type DesyncSide,
  type Differs,
  hexDigits,
  REPORT_SCHEMA,
  type Rerun,
  reportConfig,
  type SeatInputs,
} from "./report.js";

/** A start state of so many bytes rides in the report: with it the frame can be played again anywhere. */
const START_BYTES_MAX = 65_536;

export const DIFFERS: readonly Differs[] = ["state", "inputs", "chain"];

/** What stands in place of a hash, by how the step ended. */
const ENDS: readonly (string | undefined)[] = [undefined, TRAPPED_WORD, UNRESTORED_WORD];

/** A verdict as it was told, kept beyond the decoder's record. */
export interface Found {
  serial: number;
  frame: number;
  noticed: number;
  differs: number;
  blamed: number[];
  agree: number;
  of: number;
  parties: readonly [number, number];
  hashes: readonly [string, string];
  inputsHashes: readonly [string, string];
  blocks: number[];
}

export function foundOf(told: Body<"desync">): Found {
  const blamed: number[] = [];
  for (let seat = 0; seat < SEATS_MAX; seat++) if ((told.blamed >>> seat) & 1) blamed.push(seat);
  const low = ({ inputs }: { inputs: number }): string => inputs.toString(16).padStart(8, "0");
  return {
    ...{ serial: told.serial, frame: told.frame, noticed: told.noticed, differs: told.verdict },
    ...{ blamed, agree: told.agree, of: told.of, parties: [told.seatA, told.seatB] },
    hashes: [hexHash(told.a), hexHash(told.b)],
    inputsHashes: [low(told.a), low(told.b)],
    blocks: told.blocks.items.slice(0, told.blocks.count),
  };
}

/** What is at hand where the report is made. */
export interface Stand {
  simulation: Simulation;
  config: MatchConfig;
  inputs: FinalInputs;
  /** An index of the parties; undefined: neither of them. */
  own: 0 | 1 | undefined;
  /** In the order of the parties, as far as they came. */
  exhibits: readonly [Exhibit | undefined, Exhibit | undefined];
  /** Our state of the frame, and the one before it, which is equal on both sides. */
  state: Uint8Array | undefined;
  before: Uint8Array | undefined;
  /** The first of the frames before it whose inputs are held here. */
  begin: number;
}

/** `note`: why something is missing, when that is known already. */
export function assemble(found: Found, stand: Stand, note: string | undefined): DesyncReport {
  const differs = DIFFERS[found.differs]!;
  const sides = [sideOf(found, 0, stand), sideOf(found, 1, stand)] as [DesyncSide, DesyncSide];
  const states = differs === "state" && found.blocks.length > 0 ? bothStates(found, stand) : undefined;
  const fields = states === undefined ? [] : differences(stand.simulation.schema, states[0], states[1]);
  const { verdict, why } = classify(differs, sides);
  const starts = stand.before !== undefined && found.frame > 0 && stand.before.length <= START_BYTES_MAX;
  return {
    schema: REPORT_SCHEMA,
    own: stand.own,
    ...{ frame: found.frame, noticed: found.noticed, verdict, why, differs },
    ...{ blamed: found.blamed, agree: found.agree, of: found.of, sides },
    fields: fields.map(({ path, before, after }) => ({ path, values: [before, after] })),
    leaves: states === undefined ? [] : leavesOf(states),
    inputs: inputsOf(found, stand),
    start: starts && stand.own !== undefined ? base64(stand.before!) : undefined,
    config: reportConfig(stand.config),
    note: fields.length > 0 ? undefined : (note ?? whyNoFields(found, stand, states === undefined)),
    took: { ms: 0, roundTrips: undefined },
    healed: undefined,
  };
}

function sideOf(found: Found, index: 0 | 1, { exhibits }: Stand): DesyncSide {
  const side = { party: found.parties[index], hash: found.hashes[index], inputsHash: found.inputsHashes[index] };
  const told = exhibits[index];
  if (told === undefined) return { ...side, identity: undefined, rerun: undefined, rollbacks: [], record: undefined };
  const { samestep, engine, platform, game, schema, core, config, rollbacks, record } = told;
  return {
    ...side,
    identity: { samestep, engine, platform, game, schema, core, config },
    rerun: rerunOf(told),
    rollbacks: rollbacks.items.slice(0, rollbacks.count).map(({ from, to }) => ({ from, to })),
    record: record.length > 0 ? hexDigits(record) : undefined,
  };
}

function rerunOf({ outcomes }: Exhibit): Rerun | undefined {
  if (outcomes.count < 2) return undefined;
  const [clean, ...again] = outcomes.items.slice(0, outcomes.count).map((each) => ENDS[each.end] ?? hexHash(each));
  return { clean: clean!, again };
}

/** Both states of the frame, as far as the told blocks go; undefined where one of them is not to be had. */
function bothStates(found: Found, stand: Stand): [Uint8Array, Uint8Array] | undefined {
  const { simulation, own, exhibits, state, before } = stand;
  if (own === undefined || state === undefined || before === undefined) return undefined;
  const told = exhibits[1 - own];
  if (told === undefined || told.held === 0) return undefined;
  const theirs = unpackBlocks(simulation, before, state, found.blocks, told.blocks);
  if (theirs === undefined) return undefined;
  return own === 0 ? [state, theirs] : [theirs, state];
}

function leavesOf([a, b]: [Uint8Array, Uint8Array]): DesyncLeaf[] {
  const leaves: DesyncLeaf[] = [];
  for (let begin = 0; begin < a.length && leaves.length < BLOCKS_TOLD_MAX; begin += LEAF_BYTES) {
    const [one, other] = [a, b].map((state) => state.subarray(begin, begin + LEAF_BYTES)) as [Uint8Array, Uint8Array];
    if (one.every((byte, i) => byte === other[i])) continue;
    leaves.push({ index: begin / LEAF_BYTES, bytes: [base64(one), base64(other)] });
  }
  return leaves;
}

function inputsOf(found: Found, { inputs, exhibits, begin }: Stand): SeatInputs[] {
  const end = Math.min(found.frame, inputs.confirmedEnd);
  if (end <= begin) return [];
  return Array.from({ length: inputs.seats }, (_, seat) => {
    const told: SeatInputs = { seat, begin, inputs: [], presence: "", marks: marksOf(exhibits, seat, begin, end) };
    const cell = seat * inputs.cellBytes;
    for (let frame = begin; frame < end; frame++) {
      const record = inputs.record(frame);
      const at = cell + CELL_HEADER_BYTES;
      told.inputs.push(hexDigits(record.subarray(at, at + cellLength(record, cell))));
      told.presence += letterOf(record[cell]!);
    }
    return told;
  });
}

function letterOf(presence: number): string {
  if (presence === PRESENCE_ABSENT) return "a";
  return presence === PRESENCE_REPLACED ? "r" : "h";
}

function marksOf(exhibits: Stand["exhibits"], seat: number, begin: number, end: number): SeatInputs["marks"] {
  return exhibits.map((told) => {
    if (told === undefined) return undefined;
    const frames = end - told.marksBegin;
    const letters = new TextDecoder().decode(told.marks.subarray(seat * frames, (seat + 1) * frames));
    return Array.from({ length: end - begin }, (_, i) => letters[begin + i - told.marksBegin] ?? "?").join("");
  }) as SeatInputs["marks"];
}

function whyNoFields(found: Found, { own, exhibits }: Stand, unread: boolean): string {
  const differs = DIFFERS[found.differs];
  if (differs === "inputs") return "the inputs of this frame differ: a protocol fault";
  if (differs === "chain") return "a hash chain was told that its own states contradict";
  if (own === undefined) return "between others";
  for (const index of [0, 1] as const) {
    const name = nameOf({ party: found.parties[index] });
    if (exhibits[index] === undefined) return `${name} did not answer in time`;
    if (exhibits[index].held === 0) return `${name} no longer holds the state of this frame`;
  }
  if (found.blocks.length === 0) return "which part of the states differs was not told in time";
  return unread ? "what the other side sent of its state cannot be read" : "the states are equal by now";
}
