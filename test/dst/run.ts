// Plays one schedule and judges it: the outcome is plain data, the same on every machine and in every thread.
import { type Game, loadGame } from "../../src/simulation/game.js";
import { generate } from "./generate.js";
import { circumstances, type Played } from "./influence.js";
import type { Violation } from "./invariants.js";
import { judge } from "./oracles.js";
import { type GameName, type Schedule, seatsOf } from "./schedule.js";
import { mustReport, runWorld, type World } from "./world.js";

export type Modules = Record<GameName, Uint8Array>;
export type Games = Record<GameName, Game>;

export interface Outcome {
  seed: number;
  violations: Violation[];
  /** What was exercised, so that green means something. */
  exercised: Record<string, number>;
  /** A digest of all that everybody confirmed, and when: equal runs have equal traces. */
  trace: string;
  /** Of those who play, whoever looks on. Of a match without a server nothing. */
  played?: Played;
}

export async function loadGames(modules: Modules): Promise<Games> {
  const entries = Object.entries(modules).map(async ([name, wasm]) => [name, await loadGame(wasm)] as const);
  return Object.fromEntries(await Promise.all(entries)) as Games;
}

/** A seed's match, or a schedule's. A broken law of ours, an assert or anything thrown, is a violation as well. */
export async function run(what: number | Schedule, games: Games): Promise<Outcome> {
  const schedule = typeof what === "number" ? generate(what) : what;
  try {
    const world = await runWorld(schedule, games[schedule.game]);
    const violations = await judge(world);
    return {
      seed: schedule.seed,
      violations,
      exercised: exercised(world),
      trace: traceOf(world),
      played: playedOf(world),
    };
  } catch (error) {
    const text = error instanceof Error ? `${error.message} (${placeOf(error)})` : String(error);
    return broken(schedule.seed, text);
  }
}

/** The outcome of a match that did not come to its end. */
export function broken(seed: number, text: string): Outcome {
  return { seed, violations: [{ oracle: "throws", text }], exercised: {}, trace: text };
}

/** The function that threw. */
export function placeOf(error: Error): string {
  const calls = (error.stack ?? "").split("\n").filter((line) => line.includes(" at ") && !line.includes("assert"));
  return /at (?:async )?(\S+)/.exec(calls[0] ?? "")?.[1] ?? "somewhere";
}

function exercised(world: World): Record<string, number> {
  const { schedule, match, troubles } = world;
  const counts: Record<string, number> = {
    matches: 1,
    [`game ${schedule.game}`]: 1,
    [`players ${match.players.length}`]: 1,
    "8 players or more": seatsOf(schedule) >= 8 ? 1 : 0,
    "more than 8 players": seatsOf(schedule) > 8 ? 1 : 0,
    quiet: world.quiet === undefined ? 0 : 1,
    "quiet silences": world.quiet?.stalls.length ? 1 : 0,
    stream: schedule.mode === "stream" ? 1 : 0,
    partitions: partitions(schedule),
    lockstep: schedule.predictionWindow === 0 ? 1 : 0,
    "faults found": mustReport(world) ? 1 : 0,
    substitute: schedule.policy ?? 0,
    "delays changed": world.departures.delays.length,
    authority: schedule.authority === true ? 1 : 0,
    "came late": schedule.startWith === undefined ? 0 : 1,
    guests: match.players.length - seatsOf(schedule),
    replaced: match.sequencer.counts.replaced,
    "old datagrams": world.former.count,
    "seats left": match.players.filter(({ gone }) => gone).length,
  };
  const count = (name: string, by: number): void => {
    counts[name] = (counts[name] ?? 0) + by;
  };
  for (const trouble of troubles.happened) count(trouble.kind, 1);
  for (const { up, down, skewPpm } of schedule.players) {
    // Gilbert and Elliott's: bad spells that lose much but not all.
    for (const { burstLoss, loss = 0 } of [up, down]) count("bad spells", burstLoss !== undefined && loss > 0 ? 1 : 0);
    count("skewed clocks", Math.abs(skewPpm) >= SKEWED_PPM ? 1 : 0);
  }
  for (const { player, up, down } of match.players) {
    const { stats } = player;
    count("frames", stats.confirmedEnd);
    count("rollbacks", stats.rollbacks);
    count("resimulated", stats.resimulatedFrames);
    count("stalls", stats.stalls);
    for (const { counts } of [up, down]) {
      count("lost", counts.lost);
      count("doubled", counts.doubled);
      count("reordered", counts.reordered);
    }
  }
  return counts;
}

/** A bad quartz is wrong by so much. */
const SKEWED_PPM = 500;

/** How often several players lost the sequencer at once. */
function partitions({ troubles }: Schedule): number {
  const begins = troubles.flatMap((trouble) => (trouble.kind === "cut" ? [trouble.at] : []));
  return new Set(begins.filter((at, i) => begins.indexOf(at) < i)).size;
}

function traceOf(world: World): string {
  const words: number[] = world.testimonies.flatMap(({ chain }) => Array.from(chain, (value) => value ?? 0));
  for (const { player } of world.match.players) words.push(player.sentBytes, player.stats.rollbacks);
  return digestOf([...words, world.endedAt]);
}

/** Frames that may be confirmed at the end of a run and not be played yet, so that they are not in the chain. */
const UNLINKED = 32;

function playedOf(world: World): Played {
  const { schedule, testimonies, reached } = world;
  const seats = seatsOf(schedule);
  const linked = (chain: readonly (number | undefined)[]): number[] =>
    Array.from(chain.slice(0, schedule.frames - UNLINKED), (value) => value ?? 0);
  const chains = testimonies.slice(0, seats).flatMap(({ chain }) => linked(chain));
  const figures = reached.slice(0, seats).flatMap((each) => each ?? []);
  return { ...circumstances(world), hashes: digestOf(chains), figures: digestOf([...chains, ...figures]) };
}

/** FNV-1a: equality of two runs is asked, not security. */
function digestOf(words: readonly number[]): string {
  let digest = 0x811c9dc5;
  for (const word of words) {
    for (let shift = 0; shift < 32; shift += 8) digest = Math.imul(digest ^ ((word >>> shift) & 255), 0x01000193);
  }
  return (digest >>> 0).toString(16).padStart(8, "0");
}
