// What is planted where, and in which match: all of it drawn from a seed, the same on every machine.
import { Random } from "../../src/netsim/random.js";
import { type GameName, KIND_NAMES, KINDS, type Kind, type KindName, type WayName } from "./kinds.js";

/** What a thread is asked to play: a fault, in one of the tries until it shows, or a match without any. */
export type Task =
  | { type: "fault"; seed: number; attempt: number; kind: KindName; turn: number }
  | { type: "clean"; seed: number };

export interface MatchPlan {
  seed: number;
  game: GameName;
  players: number;
  authority: boolean;
  /** Of the player who is farthest away; the others are nearer. */
  roundTripMs: number;
  loss: number;
  burst: number;
  predictionWindow: number;
  inputDelay: number;
  /** Frames until it is given up that anything shows, or of a match without a fault. */
  frames: number;
}

export interface FaultPlan {
  kind: KindName;
  way: WayName;
  victim: number;
  /** From this frame on. */
  frame: number;
  /** Decides the rest: which field, which bit, which instruction. */
  dice: number;
}

export interface Plan {
  match: MatchPlan;
  fault: FaultPlan | undefined;
}

/** Attempts of one fault have seeds of their own. */
const ATTEMPTS = 64;

const ROUND_TRIP_MS_MAX = 300;
const LOSS_MAX = 0.1;
/** Of matches with faults that only rollbacks bring out: nearer than this there are few. */
const ROLLBACKS_FROM_MS = 80;

/** A battle's frames are twenty a second, and cost a hundred times those of a fight. */
const FRAMES: Record<GameName, readonly [number, number]> = {
  fighter: [300, 1200],
  torture: [200, 400],
  skirmish: [120, 300],
};

/** Planted when bots have begun to fight, and not before the warm-up's frames are passed. */
const FAULT_FROM = 40;
const FAULT_UNTIL: Record<GameName, number> = { fighter: 400, torture: 200, skirmish: 120 };

/** Frames after it in which it has to show: what is written is confirmed by then, or undone by a rollback. */
const SHOW_FRAMES = 40;
/** What waits for a rollback, or for a certain instruction, from the first frame on. */
const SHOW_LATE_FRAMES: Record<GameName, number> = { fighter: 500, torture: 200, skirmish: 120 };

/** Fault number `turn` of a run: the kinds take turns, and so do their ways and games. */
export function faultTask(first: number, turn: number): Task & { type: "fault" } {
  const kind = KIND_NAMES[turn % KIND_NAMES.length]!;
  return { type: "fault", seed: first + turn, attempt: 0, kind, turn: Math.floor(turn / KIND_NAMES.length) };
}

export function planOf(task: Task): Plan {
  if (task.type === "clean") return cleanPlan(task.seed);
  const random = new Random(task.seed * ATTEMPTS + task.attempt);
  const { games, ways, rollbacks }: Kind = KINDS[task.kind];
  // Every way in every game: the games take turns, and all of them with each way.
  const game = games[task.turn % games.length]!;
  const way = ways[Math.floor(task.turn / games.length) % ways.length]!.name;
  const match = matchPlan(random, task.seed * ATTEMPTS + task.attempt, game, rollbacks ? ROLLBACKS_FROM_MS : 0);
  const late = way.startsWith("build") || rollbacks === true;
  const frame = late ? 0 : FAULT_FROM + random.below(FAULT_UNTIL[game] - FAULT_FROM);
  match.frames = late ? SHOW_LATE_FRAMES[game] : frame + SHOW_FRAMES;
  const fault = { kind: task.kind, way, victim: random.below(match.players), frame, dice: random.u32() };
  return { match, fault };
}

function cleanPlan(seed: number): Plan {
  const random = new Random(seed * ATTEMPTS + ATTEMPTS - 1);
  const game = random.chance(0.7) ? "fighter" : random.chance(0.5) ? "torture" : "skirmish";
  return { match: matchPlan(random, seed * ATTEMPTS + ATTEMPTS - 1, game, 0), fault: undefined };
}

function matchPlan(random: Random, seed: number, game: GameName, fromMs: number): MatchPlan {
  const [least, most] = FRAMES[game];
  return {
    ...{ seed, game, players: game === "skirmish" ? 2 + random.below(3) : 2 },
    authority: random.chance(0.4),
    roundTripMs: fromMs + random.below(ROUND_TRIP_MS_MAX + 1 - fromMs),
    loss: random.chance(0.2) ? 0 : LOSS_MAX * random.unit(),
    burst: 1 + 2 * random.unit(),
    predictionWindow: 6 + random.below(7),
    inputDelay: 1 + random.below(4),
    frames: least + random.below(most - least),
  };
}
