// One message or more of each type, with values at their edges: the source of the golden bytes and the seeds of the fuzzer.
import type { List } from "../../src/wire/codec.js";
import { AUTHORITY } from "../../src/wire/limits.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import type { Message } from "../../src/wire/messages.js";
import type { FramesBody } from "../../src/wire/stream.js";

function list<T>(...items: T[]): List<T> {
  return { items, count: items.length };
}

function bits(...bytes: number[]): { bytes: Uint8Array; begin: number; end: number } {
  return { bytes: Uint8Array.from(bytes), begin: 0, end: bytes.length };
}

const token = Uint8Array.from({ length: 16 }, (_, i) => 16 * i + i);

const config: MatchConfig = {
  players: 2,
  framesPerSecond: 60,
  predictionWindow: 8,
  inputDelay: 2,
  ...MATCH_DEFAULTS,
  inputBytes: 8,
  dropAfterMs: 5000,
  seedLow: 0x89abcdef,
  seedHigh: 0x01234567,
  rules: Uint8Array.of(99, 2),
};

const hash = { low: 0x04030201, high: 0x08070605, inputs: 0xdeadbeef };

/** Two frames of seat 1, and an entry of the roster. */
const bequeathed: FramesBody = {
  ...{ seat: 0, generation: 0, clock: 120, ownEnd: 2, timed: false, phase: 0, shift: 0, echo: 0, held: 0, loss: 0 },
  ...{ number: 0, stableEnd: 0, agreedEnd: 0, rosterBegin: 2 },
  roster: list({ seat: 2, frame: 300, change: 1, value: 0 }),
  runs: list({ seat: 1, first: -2, base: 1, count: 2, bits: bits(2, 3) }),
};

export const SAMPLES: Message[] = [
  {
    type: "hello",
    body: {
      protocol: 1,
      game: "0123456789abcdef",
      schema: "fedcba9876543210",
      token,
      serial: 0,
      anySeed: 0,
      rejoin: 0,
      watch: 0,
      config: list(config),
    },
  },
  {
    type: "hello",
    body: {
      protocol: 65535,
      game: "0000000000000000",
      schema: "ffffffffffffffff",
      token,
      serial: 0xfedcba98,
      anySeed: 1,
      rejoin: 1,
      watch: 1,
      config: list(),
    },
  },
  { type: "welcome", body: { seat: 1, generation: 0, entry: 0, config } },
  { type: "refused", body: { reason: 4, text: "This room is full: all 2 seats are taken." } },
  { type: "probe", body: { sequence: 258, samples: 3, roundTrip: 160 } },
  { type: "probed", body: { echo: 258, held: 2, present: 1 } },
  { type: "delay", body: { inputDelay: 15, asked: 1 } },
  { type: "start", body: { seat: 2, echo: 259, held: 1, wait: 2160, absent: 0x4006, inputDelay: 3 } },
  {
    type: "inputs",
    body: {
      seat: 1,
      generation: 3,
      first: 1188,
      base: 4,
      count: 3,
      bits: bits(0b0010_0001, 0x02),
      received: list(-3),
      timed: true,
      sequence: 515,
      roundTrip: 20,
      roster: 0,
      loss: 7,
      chain: list({ frame: 1184, value: 0x9f3c1a02 }),
    },
  },
  {
    type: "inputs",
    body: {
      seat: 15,
      generation: 3,
      first: 65535,
      base: 15,
      count: 64,
      bits: bits(1, 2, 3, 4, 5, 6, 7, 8),
      received: list(-3, 2, -70),
      timed: false,
      sequence: 0,
      roundTrip: 0,
      roster: 0,
      loss: 0,
      chain: list(),
    },
  },
  {
    type: "frames",
    body: {
      seat: 0,
      generation: 0,
      clock: 1190,
      ownEnd: 1,
      timed: true,
      phase: 128,
      shift: 300,
      echo: 515,
      held: 4,
      loss: 5,
      number: 31,
      stableEnd: -5,
      agreedEnd: -6,
      rosterBegin: 1,
      roster: list({ seat: 2, frame: 1187, change: 1, value: 0 }),
      runs: list(
        { seat: 0, first: -2, base: 3, count: 4, bits: bits(0x05) },
        { seat: 2, first: -9, base: 0, count: 0, bits: bits() },
      ),
    },
  },
  {
    type: "frames",
    body: {
      seat: 5,
      generation: 1,
      clock: 7,
      ownEnd: -1,
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
      roster: list(),
      runs: list(
        { seat: 7, first: -1, base: 1, count: 16, bits: bits(0, 0) },
        { seat: 15, first: -1, base: 1, count: 1, bits: bits(0) },
      ),
    },
  },
  { type: "bye", body: { reason: 1 } },
  { type: "hashQuery", body: { begin: 1184, end: 1188 } },
  { type: "hashes", body: { begin: 1184, chain: 0x9f3c1a02, states: list(hash, { low: 0, high: 0, inputs: 0 }) } },
  {
    type: "desync",
    body: {
      ...{ serial: 1, frame: 1186, verdict: 0, blamed: 0x8001, agree: 3, of: 4, seatA: 0, seatB: 16 },
      ...{ a: hash, b: { low: 1, high: 2, inputs: 0xdeadbeef }, noticed: 1192, blocks: list(0, 255) },
    },
  },
  { type: "leaves", body: { begin: 1184, each: 256, hashes: Uint8Array.from({ length: 1024 }, (_, i) => i) } },
  { type: "lacking", body: { kind: 1, serial: 2, seat: AUTHORITY, first: 32, mask: 0x80000001 } },
  { type: "heal", body: { serial: 255, seat: 0, frame: 1210, each: 2, hashes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) } },
  { type: "healed", body: { serial: 0, frame: 1224 } },
  { type: "keep", body: { least: 1200 } },
  { type: "kept", body: { frame: 1204, low: 0x04030201, high: 0x08070605, size: 262_144 } },
  {
    type: "snapshot",
    body: {
      ...{
        frame: 1204,
        low: 0x04030201,
        high: 0x08070605,
        size: 262_144,
        whole: 1,
        absent: 0x8004,
        delay: 2,
        roster: 3,
      },
      check: list({ frame: 1208, value: 0xdeadbeef }),
    },
  },
  { type: "want", body: { frame: 1204, first: 32, mask: 0x80000001 } },
  { type: "chunk", body: { frame: 1204, index: 255, bytes: bits(1, 2, 3) } },
  { type: "spoilt", body: { frame: 1204 } },
  { type: "parcel", body: { kind: 0, serial: 1, seat: 1, index: 0, total: 1027, bytes: bits(1, 2, 3) } },
  {
    type: "result",
    body: { statement: Uint8Array.of(1, 2, 3), signature: Uint8Array.from({ length: 64 }, (_, i) => i) },
  },
  {
    type: "part",
    body: { generation: 3, seat: 5, frame: 65535, total: 1027, index: 1, bytes: bits(1, 2, 3) },
  },
  { type: "claim", body: { ballot: 7, step: 0, cause: 0, begin: 0, roster: 0, held: list(120, 118, 300) } },
  { type: "claim", body: { ballot: 2_097_151, step: 1, cause: 2, begin: 960, roster: 3, held: list(1200, 1208) } },
  {
    type: "promise",
    body: {
      ...{ ballot: 7, step: 1, generation: 2, begin: 0, rosterEnd: 2, absentEnd: 138, stableEnd: 100, agreedEnd: 96 },
      tail: list({ seat: 2, frame: 300, change: 1, value: 0 }, { seat: 0, frame: 310, change: 3, value: 4 }),
      held: list(120, 118, 300),
    },
  },
  { type: "bequest", body: { ballot: 7, frames: bequeathed } },
  { type: "opened", body: { epoch: 7, taken: 1, end: 120 } },
  { type: "opened", body: { epoch: 7, taken: 0, end: 0 } },
  { type: "opened", body: { epoch: 7, taken: 2, end: 0 } },
  { type: "handOver", body: { successor: 2 } },
  { type: "notice", body: { promised: 8 } },
];
