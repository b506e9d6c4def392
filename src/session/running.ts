// What a player has from the welcome on: timeline, clock, hash chain, and the stream to the sequencer.
import { CELL_HEADER_BYTES, GAME_CONFIG_HEADER_BYTES, type Simulation } from "../simulation/simulation.js";
import { type MatchConfig, whyUnplayable } from "../wire/match-config.js";
import type { Body } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";
import type { RosterEntry } from "../wire/stream.js";
import { FrameClock } from "./clock.js";
import { Effects } from "./effects.js";
import { Evidence } from "./evidence.js";
import { FinalInputs } from "./final-inputs.js";
import { HashChain } from "./hash-chain.js";
import { RoundTrips } from "./round-trips.js";
import { rollbackDepthMax, slotsNeeded, Timeline } from "./timeline.js";
import { Uplink } from "./uplink.js";
import { warmUp } from "./warm-up.js";

/** The sequencer's address in `drain`. A player talks to nobody else. */
export const SEQUENCER = 0;

export interface RunningOptions {
  simulation: Simulation;
  welcome: Body<"welcome">;
  outbox: Outbox;
  onRoster: (entry: RosterEntry) => void;
  onConfirmed: ((end: number, chain: number) => void) | undefined;
}

export class Running {
  readonly config: MatchConfig;
  readonly seat: number;
  readonly inputs: FinalInputs;
  readonly timeline: Timeline;
  readonly chain: HashChain;
  readonly clock: FrameClock;
  readonly trips: RoundTrips = new RoundTrips();
  readonly uplink: Uplink;
  readonly evidence: Evidence;
  readonly effects: Effects;

  constructor({ simulation, welcome, outbox, onRoster, onConfirmed }: RunningOptions) {
    const { config } = welcome;
    this.config = config;
    this.seat = welcome.seat;
    warmUp(simulation, config);
    simulation.reset(config);
    this.inputs = new FinalInputs({
      seats: config.players,
      cellBytes: simulation.cellBytes,
      inputDelay: config.inputDelay,
      prediction: simulation.schema.commands ? "none" : "repeat",
    });
    this.chain = new HashChain(simulation, this.inputs, (end) => {
      this.uplink.link(end, this.chain.value);
      onConfirmed?.(end, this.chain.value);
    });
    this.effects = new Effects(simulation, rollbackDepthMax(config.predictionWindow));
    this.timeline = new Timeline({
      simulation,
      inputs: this.inputs,
      predictionWindow: config.predictionWindow,
      own: welcome.seat,
      onStep: (frame, resimulated) => this.effects.record(frame, resimulated),
      onSettled: (frame) => this.chain.link(frame),
    });
    this.clock = new FrameClock(1000 / config.framesPerSecond);
    this.uplink = new Uplink({
      inputs: this.inputs,
      clock: this.clock,
      trips: this.trips,
      own: welcome.seat,
      generation: welcome.generation,
      inputDelay: config.inputDelay,
      onFinals: (seat, begin, end) => this.timeline.confirm(seat, begin, end),
      onRoster,
    });
    const { timeline, chain } = this;
    this.evidence = new Evidence({ simulation, timeline, chain, outbox, own: welcome.seat });
  }
}

/** A room is opened by a stranger: its settings may be such as this game, or this machine, cannot play. */
export function whyMisfit({ seat, config }: Body<"welcome">, simulation: Simulation): string | undefined {
  const { players, framesPerSecond, regions } = simulation.schema;
  if (config.players < players.min || config.players > players.max) return `it is for ${config.players} players`;
  if (seat >= config.players) return `seat ${seat} of ${config.players} does not exist`;
  if (config.framesPerSecond !== framesPerSecond) return `it runs ${config.framesPerSecond} frames a second`;
  if (config.inputBytes !== simulation.cellBytes - CELL_HEADER_BYTES)
    return `its inputs have ${config.inputBytes} bytes`;
  if (whyUnplayable(config) !== undefined) return "its inputs do not fit a datagram";
  if (config.rules.length > regions.config.size - GAME_CONFIG_HEADER_BYTES) return "its rules are too long";
  if (slotsNeeded(config.predictionWindow, simulation.sparse) > simulation.slots)
    return `its window is ${config.predictionWindow} frames`;
  return undefined;
}
