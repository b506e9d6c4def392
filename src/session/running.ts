// What a player has from the welcome on: timeline, clock, hash chain, and the stream to the sequencer.
import { CELL_HEADER_BYTES, GAME_CONFIG_HEADER_BYTES, type Simulation } from "../simulation/simulation.js";
import { absenceLead } from "../wire/limits.js";
import { type MatchConfig, whyUnplayable } from "../wire/match-config.js";
import type { Body, Message } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";
import type { RosterEntry } from "../wire/stream.js";
import { FrameClock } from "./clock/clock.js";
import { DelayWish } from "./delay-wish.js";
import { Evidence, type OnDesync } from "./evidence/evidence.js";
import { HashChain } from "./evidence/hash-chain.js";
import { History } from "./evidence/history.js";
import { type HostIdentity, Witness } from "./evidence/witness.js";
import { Echo, type ReplacedListener } from "./inputs/echo.js";
import { FinalInputs } from "./inputs/final-inputs.js";
import { InputDelay } from "./inputs/input-delay.js";
import { OwnInputs } from "./inputs/own-inputs.js";
import { Donation } from "./joining/donation.js";
import { Advice, CLOCK_STEPS } from "./path/advice.js";
import { RoundTrips } from "./path/round-trips.js";
import { Effects } from "./timeline/effects.js";
import { Rewind } from "./timeline/rewind.js";
import { ownReachMax, rollbackDepthMax, slotsNeeded, Timeline } from "./timeline/timeline.js";
import { warmUp } from "./timeline/warm-up.js";
import { Uplink } from "./uplink.js";

/** How a welcome says that somebody comes in: with everybody, with a snapshot, or to look on. */
export const ENTRY_LOBBY = 0;
export const ENTRY_JOIN = 1;
export const ENTRY_WATCH = 2;

/** The sequencer's address in `drain`. A player talks to nobody else. */
export const SEQUENCER = 0;

export interface RunningOptions {
  simulation: Simulation;
  welcome: Body<"welcome">;
  outbox: Outbox;
  onRoster: (entry: RosterEntry) => void;
  onReplaced: ReplacedListener;
  onConfirmed: ((end: number, chain: number) => void) | undefined;
  onDesync?: OnDesync | undefined;
  host?: HostIdentity | undefined;
  /** Where we come in, when not at frame zero with everybody. */
  snapshot?: Body<"snapshot"> | undefined;
}

export class Running {
  readonly config: MatchConfig;
  /** Who looks on has the seat behind the last one: no loop over the seats ever comes to it. */
  readonly seat: number;
  readonly generation: number;
  /** Where we came in, when not at frame zero with everybody. */
  readonly snapshot: Body<"snapshot"> | undefined;
  readonly inputs: FinalInputs;
  readonly timeline: Timeline;
  readonly chain: HashChain;
  readonly clock: FrameClock;
  readonly trips: RoundTrips = new RoundTrips();
  readonly uplink: Uplink;
  readonly evidence: Evidence;
  readonly effects: Effects;
  readonly donation: Donation;
  /** Of who looks on. */
  readonly rewind: Rewind | undefined;
  readonly delay: InputDelay;
  readonly own: OwnInputs;
  /** Under `substitute` only. */
  readonly echo: Echo | undefined;
  readonly advice: Advice;
  readonly wish: DelayWish;

  constructor(options: RunningOptions) {
    const { simulation, welcome, outbox, onRoster, onReplaced, onConfirmed, snapshot } = options;
    const { config } = welcome;
    const { predictionWindow, inputDelay } = config;
    const substitute = config.policy === 1;
    this.config = config;
    const watching = welcome.entry === ENTRY_WATCH;
    const own = watching ? config.players : welcome.seat;
    const base = snapshot?.frame ?? 0;
    this.seat = own;
    this.generation = welcome.generation;
    this.snapshot = snapshot;
    warmUp(simulation, config);
    simulation.reset(config);
    this.inputs = new FinalInputs({
      seats: config.players,
      cellBytes: simulation.cellBytes,
      inputDelay: config.inputDelay,
      prediction: simulation.schema.commands ? "none" : "repeat",
      open: substitute ? own : undefined,
      base,
      absentEnd: base + (snapshot === undefined ? absenceLead(config.framesPerSecond) : 0),
    });
    this.vacate(snapshot?.absent ?? 0);
    this.delay = new InputDelay(snapshot?.delay ?? inputDelay);
    this.own = new OwnInputs(this.inputs, own, this.delay, simulation.schema);
    this.advice = new Advice(predictionWindow, this.delay.value);
    this.wish = new DelayWish(outbox, this.delay.value);
    const onLink = (end: number): void => {
      this.uplink.link(end, this.chain.value);
      onConfirmed?.(end, this.chain.value);
    };
    this.chain = new HashChain(simulation, this.inputs, onLink, snapshot);
    this.rewind = watching ? new Rewind(simulation, this.inputs, 1000 / config.framesPerSecond) : undefined;
    const ownReach = ownReachMax(predictionWindow, simulation.slots, simulation.sparse);
    const reach = substitute ? Math.max(predictionWindow, ownReach) : predictionWindow;
    this.effects = new Effects(simulation, rollbackDepthMax(reach));
    const history = new History(this.inputs, !simulation.schema.commands);
    this.timeline = new Timeline({
      simulation,
      inputs: this.inputs,
      predictionWindow: watching ? 0 : config.predictionWindow,
      own: watching ? undefined : own,
      begin: base,
      ownReach: substitute ? ownReach : undefined,
      onStep: (frame, resimulated) => {
        this.effects.record(frame, resimulated);
        if (!resimulated) history.played(frame);
      },
      onRollback: (from, to) => history.rolledBack(from, to),
      onSettled: (frame) => {
        this.chain.link(frame);
        witness.settled(frame);
        this.rewind?.settled(frame);
      },
    });
    if (this.rewind !== undefined) this.rewind.timeline = this.timeline;
    this.clock = new FrameClock(1000 / config.framesPerSecond);
    const { inputs, timeline } = this;
    const agreedEnd = (): number => this.uplink.agreedEnd;
    const witness = new Witness({
      ...{ simulation, config, timeline, chain: this.chain, history, agreedEnd, host: options.host },
    });
    this.echo = substitute
      ? new Echo({ inputs, timeline, own, toldAfter: config.framesPerSecond, onReplaced })
      : undefined;
    this.uplink = new Uplink({
      inputs: this.inputs,
      clock: this.clock,
      trips: this.trips,
      own,
      generation: welcome.generation,
      inputDelay: config.inputDelay,
      framesPerSecond: config.framesPerSecond,
      base: snapshot,
      echo: this.echo,
      onFinals: (seat, begin, end) => this.timeline.confirm(seat, begin, end),
      onRoster,
    });
    const { chain, effects } = this;
    this.evidence = new Evidence({
      simulation,
      timeline,
      chain,
      effects,
      witness,
      outbox,
      own,
      onDesync: options.onDesync ?? "continue",
      scene: { simulation, config, inputs },
      roundTripMs: () => this.clock.roundTripMs,
    });
    this.donation = new Donation({ simulation, timeline, chain, outbox });
  }

  read(frames: Body<"frames">, now: number): void {
    if (!this.uplink.read(frames, this.timeline.frame, now)) return;
    if (this.echo?.partial !== true) this.own.uncertain = false;
    this.advice.measure((CLOCK_STEPS * this.clock.target(now)) | 0, this.inputs, this.seat);
  }

  /** Another sequencer goes on with the match: it has our inputs up to `end`. */
  follow(end: number, now: number): void {
    this.uplink.renew(end, now);
    this.clock.renew();
    this.advice.unsettle(now);
  }

  /** The match starts. */
  begin({ absent, inputDelay }: Body<"start">): void {
    this.vacate(absent);
    this.delay.change(0, inputDelay);
    this.own.begin(inputDelay);
  }

  /** This machine slept until now. */
  woke(now: number): void {
    this.own.uncertain = this.echo !== undefined;
    this.advice.unsettle(now);
  }

  /** Who looks back sees and hears what was, and not what is. */
  lookBack(stats: { frame: number }, now: number): void {
    const frame = this.rewind?.show(now);
    if (frame === undefined) return;
    this.effects.take();
    stats.frame = frame;
  }

  /** All seats' input delay changes: the roster says so. */
  changeDelay({ frame, value }: RosterEntry): void {
    this.delay.change(frame, value);
    this.wish.answered();
  }

  /** A question about what we played, or a request for what we hold. */
  hear(message: Message, now: number): void {
    switch (message.type) {
      case "keep":
        this.donation.onKeep(message.body, now);
        return;
      case "want":
        this.donation.onWant(message.body, now);
        return;
      case "hashQuery":
      case "desync":
      case "parcel":
      case "lacking":
      case "heal":
        this.evidence.hear(message, now);
        return;
      default:
    }
  }

  /** Nobody ever took these seats: bit s is seat s. Before anything is played. */
  vacate(absent: number): void {
    for (let seat = 0; seat < this.inputs.seats; seat++) if ((absent >> seat) & 1) this.inputs.vacate(seat);
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
  if (config.policy === 1 && config.commands !== (simulation.schema.commands ? 1 : 0))
    return "it would replace late inputs wrongly";
  if (whyUnplayable(config) !== undefined) return "nobody can play by its settings";
  if (config.rules.length > regions.config.size - GAME_CONFIG_HEADER_BYTES) return "its rules are too long";
  if (slotsNeeded(config.predictionWindow, simulation.sparse) > simulation.slots)
    return `its window is ${config.predictionWindow} frames`;
  return undefined;
}
