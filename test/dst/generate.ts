// A seed becomes a schedule: who plays what, over which network, and everything that goes wrong when.
import { Random } from "../../src/netsim/random.js";
import { SEATS_MAX } from "../../src/wire/limits.js";
import {
  type Direction,
  type GameName,
  type PlayerPlan,
  type Schedule,
  seatsOf,
  type Trouble,
  type Weather,
} from "./schedule.js";

/** Nothing goes wrong before: the first hello should be under way. */
const TROUBLES_BEGIN_MS = 300;

/** Bits of a planted fault's place; the world takes them modulo the state. */
const PLACES = 0x1_0000;

/** Beyond so many there are few matches, as each costs as much as ten of two: `extend` adds players up to all seats. */
const MANY = 8;

/** A planted fault must be heard of before the match ends: in time for the report. */
const FAULT_BEFORE_END = 200;

export function generate(seed: number): Schedule {
  const random = new Random(seed + EXTENSIONS);
  return troubleGuests(extend(basic(seed), random), random);
}

/** The same match in which somebody is out of reach for so long that he is dropped, and comes back. */
export function returning(seed: number): Schedule {
  const schedule = generate(seed);
  const random = new Random(seed + RETURNS);
  const dropAfterMs = 1500;
  const at = 1000 + random.below(2000);
  const until = at + dropAfterMs + 500 + random.below(1500);
  // What he hears meanwhile tells him that he is out; where nothing else goes wrong that is all.
  const directions: Direction[] = schedule.troubles.length > 0 ? random.pick(DIRECTIONS) : ["up"];
  const player = random.below(seatsOf(schedule));
  const outage: Trouble = { kind: "cut", at, until, player, directions };
  const healAt = Math.max(schedule.healAt, until);
  return { ...schedule, dropAfterMs, healAt, fault: undefined, troubles: [...schedule.troubles, outage] };
}

const RETURNS = 0x2000_0000;

/** Seeds of what came later: so a seed's players, paths and troubles stay what they were. */
const EXTENSIONS = 0x4000_0000;

/** What a session can do beyond playing: deadlines, another input delay, long commands, an authority, late and idle guests. */
function extend(schedule: Schedule, random: Random): Schedule {
  const extended = random.chance(0.05) && schedule.players.length <= 4 ? scrolls(schedule) : { ...schedule };
  if (random.chance(0.25)) Object.assign(extended, { policy: 1, players: extended.players.map(near) });
  if (random.chance(0.2)) extended.autoDelay = 1;
  if (random.chance(0.2)) extended.authority = true;
  if (random.chance(0.3)) {
    const asks = Array.from({ length: 1 + random.below(3) }, () => ask(random, schedule));
    extended.troubles = [...extended.troubles, ...asks];
  }
  if (schedule.players.length > 2 && random.chance(0.2)) comeLate(extended, random);
  if (random.chance(0.2)) {
    const guests = Array.from({ length: 1 + random.below(2) }, (_, i) => guest(random, schedule.players.length + i));
    extended.players = [...extended.players, ...guests];
  }
  if (schedule.players.length === MANY && random.chance(0.5)) return full(extended, random);
  return random.chance(0.06) ? quiet(schedule, random) : extended;
}

/** A network good enough to be held to more: both ways alike, nothing lost; under deadlines one falls silent for two seconds. */
function quiet(schedule: Schedule, random: Random): Schedule {
  const players = schedule.players.slice(0, 4).map((player) => {
    const path = { delayMs: 3 + random.below(50), jitterMs: random.below(4) };
    return { ...player, up: path, down: path, tickMs: 3 + random.below(5), ring: "usual" as const };
  });
  const at = 2500 + random.below(1000);
  const player = random.below(players.length);
  const silence: Trouble = { kind: "cut", at, until: at + 2000, player, directions: ["up", "down"] };
  const deadlines = random.chance(0.5);
  return {
    ...schedule,
    ...{
      mode: "datagram",
      frames: 500 + random.below(200),
      dropAfterMs: 4000,
      players,
      fault: undefined,
      healAt: 6500,
    },
    ...{ predictionWindow: 4 + random.below(9), inputDelay: 1 + random.below(3), policy: deadlines ? 1 : 0 },
    troubles: deadlines ? [silence] : [],
  };
}

/** More players than eight, up to all seats, before those who look on. They have no troubles of their own but weather. */
function full(schedule: Schedule, random: Random): Schedule {
  const { players, troubles, frames, fault } = schedule;
  const more = 1 + random.below(SEATS_MAX - MANY);
  const played = players.map(widened);
  const added = Array.from({ length: more }, (_, i) =>
    widened(plan(random, MORE_DICE + i, random.unit() * 0.6, false)),
  );
  const behind = (index: number): number => (index < MANY ? index : index + more);
  return {
    ...schedule,
    frames: 300 + (frames >> 2),
    fault: fault && { ...fault, frame: 20 + (fault.frame >> 2) },
    players: [...played.slice(0, MANY), ...added, ...played.slice(MANY)],
    troubles: troubles
      .map(widenedStorm)
      .map((trouble) => ("player" in trouble ? { ...trouble, player: behind(trouble.player) } : trouble)),
  };
}

/** Dice that nobody else has. */
const MORE_DICE = 32;

/** A game of commands of up to 4 KB; it runs 20 frames a second, and its ring of inputs is large. */
function scrolls(schedule: Schedule): Schedule {
  const { frames, fault, players, troubles } = schedule;
  const sooner = fault && { ...fault, frame: 20 + (fault.frame >> 4) };
  const wider = { players: players.map(widened), troubles: troubles.map(widenedStorm) };
  return { ...schedule, ...wider, game: "scroll", frames: 150 + (frames >> 3), fault: sooner };
}

/** Neither four kilobytes at a time nor the inputs of a crowd go through a line of eight kilobytes a second. */
function widened(player: PlayerPlan): PlayerPlan {
  return { ...player, up: wide(player.up), down: wide(player.down) };
}

function widenedStorm(trouble: Trouble): Trouble {
  return trouble.kind === "storm" ? { ...trouble, weather: wide(trouble.weather) } : trouble;
}

function wide({ bytesPerSecond: _, ...weather }: Weather): Weather {
  return weather;
}

/** Deadlines need paths on which inputs can be in time. */
function near(player: PlayerPlan): PlayerPlan {
  return { ...player, up: nearer(player.up), down: nearer(player.down) };
}

function nearer(weather: Weather): Weather {
  return { ...weather, delayMs: (weather.delayMs ?? 0) >> 1, jitterMs: (weather.jitterMs ?? 0) >> 2 };
}

function ask(random: Random, { players, healAt }: Schedule): Trouble {
  const at = TROUBLES_BEGIN_MS + random.below(healAt - TROUBLES_BEGIN_MS);
  return { kind: "delay", at, player: random.below(players.length), inputDelay: random.below(8) };
}

/** The match does not wait for one, who comes later. */
function comeLate(schedule: Schedule, random: Random): void {
  const { players, healAt } = schedule;
  schedule.startWith = players.length - 1;
  const until = Math.min(healAt, 800 + random.below(3000));
  schedule.troubles = [...schedule.troubles, { kind: "pause", at: 0, until, player: random.below(players.length) }];
}

function guest(random: Random, dice: number): PlayerPlan {
  return { ...plan(random, dice, random.unit() * 0.6, false), watches: true };
}

/** Those who look on have troubles of their own; most of them come when the match has long begun, up to near its end. */
function troubleGuests(schedule: Schedule, random: Random): Schedule {
  const { healAt, frames } = schedule;
  const troubles = [...schedule.troubles];
  for (const [player, { watches }] of schedule.players.entries()) {
    if (watches !== true) continue;
    const until = 500 + random.below(random.chance(0.5) ? healAt : LATEST * frames);
    if (random.chance(0.7)) troubles.push({ kind: "pause", at: 0, until, player });
    for (let more = random.below(4); more > 0; more--) {
      const [his] = trouble(random, 1, healAt, GUEST_KINDS);
      troubles.push({ ...his!, player } as Trouble);
    }
  }
  return { ...schedule, troubles };
}

/** Milliseconds for each frame of a match: so late somebody may come who looks on, of sixty frames a second or twenty. */
const LATEST = 16;

const GUEST_KINDS: Trouble["kind"][] = ["cut", "cut", "storm", "undrained", "rebind", "pause", "kill"];

function basic(seed: number): Schedule {
  const random = new Random(seed);
  const game = random.pick<GameName>(["fighter", "scramble", "scramble", "parley"]);
  const players = game === "fighter" ? 2 : crowd(random);
  const frames = 300 + random.below(1201);
  const harsh = random.unit();
  const healAt = 1500 + random.below(5000);
  // A planted fault needs its evidence kept, hence the usual ring, and a match in which both parties stay.
  const faulty = random.chance(0.3);
  return {
    seed,
    game,
    mode: random.chance(0.3) ? "stream" : "datagram",
    frames,
    predictionWindow: random.chance(0.2) ? 0 : 1 + random.below(15),
    inputDelay: random.below(5),
    dropAfterMs: random.pick([1500, 2500, 4000]),
    players: Array.from({ length: players }, (_, player) => plan(random, player, harsh, faulty)),
    troubles: troubles(random, players, healAt),
    healAt,
    fault: faulty
      ? {
          player: random.below(players),
          frame: 20 + random.below(frames - FAULT_BEFORE_END),
          bit: random.below(PLACES),
        }
      : undefined,
  };
}

/** Mostly few, since a match costs as much as it has players; now and then many. */
function crowd(random: Random): number {
  if (random.chance(0.1)) return MANY;
  return 2 + random.below(random.chance(0.7) ? 3 : MANY - 1);
}

function plan(random: Random, dice: number, harsh: number, faulty: boolean): PlayerPlan {
  const roll = random.unit();
  return {
    dice,
    up: weather(random, harsh),
    down: weather(random, harsh),
    skewPpm: random.below(2001) - 1000,
    offsetMs: random.below(1_000_000),
    tickMs: 3 + random.below(14),
    restless: round(0.02 + random.unit() * 0.4),
    ring: faulty || roll < 0.5 ? "usual" : roll < 0.8 ? "shortest" : "sparse",
  };
}

function weather(random: Random, harsh: number): Weather {
  const sky: Weather = {
    delayMs: Math.floor(random.below(100) * harsh),
    jitterMs: Math.floor(random.below(60) * harsh),
    loss: round(random.unit() * 0.25 * harsh),
    burst: 1 + random.below(4),
  };
  if (random.chance(0.3)) {
    // Gilbert and Elliott's: long bad spells that lose much but not all, and strays outside of them.
    sky.burst = 5 + random.below(30);
    sky.burstLoss = round(0.5 + random.unit() * 0.5);
    sky.strayLoss = round(sky.loss! * random.unit() * 0.5);
  }
  if (random.chance(0.5)) sky.duplicate = round(random.unit() * 0.1);
  if (random.chance(0.5)) sky.reorder = round(random.unit() * 0.1);
  if (random.chance(0.2)) sky.bytesPerSecond = 8000;
  return sky;
}

/** Short figures read better, and a schedule is read by people. */
function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}

function troubles(random: Random, players: number, healAt: number): Trouble[] {
  return Array.from({ length: random.below(9) }, () => trouble(random, players, healAt)).flat();
}

function trouble(random: Random, players: number, healAt: number, kinds = KINDS): Trouble[] {
  const player = random.below(players);
  const at = TROUBLES_BEGIN_MS + random.below(healAt - TROUBLES_BEGIN_MS);
  const until = Math.min(healAt, at + 100 + random.below(1800));
  const when = { at, until };
  switch (random.pick(kinds)) {
    case "cut":
      return [{ kind: "cut", ...when, player, directions: random.pick(DIRECTIONS) }];
    case "partition":
      return partition(random, players, when);
    case "storm":
      return [{ kind: "storm", ...when, player, direction: random.pick(WAYS), weather: weather(random, 2) }];
    case "pause":
      return [{ kind: "pause", ...when, player }];
    case "slow":
      return [{ kind: "slow", ...when, player, stepMs: 4 + random.below(40) }];
    case "undrained":
      return [{ kind: "undrained", ...when, player }];
    case "sleep":
      return [{ kind: "sleep", at, until: Math.min(until, at + 900) }];
    case "rebind":
      return [{ kind: "rebind", at, player, noticed: random.chance(0.7) }];
    case "jump":
      return [{ kind: "jump", at, player, ms: random.below(3001) - (random.chance(0.3) ? 1500 : 0) }];
    case "leave":
      return [{ kind: "leave", at, player }];
    default:
      return [{ kind: "kill", at, player }];
  }
}

/** Several lose the sequencer at once, the same way. */
function partition(random: Random, players: number, when: { at: number; until: number }): Trouble[] {
  const directions = random.pick(DIRECTIONS);
  const cut: Trouble[] = [];
  for (let player = 0; player < players; player++) {
    if (random.chance(0.6)) cut.push({ kind: "cut", ...when, player, directions });
  }
  return cut;
}

const WAYS: Direction[] = ["up", "down"];
const DIRECTIONS: Direction[][] = [["up"], ["down"], ["up", "down"]];

/** As often as they stand here. */
const KINDS: (Trouble["kind"] | "partition")[] = [
  ...(["cut", "cut", "partition", "storm", "storm", "pause", "pause", "slow", "undrained"] as const),
  ...(["sleep", "rebind", "rebind", "jump", "leave", "kill"] as const),
];
