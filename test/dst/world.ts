// A whole match with its network in virtual time: one sequencer, its players, a link each way, and one clock for all.
import { Link } from "../../src/netsim/link.js";
import { Random } from "../../src/netsim/random.js";
import { Sequencer, type SequencerEvent } from "../../src/sequencer/sequencer.js";
import { Player, type PlayerEvent } from "../../src/session/player.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import type { MatchConfig } from "../../src/wire/match-config.js";
import { DROP_AFTER_MS, type Schedule, type Trouble } from "./schedule.js";

/** Resolution of virtual time. */
const STEP_MS = 1;

export class Actor {
  readonly index: number;
  readonly simulation: WasmSimulation;
  readonly player: Player;
  up: Link;
  down: Link;
  readonly skew: number;
  readonly offset: number;
  readonly events: PlayerEvent[] = [];
  /** The chain's low half at every end, as this player linked it; and a copy of each confirmed record. */
  readonly chain: number[] = [0];
  readonly records: Uint8Array[] = [];
  buttons = 0;
  nextTick = 0;
  pausedUntil = 0;
  gone = false;
  planted = false;
  peer: number;
  readonly #renewLink: (old: Link | undefined) => Link;

  constructor(index: number, simulation: WasmSimulation, config: MatchConfig, schedule: Schedule, random: Random) {
    this.index = index;
    this.peer = index + 1;
    this.simulation = simulation;
    this.skew = 1 + schedule.skewPpm[index]! / 1e6;
    this.offset = schedule.offsetMs[index]!;
    this.#renewLink = (old) => {
      const link = new Link(random, schedule.mode);
      if (old !== undefined) Object.assign(link, { conditions: old.conditions, cut: old.cut });
      return link;
    };
    this.up = this.#renewLink(undefined);
    this.down = this.#renewLink(undefined);
    this.player = new Player({
      simulation,
      config,
      token: new Uint8Array(16).fill(index + 1),
      onConfirmed: (end, chain) => {
        this.chain[end] = chain;
        this.records[end - 1] = this.player.inputs!.record(end - 1).slice();
      },
    });
  }

  /** A new carrier: what was under way on the old one is gone. */
  reconnect(): void {
    this.player.reconnect();
    this.peer += 100;
    this.up = this.#renewLink(this.up);
    this.down = this.#renewLink(this.down);
  }

  /** This player's own clock at a moment of the world. */
  local(now: number): number {
    return now * this.skew + this.offset;
  }
}

export interface World {
  schedule: Schedule;
  config: MatchConfig;
  actors: Actor[];
  sequencer: Sequencer;
  sequencerEvents: SequencerEvent[];
  /** The match's truth: every frame's record as the sequencer made it final. */
  truth: Uint8Array[];
  endedAt: number;
  /** Worst violation of an invariant that was checked while running, if any. */
  broken: string | undefined;
  /** Present players' least frame when the network healed, and 4 s later. */
  healedFrame: number | undefined;
  laterFrame: number | undefined;
  happened: Set<Trouble>;
}

export function matchConfigOf(schedule: Schedule, game: Game): MatchConfig {
  return {
    players: schedule.players,
    framesPerSecond: game.schema.framesPerSecond,
    predictionWindow: schedule.predictionWindow,
    inputDelay: schedule.inputDelay,
    policy: 0,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: DROP_AFTER_MS,
    seedLow: schedule.seed >>> 0,
    seedHigh: 7,
    rules: Uint8Array.of(schedule.game === "fighter" ? 30 : 3),
  };
}

export async function runWorld(schedule: Schedule, game: Game): Promise<World> {
  const config = matchConfigOf(schedule, game);
  const random = new Random(schedule.seed ^ 0x5eed);
  const slots = schedule.shortRing ? { slots: schedule.predictionWindow + 2 } : {};
  const actors: Actor[] = [];
  for (let index = 0; index < schedule.players; index++) {
    const simulation = await game.simulation(slots);
    actors.push(new Actor(index, simulation, config, schedule, random));
  }
  const world: World = {
    schedule,
    config,
    actors,
    sequencer: new Sequencer({
      onConfirmed: (frame, record) => {
        if (frame !== world.truth.length) world.broken = `frame ${frame} became final after ${world.truth.length} others`;
        world.truth.push(record.slice());
      },
    }),
    sequencerEvents: [],
    truth: [],
    endedAt: 0,
    broken: undefined,
    healedFrame: undefined,
    laterFrame: undefined,
    happened: new Set(),
  };
  for (const actor of actors) {
    actor.up.conditions = schedule.up[actor.index]!;
    actor.down.conditions = schedule.down[actor.index]!;
  }
  const limit = schedule.healAt + 4000 + (schedule.frames / config.framesPerSecond) * 4000 + 20_000;
  let now = 0;
  for (; now < limit && !finished(world); now += STEP_MS) turn(world, now, random);
  world.endedAt = now;
  return world;
}

function finished(world: World): boolean {
  const present = world.actors.filter((actor) => !actor.gone);
  if (present.length === 0) return world.sequencer.over || !world.sequencer.started;
  const reported = !mustReport(world) || present.every((actor) => actor.events.some((e) => e.type === "desync"));
  return (
    reported &&
    world.laterFrame !== undefined &&
    world.sequencer.stableEnd >= world.schedule.frames &&
    present.every((actor) => actor.player.stats.confirmedEnd >= world.schedule.frames)
  );
}

/** Whether the planted fault must be found: both parties stayed in the match long enough to disagree. */
export function mustReport(world: World): boolean {
  const together = world.actors.every((actor) => !actor.gone);
  return world.schedule.fault !== undefined && world.sequencer.started && together;
}

function turn(world: World, now: number, random: Random): void {
  const { schedule, actors, sequencer } = world;
  for (const trouble of schedule.troubles) apply(world, trouble, now);
  if (now === schedule.healAt) heal(world);
  if (now === schedule.calmAt) world.healedFrame = leastFrame(world);
  if (now === schedule.calmAt + 4000) world.laterFrame = leastFrame(world);
  const asleep = schedule.troubles.some((t) => t.kind === "sleep" && now >= t.at && now < t.until);
  if (!asleep) {
    for (const actor of actors) actor.up.deliver(now, (bytes) => sequencer.receive(actor.peer, bytes, now));
    if (now % 4 === 0) sequencer.tick(now);
    sequencer.drain((to, bytes) => actors.find((actor) => actor.peer === to)?.down.send(bytes, now));
    world.sequencerEvents.push(...sequencer.takeEvents());
  }
  for (const actor of actors) act(world, actor, now, random);
  check(world);
}

function act(world: World, actor: Actor, now: number, random: Random): void {
  if (actor.gone || now < actor.pausedUntil) return;
  const { player } = actor;
  const local = actor.local(now);
  actor.down.deliver(now, (bytes) => player.receive(bytes, local));
  if (now >= actor.nextTick) {
    actor.nextTick = now + world.schedule.tickMs[actor.index]! + random.below(3);
    if (random.chance(world.schedule.restless)) actor.buttons ^= 1 << random.below(8);
    player.tick(Uint8Array.of(actor.buttons, 0), local);
    plantFault(world, actor);
  }
  player.drain((_, bytes) => actor.up.send(bytes, now));
  for (const event of player.takeEvents()) {
    // A report belongs to whoever takes it; keep it as it was.
    actor.events.push(event);
    if (event.type === "ended") actor.gone = true;
  }
}

function plantFault(world: World, actor: Actor): void {
  const { fault } = world.schedule;
  if (fault?.player !== actor.index || actor.player.phase !== "running" || actor.planted) return;
  const offset = (fault.bit >>> 3) % actor.simulation.stateBytes;
  actor.player.plant({ frame: fault.frame, offset, mask: 1 << (fault.bit & 7) });
  actor.planted = true;
}

function apply(world: World, trouble: Trouble, now: number): void {
  const { actors, sequencer } = world;
  if (trouble.at !== now && !("until" in trouble && trouble.until === now)) return;
  if (trouble.kind === "sleep") {
    world.happened.add(trouble);
    return;
  }
  const actor = actors[trouble.player]!;
  if (actor.gone) return;
  world.happened.add(trouble);
  switch (trouble.kind) {
    case "cut": {
      const cut = now < trouble.until;
      if (trouble.direction !== "down") actor.up.cut = cut;
      if (trouble.direction !== "up") actor.down.cut = cut;
      return;
    }
    case "pause":
      actor.pausedUntil = Math.max(actor.pausedUntil, trouble.until);
      return;
    case "reconnect":
      sequencer.disconnect(actor.peer);
      actor.reconnect();
      return;
    case "leave":
      actor.player.leave();
      return;
    case "kill":
      actor.gone = true;
      return;
    default:
      trouble satisfies never;
  }
}

function heal(world: World): void {
  for (const actor of world.actors) {
    for (const link of [actor.up, actor.down]) {
      link.cut = false;
      link.conditions = { ...link.conditions, loss: 0, delayMs: 20, jitterMs: 5, bytesPerSecond: Infinity };
    }
  }
}

function leastFrame(world: World): number {
  const frames = world.actors.filter((actor) => !actor.gone).map((actor) => actor.player.stats.confirmedEnd);
  return frames.length === 0 ? Infinity : Math.min(...frames);
}

// What must hold at every moment, not only at the end.
function check(world: World): void {
  const { sequencer } = world;
  const { inputs } = sequencer;
  if (inputs === undefined) return;
  for (const actor of world.actors) {
    const seat = actor.player.seat;
    if (actor.gone || seat === undefined || inputs.leftAt(seat) !== Infinity) continue;
    const mine = actor.player.inputs!;
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
