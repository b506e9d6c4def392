// What one player of a match was given, datagram by datagram and tick by tick, to be given to a fresh one again.
import { PERFECT } from "../src/netsim/conditions.js";
import { Link } from "../src/netsim/link.js";
import { Random } from "../src/netsim/random.js";
import { Sequencer } from "../src/sequencer/sequencer.js";
import { Player } from "../src/session/player.js";
import type { Game } from "../src/simulation/game.js";
import { CELL_HEADER_BYTES, type Simulation } from "../src/simulation/simulation.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../src/wire/match-config.js";
import type { Script } from "./rigs.js";

export interface Scene {
  game: Game;
  script: Script;
  inputDelay: number;
  /** One way between a player and the sequencer, in ms. */
  delayMs: number;
  frames: number;
}

/** One datagram, or one tick. A player is deterministic, so the same givens make the same match. */
class Given {
  /** A number. Of unknown type, and once undefined, so that V8 keeps it boxed: reading it then allocates nothing. */
  readonly now: unknown;
  /** Absent: a tick. */
  readonly datagram: Uint8Array | undefined;
  readonly sample: () => Uint8Array;

  constructor(now: unknown, datagram: Uint8Array | undefined, input: Uint8Array) {
    this.now = now;
    this.datagram = datagram;
    this.sample = () => input;
  }
}
new Given(undefined, undefined, new Uint8Array(0));

/** Until the match runs at its pace: greeting, probes, countdown. */
const WARM_FRAMES = 240;

const INPUT = new Uint8Array(0);

function configOf({ game: { schema }, inputDelay }: Scene): MatchConfig {
  return {
    ...{ players: 2, framesPerSecond: schema.framesPerSecond, predictionWindow: 8, inputDelay, ...MATCH_DEFAULTS },
    ...{ inputBytes: schema.regions.inputs.stride - CELL_HEADER_BYTES, dropAfterMs: 5000 },
    ...{ seedLow: 1, seedHigh: 1, rules: new Uint8Array(0) },
  };
}

function playerOf(simulation: Simulation, config: MatchConfig, index: number): Player {
  return new Player({ simulation, config, token: new Uint8Array(16).fill(index + 1) });
}

/** A player's part of a match, ready to be played as often as one likes. */
export class Part {
  /** The frame at which `steady` begins, and how many it plays. */
  readonly begin: number;
  readonly frames: number;
  readonly #scene: Scene;
  readonly #given: Given[];
  readonly #steadyAt: number;

  /** Plays the whole match once, and keeps what its first player was given. */
  static async record(scene: Scene): Promise<Part> {
    const config = configOf(scene);
    const random = new Random(1);
    const link = () =>
      Object.assign(new Link(random, "datagram"), { conditions: { ...PERFECT, delayMs: scene.delayMs } });
    const seats = await Promise.all(
      [0, 1].map(async (index) => ({
        player: playerOf(await scene.game.simulation(), config, index),
        up: link(),
        down: link(),
      })),
    );
    const sequencer = new Sequencer();
    const given: Given[] = [];
    let begin = 0;
    let steadyAt = 0;
    const first = seats[0]!.player;
    for (let turn = 0; first.stats.frame < WARM_FRAMES + scene.frames; turn++) {
      if (turn > 100 * (WARM_FRAMES + scene.frames)) throw new Error("the match to be recorded does not get on");
      const now = turn / 4;
      sequence(sequencer, seats, now, turn % 16 === 0);
      for (const [index, { player, up, down }] of seats.entries()) {
        const mine = index === 0;
        down.deliver(now, (bytes) => {
          const datagram = bytes.slice();
          if (mine) given.push(new Given(now, datagram, INPUT));
          player.receive(datagram, now);
        });
        if (isTick(turn, scene)) {
          const input = inputOf(scene.script, index, player.stats.frame);
          if (mine) given.push(new Given(now, undefined, input));
          player.tick(() => input, now);
        }
        player.drain((_, bytes) => up.send(bytes, now));
        player.takeEvents();
        player.takeEffects();
      }
      if (steadyAt === 0 && first.stats.frame >= WARM_FRAMES) {
        steadyAt = given.length;
        begin = first.stats.frame;
      }
    }
    return new Part(scene, given, steadyAt, begin, first.stats.frame - begin);
  }

  private constructor(scene: Scene, given: Given[], steadyAt: number, begin: number, frames: number) {
    this.#scene = scene;
    this.#given = given;
    this.#steadyAt = steadyAt;
    this.begin = begin;
    this.frames = frames;
  }

  /** A fresh player, brought to where the match runs at its pace. */
  start(simulation: Simulation): Steady {
    const player = playerOf(simulation, configOf(this.#scene), 0);
    for (const each of this.#given.slice(0, this.#steadyAt)) {
      give(player, each);
      if (each.datagram === undefined) player.takeEffects();
    }
    return { player, given: this.#given.slice(this.#steadyAt) };
  }
}

export interface Steady {
  player: Player;
  given: Given[];
}

/** One call from outside: a datagram is received, or a tick is lived through and its datagrams are taken. */
export function give(player: Player, { now, datagram, sample }: Given): void {
  if (datagram !== undefined) player.receive(datagram, now as number);
  else {
    player.tick(sample, now as number);
    player.drain(take);
  }
}

/** A carrier that loses everything. */
function take(): void {}

/** Sixty ticks a second, to the nearest quarter of a millisecond. */
function isTick(turn: number, { game }: Scene): boolean {
  const { framesPerSecond } = game.schema;
  return Math.floor((turn * framesPerSecond) / 4000) !== Math.floor(((turn - 1) * framesPerSecond) / 4000);
}

function inputOf(script: Script, seat: number, frame: number): Uint8Array {
  const value = script(seat, frame);
  return Uint8Array.of(value & 255, value >> 8);
}

function sequence(sequencer: Sequencer, seats: { up: Link; down: Link }[], now: number, ticks: boolean): void {
  for (const [peer, { up }] of seats.entries()) up.deliver(now, (bytes) => sequencer.receive(peer, bytes, now));
  if (ticks) sequencer.tick(now);
  sequencer.drain((peer, bytes) => seats[peer]!.down.send(bytes, now));
}
