// Makes a failing schedule small: takes away what the failure does not need, for as long as the same law is broken.
import type { PlayerPlan, Schedule, Trouble, Weather } from "./schedule.js";

/** Whether a schedule still fails, and by the same law. */
export type Fails = (schedule: Schedule) => Promise<boolean>;

export interface Shrunk {
  schedule: Schedule;
  runs: number;
}

/** A match costs some ten ms, and whoever waits for a minimal schedule waits a minute. */
const RUNS_MAX = 600;

/** Below this a match has not even begun. */
const FRAMES_MIN = 20;

/**
 * Tries simpler schedules, the largest steps first, and keeps each that still fails; over when no step helps any more.
 * Nothing here is by chance: the same schedule shrinks to the same one.
 */
export async function shrink(failing: Schedule, fails: Fails, runsMax = RUNS_MAX): Promise<Shrunk> {
  let best = failing;
  let runs = 0;
  const keep = async (candidate: Schedule): Promise<boolean> => {
    if (runs >= runsMax || same(candidate, best)) return false;
    runs += 1;
    if (!(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let before: Schedule | undefined; before !== best && runs < runsMax; ) {
    before = best;
    await dropTroubles(() => best, keep);
    for (let player = best.players.length - 1; player >= 0; player--) await keep(without(best, player));
    for (const simpler of SIMPLER) await keep(simpler(best));
    for (let player = 0; player < best.players.length; player++) {
      for (const simpler of SIMPLER_PLAYERS) await keep(withPlayer(best, player, simpler));
    }
    await simplifyWeather(() => best, keep);
    await shortenTroubles(() => best, keep);
  }
  return { schedule: best, runs };
}

type Keep = (candidate: Schedule) => Promise<boolean>;

function same(a: Schedule, b: Schedule): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Delta debugging (Zeller, Hildebrandt 2002): without a half of the troubles, a quarter, and down to each of them. */
async function dropTroubles(best: () => Schedule, keep: Keep): Promise<void> {
  for (let size = best().troubles.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best().troubles.length; ) {
      const { troubles } = best();
      const rest = [...troubles.slice(0, at), ...troubles.slice(at + size)];
      if (!(await keep({ ...best(), troubles: rest }))) at += size;
    }
  }
}

/** Without one player; the troubles and faults of those behind him follow them. A match has two players at least. */
function without(schedule: Schedule, player: number): Schedule {
  const { players, troubles, fault } = schedule;
  if (players.length <= 2) return schedule;
  const renumbered = (index: number): number => (index > player ? index - 1 : index);
  return {
    ...schedule,
    players: players.filter((_, index) => index !== player),
    troubles: troubles
      .filter((trouble) => !("player" in trouble) || trouble.player !== player)
      .map((trouble) => ("player" in trouble ? { ...trouble, player: renumbered(trouble.player) } : trouble)),
    fault: fault === undefined || fault.player === player ? undefined : { ...fault, player: renumbered(fault.player) },
  };
}

const SIMPLER: ((schedule: Schedule) => Schedule)[] = [
  (schedule) => ({ ...schedule, fault: undefined }),
  (schedule) => ({ ...schedule, mode: "datagram" }),
  (schedule) => ({ ...schedule, frames: Math.max(FRAMES_MIN, schedule.frames >> 1) }),
  (schedule) => ({ ...schedule, frames: Math.max(FRAMES_MIN, schedule.frames - 10) }),
  (schedule) => healed(schedule, schedule.healAt >> 1),
  (schedule) => healed(schedule, schedule.healAt - 250),
  (schedule) => ({ ...schedule, inputDelay: 0 }),
  (schedule) => ({ ...schedule, predictionWindow: 0 }),
  (schedule) => ({ ...schedule, predictionWindow: schedule.predictionWindow >> 1 }),
];

/** Links mend earlier, and every trouble is over by then. */
function healed(schedule: Schedule, at: number): Schedule {
  const healAt = Math.max(
    0,
    at,
    ...schedule.troubles.map((trouble) => ("until" in trouble ? trouble.until : trouble.at)),
  );
  return { ...schedule, healAt };
}

const SIMPLER_PLAYERS: ((plan: PlayerPlan) => PlayerPlan)[] = [
  (plan) => ({ ...plan, up: {}, down: {} }),
  (plan) => ({ ...plan, up: {} }),
  (plan) => ({ ...plan, down: {} }),
  (plan) => ({ ...plan, skewPpm: 0, offsetMs: 0 }),
  (plan) => ({ ...plan, tickMs: 4 }),
  (plan) => ({ ...plan, restless: 0 }),
  (plan) => ({ ...plan, ring: "usual" }),
];

function withPlayer(schedule: Schedule, player: number, simpler: (plan: PlayerPlan) => PlayerPlan): Schedule {
  return { ...schedule, players: schedule.players.map((plan, index) => (index === player ? simpler(plan) : plan)) };
}

async function simplifyWeather(best: () => Schedule, keep: Keep): Promise<void> {
  for (let player = 0; player < best().players.length; player++) {
    for (const direction of ["up", "down"] as const) {
      for (const condition of Object.keys(best().players[player]![direction]) as (keyof Weather)[]) {
        const { [condition]: _, ...calmer } = best().players[player]![direction];
        await keep(withPlayer(best(), player, (plan) => ({ ...plan, [direction]: calmer })));
      }
    }
  }
}

async function shortenTroubles(best: () => Schedule, keep: Keep): Promise<void> {
  for (let at = 0; at < best().troubles.length; at++) {
    for (const shorter of SHORTER) {
      const replaced = (trouble: Trouble, index: number): Trouble => (index === at ? shorter(trouble) : trouble);
      await keep({ ...best(), troubles: best().troubles.map(replaced) });
    }
  }
}

const SHORTER: ((trouble: Trouble) => Trouble)[] = [
  (trouble) => ("until" in trouble ? { ...trouble, until: trouble.at + ((trouble.until - trouble.at) >> 1) } : trouble),
  (trouble) => ("until" in trouble ? { ...trouble, until: Math.max(trouble.at + 1, trouble.until - 50) } : trouble),
  (trouble) => (trouble.kind === "jump" ? { ...trouble, ms: Math.trunc(trouble.ms / 2) } : trouble),
  (trouble) => (trouble.kind === "slow" ? { ...trouble, stepMs: trouble.stepMs >> 1 } : trouble),
];
