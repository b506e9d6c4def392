// Matches in which one machine goes wrong: how the tests break it, and what they ask of the reports.
import { PERFECT } from "../../src/netsim/conditions.js";
import type { VirtualPlayerOptions } from "../../src/netsim/virtual-match.js";
import type { SequencerOptions } from "../../src/sequencer/sequencer.js";
import type { Desync } from "../../src/session/evidence/evidence.js";
import type { DesyncReport } from "../../src/session/evidence/report.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import type { MatchConfig } from "../../src/wire/match-config.js";
import { type Guest, type Party, party, play } from "./party.js";

/** Who is broken. */
export const VICTIM = 1;

/** Played before anything is broken or lost. */
const WARM_FRAMES = 66;

/** Time for everything to come to light. */
const LONG_MS = 20_000;

export interface BrokenOptions {
  players?: number;
  roundTripMs?: number;
  loss?: number;
  burst?: number;
  seed?: number;
  authority?: boolean;
  config?: Partial<MatchConfig>;
  /** Snapshots of every player's ring, and of the authority's. */
  slots?: number;
  all?: Partial<VirtualPlayerOptions<WasmSimulation>>;
}

export class Broken {
  readonly match: Party;
  now = 0;

  static async start(game: Game, options: BrokenOptions = {}): Promise<Broken> {
    const { players = 2, roundTripMs = 40, loss = 0, burst = 1, seed = 1, authority, config, slots, all } = options;
    const ring = slots === undefined ? {} : { slots };
    const simulations = await Promise.all(Array.from({ length: players }, () => game.simulation(ring)));
    const sequencer: SequencerOptions = authority ? { authority: await game.simulation(ring) } : {};
    const network = { ...PERFECT, delayMs: roundTripMs / 2 };
    const broken = new Broken(
      await party(game, {
        ...{ comes: new Array(players).fill(0), network, seed, sequencer },
        config: { players, predictionWindow: 8, dropAfterMs: 5000, ...config },
        players: simulations.map((simulation) => ({ simulation, ...all })),
      }),
    );
    broken.until(() => broken.players.every(({ player }) => player.stats.frame > WARM_FRAMES));
    for (const { up, down } of broken.players) {
      up.conditions = { ...network, loss, burst };
      down.conditions = { ...network, loss, burst };
    }
    broken.play(400);
    return broken;
  }

  private constructor(match: Party) {
    this.match = match;
  }

  get players(): Guest[] {
    return this.match.players;
  }

  get victim(): Guest {
    return this.players[VICTIM]!;
  }

  play(ms: number): void {
    play(this.match, this.now, this.now + ms);
    this.now += ms;
  }

  until(what: () => boolean): void {
    const end = this.now + LONG_MS;
    for (; !what(); this.now++) {
      if (this.now >= end) throw new Error(`not before ${end} ms`);
      this.match.turn(this.now);
    }
  }

  /** Plays until so many players have a report. */
  untilReported(count = this.players.length): void {
    this.until(() => this.players.filter(({ events }) => events.some(({ type }) => type === "desync")).length >= count);
  }

  events(index: number): Desync[] {
    return this.players[index]!.events.filter((event) => event.type === "desync");
  }

  report(index: number): DesyncReport {
    const [event] = this.events(index);
    if (event === undefined) throw new Error(`player ${index} has no report`);
    return event.report;
  }

  /** When the first question goes out, which is when the sequencer has noticed. */
  noticed(): () => number {
    const { sequencer } = this.match;
    let at: number | undefined;
    const drain = sequencer.drain.bind(sequencer);
    sequencer.drain = (send) =>
      drain((to, bytes) => {
        if (bytes[0] === HASH_QUERY) at ??= this.now;
        send(to, bytes);
      });
    return () => at!;
  }
}

const HASH_QUERY = 10;

/** The frame that the live state says it is: the first number of all these games. */
function frameOf(simulation: WasmSimulation): number {
  const { address } = simulation.schema.regions.state;
  return simulation.memory.getUint32(address, true);
}

/** After each step of `frame` bits are turned over: as if the module's code were another one. */
export function patch({ simulation }: Guest, frame: number, ...offsets: number[]): void {
  const step = simulation.step.bind(simulation);
  simulation.step = (record) => {
    const result = step(record);
    if (frameOf(simulation) === frame + 1) for (const offset of offsets) simulation.flip(offset, 1);
    return result;
  };
}

/** The same, but only as the match is played and not when a frame is looked at again: as if the page had written. */
export function scribble(guest: Guest, frame: number, ...offsets: number[]): void {
  const { simulation } = guest;
  const step = simulation.step.bind(simulation);
  simulation.step = (record) => {
    const result = step(record);
    if (record === undefined && frameOf(simulation) === frame + 1) {
      for (const offset of offsets) simulation.flip(offset, 1);
    }
    return result;
  };
}

/** Another seat's input of `frame` becomes another one behind the decoder. */
export function tamper({ player }: Guest, seat: number, frame: number): void {
  const inputs = player.inputs!;
  const push = inputs.push.bind(inputs);
  inputs.push = (of, from, at, length, presence) => {
    if (of !== seat || inputs.held(seat) !== frame) push(of, from, at, length, presence);
    else push(of, Uint8Array.of(from[at]! ^ 1, ...from.subarray(at + 1, at + length)), 0, length, presence);
  };
}

/** What two reports of one desync must have in common. */
export function shared(report: DesyncReport): object {
  const { own, took, healed, ...rest } = report;
  return JSON.parse(JSON.stringify(rest)) as object;
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
