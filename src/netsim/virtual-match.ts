// A whole match in one thread and in virtual time: one sequencer, its players, and a simulated link each way.
import { Sequencer, type SequencerOptions } from "../sequencer/sequencer.js";
import type { OnDesync } from "../session/evidence/evidence.js";
import type { HostIdentity } from "../session/evidence/witness.js";
import { Player } from "../session/player.js";
import type { PlayerEvent } from "../session/player-events.js";
import type { Simulation } from "../simulation/simulation.js";
import type { MatchConfig } from "../wire/match-config.js";
import { type Conditions, PERFECT } from "./conditions.js";
import { Link, type LinkMode } from "./link.js";
import { Random } from "./random.js";

/** The sequencer is woken this often, in ms, beside every datagram that comes. */
export const SEQUENCER_TICK_MS = 4;

/** Seeds are told apart by these: of matches, and in a match of players, who have four chances each. */
const MATCH_DICE = 1024;
const PLAYER_DICE = 4;

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
  /** The number that seeds his chances, so that he has the same luck without the others; by default his index. */
  dice?: number;
  /** He only looks on. */
  watch?: boolean;
  /** What keeps his seat; by default his own. */
  token?: Uint8Array;
  onConfirmed?: (player: VirtualPlayer<S>, end: number, chain: number) => void;
  /** What he does about a desync, and what he says in its report that he runs on. */
  onDesync?: OnDesync;
  host?: HostIdentity;
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
  /** What one step costs his machine, in ms: above a frame he falls behind. Nothing is heard or sent meanwhile. */
  stepMs = 0;
  /** Until then his application plays and hears, but neither sends what is due nor asks what happened. */
  undrainedUntil = 0;
  /** What has heaped up at most: datagrams and events handed over at once. */
  readonly most: { datagrams: number; events: number } = { datagrams: 0, events: 0 };
  /** He does nothing for ever: he left, was dropped, or vanished. */
  gone = false;
  readonly #options: VirtualPlayerOptions<S>;
  /** One for each link and one for his host: what happens to one changes nothing for the others. */
  readonly #random: { up: Random; down: Random; host: Random };
  readonly #mode: LinkMode;
  readonly #tamper: Tamper;
  readonly #all: readonly VirtualPlayer<S>[];
  #nextTick = 0;
  #busyUntil = 0;
  #jumpedMs = 0;
  // One closure for all moments: in most of them there is nothing to send.
  #sendsAt = 0;
  #sent = 0;
  readonly #send = (_: number, bytes: Uint8Array): void => {
    this.#sent += 1;
    this.up.send(bytes, this.#sendsAt);
  };

  /** `all` are the players of the match, himself among them. */
  constructor(
    index: number,
    options: VirtualPlayerOptions<S>,
    match: VirtualMatchOptions<S>,
    all: readonly VirtualPlayer<S>[],
  ) {
    const { config, seed, mode, tamper = honest } = match;
    const dice = PLAYER_DICE * (options.dice ?? index);
    this.index = index;
    this.peer = index + 1;
    this.simulation = options.simulation;
    this.#options = options;
    this.#random = {
      up: new Random(seed * MATCH_DICE + dice),
      down: new Random(seed * MATCH_DICE + dice + 1),
      host: new Random(seed * MATCH_DICE + dice + 2),
    };
    this.#mode = mode;
    this.#tamper = tamper;
    this.#all = all;
    this.up = this.#link(this.#random.up, options.up ?? PERFECT);
    this.down = this.#link(this.#random.down, options.down ?? PERFECT);
    this.player = new Player({
      simulation: options.simulation,
      config,
      token: options.token ?? new Uint8Array(16).fill(index + 1),
      watch: options.watch === true,
      onConfirmed: (end, chain) => options.onConfirmed?.(this, end, chain),
      ...(options.onDesync === undefined ? {} : { onDesync: options.onDesync }),
      ...(options.host === undefined ? {} : { host: options.host }),
    });
  }

  #link(random: Random, conditions: Conditions): Link {
    const link = new Link(random, this.#mode);
    link.conditions = conditions;
    return link;
  }

  /** His clock is set forward or back. */
  jump(ms: number): void {
    this.#jumpedMs += ms;
  }

  /** A new carrier: what was under way on the old one is gone. */
  reconnect(): void {
    this.player.reconnect();
    this.peer += 100;
    this.up = this.#renew(this.#random.up, this.up);
    this.down = this.#renew(this.#random.down, this.down);
  }

  /** A link over the same path: its conditions and its count of what happened go on. */
  #renew(random: Random, old: Link): Link {
    const link = this.#link(random, old.conditions);
    link.cut = old.cut;
    Object.assign(link.counts, old.counts);
    return link;
  }

  /** Lives through one moment; answers whether anything happened to him in it. */
  turn(now: number): boolean {
    if (this.gone || now < this.pausedUntil || now < this.#busyUntil) return false;
    const hears = now >= this.down.nextAt;
    const ticks = now >= this.#nextTick;
    if (hears || ticks) {
      const { skewPpm = 0, offsetMs = 0 } = this.#options;
      const local = now * (1 + skewPpm / 1e6) + offsetMs + this.#jumpedMs;
      if (hears) this.#hear(now, local);
      if (ticks) this.#tick(now, local);
    }
    const drained = now >= this.undrainedUntil && this.#drain(now);
    return hears || ticks || drained;
  }

  #hear(now: number, local: number): void {
    this.down.deliver(now, (bytes) => {
      this.#tamper("down", this.index, bytes, (to, given) => this.#all[to]!.player.receive(given, local));
    });
  }

  #tick(now: number, local: number): void {
    const { tickMs = 4, tickJitterMs = 0, input } = this.#options;
    this.#nextTick = now + tickMs + this.#random.host.below(tickJitterMs + 1);
    const { stats } = this.player;
    const before = stats.frame + stats.resimulatedFrames;
    this.player.tick(input, local);
    const steps = stats.frame + stats.resimulatedFrames - before;
    this.#busyUntil = now + this.stepMs * steps;
  }

  /** Answers whether anything was due. */
  #drain(now: number): boolean {
    this.#sendsAt = now;
    this.#sent = 0;
    this.player.drain(this.#send, this.up.stripes);
    this.player.takeEffects(); // nobody looks or listens here
    const events = this.player.takeEvents();
    this.most.datagrams = Math.max(this.most.datagrams, this.#sent);
    this.most.events = Math.max(this.most.events, events.length);
    for (const event of events) {
      this.events.push(event);
      if (event.type === "ended") this.gone = true;
    }
    return this.#sent > 0 || events.length > 0;
  }
}

/**
 * Stands between the links and their ends: hands on what arrived on a player's link as it is, altered, twice or not at
 * all, and under whichever player's name.
 */
export type Tamper = (
  direction: "up" | "down",
  player: number,
  bytes: Uint8Array,
  handOn: (player: number, bytes: Uint8Array) => void,
) => void;

const honest: Tamper = (_, player, bytes, handOn) => handOn(player, bytes);

export interface VirtualMatchOptions<S extends Simulation = Simulation> {
  config: MatchConfig;
  players: VirtualPlayerOptions<S>[];
  mode: LinkMode;
  seed: number;
  sequencer?: SequencerOptions;
  tamper?: Tamper;
}

export class VirtualMatch<S extends Simulation = Simulation> {
  readonly players: VirtualPlayer<S>[];
  readonly sequencer: Sequencer;
  /** Until then the sequencer's machine sleeps. */
  asleepUntil = 0;
  /** Datagrams that the sequencer handed over at once, at most. */
  mostDatagrams = 0;
  readonly #tamper: Tamper;
  #sendsAt = 0;
  #sent = 0;
  readonly #send = (to: number, bytes: Uint8Array): void => {
    this.#sent += 1;
    this.players.find(({ peer }) => peer === to)?.down.send(bytes, this.#sendsAt);
  };

  constructor(options: VirtualMatchOptions<S>) {
    this.#tamper = options.tamper ?? honest;
    this.sequencer = new Sequencer(options.sequencer ?? {});
    this.players = [];
    for (const [index, player] of options.players.entries()) {
      this.players.push(new VirtualPlayer(index, player, options, this.players));
    }
  }

  /** Lives through one moment; call it with every millisecond in turn. Answers whether anything happened in it. */
  turn(now: number): boolean {
    let happened = now >= this.asleepUntil && this.#sequence(now);
    for (const player of this.players) if (player.turn(now)) happened = true;
    return happened;
  }

  #sequence(now: number): boolean {
    const { sequencer } = this;
    let happened = now % SEQUENCER_TICK_MS === 0;
    for (const { up, index } of this.players) {
      if (now < up.nextAt) continue;
      happened = true;
      up.deliver(now, (bytes) =>
        this.#tamper("up", index, bytes, (from, given) => sequencer.receive(this.players[from]!.peer, given, now)),
      );
    }
    if (now % SEQUENCER_TICK_MS === 0) {
      for (const { peer, down } of this.players) sequencer.carries(peer, down.stripes);
      sequencer.tick(now);
      sequencer.referee.simulate();
    }
    this.#sendsAt = now;
    this.#sent = 0;
    sequencer.drain(this.#send);
    this.mostDatagrams = Math.max(this.mostDatagrams, this.#sent);
    return happened || this.#sent > 0;
  }
}
