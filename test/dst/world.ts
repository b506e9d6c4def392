// A scheduled match: the virtual match of src/netsim, the troubles of its schedule, and all that the oracles will ask.
import { type Tamper, VirtualMatch, type VirtualPlayer } from "../../src/netsim/virtual-match.js";
import type { PlayerEvent } from "../../src/session/player-events.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import { cameBack, Departures } from "./departures.js";
import { Former } from "./former.js";
import { Hands } from "./hands.js";
import { isDonation } from "./influence.js";
import { type Violation, watch } from "./invariants.js";
import { Meant } from "./meant.js";
import { isQuiet, Quiet } from "./quiet-laws.js";
import { calmAt, type PlayerPlan, type Schedule, seatsOf } from "./schedule.js";
import { HEALED_ROUND_TRIP_MS, Troubles } from "./troubles.js";

/** How long progress is watched once everything is calm. */
export const CALM_MS = 4000;

/** What one player confirmed: his chain's low half at every end, and a copy of every frame's inputs. */
export interface Testimony {
  chain: (number | undefined)[];
  records: (Uint8Array | undefined)[];
}

export interface World {
  schedule: Schedule;
  config: MatchConfig;
  game: Game;
  match: VirtualMatch<WasmSimulation>;
  troubles: Troubles;
  departures: Departures;
  /** By player, what he pressed for each frame. */
  meant: Meant[];
  testimonies: Testimony[];
  /** The match's truth: every frame's record as the sequencer made it final. */
  truth: Uint8Array[];
  endedAt: number;
  /** Old datagrams of those who came back. */
  former: Former;
  /** Whether a player gave his state to somebody who came in. */
  donated: { any: boolean };
  /** The largest datagram that came through. */
  largest: { bytes: number };
  /** What was wrong while the match ran: the first of each kind. */
  broken: Map<string, Violation>;
  /** When everything was calm and the match had started; the least confirmed frame of those present then, and CALM_MS later. */
  calmSince: number | undefined;
  calmFrame: number | undefined;
  laterFrame: number | undefined;
  /** What each player had sent over his spoiled path when it healed. */
  sentSpoiled: number[];
  planted: boolean;
  /** What is seen of a match over a good network. */
  quiet: Quiet | undefined;
  /** By player, when he had confirmed all frames of the schedule, and what that took him. */
  reached: (number[] | undefined)[];
  /** How many of each player's events were looked at. */
  heard: number[];
}

/** The game's own settings: rounds of fifteen seconds, coins of three. */
const RULES = { fighter: [15], scramble: [3], parley: [], scroll: [] };

export function configOf(schedule: Schedule, game: Game): MatchConfig {
  return {
    ...MATCH_DEFAULTS,
    players: seatsOf(schedule),
    startWith: schedule.startWith ?? 0,
    autoDelay: schedule.autoDelay ?? 0,
    policy: schedule.policy ?? 0,
    commands: game.schema.commands ? 1 : 0,
    framesPerSecond: game.schema.framesPerSecond,
    predictionWindow: schedule.predictionWindow,
    inputDelay: schedule.inputDelay,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: schedule.dropAfterMs,
    seedLow: schedule.seed >>> 0,
    seedHigh: 7,
    rules: Uint8Array.from(RULES[schedule.game]),
  };
}

/** Plays the schedule until everybody has what he should, or clearly never will. */
export async function runWorld(
  schedule: Schedule,
  game: Game,
  tamper?: Tamper,
  spy: (now: number, world: World) => void = () => {},
): Promise<World> {
  const world = await createWorld(schedule, game, tamper);
  const limit = calmAt(schedule) + CALM_MS + (1000 * schedule.frames) / leastPace(world, 0) + 20_000;
  let now = 0;
  for (let happened = true; now < limit && !(happened && finished(world)); now++) {
    happened = turn(world, now);
    spy(now, world);
  }
  world.endedAt = now;
  return world;
}

const HONEST: Tamper = (_, player, bytes, handOn) => handOn(player, bytes);

async function createWorld(schedule: Schedule, game: Game, tamper = HONEST): Promise<World> {
  const config = configOf(schedule, game);
  const simulations = await Promise.all(schedule.players.map(({ ring }) => simulationOf(game, schedule, ring)));
  const testimonies = simulations.map((): Testimony => ({ chain: [0], records: [] }));
  const truth: Uint8Array[] = [];
  const { inputBytes } = config;
  const { commands = false } = game.schema;
  const hands = schedule.players.map(
    ({ dice, restless }) => new Hands({ seed: schedule.seed * 64 + dice, restless, inputBytes, commands }),
  );
  const meant = schedule.players.map(() => new Meant(commands));
  const broken = new Map<string, Violation>();
  const departures = new Departures(simulations.length);
  const largest = { bytes: 0 };
  const donated = { any: false };
  const former = new Former();
  const match: VirtualMatch<WasmSimulation> = new VirtualMatch({
    config,
    seed: schedule.seed,
    mode: schedule.mode,
    players: schedule.players.map(({ dice, skewPpm, offsetMs, tickMs, watches = false }, index) => ({
      simulation: simulations[index]!,
      input: () => {
        const sample = hands[index]!.press();
        meant[index]!.pressed(match.players[index]!.player.running!, sample);
        return sample;
      },
      ...{ dice, skewPpm, offsetMs, tickMs, watch: watches },
      tickJitterMs: 2,
      onConfirmed: ({ player }: VirtualPlayer<WasmSimulation>, end: number, chain: number) => {
        testimonies[index]!.chain[end] = chain;
        testimonies[index]!.records[end - 1] = player.inputs!.record(end - 1).slice();
      },
    })),
    sequencer: {
      ...(schedule.authority === true ? { authority: await game.simulation() } : {}),
      onConfirmed: (frame, record) => {
        if (frame !== truth.length) {
          const text = `frame ${frame} became final after ${truth.length} others`;
          broken.set("write-once", { oracle: "write-once", text });
        }
        truth.push(record.slice());
      },
    },
    tamper: (direction, player, bytes, handOn) => {
      largest.bytes = Math.max(largest.bytes, bytes.length);
      if (isDonation(direction, bytes)) donated.any = true;
      const old = former.before(direction, player, bytes);
      if (old !== undefined) handOn(player, old);
      tamper(direction, player, bytes, (to, given) => {
        handOn(to, given);
        const seated = direction === "up" && match.sequencer.seatOf(match.players[to]!.peer) !== undefined;
        if (seated) departures.arrived(to);
      });
    },
  });
  const troubles = new Troubles(schedule, match);
  return {
    ...{
      schedule,
      config,
      game,
      match,
      troubles,
      departures,
      meant,
      testimonies,
      truth,
      broken,
      largest,
      donated,
      former,
    },
    endedAt: 0,
    calmSince: undefined,
    calmFrame: undefined,
    laterFrame: undefined,
    sentSpoiled: simulations.map(() => 0),
    planted: false,
    quiet: isQuiet(schedule) ? new Quiet(schedule) : undefined,
    reached: simulations.map(() => undefined),
    heard: simulations.map(() => 0),
  };
}

function simulationOf(game: Game, schedule: Schedule, ring: PlayerPlan["ring"]): Promise<WasmSimulation> {
  switch (ring) {
    case "usual":
      return game.simulation();
    case "shortest":
      return game.simulation({ slots: schedule.predictionWindow + 2 });
    case "sparse":
      return game.simulation({ sparse: true });
    default:
      return ring satisfies never;
  }
}

/** What is confirmed of what could be, at least, once everything is calm. */
const PROGRESS_SHARE = 0.5;

/** Frames per second that a calm match with this input delay confirms at least. */
export function leastPace({ config, schedule }: World, inputDelay: number): number {
  // With a short window the round trip sets the pace: window + delay + 1 frames for each of them, ticks included.
  const { predictionWindow, framesPerSecond } = config;
  const roundTripMs = HEALED_ROUND_TRIP_MS + 2 * Math.max(...schedule.players.map(({ tickMs }) => tickMs));
  return PROGRESS_SHARE * Math.min(framesPerSecond, (1000 / roundTripMs) * (predictionWindow + inputDelay + 1));
}

/** The least input delay that was in force since everything was calm: players may have asked for another one. */
export function calmDelay({ config, departures, calmFrame = 0 }: World): number {
  const later = departures.delays.filter(({ frame }) => frame > calmFrame);
  const before = departures.delays[departures.delays.length - later.length - 1];
  return Math.min(before?.inputDelay ?? config.inputDelay, ...later.map(({ inputDelay }) => inputDelay));
}

/** Those who are still in the match, as far as they know. */
export function presentIn({ match, schedule }: World): VirtualPlayer<WasmSimulation>[] {
  return match.players.filter(({ gone, index }) => !gone && schedule.players[index]!.watches !== true);
}

/** Those who look on, and were not sent away. */
export function guestsIn({ match, schedule }: World): VirtualPlayer<WasmSimulation>[] {
  return match.players.filter(({ gone, index }) => !gone && schedule.players[index]!.watches === true);
}

function finished(world: World): boolean {
  const { match, schedule, laterFrame } = world;
  const { sequencer } = match;
  const present = presentIn(world);
  // Where all vanished together, their seats are kept for minutes, in which nothing happens.
  if (present.length === 0) return sequencer.over || !sequencer.started || laterFrame !== undefined;
  if (laterFrame === undefined || sequencer.stableEnd < schedule.frames) return false;
  if (mustReport(world) && !present.every(({ events }) => events.some(({ type }) => type === "desync"))) return false;
  const all = [...present, ...guestsIn(world)];
  if (!all.every(({ player }) => player.stats.confirmedEnd >= schedule.frames)) return false;
  return present.every(({ player, events }) => knowsLeavers(world, player.inputs!) && knowsDelay(world, events));
}

type Inputs = NonNullable<VirtualPlayer["player"]["inputs"]>;

/** Whether he has heard of everybody who left. */
export function knowsLeavers({ match }: World, inputs: Inputs): boolean {
  for (let seat = 0; seat < inputs.seats; seat++) {
    if (match.sequencer.inputs!.leftAt(seat) !== Infinity && inputs.leftAt(seat) === Infinity) return false;
  }
  return true;
}

function knowsDelay({ departures }: World, events: readonly PlayerEvent[]): boolean {
  const last = departures.delays.at(-1);
  return (
    last === undefined ||
    events.some((event) => event.type === "delay" && event.frame === last.frame) ||
    departures.everAway.size > 0
  );
}

/** Whether the planted fault must be found: both parties stayed in the match long enough to disagree. */
export function mustReport(world: World): boolean {
  const { match, schedule } = world;
  const together = presentIn(world).length === seatsOf(schedule) && world.departures.everAway.size === 0;
  return schedule.fault !== undefined && match.sequencer.started && together;
}

/** Lives through one moment; answers whether anything happened in it: mostly nothing does. */
function turn(world: World, now: number): boolean {
  const { schedule, match, troubles } = world;
  if (now === schedule.healAt) world.sentSpoiled = match.players.map(({ up }) => up.counts.sent);
  troubles.turn(now);
  timePace(world, now);
  if (now >= match.asleepUntil) world.departures.passTo(now);
  const happened = match.turn(now);
  world.quiet?.watch(world, now);
  if (happened) look(world, now);
  return happened;
}

/** Who gathers still when the network is calm has as long to start, and is timed from there. */
function timePace(world: World, now: number): void {
  const calmMs = now - calmAt(world.schedule);
  if (world.calmSince === undefined && (calmMs === CALM_MS || (calmMs >= 0 && world.match.sequencer.started))) {
    world.calmSince = now;
    world.calmFrame = leastFrame(world);
  }
  if (world.calmSince !== undefined && now === world.calmSince + CALM_MS) world.laterFrame = leastFrame(world);
}

function look(world: World, now: number): void {
  plantFault(world);
  if (now >= world.match.asleepUntil) world.departures.watch(world);
  for (const { index, events, player } of world.match.players) {
    for (let at = world.heard[index]!; at < events.length; at++) {
      const event = events[at]!;
      if (event.type === "joined" && event.seat === player.seat) cameBack(world, index, event.frame);
    }
    world.heard[index] = events.length;
  }
  reach(world, now);
  watch(world);
}

function reach({ match, schedule, reached }: World, now: number): void {
  for (const { index, player } of match.players) {
    const { confirmedEnd, rollbacks, resimulatedFrames, stalls } = player.stats;
    if (reached[index] !== undefined || confirmedEnd < schedule.frames) continue;
    reached[index] = [now, rollbacks, resimulatedFrames, stalls, player.sentBytes];
  }
}

function plantFault(world: World): void {
  const { fault } = world.schedule;
  const faulty = fault && world.match.players[fault.player];
  if (faulty?.player.phase !== "running" || world.planted) return;
  const offset = (fault!.bit >>> 3) % faulty.simulation.stateBytes;
  faulty.player.plant({ frame: fault!.frame, offset, mask: 1 << (fault!.bit & 7) });
  world.planted = true;
}

function leastFrame(world: World): number {
  return Math.min(...presentIn(world).map(({ player }) => player.stats.confirmedEnd));
}
