// Matches without a server whose datagrams are altered, cut short, repeated and given under another's name on their way.
import { isAmongMembers } from "../../src/member/envelope.js";
import { Random } from "../../src/netsim/random.js";
import { crc32 } from "../../src/replay/crc32.js";
import { Reader } from "../../src/wire/bytes.js";
import type { Violation } from "./invariants.js";
import { judgeMembers } from "./members-oracles.js";
import { generateMembers } from "./members-schedule.js";
import { type Meddling, runMembers } from "./members-world.js";
import { type Games, placeOf } from "./run.js";

/**
 * sealed: over a carrier that checks 32 bits keyed with whose datagram it is, so that only repeated ones pass: every law of
 * a match without a server holds. open: without that check, so that all of it reaches the decoders and what lies behind
 * them: pages may part, and nothing throws.
 */
export type FuzzMode = "sealed" | "open";

type Kind = "flipped" | "truncated" | "repeated" | "swapped";

/** Share of datagrams for each. */
const SHARES: Record<Kind, number> = { flipped: 0.05, truncated: 0.02, repeated: 0.02, swapped: 0.02 };

/** Of what members say about who sequences there is too little to wait for chance. */
const SELDOM_FLIPPED = 0.2;

/** Bits turned over in one datagram, at most. */
const FLIPS_MAX = 4;

/** Datagrams of each link that may be repeated, also when they are old. */
const REMEMBERED = 64;

/** Meddled with for so long at least, before a match is left to itself. */
const MEDDLED_MS = 8000;

export interface MembersFuzzReport {
  datagrams: number;
  /** Those that came by while datagrams were meddled with. */
  met: number;
  meddled: Record<Kind, number>;
  /** Of those altered, which members say to each other about who sequences. */
  ofElections: number;
  matches: number;
  violations: { seed: number; mode: FuzzMode; violation: Violation }[];
}

export interface MembersFuzzOptions {
  datagrams: number;
  first: number;
  games: Games;
  /** Of sealed matches only, or of open ones. */
  only?: FuzzMode;
  /** false: the carriers of sealed matches forget to check, and the laws have to turn red. */
  checked?: boolean;
}

/** Plays matches, sealed and open in turn, until so many datagrams have come by. */
export async function fuzzMembers(options: MembersFuzzOptions): Promise<MembersFuzzReport> {
  const meddled = { flipped: 0, truncated: 0, repeated: 0, swapped: 0 };
  const report: MembersFuzzReport = { datagrams: 0, met: 0, meddled, ofElections: 0, matches: 0, violations: [] };
  const { datagrams, first, games, only, checked = true } = options;
  for (let seed = first; report.datagrams < datagrams; seed++) {
    const mode = only ?? (seed % 2 === 0 ? "open" : "sealed");
    const { troubles, ...calm } = generateMembers(seed);
    const hand = { kind: "handOver", at: MEDDLED_MS / 2 } as const;
    // The last trouble's end is the meddling's.
    const rebind = { kind: "rebind", at: MEDDLED_MS, one: 0, other: 1 } as const;
    const schedule = { ...calm, troubles: [...troubles, hand, rebind].sort((a, b) => a.at - b.at) };
    const meddling = mode === "sealed" ? sealing(meddler(seed, report), checked) : meddler(seed, report);
    for (const violation of await judged(async () => {
      const world = await runMembers(schedule, games[schedule.game], meddling);
      return mode === "sealed" ? judgeMembers(world) : [];
    }))
      report.violations.push({ seed, mode, violation });
    report.matches += 1;
  }
  return report;
}

/** Counts in `report` what it does. */
function meddler(seed: number, report: MembersFuzzReport): Meddling {
  const random = new Random(seed);
  const remembered = new Map<string, Uint8Array[]>();
  const chance = (kind: Kind, share = SHARES[kind]): boolean => {
    if (!random.chance(share)) return false;
    report.meddled[kind] += 1;
    return true;
  };
  const meddling: Meddling = (from, to, bytes, handOn) => {
    report.datagrams += 1;
    if (meddling.over) {
      handOn(from, bytes);
      return;
    }
    report.met += 1;
    const old = remember(remembered, `${from} ${to}`, bytes, random);
    const seldom = isOfElection(bytes);
    let given = bytes;
    if (chance("flipped", seldom ? SELDOM_FLIPPED : SHARES.flipped)) given = flip(given, random);
    if (seldom && given !== bytes) report.ofElections += 1;
    if (chance("truncated")) given = given.slice(0, random.below(given.length));
    // The next seat's, which may be the reader's own, or of nobody who plays.
    handOn(chance("swapped") ? from + 1 : from, given);
    if (chance("repeated")) handOn(from, old);
  };
  return meddling;
}

function isOfElection(bytes: Uint8Array): boolean {
  const reader = new Reader();
  reader.open(bytes);
  reader.varint();
  return !reader.bad && isAmongMembers(bytes[reader.at]!);
}

/** Keeps a copy, and answers one of those kept. Every eighth takes the place of any, so some stay for long. */
function remember(links: Map<string, Uint8Array[]>, link: string, bytes: Uint8Array, random: Random): Uint8Array {
  const kept = links.get(link) ?? [];
  links.set(link, kept);
  if (kept.length < REMEMBERED) kept.push(bytes.slice());
  else kept[random.below(random.chance(1 / 8) ? REMEMBERED : 4)] = bytes.slice();
  return random.pick(kept);
}

function flip(bytes: Uint8Array, random: Random): Uint8Array {
  const flipped = bytes.slice();
  for (let i = 1 + random.below(FLIPS_MAX); i > 0; i--) {
    const bit = random.below(8 * flipped.length);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
  }
  return flipped;
}

const SEAL_BYTES = 4;

/** The carrier's check: of the bytes, and of from whom to whom they go. */
function seal(from: number, to: number, bytes: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(bytes.length + SEAL_BYTES);
  sealed.set(bytes);
  const key = Math.imul(0x9e3779b9, 64 * from + to + 1);
  new DataView(sealed.buffer).setUint32(bytes.length, crc32(bytes) ^ key);
  return sealed;
}

/** The meddler between two ends of a carrier that seals. */
function sealing(inner: Meddling, checked: boolean): Meddling {
  const meddling: Meddling = (from, to, bytes, handOn) => {
    inner.over = meddling.over === true;
    inner(from, to, seal(from, to, bytes), (as, sealed) => {
      const opened = sealed.subarray(0, Math.max(0, sealed.length - SEAL_BYTES));
      const same = seal(as, to, opened).every((byte, i) => byte === sealed[i]);
      if (!checked || same) handOn(as, opened);
    });
  };
  return meddling;
}

async function judged(play: () => Promise<Violation[]>): Promise<Violation[]> {
  try {
    return await play();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [{ oracle: "throws", text: `${error.message} (${placeOf(error)})` }];
  }
}
