// What a member leaves to a match's next sequencer: all final inputs that he holds, and all decisions that he knows of.
import type { Match } from "../sequencer/match.js";
import type { FinalInputs } from "../session/inputs/final-inputs.js";
import { PARTS_AT_ONCE, PartsOut } from "../session/inputs/parts-out.js";
import { openRun, writeRun } from "../session/inputs/run.js";
import type { Running } from "../session/running.js";
import { CELL_HEADER_BYTES } from "../simulation/simulation.js";
import { append } from "../wire/codec.js";
import { unwrapFrame } from "../wire/frame.js";
import { RunReader, RunWriter } from "../wire/input-run.js";
import { absenceLead, inlineBytesMax, ROSTER_TOLD_MAX, runBytes } from "../wire/limits.js";
import { type Body, blank } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";
import { nextRun, type RosterEntry, rosterEntry } from "../wire/stream.js";

export interface Estate {
  inputs: FinalInputs;
  /** The log of decisions, from entry `logBegin` on. */
  log: readonly RosterEntry[];
  logBegin: number;
  framesPerSecond: number;
  /** No absent seat is played again before this frame, as far as anybody was told. */
  absentEnd: number;
  generation: number;
  stableEnd: number;
  agreedEnd: number;
}

/** What a player holds of the match that he plays. */
export function estateOfPlayer({ inputs, uplink, generation, config }: Running): Estate {
  const { roster, stableEnd, agreedEnd } = uplink;
  const { framesPerSecond } = config;
  const known = { inputs, generation, framesPerSecond, absentEnd: inputs.absentEnd, stableEnd, agreedEnd };
  return { ...known, log: roster.log, logBegin: roster.begin };
}

/** What a sequencer holds that sequences no longer: all that it made final, whether anybody heard of it or not. */
export function estateOfMatch(match: Match, generation: number): Estate {
  const { inputs, roster, rosterBegin, promisedEnd, stableEnd, agreement, config } = match;
  const { framesPerSecond } = config;
  const known = { inputs, generation, framesPerSecond, absentEnd: promisedEnd, stableEnd };
  return { ...known, agreedEnd: agreement.agreedEnd, log: roster.slice(rosterBegin), logBegin: rosterBegin };
}

export function logEnd({ log, logBegin }: Estate): number {
  return logBegin + log.length;
}

/** Seats that are present: who decides about the match. */
export function electorsOf({ inputs }: Estate): number[] {
  const seats = Array.from({ length: inputs.seats }, (_, seat) => seat);
  return seats.filter((seat) => inputs.leftAt(seat) === Infinity);
}

/** Fills in what there is. */
export function describe(estate: Estate, into: Body<"promise">): void {
  const { inputs, log, generation, absentEnd, stableEnd, agreedEnd } = estate;
  Object.assign(into, { generation, absentEnd, stableEnd, agreedEnd, begin: inputs.base, rosterEnd: logEnd(estate) });
  into.tail.count = 0;
  for (const entry of log.slice(-ROSTER_TOLD_MAX)) Object.assign(append(into.tail, rosterEntry), entry);
  into.held.count = inputs.seats;
  for (let seat = 0; seat < inputs.seats; seat++) into.held.items[seat] = inputs.held(seat);
}

/** Posts what a claimant lacks of an estate, as far as one datagram holds it: he claims again for the rest. */
export function bequeath(estate: Estate, claim: Body<"claim">, to: number, outbox: Outbox, now: number): void {
  const { inputs, log, logBegin, absentEnd, framesPerSecond } = estate;
  const { seats } = inputs;
  const unread = logEnd(estate) - claim.roster;
  const lacks = Array.from({ length: seats }, (_, seat) => seat).some(
    (seat) => seat !== to && (claim.held.items[seat] ?? 0) < inputs.held(seat),
  );
  // He lacks what we never read: somebody else has to tell him that first.
  if (claim.roster < logBegin || claim.held.count !== seats || (unread <= 0 && !lacks)) return;
  const bequest = blank("bequest");
  const { frames } = bequest;
  // The clock is told for what it promises of absent seats.
  const clock = Math.max(0, absentEnd - absenceLead(framesPerSecond));
  bequest.ballot = claim.ballot;
  frames.clock = clock & 0xffff;
  frames.ownEnd = claim.held.items[to]! - clock;
  frames.rosterBegin = claim.roster & 255;
  for (const entry of log.slice(claim.roster - logBegin).slice(0, ROSTER_TOLD_MAX)) {
    Object.assign(append(frames.roster, rosterEntry), entry);
  }
  for (let seat = 0; seat < seats; seat++)
    if (seat !== to) putRun(inputs, seat, claim, clock, frames, { outbox, to, now });
  outbox.post(to, "bequest", bequest);
}

/** Frames told that he holds already, so that he sees whether both were told the same. */
const OVERLAP_FRAMES = 4;

interface Address {
  outbox: Outbox;
  to: number;
  now: number;
}

function putRun(
  inputs: FinalInputs,
  seat: number,
  { begin, held }: Body<"claim">,
  clock: number,
  frames: Body<"frames">,
  { outbox, to, now }: Address,
): void {
  const lacked = held.items[seat]!;
  if (lacked >= inputs.held(seat) || lacked < inputs.begin(seat)) return;
  const first = Math.max(lacked - OVERLAP_FRAMES, begin, inputs.begin(seat));
  const writer = new RunWriter(runBytes(inputs.seats + 2), inlineBytesMax(inputs.seats));
  const run = nextRun(frames.runs);
  run.seat = seat;
  run.first = first - clock;
  // The delta base is the frame before, where both hold it.
  const both = first > Math.max(begin, inputs.begin(seat));
  writeRun(writer, inputs, seat, both ? first : 0, first, inputs.held(seat), run);
  if (writer.marked === 0) return;
  const parts = new PartsOut();
  parts.wrote(first, writer);
  const address = { outbox, to, generation: 0, patienceMs: 0, copies: 1, most: PARTS_AT_ONCE };
  parts.post(inputs, seat, first, address, now);
}

/** Inputs in a bequest that are held already, and are others. */
export function conflictsIn(frames: Body<"frames">, { inputs, timeline }: Running): number {
  const clock = unwrapFrame(frames.clock, timeline.frame);
  const reader = new RunReader();
  let conflicts = 0;
  for (let i = 0; i < frames.runs.count; i++) {
    const run = frames.runs.items[i]!;
    const first = clock + run.first;
    if (run.seat >= inputs.seats || !openRun(reader, inputs, run.seat, first, run)) continue;
    for (let frame = first; frame < inputs.held(run.seat) && reader.next(); frame++) {
      if (frame < inputs.begin(run.seat) || reader.longLength > 0) break;
      if (!sameInput(inputs, run.seat, frame, reader)) conflicts += 1;
    }
  }
  return conflicts;
}

function sameInput(inputs: FinalInputs, seat: number, frame: number, { bytes, length }: RunReader): boolean {
  if (inputs.lengthAt(seat, frame) !== length) return false;
  const record = inputs.recordOf(seat, frame);
  const at = seat * inputs.cellBytes + CELL_HEADER_BYTES;
  for (let i = 0; i < length; i++) if (record[at + i] !== bytes[i]) return false;
  return true;
}
