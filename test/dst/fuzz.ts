// The fuzzer: whole matches whose datagrams are altered, cut short, repeated and given under another's name on their way.
// In sealed ones every law of a match holds. In open ones inputs may come out altered, players may be thrown out; but
// nothing throws, nothing heaps up, and those who stay play on.
import { Random } from "../../src/netsim/random.js";
import type { Tamper, VirtualPlayer } from "../../src/netsim/virtual-match.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import { MESSAGES } from "../../src/wire/messages.js";
import type { Violation } from "./invariants.js";
import { type FuzzMode, type Meddled, MeddlingHand, seal, tellMeddled, unseal } from "./meddling.js";
import { judge } from "./oracles.js";
import { type Games, placeOf } from "./run.js";
import type { GameName, PlayerPlan, Schedule, Trouble } from "./schedule.js";
import { presentIn, runWorld, type World } from "./world.js";

export interface FuzzReport {
  datagrams: number;
  /** Those that came by while datagrams were meddled with. */
  met: number;
  matches: number;
  /** Open matches, and those that never began or in which at last fewer than two still played with each other. */
  open: number;
  fellApart: number;
  /** How many datagrams of each kind of message were altered. */
  altered: Record<string, number>;
  /** How often each was done to a datagram. */
  meddled: Record<Meddled, number>;
  violations: { seed: number; mode: FuzzMode; violation: Violation }[];
  lines: string[];
}

/** Not of these: two are said in every frame, and whoever is turned away at the door for good leaves no match to look at. */
const USUAL: readonly number[] = [
  ...[MESSAGES.inputs.code, MESSAGES.frames.code],
  ...[MESSAGES.hello.code, MESSAGES.welcome.code, MESSAGES.refused.code],
];

/** When meddling stops, in ms; the match goes on for a while after it. */
const MEDDLED_MS = 20_000;

/** Datagrams that one turn may hand over for each player, however they were asked for. */
const WAITING_EACH = 64;

class Meddler {
  datagrams = 0;
  met = 0;
  /** By a message's code, how many were altered. */
  readonly altered: Record<number, number> = {};
  over = false;
  readonly #hand: MeddlingHand;
  readonly #players: number;

  constructor(seed: number, players: number) {
    this.#hand = new MeddlingHand(seed);
    this.#players = players;
  }

  get meddled(): Record<Meddled, number> {
    return this.#hand.tally;
  }

  readonly tamper: Tamper = (direction, player, bytes, handOn) => {
    this.datagrams += 1;
    if (this.over) {
      handOn(player, bytes);
      return;
    }
    this.met += 1;
    const hand = this.#hand;
    const old = hand.remember(direction + player, bytes);
    const to = hand.does("swapped") ? (player + 1 + hand.random.below(this.#players - 1)) % this.#players : player;
    let given = bytes;
    if (hand.does("flipped", !USUAL.includes(bytes[0]!))) given = hand.flip(given);
    if (given !== bytes) this.altered[bytes[0]!] = (this.altered[bytes[0]!] ?? 0) + 1;
    if (hand.does("truncated")) given = hand.truncate(given);
    handOn(to, given);
    if (hand.does("repeated")) handOn(player, old);
  };
}

/** The meddler between two ends of a carrier that seals. */
function sealing(meddler: Meddler, checked: boolean): Tamper {
  return (direction, player, bytes, handOn) => {
    const key = (whose: number): number => 2 * whose + (direction === "up" ? 1 : 2);
    meddler.tamper(direction, player, seal(bytes, key(player)), (to, sealed) => {
      const opened = unseal(sealed, key(to), checked);
      if (opened !== undefined) handOn(to, opened);
    });
  };
}

function plan(random: Random, dice: number): PlayerPlan {
  const path = { delayMs: 5 + random.below(40), jitterMs: random.below(10), loss: 0.01 };
  return {
    dice,
    up: path,
    down: path,
    skewPpm: random.below(401) - 200,
    offsetMs: random.below(1_000_000),
    tickMs: 4 + random.below(8),
    restless: 0.2,
    ring: "usual",
  };
}

/** From then on a match of sixty frames a second is too old to be played from its beginning: who comes in is sent a state. */
const OLD_MS = 13_500;

function latecomer(random: Random, player: number): Trouble {
  const until = random.chance(0.7) ? OLD_MS + random.below(4500) : 1000 + random.below(OLD_MS);
  return { kind: "pause", at: 0, until, player };
}

/** In turn, sealed and open; most are of sixty frames a second. */
const GAMES: GameName[] = ["scroll", "scramble", "fighter", "parley", "scramble"];

function scheduleOf(seed: number): Schedule {
  const random = new Random(seed);
  const game = GAMES[seed % GAMES.length]!;
  const players = game === "fighter" ? 2 : 2 + random.below(3);
  const guests = random.below(4);
  const deadlines = random.chance(0.25);
  const late = players > 2 && random.chance(0.5);
  const plans = Array.from({ length: players + guests }, (_, dice) => plan(random, dice));
  const comers = plans.slice(late ? players - 1 : players);
  return {
    seed,
    game,
    mode: "datagram",
    frames: (game === "scroll" ? 20 : game === "parley" ? 30 : 60) * (MEDDLED_MS / 1000),
    // Deadlines ask for room: what is lost must be repeated in time.
    predictionWindow: deadlines ? 9 : random.below(10),
    inputDelay: random.below(4) + (deadlines ? 1 : 0),
    dropAfterMs: 2500,
    policy: deadlines ? 1 : 0,
    autoDelay: random.chance(0.2) ? 1 : 0,
    authority: random.chance(0.3),
    ...(late ? { startWith: players - 1 } : {}),
    players: plans.map((each, index) => (index < players ? each : { ...each, watches: true })),
    troubles: comers.map(({ dice }) => latecomer(random, dice)),
    healAt: MEDDLED_MS,
    fault: undefined,
  };
}

export interface FuzzOptions {
  datagrams: number;
  first: number;
  games: Games;
  /** false: the carriers of sealed matches forget to check, and the laws have to turn red. */
  checked?: boolean;
}

/** Plays matches, sealed and open in turn, until so many datagrams have come by. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const meddled = { flipped: 0, truncated: 0, repeated: 0, swapped: 0 };
  const report: FuzzReport = {
    datagrams: 0,
    met: 0,
    matches: 0,
    open: 0,
    fellApart: 0,
    altered: {},
    meddled,
    violations: [],
    lines: [],
  };
  for (let seed = options.first; report.datagrams < options.datagrams; seed++) {
    const mode: FuzzMode = seed % 2 === 0 ? "open" : "sealed";
    const schedule = scheduleOf(seed);
    const meddler = new Meddler(seed, schedule.players.length);
    const tamper = mode === "sealed" ? sealing(meddler, options.checked ?? true) : meddler.tamper;
    const { violations, apart } = await fuzzMatch(schedule, { mode, meddler, tamper }, options.games);
    for (const violation of violations) {
      report.violations.push({ seed, mode, violation });
      report.lines.push(`seed ${seed}, ${mode}: ${violation.oracle}: ${violation.text}`);
    }
    report.matches += 1;
    report.datagrams += meddler.datagrams;
    report.met += meddler.met;
    if (mode === "open") report.open += 1;
    if (mode === "open" && apart) report.fellApart += 1;
    count(report.altered, meddler.altered);
    for (const what of Object.keys(meddled) as Meddled[]) meddled[what] += meddler.meddled[what];
  }
  report.lines.push(
    tellMeddled(report),
    `altered: ${Object.entries(report.altered)
      .map(([type, count]) => `${count} ${type}`)
      .join(", ")}`,
    `${report.fellApart} of ${report.open} open matches fell apart; ${report.violations.length} violations`,
  );
  return report;
}

function count(sums: Record<string, number>, codes: Record<number, number>): void {
  for (const [type, { code }] of Object.entries(MESSAGES)) {
    if (codes[code] !== undefined) sums[type] = (sums[type] ?? 0) + codes[code];
  }
}

interface Way {
  mode: FuzzMode;
  meddler: Meddler;
  tamper: Tamper;
}

interface Fuzzed {
  violations: Violation[];
  apart: boolean;
}

async function fuzzMatch(schedule: Schedule, { mode, meddler, tamper }: Way, games: Games): Promise<Fuzzed> {
  try {
    const world = await runWorld(schedule, games[schedule.game], tamper, (now) => {
      meddler.over = now >= schedule.healAt;
    });
    const violations = mode === "sealed" ? await judge(world) : judgeOpen(world);
    return { violations, apart: isApart(world) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { violations: [{ oracle: "throws", text: `${error.message} (${placeOf(error)})` }], apart: false };
  }
}

/** What holds even where altered bytes are believed. */
const OPEN: Record<string, (world: World) => string[]> = {
  memory({ match: { players, mostDatagrams } }) {
    const waiting = Math.max(...players.map(({ most }) => most.datagrams), mostDatagrams / players.length);
    return waiting > WAITING_EACH ? [`${waiting} datagrams waited for one player`] : [];
  },
  recovery(world) {
    const together = playersIn(world);
    // Nobody waits for the last one: he may be left with a past that is not the match's, and stop.
    if (isApart(world)) return [];
    const least = Math.min(...together.map(({ player }) => player.stats.confirmedEnd));
    const recovered = least >= world.schedule.frames;
    return recovered ? [] : [`of ${together.length} who stayed, one stopped at frame ${least}`];
  },
  silence(world) {
    const together = playersIn(world);
    const altered = !isApart(world) && together.some(({ index }) => believedOther(world, index));
    const told = together.some(({ events }) => events.some(({ type }) => type === "desync"));
    return !altered || told ? [] : ["somebody confirmed other inputs than are final, and nobody was told"];
  },
};

/** All that an open match may break. */
export const OPEN_LAWS: readonly string[] = [...Object.keys(OPEN), "throws"];

function judgeOpen(world: World): Violation[] {
  return Object.entries(OPEN).flatMap(([oracle, law]) => law(world).map((text) => ({ oracle, text })));
}

/** Nobody plays with anybody at the end: it never began, or only one is left. */
function isApart(world: World): boolean {
  return !world.match.sequencer.started || playersIn(world).length < 2;
}

/** Those whom the sequencer takes for players, and who think so too. */
function playersIn(world: World): VirtualPlayer<WasmSimulation>[] {
  const { inputs } = world.match.sequencer;
  return presentIn(world).filter(({ player: { seat } }) => seat !== undefined && inputs?.leftAt(seat) === Infinity);
}

/** Whether a player confirmed other inputs than the sequencer did. */
function believedOther({ testimonies, truth }: World, player: number): boolean {
  return testimonies[player]!.records.some((record, frame) =>
    truth[frame]?.some((byte, i) => record !== undefined && byte !== record[i]),
  );
}
