// A whole match in one thread and in virtual time: one sequencer, its players, and a simulated link each way.
import { Sequencer, type SequencerOptions } from "../sequencer/sequencer.js";
import { Player } from "../session/player.js";
import type { PlayerEvent } from "../session/player-events.js";
import type { Simulation } from "../simulation/simulation.js";
import type { MatchConfig } from "../wire/match-config.js";
import { type Conditions, PERFECT } from "./conditions.js";
import { Link, type LinkMode } from "./link.js";
import { Random } from "./random.js";

/** The sequencer is woken this often, in ms, beside every datagram that comes. */
const SEQUENCER_TICK_MS = 4;

export interface VirtualPlayerOptions<S extends Simulation = Simulation> {
  simulation: S;
  /** What he holds down when asked, once a frame: bytes of the game's input class. */
  input: () => Uint8Array;
  up?: Conditions;
  down?: Conditions;
  /** Drift of his clock in parts per million, and where it stands at time zero, in ms. */
  skewPpm?: number;
  offsetMs?: number;
  /** Time between two ticks of his host, and how much longer it may be now and then, in ms. */
  tickMs?: number;
  tickJitterMs?: number;
  onConfirmed?: (player: VirtualPlayer<S>, end: number, chain: number) => void;
}

export class VirtualPlayer<S extends Simulation = Simulation> {
  readonly index: number;
  readonly simulation: S;
  readonly player: Player;
  readonly events: PlayerEvent[] = [];
  up: Link;
  down: Link;
  /** His carrier's name at the sequencer. */
  peer: number;
  /** Until then he does nothing and hears nothing. */
  pausedUntil = 0;
  /** He does nothing for ever: he left, was dropped, or vanished. */
  gone = false;
  readonly #options: VirtualPlayerOptions<S>;
  readonly #random: Random;
  readonly #mode: LinkMode;
  #nextTick = 0;

  constructor(index: number, options: VirtualPlayerOptions<S>, config: MatchConfig, random: Random, mode: LinkMode) {
    this.index = index;
    this.peer = index + 1;
    this.simulation = options.simulation;
    this.#options = options;
    this.#random = random;
    this.#mode = mode;
    this.up = this.#link(options.up ?? PERFECT);
    this.down = this.#link(options.down ?? PERFECT);
    this.player = new Player({
      simulation: options.simulation,
      config,
      token: new Uint8Array(16).fill(index + 1),
      onConfirmed: (end, chain) => options.onConfirmed?.(this, end, chain),
    });
  }

  #link(conditions: Conditions): Link {
    const link = new Link(this.#random, this.#mode);
    link.conditions = conditions;
    return link;
  }

  /** A new carrier: what was under way on the old one is gone. */
  reconnect(): void {
    this.player.reconnect();
    this.peer += 100;
    this.up = this.#renew(this.up);
    this.down = this.#renew(this.down);
  }

  /** A link over the same path: its conditions and its count of what happened go on. */
  #renew(old: Link): Link {
    const link = this.#link(old.conditions);
    link.cut = old.cut;
    Object.assign(link.counts, old.counts);
    return link;
  }

  turn(now: number): void {
    if (this.gone || now < this.pausedUntil) return;
    const { skewPpm = 0, offsetMs = 0, tickMs = 4, tickJitterMs = 0 } = this.#options;
    const local = now * (1 + skewPpm / 1e6) + offsetMs;
    this.down.deliver(now, (bytes) => this.player.receive(bytes, local));
    if (now >= this.#nextTick) {
      this.#nextTick = now + tickMs + this.#random.below(tickJitterMs + 1);
      this.player.tick(this.#options.input, local);
    }
    this.player.drain((_, bytes) => this.up.send(bytes, now));
    this.player.takeEffects(); // nobody looks or listens here
    for (const event of this.player.takeEvents()) {
      this.events.push(event);
      if (event.type === "ended") this.gone = true;
    }
  }
}

export interface VirtualMatchOptions<S extends Simulation = Simulation> {
  config: MatchConfig;
  players: VirtualPlayerOptions<S>[];
  mode: LinkMode;
  seed: number;
  sequencer?: SequencerOptions;
}

export class VirtualMatch<S extends Simulation = Simulation> {
  readonly players: VirtualPlayer<S>[];
  readonly sequencer: Sequencer;
  /** Until then the sequencer's machine sleeps. */
  asleepUntil = 0;

  constructor(options: VirtualMatchOptions<S>) {
    const random = new Random(options.seed);
    this.sequencer = new Sequencer(options.sequencer ?? {});
    this.players = options.players.map(
      (player, index) => new VirtualPlayer(index, player, options.config, random, options.mode),
    );
  }

  /** Lives through one moment; call it with every millisecond in turn. */
  turn(now: number): void {
    if (now >= this.asleepUntil) this.#sequence(now);
    for (const player of this.players) player.turn(now);
  }

  #sequence(now: number): void {
    const { sequencer, players } = this;
    for (const { up, peer } of players) up.deliver(now, (bytes) => sequencer.receive(peer, bytes, now));
    if (now % SEQUENCER_TICK_MS === 0) sequencer.tick(now);
    sequencer.drain((to, bytes) => players.find(({ peer }) => peer === to)?.down.send(bytes, now));
  }
}
