// Matches without a server whose datagrams are altered, cut short, repeated and given under another's name on their way.
// In sealed ones every law of a match without a server holds; in open ones pages may part, and nothing throws.
import { isAmongMembers } from "../../src/member/envelope.js";
import { Reader } from "../../src/wire/bytes.js";
import type { Violation } from "./invariants.js";
import { type FuzzMode, type Meddled, MeddlingHand, seal, tellMeddled, unseal } from "./meddling.js";
import { judgeMembers } from "./members-oracles.js";
import { generateMembers } from "./members-schedule.js";
import { type Meddling, runMembers } from "./members-world.js";
import { type Games, placeOf } from "./run.js";

/** Meddled with for so long at least, before a match is left to itself. */
const MEDDLED_MS = 8000;

export interface MembersFuzzReport {
  datagrams: number;
  /** Those that came by while datagrams were meddled with. */
  met: number;
  meddled: Record<Meddled, number>;
  /** Of those altered, which members say to each other about who sequences. */
  ofElections: number;
  matches: number;
  violations: { seed: number; mode: FuzzMode; violation: Violation }[];
  lines: string[];
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
  const report: MembersFuzzReport = {
    datagrams: 0,
    met: 0,
    meddled,
    ofElections: 0,
    matches: 0,
    violations: [],
    lines: [],
  };
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
  for (const { seed, mode, violation } of report.violations)
    report.lines.push(`seed ${seed}, ${mode}: ${violation.oracle}: ${violation.text}`);
  report.lines.push(
    tellMeddled(report),
    `altered: ${report.ofElections} of those that say who sequences; ${report.violations.length} violations`,
  );
  return report;
}

/** Counts in `report` what it does. */
function meddler(seed: number, report: MembersFuzzReport): Meddling {
  const hand = new MeddlingHand(seed, report.meddled);
  const meddling: Meddling = (from, to, bytes, handOn) => {
    report.datagrams += 1;
    if (meddling.over) {
      handOn(from, bytes);
      return;
    }
    report.met += 1;
    const old = hand.remember(`${from} ${to}`, bytes);
    const ofElection = isOfElection(bytes);
    let given = bytes;
    if (hand.does("flipped", ofElection)) given = hand.flip(given);
    if (ofElection && given !== bytes) report.ofElections += 1;
    if (hand.does("truncated")) given = hand.truncate(given);
    // The next seat's, which may be the reader's own, or of nobody who plays.
    handOn(hand.does("swapped") ? from + 1 : from, given);
    if (hand.does("repeated")) handOn(from, old);
  };
  return meddling;
}

function isOfElection(bytes: Uint8Array): boolean {
  const reader = new Reader();
  reader.open(bytes);
  reader.varint();
  return !reader.bad && isAmongMembers(bytes[reader.at]!);
}

/** The meddler between two ends of a carrier that seals. */
function sealing(inner: Meddling, checked: boolean): Meddling {
  const meddling: Meddling = (from, to, bytes, handOn) => {
    inner.over = meddling.over === true;
    inner(from, to, seal(bytes, keyOf(from, to)), (as, sealed) => {
      const opened = unseal(sealed, keyOf(as, to), checked);
      if (opened !== undefined) handOn(as, opened);
    });
  };
  return meddling;
}

/** From whom to whom. */
function keyOf(from: number, to: number): number {
  return 64 * from + to + 1;
}

async function judged(play: () => Promise<Violation[]>): Promise<Violation[]> {
  try {
    return await play();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [{ oracle: "throws", text: `${error.message} (${placeOf(error)})` }];
  }
}
