// Makes a failing schedule small: takes away what the failure does not need, for as long as the same law is broken.
import { type PlayerPlan, type Schedule, seatsOf } from "./schedule.js";
import { untilOf } from "./troubles.js";

/** Whether a schedule still fails, and by the same law. */
export type Fails<S> = (schedule: S) => Promise<boolean>;

export interface Shrunk<S> {
  schedule: S;
  runs: number;
}

/** What differs between schedules of matches with a server and without one. */
export interface Ways<S> {
  /** The nearest that can be played. */
  lawful: (schedule: S) => S;
  count: (schedule: S) => number;
  /** Without one of those who are in it; the same schedule where that cannot be. */
  without: (schedule: S, player: number) => S;
  /** With one of them on a calmer path. */
  calmer: readonly ((schedule: S, player: number) => S)[];
}

/** A match costs some ten ms, and whoever waits for a minimal schedule waits a minute. */
const RUNS_MAX = 600;

export function shrink(failing: Schedule, fails: Fails<Schedule>, runsMax = RUNS_MAX): Promise<Shrunk<Schedule>> {
  return shrinkBy(WITH_A_SERVER, failing, fails, runsMax);
}

/**
 * Tries simpler schedules, the largest steps first, and keeps each that still fails; over when no step helps any more.
 * Nothing here is by chance: the same schedule shrinks to the same one.
 */
export async function shrinkBy<S extends { troubles: readonly object[] }>(
  ways: Ways<S>,
  failing: S,
  fails: Fails<S>,
  runsMax = RUNS_MAX,
): Promise<Shrunk<S>> {
  let best = failing;
  let runs = 0;
  const keep = async (candidate: S): Promise<boolean> => {
    const possible = ways.lawful(candidate);
    if (runs >= runsMax || same(possible, best)) return false;
    runs += 1;
    if (!(await fails(possible))) return false;
    best = possible;
    return true;
  };
  for (let before: S | undefined; before !== best && runs < runsMax; ) {
    before = best;
    await dropTroubles(() => best, keep);
    for (let player = ways.count(best) - 1; player >= 0; player--) await keep(ways.without(best, player));
    for (let player = 0; player < ways.count(best); player++) {
      for (const calm of ways.calmer) await keep(calm(best, player));
    }
    await simplify(() => best, keep);
  }
  return { schedule: best, runs };
}

type Keep<S> = (candidate: S) => Promise<boolean>;

function same(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Delta debugging (Zeller, Hildebrandt 2002): without a half of the troubles, a quarter, and down to each of them. */
async function dropTroubles<S extends { troubles: readonly object[] }>(best: () => S, keep: Keep<S>): Promise<void> {
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

const CALMER: ((plan: PlayerPlan) => PlayerPlan)[] = [
  (plan) => ({ ...plan, up: {}, down: {} }),
  (plan) => ({ ...plan, up: {} }),
  (plan) => ({ ...plan, down: {} }),
];

function withPlayer(schedule: Schedule, player: number, simpler: (plan: PlayerPlan) => PlayerPlan): Schedule {
  return { ...schedule, players: schedule.players.map((plan, index) => (index === player ? simpler(plan) : plan)) };
}

/** Not what is simpler, but what it is: whose luck, which player, which kind. */
const KEPT = new Set(["seed", "dice", "player", "kind", "who", "some", "one", "other"]);

/** The least that makes sense, where that is not 0. Below twenty frames a match has not even begun. */
const LEAST: Record<string, number> = { frames: 20, dropAfterMs: 500, tickMs: 4, burst: 1, bytesPerSecond: 1000 };

/** The simplest of what is none of quantity or choice: a network that is worst understood, a game that all can play. */
const SIMPLEST: Record<string, string> = { mode: "datagram", game: "scramble", ring: "usual", direction: "up" };

/** A schedule lacks these without being incomplete; what belongs to weather as well. */
const OPTIONAL = new Set([
  ...["fault", "policy", "autoDelay", "startWith", "authority", "watches", "delayMs", "jitterMs", "loss", "burst"],
  ...["burstLoss", "strayLoss", "duplicate", "reorder", "bytesPerSecond", "guests", "comesAt"],
]);

/** Each field by itself, whatever it is called, so that a new one is simplified like any other. */
async function simplify<S extends object>(best: () => S, keep: Keep<S>): Promise<void> {
  for (const path of paths(best())) {
    const name = path.at(-1)!;
    for (const step of STEPS) {
      const value = get(best(), path);
      if (value !== undefined) await keep(set(best(), path, step(name, value)));
    }
  }
}

/** What a value might be instead; what is no such thing stays, and JSON forgets what becomes undefined. */
const STEPS: ((name: string, value: unknown) => unknown)[] = [
  (name, value) => (OPTIONAL.has(name) ? undefined : value),
  (name, value) => SIMPLEST[name] ?? value,
  (name, value) => (typeof value === "number" ? (LEAST[name] ?? 0) : value),
  (name, value) => (typeof value === "number" ? towards(LEAST[name] ?? 0, value, 0.5) : value),
  (name, value) => (typeof value === "number" ? towards(LEAST[name] ?? 0, value, 0.9) : value),
  (_, value) => (typeof value === "boolean" ? !value : value),
  (_, value) => (Array.isArray(value) ? value.slice(0, 1) : value),
  (_, value) => (Array.isArray(value) ? value.slice(1) : value),
];

/** A share of the way that a number is above the least. A number stays whole where it is. */
function towards(least: number, value: number, share: number): number {
  const nearer = least + (value - least) * share;
  return Number.isInteger(value) ? Math.trunc(nearer) : Math.trunc(nearer * 1000) / 1000;
}

type Path = readonly string[];

/** Where its fields stand, and whole objects that may go; lists of words are one value. */
function paths(schedule: object): Path[] {
  const found: Path[] = [];
  const visit = (value: unknown, path: Path): void => {
    const name = path.at(-1) ?? "";
    if (KEPT.has(name)) return;
    const inner = typeof value === "object" && value !== null && !isWords(value);
    if (path.length > 0 && (!inner || OPTIONAL.has(name))) found.push(path);
    if (inner) for (const [key, each] of Object.entries(value)) visit(each, [...path, key]);
  };
  visit(schedule, []);
  return found;
}

function isWords(value: object): boolean {
  return Array.isArray(value) && value.length > 0 && typeof value[0] === "string";
}

function get(from: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], from);
}

function set<S extends object>(schedule: S, path: Path, value: unknown): S {
  const copy = structuredClone(schedule);
  const owner = get(copy, path.slice(0, -1)) as Record<string, unknown>;
  if (value === undefined) delete owner[path.at(-1)!];
  else owner[path.at(-1)!] = value;
  return copy;
}

/** Troubles end behind their beginning, and those of players by the time when links mend. */
function lawful(schedule: Schedule): Schedule {
  const troubles = schedule.troubles.map((trouble) =>
    "until" in trouble ? { ...trouble, until: Math.max(trouble.at + 1, trouble.until) } : trouble,
  );
  const seats = seatsOf(schedule);
  const ends = troubles.map((trouble) => ("player" in trouble && trouble.player >= seats ? 0 : untilOf(trouble)));
  return { ...schedule, fault: schedule.fault, troubles, healAt: Math.max(schedule.healAt, ...ends) };
}

const WITH_A_SERVER: Ways<Schedule> = {
  lawful,
  count: ({ players }) => players.length,
  without,
  calmer: CALMER.map((calm) => (schedule, player) => withPlayer(schedule, player, calm)),
};
