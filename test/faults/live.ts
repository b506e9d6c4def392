// A live match with a fault in one machine, or with none: the virtual match of src/netsim, and what came of it.
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import { Random } from "../../src/netsim/random.js";
import { VirtualMatch, type VirtualPlayer } from "../../src/netsim/virtual-match.js";
import type { DesyncReport } from "../../src/session/evidence/report.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import type { Simulation } from "../../src/simulation/simulation.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { configWriter } from "../../src/simulation/view.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import { FaultySimulation, type Flaw } from "./faulty-simulation.js";
import { flawOf, isOtherBuild } from "./flaws.js";
import { type Hands, handsOf } from "./hands.js";
import type { GameName } from "./kinds.js";
import { otherBuild } from "./other-build.js";
import type { Place } from "./places.js";
import type { FaultPlan, MatchPlan, Plan } from "./plan.js";
import { livelyPlaces } from "./straight.js";
import { type Parting, Truth } from "./truth.js";

/** Clean machines, used again and again: a ring of the strategy game is 56 MiB. */
export type Machines = (game: GameName, place: number) => Promise<WasmSimulation>;

export interface Stage {
  games: Record<GameName, Game>;
  machines: Machines;
}

/** What came of a match. */
export interface Aftermath {
  parting: Parting | undefined;
  /** The seat of the faulty machine. */
  victim: number | undefined;
  /** Of the players, where they made one. */
  reports: (DesyncReport | undefined)[];
  /** Why somebody's match ended before its time. */
  ended: string | undefined;
  /** Until when, in ms: the sequencer noticed, and the last of the two sides had its report. */
  noticedAt: number | undefined;
  reportedAt: number | undefined;
  agreedEnd: number;
  frames: number;
}

/** The message with which the sequencer asks for hashes, the first thing it does when it has noticed. */
const HASH_QUERY = 10;

/** So much longer than the frames take, for stalls. */
const PATIENCE = 4;

/** The others answer late: a report that comes later than this after the truth is none. */
const REPORT_MS = 8000;

/** Settings under which something happens soon. */
const RULES: Record<GameName, object> = {
  fighter: { roundSeconds: 15 },
  skirmish: { army: 12, workers: 4, ore: 800 },
  torture: {},
};

/** Undefined where no flawed machine could be made. */
export async function playLive({ match, fault }: Plan, stage: Stage): Promise<Aftermath | undefined> {
  const game = stage.games[match.game];
  const config = configOf(match, game);
  const machines = await Promise.all(
    Array.from({ length: match.players + 2 }, (_, i) => stage.machines(match.game, i)),
  );
  const live = new Live(match, config, machines);
  if (fault !== undefined && !(await live.plant(fault, game))) return undefined;
  live.begin();
  return live.play();
}

function configOf(match: MatchPlan, game: Game): MatchConfig {
  const { players, predictionWindow, inputDelay, seed } = match;
  const rules = new Uint8Array(64);
  const bytes = configWriter(game.schema)(RULES[match.game], rules);
  return {
    ...MATCH_DEFAULTS,
    ...{ players, predictionWindow, inputDelay, framesPerSecond: game.schema.framesPerSecond },
    commands: game.schema.commands ? 1 : 0,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: 10_000,
    ...{ seedLow: seed >>> 0, seedHigh: 1, rules: rules.slice(0, bytes) },
  };
}

class Live {
  readonly #plan: MatchPlan;
  readonly #config: MatchConfig;
  readonly #simulations: WasmSimulation[];
  readonly #authority: WasmSimulation;
  readonly #truth: Truth;
  readonly #random: Random;
  #fault: FaultPlan | undefined;
  #flaw: Flaw = {};
  #match!: VirtualMatch<Simulation>;
  #noticedAt: number | undefined;
  #reportedAt: number | undefined;
  #partedAt: number | undefined;
  #tampered = false;
  #now = 0;

  /** Machines: one for each player, the authority's, and that of the truth. */
  constructor(plan: MatchPlan, config: MatchConfig, machines: WasmSimulation[]) {
    this.#plan = plan;
    this.#config = config;
    this.#simulations = machines.slice(0, plan.players);
    this.#authority = machines[plan.players]!;
    this.#truth = new Truth(machines[plan.players + 1]!, config);
    this.#random = new Random(plan.seed);
  }

  async plant(fault: FaultPlan, game: Game): Promise<boolean> {
    this.#fault = fault;
    const random = new Random(fault.dice);
    if (!isOtherBuild(fault.way)) {
      const victim = this.#simulations[fault.victim]!;
      const lively = (): readonly Place[] => livelyPlaces(this.#plan.game, victim, this.#config);
      this.#flaw = flawOf(fault, victim, lively, random);
      return true;
    }
    const other = await otherBuild(game, this.#plan.game, this.#config, random);
    if (other === undefined) return false;
    this.#simulations[fault.victim] = await other.simulation();
    // At the door both claim to be the same; what a report says of it is another matter.
    const claims = (): boolean => fault.way === "build that lies" || this.#victim?.player.running === undefined;
    this.#flaw = {
      get gameHash() {
        return claims() ? game.gameHash : other.gameHash;
      },
    };
    return true;
  }

  get #victim(): VirtualPlayer<Simulation> | undefined {
    return this.#fault && this.#match?.players[this.#fault.victim];
  }

  begin(): void {
    const { seed, authority, players } = this.#plan;
    this.#match = new VirtualMatch<Simulation>({
      ...{ config: this.#config, seed, mode: "datagram" },
      players: Array.from({ length: players }, (_, index) => {
        const inner = this.#simulations[index]!;
        const path = this.#path();
        return {
          simulation: index === this.#fault?.victim ? new FaultySimulation(inner, this.#flaw) : inner,
          input: this.#hands(index),
          ...{ up: path, down: path },
          onConfirmed: (player, end) => this.#settled(player, end),
        };
      }),
      sequencer: {
        ...(authority ? { authority: this.#authority } : {}),
        onConfirmed: (_, record) => this.#truth.final(record),
      },
    });
    this.#listen();
  }

  /** Seats are taken in the order of coming, so that nobody knows his own before he is asked what he presses. */
  #hands(index: number): Hands {
    const { game, seed } = this.#plan;
    let hands: Hands | undefined;
    return () => {
      hands ??= handsOf(game, this.#simulations[index]!, this.#match.players[index]!.player.seat!, seed);
      return hands();
    };
  }

  /** One direction of a player's path: somebody is farthest away, the others nearer. */
  #path(): Conditions {
    const { roundTripMs, loss, burst } = this.#plan;
    const delayMs = (roundTripMs / 2) * (0.7 + 0.3 * this.#random.unit());
    return { ...PERFECT, delayMs, jitterMs: roundTripMs / 2 - delayMs, loss, burst };
  }

  #listen(): void {
    const { sequencer } = this.#match;
    const drain = sequencer.drain.bind(sequencer);
    sequencer.drain = (send) =>
      drain((to, bytes) => {
        if (bytes[0] === HASH_QUERY) this.#noticedAt ??= this.#now;
        send(to, bytes);
      });
  }

  /** The victim's state of the frame before `end` lies in its slot, for good. */
  #settled({ index, player, simulation }: VirtualPlayer<Simulation>, end: number): void {
    const observed = this.#fault?.victim ?? 0;
    if (index !== observed || this.#truth.parting !== undefined) return;
    const frame = end - 1;
    const record = player.inputs!.record(frame).slice();
    this.#truth.settled(frame, simulation.copy(frame % simulation.slots), record);
  }

  play(): Aftermath {
    const { frames } = this.#plan;
    const limit = PATIENCE * frames * (1000 / this.#config.framesPerSecond) + REPORT_MS;
    while (this.#now < limit && !this.#over()) {
      this.#match.turn(this.#now);
      this.#glance();
      this.#now += 1;
    }
    const { players, sequencer } = this.#match;
    return {
      parting: this.#truth.parting,
      victim: this.#victim?.player.seat,
      reports: players.map((player) => reportOf(player)),
      ended: this.#ended,
      ...{ noticedAt: this.#noticedAt, reportedAt: this.#reportedAt },
      agreedEnd: sequencer.agreedEnd,
      frames: this.#frames,
    };
  }

  #glance(): void {
    const victim = this.#victim;
    if (victim?.player.running === undefined) return;
    this.#flaw.glance?.();
    if (this.#fault?.way === "input" && !this.#tampered) this.#tamper(victim);
  }

  /** Behind the decoder: of another seat, the first input with something in it from the planned frame on. */
  #tamper({ player }: VirtualPlayer<Simulation>): void {
    this.#tampered = true;
    const { frame } = this.#fault!;
    const other = (player.seat! + 1 + this.#random.below(this.#plan.players - 1)) % this.#plan.players;
    const at = this.#random.u32();
    const mask = 1 + this.#random.below(255);
    const inputs = player.inputs!;
    const push = inputs.push.bind(inputs);
    let done = false;
    inputs.push = (seat, from, begin, length, presence) => {
      if (done || seat !== other || length === 0 || inputs.held(seat) < frame) {
        push(seat, from, begin, length, presence);
        return;
      }
      done = true;
      const bytes = from.slice(begin, begin + length);
      bytes[at % length]! ^= mask;
      push(seat, bytes, 0, length, presence);
    };
  }

  get #frames(): number {
    return Math.min(...this.#match.players.map(({ player }) => player.stats.confirmedEnd));
  }

  get #ended(): string | undefined {
    for (const { events, index } of this.#match.players)
      for (const event of events) if (event.type === "ended") return `player ${index} ended: ${event.reason}`;
    return undefined;
  }

  #over(): boolean {
    const { players } = this.#match;
    const parties = players.filter((player) => reportOf(player) !== undefined);
    const { parting } = this.#truth;
    if (parting !== undefined) this.#partedAt ??= this.#now;
    if (parties.length > 0 && this.#isReported) this.#reportedAt ??= this.#now;
    if (this.#reportedAt !== undefined && (parting !== undefined || this.#now > this.#reportedAt + REPORT_MS))
      return true;
    if (this.#ended !== undefined) return true;
    if (this.#partedAt !== undefined) return this.#now > this.#partedAt + REPORT_MS;
    return this.#frames >= this.#plan.frames;
  }

  /** Whether everybody who is a side of it has made a report. */
  get #isReported(): boolean {
    const reports = this.#match.players.map((player) => reportOf(player));
    const sides = reports.find((report) => report !== undefined)?.sides.map(({ party }) => party) ?? [];
    const seated = this.#match.players.filter(({ player }) => player.seat !== undefined && sides.includes(player.seat));
    return seated.every((player) => reportOf(player) !== undefined);
  }
}

function reportOf({ events }: VirtualPlayer<Simulation>): DesyncReport | undefined {
  for (const event of events) if (event.type === "desync") return event.report;
  return undefined;
}
