// A schedule of a match without a server: its pages, the mesh between them, and everything that goes wrong when, from a seed.
import type { Conditions } from "../../src/netsim/conditions.js";
import type { LinkMode } from "../../src/netsim/link.js";
import { Random } from "../../src/netsim/random.js";

/** A page by its seat, or whichever sequences the match then. */
export type Who = number | "sequencer";

/** All times in ms. What has an `until` is over by then; the rest happens once. */
export type MembersTrouble =
  /** The page is gone without a word. */
  | { kind: "kill"; at: number; who: Who }
  /** Its player says good-bye; the page lives on for a moment. */
  | { kind: "leave"; at: number; who: Who }
  /** It is told that it is about to be hidden. */
  | { kind: "handOver"; at: number }
  /** It does nothing; or it is woken by datagrams only. */
  | { kind: "pause" | "hidden"; at: number; until: number; who: Who }
  /** Nothing passes between these pages and the others; or between two. */
  | { kind: "part"; at: number; until: number; some: number[] }
  | { kind: "cut"; at: number; until: number; one: number; other: number };

export interface MembersSchedule {
  seed: number;
  game: "scramble" | "parley" | "scroll";
  mode: LinkMode;
  predictionWindow: number;
  inputDelay: number;
  dropAfterMs: number;
  /** By seat, the weather of all links from there, its clock, and how often its player does something else. */
  pages: { weather: Partial<Conditions>; skewPpm: number; tickMs: number; restless: number }[];
  troubles: MembersTrouble[];
}

/** By then the match has started, and there is something to lose. */
const BEGIN_MS = 1800;
const TROUBLES_MS = 6000;

export function generateMembers(seed: number): MembersSchedule {
  const random = new Random(seed + MEMBERS);
  const pages = random.pick([2, 2, 3, 3, 3, 4, 4, 5, 6]);
  const bad = random.unit();
  const troubles: MembersTrouble[] = [];
  for (let goers = Math.max(1, Math.floor((pages - 1) / 2)); goers > 0 && random.chance(0.5); goers--) {
    const who = random.chance(0.7) ? "sequencer" : random.below(pages);
    troubles.push({ kind: random.chance(0.6) ? "kill" : "leave", at: moment(random), who });
  }
  const others = 1 + random.below(3);
  for (let i = 0; i < others; i++) troubles.push(trouble(random, pages));
  return {
    seed,
    game: random.pick(["scramble", "scramble", "scramble", "parley", "scroll"]),
    mode: random.chance(0.7) ? "datagram" : "stream",
    predictionWindow: random.chance(0.15) ? 0 : 2 + random.below(11),
    inputDelay: random.below(5),
    dropAfterMs: 1000 + random.below(2000),
    pages: Array.from({ length: pages }, () => ({
      weather: {
        delayMs: 5 + random.below(50),
        jitterMs: random.below(20),
        loss: bad < 0.3 ? 0 : random.unit() * 0.05,
        burst: 1 + random.below(3),
      },
      skewPpm: random.below(400) - 200,
      tickMs: 4 + random.below(8),
      restless: random.unit() * 0.3,
    })),
    troubles: troubles.sort((a, b) => a.at - b.at),
  };
}

function moment(random: Random): number {
  return BEGIN_MS + random.below(TROUBLES_MS);
}

function trouble(random: Random, pages: number): MembersTrouble {
  const at = moment(random);
  const until = at + (random.chance(0.6) ? 300 + random.below(1500) : 1500 + random.below(5000));
  const who = random.chance(0.6) ? "sequencer" : random.below(pages);
  const kind = random.pick(["handOver", "handOver", "handOver", "pause", "hidden", "part", "cut"] as const);
  switch (kind) {
    case "handOver":
      return { kind, at };
    case "pause":
    case "hidden":
      return { kind, at, until, who };
    case "part": {
      const some = Array.from({ length: pages }, (_, seat) => seat).filter(() => random.chance(0.4));
      return { kind, at, until, some };
    }
    case "cut": {
      const one = random.below(pages);
      return { kind, at, until, one, other: (one + 1 + random.below(pages - 1)) % pages };
    }
    default:
      return kind satisfies never;
  }
}

/** Seeds of such matches, apart from those of matches with a server. */
const MEMBERS = 0x2000_0000;

export function untilOf(one: MembersTrouble): number {
  return "until" in one ? one.until : one.at;
}
