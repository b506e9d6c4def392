// However many seats a match has: its inputs fit the memory of all, and the two messages of every frame a datagram.
import { describe, expect, it } from "vitest";
import { HISTORY_FRAMES } from "../../src/session/inputs/final-inputs.js";
import { DATAGRAM_BYTES_MAX, Writer } from "../../src/wire/bytes.js";
import {
  INPUT_BYTES_MAX,
  inlineBytesMax,
  LINKS_MAX,
  ROSTER_TOLD_MAX,
  RUN_BYTES_MAX,
  RUN_FRAMES_MAX,
  runBytes,
  SEATS_MAX,
} from "../../src/wire/limits.js";
import { matchConfig, whyUnplayable } from "../../src/wire/match-config.js";
import { type Body, blank, encode, type MessageType } from "../../src/wire/messages.js";
import { nextReport, nextRun, rosterEntry } from "../../src/wire/stream.js";

/** No match lasts longer than four hours, of 240 frames a second. */
const FRAMES_MAX = 4 * 3600 * 240;

function bytesOf<K extends MessageType>(type: K, body: Body<K>): number {
  const writer = new Writer();
  writer.open(new Uint8Array(2 * DATAGRAM_BYTES_MAX));
  encode(writer, type, body);
  return writer.at;
}

function bits(length: number): { bytes: Uint8Array; begin: number; end: number } {
  return { bytes: new Uint8Array(length), begin: 0, end: length };
}

/** What a player is told of `told` other seats, and which of his own inputs were replaced. */
function largestFrames(told: number): Body<"frames"> {
  const body = blank("frames");
  const far = { clock: 65535, ownEnd: -HISTORY_FRAMES, stableEnd: -FRAMES_MAX, agreedEnd: -FRAMES_MAX };
  Object.assign(body, far, { timed: true, shift: 256 * FRAMES_MAX, echo: 65535, held: 255, phase: 255 });
  for (let i = 0; i < ROSTER_TOLD_MAX; i++) {
    const entry = { seat: SEATS_MAX - 1, frame: FRAMES_MAX, change: 3, value: 0xffff };
    body.roster.items.push(Object.assign(rosterEntry.blank(), entry));
  }
  body.roster.count = ROSTER_TOLD_MAX;
  for (let seat = 0; seat < told; seat++) {
    const run = { seat, first: -HISTORY_FRAMES, base: HISTORY_FRAMES, count: RUN_FRAMES_MAX };
    Object.assign(nextRun(body.runs), run, { bits: bits(runBytes(told + 1)) });
  }
  if (told < SEATS_MAX) {
    const verdict = { seat: told, first: -HISTORY_FRAMES, base: 0, count: RUN_FRAMES_MAX };
    Object.assign(nextRun(body.runs), verdict, { bits: bits(RUN_FRAMES_MAX >> 3) });
  }
  return body;
}

function largestInputs(seats: number): Body<"inputs"> {
  const body = blank("inputs");
  const run = { base: HISTORY_FRAMES, count: RUN_FRAMES_MAX, bits: bits(RUN_BYTES_MAX) };
  Object.assign(body, { seat: seats - 1, first: 65535, timed: true, sequence: 65535 }, run);
  body.received = { items: new Array<number>(seats).fill(-HISTORY_FRAMES), count: seats };
  for (let i = 0; i < LINKS_MAX; i++) Object.assign(nextReport(body.chain), { frame: 65535, value: 0xffffffff });
  return body;
}

describe("a match", () => {
  it("of many players has no inputs as long as one of eight may have, since everybody keeps a thousand frames of them", () => {
    const config = { ...matchConfig.blank(), players: 16, inputBytes: 2048 };
    expect(whyUnplayable(config)).toBeUndefined();
    expect(whyUnplayable({ ...config, players: 8, inputBytes: INPUT_BYTES_MAX })).toBeUndefined();
    expect(whyUnplayable({ ...config, inputBytes: 2049 })).toMatch(
      /too long for a match of 16 seats: 2048 bytes at most/,
    );
  });
});

describe("a datagram", () => {
  it("holds the largest of what players are told, of up to as many seats as there are", () => {
    for (let told = 1; told <= SEATS_MAX; told++) {
      expect([told, bytesOf("frames", largestFrames(told)) <= DATAGRAM_BYTES_MAX]).toEqual([told, true]);
    }
  });

  it("holds the largest of what players say", () => {
    for (let seats = 1; seats <= SEATS_MAX; seats++) {
      expect([seats, bytesOf("inputs", largestInputs(seats)) <= DATAGRAM_BYTES_MAX]).toEqual([seats, true]);
    }
  });

  it("holds four frames of every seat's longest input that is not sent in parts", () => {
    // Three bits that say how it is spelled, and thirteen of length.
    const spelled = (players: number): number => 4 * (2 + inlineBytesMax(players));
    expect([2, 8, 16].map(inlineBytesMax)).toEqual([248, 33, 14]);
    for (let players = 2; players <= SEATS_MAX; players++) {
      expect(spelled(players)).toBeLessThanOrEqual(runBytes(players));
    }
  });
});
