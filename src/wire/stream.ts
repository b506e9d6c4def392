// The two messages of every frame, spelled by hand: what is seldom new is left out, and no field is looked up by name.
import { assert } from "../assert.js";
import type { Reader, Writer } from "./bytes.js";
import { bounded, type Codec, type List, list, struct, u8, u16, varint, type Window, window, zigzag } from "./codec.js";
import { LINKS_MAX, ROSTER_TOLD_MAX, RUN_BYTES_MAX, RUN_FRAMES_MAX, SEATS_MAX } from "./limits.js";

const seat = bounded(u8, 0, SEATS_MAX - 1);
/** One byte up to seat 6. */
const seatSet = bounded(varint, 0, 2 ** SEATS_MAX - 1);

/** What the sequencer decides of a seat from a frame on, the same for everybody. A code is for ever. */
export const Change = {
  /** The seat is absent: its player said good-bye, or was silent for too long. */
  Left: 0,
  Dropped: 1,
  /** Somebody plays it again: `generationOf` says in which generation, `neutralFrames` how many of his first inputs are neutral. */
  Joined: 2,
  /** All seats' input delay is `value`. */
  Delay: 3,
} as const;

/** One line of the roster, which only ever grows: a change of `seat` that holds from `frame` on. */
export interface RosterEntry {
  seat: number;
  frame: number;
  change: number;
  value: number;
}
export const rosterEntry: Codec<RosterEntry> = struct({
  seat,
  frame: bounded(varint, 0, 0x7fff_ffff),
  change: bounded(u8, 0, 3),
  value: u16,
});

/** More neutral frames than these are not told of: a second of the fastest game. */
export const NEUTRAL_FRAMES_MAX = 255;

/** The value of an entry that says `Joined`. */
export function joinedValue(generation: number, neutral: number): number {
  return (generation & 255) | (neutral << 8);
}

export function generationOf({ value }: RosterEntry): number {
  return value & 255;
}

export function neutralFrames({ value }: RosterEntry): number {
  return value >> 8;
}

const roster = list(rosterEntry, ROSTER_TOLD_MAX);

/**
 * Inputs of `count` frames of one seat. `base` is the distance from the delta base, a final frame that the receiver
 * holds, to the first of them; 0 = an empty input.
 */
export interface Run {
  base: number;
  count: number;
  bits: Window;
}

/** A run of another seat; `first` is relative to the datagram's clock. */
export interface SeatRun extends Run {
  seat: number;
  first: number;
}

export interface ChainReport {
  /** The low 16 bits of a frame. */
  frame: number;
  value: number;
}

/** The generation of a seat, as far as the stream tells it: rejoins that are nearer than this cannot be confused. */
export const GENERATIONS = 4;

/** A share of datagrams lost is told as one of eight levels. */
const LOSS_BITS = 3;
export const LOSS_LEVEL_MAX = 7;

/** Datagrams to a player are told apart by five bits of their number: more than get lost between two that tell it. */
export const NUMBERS = 32;

export interface InputsBody {
  /** Whose inputs they are, though his carrier says so too: a datagram that goes astray is nobody else's. */
  seat: number;
  generation: number;
  first: number;
  base: number;
  count: number;
  bits: Window;
  received: List<number>;
  /** Whether the three below are told. */
  timed: boolean;
  sequence: number;
  /** As `toldTrip` makes it. */
  roundTrip: number;
  roster: number;
  /** How many of the sequencer's datagrams get lost, as a level. */
  loss: number;
  chain: List<ChainReport>;
}

export interface FramesBody {
  /** Whom it is for. */
  seat: number;
  generation: number;
  clock: number;
  ownEnd: number;
  /** Whether the six below are told. */
  timed: boolean;
  phase: number;
  shift: number;
  echo: number;
  held: number;
  /** How many of this player's datagrams get lost, as a level. */
  loss: number;
  /** The number of this datagram among all to this player, its low bits. */
  number: number;
  stableEnd: number;
  agreedEnd: number;
  rosterBegin: number;
  roster: List<RosterEntry>;
  /** By seat, each once, in order. */
  runs: List<SeatRun>;
}

// A head: two bits of generation, four of seat, and what follows.
const SEAT_SHIFT = 2;
const TIMED = 64;
const CHAIN = 128;
const ROSTER = 128;
assert(GENERATIONS === 1 << SEAT_SHIFT && SEATS_MAX * GENERATIONS <= TIMED, "generation and seat fit a head");

const HEAD_LAYOUT = `bits 0 and 1 the generation; 2 to 5 the seat; ${TIMED} when timed`;

function headOf({ seat, generation, timed }: InputsBody | FramesBody): number {
  return (generation % GENERATIONS) | (seat << SEAT_SHIFT) | (timed ? TIMED : 0);
}

/** Answers the head, for its last bit. */
function readHead(from: Reader, body: InputsBody | FramesBody): number {
  const head = from.u8();
  body.generation = head % GENERATIONS;
  body.seat = (head >> SEAT_SHIFT) % SEATS_MAX;
  body.timed = (head & TIMED) !== 0;
  return head;
}

/** What a half of a run's head says when its number does not fit. */
const ESCAPED = 15;

const bits = window(RUN_BYTES_MAX);
/** Of all seats but the one who speaks; who looks on speaks for none. */
const received = list(zigzag, SEATS_MAX);

const RUN_LAYOUT = `base: u4, count: u4 (where one is ${ESCAPED} its varint or u8 follows), bits: ${bits.layout}`;

function writeRun(to: Writer, { base, count, bits: window }: Run): void {
  to.u8(Math.min(base, ESCAPED) | (Math.min(count, ESCAPED) << 4));
  if (base >= ESCAPED) to.varint(base);
  if (count >= ESCAPED) to.u8(count);
  to.varint(window.end - window.begin);
  to.raw(window.bytes, window.begin, window.end);
}

function readRun(from: Reader, run: Run): void {
  const head = from.u8();
  run.base = head & ESCAPED;
  run.count = head >> 4;
  if (run.base === ESCAPED) run.base = atLeast(from, from.varint(), ESCAPED);
  if (run.count === ESCAPED) run.count = atLeast(from, from.u8(), ESCAPED);
  if (run.count > RUN_FRAMES_MAX) from.fail();
  bits.read(from, run.bits);
}

/** Every value has one spelling: what fits the short one is refused in the long one. */
function atLeast(from: Reader, value: number, least: number): number {
  return value < least ? from.fail() : value;
}

function blankWindow(): Window {
  return bits.blank();
}

/** Round trips are told in steps of 4 ms, so that a byte reaches past a second. */
const TRIP_STEP_MS = 4;

/** A round trip in ms as a byte: one and its steps; 0 as long as none is known. */
export function toldTrip(ms: number): number {
  return Math.min(255, 1 + Math.round(ms / TRIP_STEP_MS));
}

/** The ms of a round trip that was told; undefined: none is known. */
export function tripMs(told: number): number | undefined {
  return told === 0 ? undefined : TRIP_STEP_MS * (told - 1);
}

export const inputsBody: Codec<InputsBody> = {
  layout: [
    `head: u8 (${HEAD_LAYOUT}; ${CHAIN} with a chain)`,
    `first: u16, ${RUN_LAYOUT}, received: ${received.layout}`,
    `sequence: u16 if timed, roundTrip: u8 if timed, roster: u8 if timed, loss: u8 in [0, ${LOSS_LEVEL_MAX}] if timed`,
    `chain: (frame: u16, value: u32)[1..${LINKS_MAX}] if chain`,
  ].join(", "),
  // Field by field: an engine gives each object that is spread together a shape of its own, and then looks every field up.
  blank: () => ({
    seat: 0,
    generation: 0,
    first: 0,
    base: 0,
    count: 0,
    bits: blankWindow(),
    received: received.blank(),
    timed: false,
    sequence: 0,
    roundTrip: 0,
    roster: 0,
    loss: 0,
    chain: { items: [], count: 0 },
  }),
  write(to, body) {
    to.u8(headOf(body) | (body.chain.count > 0 ? CHAIN : 0));
    to.u16(body.first);
    writeRun(to, body);
    received.write(to, body.received);
    if (body.timed) {
      to.u16(body.sequence);
      to.u8(body.roundTrip);
      to.u8(body.roster);
      to.u8(body.loss);
    }
    if (body.chain.count === 0) return;
    to.u8(body.chain.count);
    for (let i = 0; i < body.chain.count; i++) {
      const report = body.chain.items[i]!;
      to.u16(report.frame);
      to.u16(report.value & 0xffff); // in halves: a number above 2^31 that is handed on is garbage
      to.u16(report.value >>> 16);
    }
  },
  read(from, body) {
    const head = readHead(from, body);
    body.first = from.u16();
    readRun(from, body);
    received.read(from, body.received);
    body.sequence = body.timed ? from.u16() : 0;
    body.roundTrip = body.timed ? from.u8() : 0;
    body.roster = body.timed ? from.u8() : 0;
    body.loss = body.timed ? from.u8() : 0;
    if (body.loss > LOSS_LEVEL_MAX) from.fail();
    body.chain.count = 0;
    if ((head & CHAIN) !== 0) readChain(from, body.chain);
    return body;
  },
};

function readChain(from: Reader, chain: List<ChainReport>): void {
  const count = from.u8();
  if (count === 0 || count > LINKS_MAX) from.fail();
  for (let i = 0; i < count && !from.bad; i++) {
    const report = nextReport(chain);
    report.frame = from.u16();
    report.value = from.u32();
  }
}

/** The next report to fill of a list that is being written. */
export function nextReport(chain: List<ChainReport>): ChainReport {
  if (chain.items.length <= chain.count) chain.items.push({ frame: 0, value: 0 });
  return chain.items[chain.count++]!;
}

/** The next run to fill of a list that is being written. */
export function nextRun(runs: List<SeatRun>): SeatRun {
  if (runs.items.length <= runs.count) runs.items.push({ seat: 0, first: 0, base: 0, count: 0, bits: blankWindow() });
  return runs.items[runs.count++]!;
}

export const framesBody: Codec<FramesBody> = {
  layout: [
    `head: u8 (${HEAD_LAYOUT}; ${ROSTER} with a roster)`,
    "clock: u16, ownEnd: zigzag",
    "phase: u8 if timed, shift: varint if timed, echo: u16 if timed, held: u8 if timed",
    "losses: u8 if timed (bits 0 to 2 loss; 3 to 7 the number)",
    "stableEnd: zigzag if timed, agreedEnd: zigzag if timed",
    `rosterBegin: u8 if roster, roster: ${roster.layout} if roster`,
    `seats: ${seatSet.layout} (bit s set: a run of seat s follows), first: zigzag of each run, ${RUN_LAYOUT}`,
  ].join(", "),
  blank: () => ({
    seat: 0,
    generation: 0,
    clock: 0,
    ownEnd: 0,
    timed: false,
    phase: 0,
    shift: 0,
    echo: 0,
    held: 0,
    loss: 0,
    number: 0,
    stableEnd: 0,
    agreedEnd: 0,
    rosterBegin: 0,
    roster: roster.blank(),
    runs: { items: [], count: 0 },
  }),
  write(to, body) {
    to.u8(headOf(body) | (body.roster.count > 0 ? ROSTER : 0));
    to.u16(body.clock);
    zigzag.write(to, body.ownEnd);
    if (body.timed) {
      to.u8(body.phase);
      to.varint(body.shift);
      to.u16(body.echo);
      to.u8(body.held);
      to.u8(body.loss | ((body.number % NUMBERS) << LOSS_BITS));
      zigzag.write(to, body.stableEnd);
      zigzag.write(to, body.agreedEnd);
    }
    if (body.roster.count > 0) {
      to.u8(body.rosterBegin);
      roster.write(to, body.roster);
    }
    let seats = 0;
    for (let i = 0; i < body.runs.count; i++) seats |= 1 << body.runs.items[i]!.seat;
    seatSet.write(to, seats);
    for (let i = 0; i < body.runs.count; i++) {
      const run = body.runs.items[i]!;
      zigzag.write(to, run.first);
      writeRun(to, run);
    }
  },
  read(from, body) {
    const head = readHead(from, body);
    body.clock = from.u16();
    body.ownEnd = zigzag.read(from, 0);
    body.phase = body.timed ? from.u8() : 0;
    body.shift = body.timed ? from.varint() : 0;
    body.echo = body.timed ? from.u16() : 0;
    body.held = body.timed ? from.u8() : 0;
    const losses = body.timed ? from.u8() : 0;
    body.loss = losses & LOSS_LEVEL_MAX;
    body.number = losses >> LOSS_BITS;
    body.stableEnd = body.timed ? zigzag.read(from, 0) : 0;
    body.agreedEnd = body.timed ? zigzag.read(from, 0) : 0;
    const changed = (head & ROSTER) !== 0;
    body.rosterBegin = changed ? from.u8() : 0;
    body.roster.count = 0;
    if (changed && roster.read(from, body.roster).count === 0) from.fail();
    body.runs.count = 0;
    for (let seats = seatSet.read(from, 0), at = 0; seats !== 0 && !from.bad; seats >>= 1, at++) {
      if ((seats & 1) === 0) continue;
      const run = nextRun(body.runs);
      run.seat = at;
      run.first = zigzag.read(from, 0);
      readRun(from, run);
    }
    return body;
  },
};
