// A seed becomes a whole match: who plays what, over which network, and everything that goes wrong when.
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import { Random } from "../../src/netsim/random.js";

export type Trouble =
  | { kind: "cut"; at: number; until: number; player: number; direction: "up" | "down" | "both" }
  | { kind: "pause"; at: number; until: number; player: number }
  | { kind: "sleep"; at: number; until: number }
  | { kind: "reconnect"; at: number; player: number }
  | { kind: "leave"; at: number; player: number }
  | { kind: "kill"; at: number; player: number };

export interface Schedule {
  seed: number;
  game: "fighter" | "scramble";
  players: number;
  frames: number;
  predictionWindow: number;
  inputDelay: number;
  /** The shortest ring that the law allows, instead of the usual one. */
  shortRing: boolean;
  mode: "datagram" | "stream";
  up: Conditions[];
  down: Conditions[];
  /** Clock drift of each player in parts per million, and its offset in ms. */
  skewPpm: number[];
  offsetMs: number[];
  tickMs: number[];
  /** Chance that a player changes what he holds, each frame. */
  restless: number;
  troubles: Trouble[];
  /** When every link is mended and calm again; and when those who left or fell silent are out of the match as well. */
  healAt: number;
  calmAt: number;
  fault: { player: number; frame: number; bit: number } | undefined;
  /** Players who keep only confirmed states. */
  sparse: boolean[];
}

export const DROP_AFTER_MS = 2500;

function conditions(random: Random, harsh: number): Conditions {
  return {
    ...PERFECT,
    delayMs: random.below(100) * harsh,
    jitterMs: random.below(60) * harsh,
    loss: random.unit() * 0.25 * harsh,
    burst: 1 + random.below(4),
    duplicate: random.chance(0.5) ? random.unit() * 0.1 : 0,
    reorder: random.chance(0.5) ? random.unit() * 0.1 : 0,
    bytesPerSecond: random.chance(0.2) ? 8000 : Infinity,
  };
}

export function schedule(seed: number): Schedule {
  const random = new Random(seed);
  const game = random.chance(0.5) ? "fighter" : "scramble";
  const players = game === "fighter" ? 2 : 2 + random.below(3);
  const frames = 300 + random.below(901);
  const each = <T>(make: (player: number) => T): T[] => Array.from({ length: players }, (_, player) => make(player));
  const harsh = random.unit();
  const predictionWindow = random.chance(0.2) ? 0 : 1 + random.below(15);
  // A planted fault needs its evidence kept, hence the usual ring, and a match in which both parties stay.
  const faulty = random.chance(0.3);
  const healAt = 1500 + random.below(5000);
  const list = troubles(random, players, healAt);
  return {
    seed,
    game,
    players,
    frames,
    predictionWindow,
    inputDelay: random.below(5),
    shortRing: !faulty && random.chance(0.5),
    mode: random.chance(0.3) ? "stream" : "datagram",
    up: each(() => conditions(random, harsh)),
    down: each(() => conditions(random, harsh)),
    skewPpm: each(() => random.below(2001) - 1000),
    offsetMs: each(() => random.below(1_000_000)),
    tickMs: each(() => 3 + random.below(14)),
    restless: 0.02 + random.unit() * 0.4,
    troubles: list,
    healAt,
    calmAt: healAt + (list.some(({ kind }) => kind === "leave" || kind === "kill") ? DROP_AFTER_MS : 0),
    fault: faulty
      ? { player: random.below(players), frame: 20 + random.below(frames - 200), bit: random.u32() }
      : undefined,
    sparse: each(() => !faulty && random.chance(0.2)),
  };
}

function troubles(random: Random, players: number, healAt: number): Trouble[] {
  const list: Trouble[] = [];
  const count = random.below(5);
  for (let i = 0; i < count; i++) {
    const player = random.below(players);
    const at = 800 + random.below(Math.max(1, healAt - 800));
    const until = Math.min(healAt, at + 100 + random.below(1800));
    const roll = random.below(10);
    if (roll < 4)
      list.push({ kind: "cut", at, until, player, direction: random.pick(["up", "down", "both"] as const) });
    else if (roll < 6) list.push({ kind: "pause", at, until, player });
    else if (roll < 7) list.push({ kind: "sleep", at, until: Math.min(until, at + 600) });
    else if (roll < 8) list.push({ kind: "reconnect", at, player });
    else if (roll < 9) list.push({ kind: "leave", at, player });
    else list.push({ kind: "kill", at, player });
  }
  return list;
}
