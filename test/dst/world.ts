// A scheduled match: the virtual match of src/netsim, the troubles of its schedule, and all that the oracles will ask.
import { Random } from "../../src/netsim/random.js";
import { VirtualMatch, type VirtualPlayer } from "../../src/netsim/virtual-match.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import { DROP_AFTER_MS, type Schedule, type Trouble } from "./schedule.js";

/** What one player confirmed: his chain's low half at every end, and a copy of every frame's inputs. */
export interface Testimony {
  chain: number[];
  records: Uint8Array[];
}

export interface World {
  schedule: Schedule;
  config: MatchConfig;
  match: VirtualMatch<WasmSimulation>;
  testimonies: Testimony[];
  /** The match's truth: every frame's record as the sequencer made it final. */
  truth: Uint8Array[];
  endedAt: number;
  /** A broken invariant that was seen while the match ran, if any. */
  broken: string | undefined;
  /** The least confirmed frame of those present when everything was calm, and 4 s later. */
  calmFrame: number | undefined;
  laterFrame: number | undefined;
  happened: Set<Trouble>;
  /** What each player had sent over his spoiled path when it healed. */
  sentSpoiled: number[];
  planted: boolean;
}

export function matchConfigOf(schedule: Schedule, game: Game): MatchConfig {
  return {
    players: schedule.players,
    framesPerSecond: game.schema.framesPerSecond,
    predictionWindow: schedule.predictionWindow,
    inputDelay: schedule.inputDelay,
    ...MATCH_DEFAULTS,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: DROP_AFTER_MS,
    seedLow: schedule.seed >>> 0,
    seedHigh: 7,
    rules: Uint8Array.of(schedule.game === "fighter" ? 15 : 3),
  };
}

export async function runWorld(schedule: Schedule, game: Game): Promise<World> {
  const world = await createWorld(schedule, game);
  const seconds = schedule.frames / world.config.framesPerSecond;
  const limit = schedule.calmAt + 4000 + seconds * 4000 + 20_000;
  let now = 0;
  for (; now < limit && !finished(world); now++) turn(world, now);
  world.endedAt = now;
  return world;
}

async function createWorld(schedule: Schedule, game: Game): Promise<World> {
  const config = matchConfigOf(schedule, game);
  const slots = schedule.shortRing ? { slots: schedule.predictionWindow + 2 } : {};
  const simulations = await Promise.all(schedule.sparse.map((sparse) => game.simulation(sparse ? { sparse } : slots)));
  const testimonies = simulations.map((): Testimony => ({ chain: [0], records: [] }));
  const truth: Uint8Array[] = [];
  const match = new VirtualMatch({
    config,
    seed: schedule.seed ^ 0x5eed,
    mode: schedule.mode,
    players: simulations.map((simulation, index) => ({
      simulation,
      input: restless(new Random(schedule.seed * 8 + index), schedule.restless),
      up: schedule.up[index]!,
      down: schedule.down[index]!,
      skewPpm: schedule.skewPpm[index]!,
      offsetMs: schedule.offsetMs[index]!,
      tickMs: schedule.tickMs[index]!,
      tickJitterMs: 2,
      onConfirmed: ({ player }: VirtualPlayer<WasmSimulation>, end: number, chain: number) => {
        testimonies[index]!.chain[end] = chain;
        testimonies[index]!.records[end - 1] = player.inputs!.record(end - 1).slice();
      },
    })),
    sequencer: {
      onConfirmed: (frame, record) => {
        if (frame !== truth.length) world.broken = `frame ${frame} became final after ${truth.length} others`;
        truth.push(record.slice());
      },
    },
  });
  const world: World = {
    schedule,
    config,
    match,
    testimonies,
    truth,
    endedAt: 0,
    broken: undefined,
    calmFrame: undefined,
    laterFrame: undefined,
    happened: new Set(),
    sentSpoiled: simulations.map(() => 0),
    planted: false,
  };
  return world;
}

/** Hands on the buttons: each tick, with some chance, one of eight is pressed or let go. */
function restless(random: Random, chance: number): () => Uint8Array {
  const held = Uint8Array.of(0, 0);
  return () => {
    if (random.chance(chance)) held[0]! ^= 1 << random.below(8);
    return held;
  };
}

function finished(world: World): boolean {
  const { match, schedule } = world;
  const present = match.players.filter((player) => !player.gone);
  if (present.length === 0) return match.sequencer.over || !match.sequencer.started;
  const told = present.every((player) => player.events.some((event) => event.type === "desync"));
  return (
    (!mustReport(world) || told) &&
    world.laterFrame !== undefined &&
    match.sequencer.stableEnd >= schedule.frames &&
    present.every(({ player }) => player.stats.confirmedEnd >= schedule.frames)
  );
}

/** Whether the planted fault must be found: both parties stayed in the match long enough to disagree. */
export function mustReport({ match, schedule }: World): boolean {
  const together = match.players.every((player) => !player.gone);
  return schedule.fault !== undefined && match.sequencer.started && together;
}

function turn(world: World, now: number): void {
  const { schedule, match } = world;
  for (const trouble of schedule.troubles) apply(world, trouble, now);
  if (now === schedule.healAt) heal(world);
  if (now === schedule.calmAt) world.calmFrame = leastFrame(world);
  if (now === schedule.calmAt + 4000) world.laterFrame = leastFrame(world);
  match.turn(now);
  plantFault(world);
  check(world);
}

function plantFault(world: World): void {
  const { fault } = world.schedule;
  const faulty = fault && world.match.players[fault.player];
  if (faulty?.player.phase !== "running" || world.planted) return;
  const offset = (fault!.bit >>> 3) % faulty.simulation.stateBytes;
  faulty.player.plant({ frame: fault!.frame, offset, mask: 1 << (fault!.bit & 7) });
  world.planted = true;
}

function apply(world: World, trouble: Trouble, now: number): void {
  const { match } = world;
  if (trouble.at !== now && !("until" in trouble && trouble.until === now)) return;
  if (trouble.kind === "sleep") {
    world.happened.add(trouble);
    match.asleepUntil = trouble.until;
    return;
  }
  const victim = match.players[trouble.player]!;
  if (victim.gone) return;
  world.happened.add(trouble);
  switch (trouble.kind) {
    case "cut": {
      const cut = now < trouble.until;
      if (trouble.direction !== "down") victim.up.cut = cut;
      if (trouble.direction !== "up") victim.down.cut = cut;
      return;
    }
    case "pause":
      victim.pausedUntil = Math.max(victim.pausedUntil, trouble.until);
      return;
    case "reconnect":
      match.sequencer.disconnect(victim.peer);
      victim.reconnect();
      return;
    case "leave":
      victim.player.leave();
      return;
    case "kill":
      victim.gone = true;
      return;
    default:
      trouble satisfies never;
  }
}

function heal({ match, sentSpoiled }: World): void {
  for (const player of match.players) {
    sentSpoiled[player.index] = player.up.counts.sent;
    for (const link of [player.up, player.down]) {
      link.cut = false;
      link.conditions = { ...link.conditions, loss: 0, delayMs: 20, jitterMs: 5, bytesPerSecond: Infinity };
    }
  }
}

function leastFrame({ match }: World): number {
  const present = match.players.filter((player) => !player.gone);
  return Math.min(...present.map(({ player }) => player.stats.confirmedEnd));
}

// What must hold at every moment, not only at the end (MATCH.md).
function check(world: World): void {
  const { sequencer, players } = world.match;
  const { inputs } = sequencer;
  if (inputs === undefined) return;
  for (const { player, gone } of players) {
    const { seat } = player;
    if (gone || seat === undefined || inputs.leftAt(seat) !== Infinity) continue;
    const mine = player.inputs!;
    const speculative = player.stats.frame - mine.confirmedEndWithout(seat);
    if (speculative > world.config.predictionWindow) {
      world.broken = `player ${seat} played ${speculative} frames beyond what is confirmed`;
    }
    for (let other = 0; other < inputs.seats; other++) {
      if (other !== seat && mine.held(other) > inputs.held(other)) {
        world.broken = `player ${seat} holds more of seat ${other} than is final`;
      }
    }
    if (sequencer.stableEnd > mine.confirmedEnd) {
      world.broken = `stable end ${sequencer.stableEnd} is beyond player ${seat}'s confirmed end ${mine.confirmedEnd}`;
    }
  }
}
