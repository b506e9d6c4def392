// Ours: players and their sequencer, event by event, in the steps of the ledger's setup.
import { Sequencer } from "../../src/sequencer/sequencer.js";
import { Player } from "../../src/session/player.js";
import { CELL_HEADER_BYTES, type Simulation } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import { type Cell, direct, INPUT_DELAY, leg, PREDICTION_WINDOW, type Run, STEP_MS, STEPS } from "./cells.js";
import { Path } from "./path.js";
import type { Press } from "./presses.js";
import { Tally } from "./tally.js";

/**
 * "page": in the first player's page, who reaches it in memory. "midway": a server half-way between any two. "far": a
 * server as far from everybody as everybody is from each other.
 */
export type Placement = "page" | "midway" | "far";

/** The sequencer is woken this often, in ms, beside every datagram that comes. */
const SEQUENCER_TICK_MS = 4;

export function playStar(run: Run & { placement: Placement }): Tally {
  return new Star(run).play();
}

class Star {
  readonly #run: Run;
  readonly #seats: Seat[];
  readonly #paths: Path[];
  readonly #sequencer = new Sequencer();
  readonly #tally = new Tally();
  /** The hash chain at each frame's end, as whoever came first has it. */
  readonly #chain: number[] = [];
  #now = 0;
  #wakeAt = 0;

  constructor(run: Run & { placement: Placement }) {
    const { cell, placement, simulations, press, seed } = run;
    const conditions = placement === "midway" ? leg(cell) : direct(cell);
    const remote = (seat: number) => placement !== "page" || seat > 0;
    this.#run = run;
    this.#seats = simulations.slice(0, cell.players).map((simulation, index) => {
      const player = new Player({
        simulation,
        config: configOf(cell, simulation),
        token: new Uint8Array(16).fill(index + 1),
        onConfirmed: (end, chain) => this.#confirmed(end, chain),
      });
      const toSequencer = (bytes: Uint8Array) => this.#sequencer.receive(index, bytes, this.#now);
      const toPlayer = (bytes: Uint8Array) => player.receive(bytes, this.#now);
      const local = { send: toSequencer, receive: toPlayer };
      if (!remote(index)) return new Seat(index, player, press, local);
      const up = new Path(seed, 2 * index, conditions, toSequencer);
      const down = new Path(seed, 2 * index + 1, conditions, toPlayer);
      return new Seat(index, player, press, { up, down });
    });
    this.#paths = this.#seats.flatMap(({ paths }) => paths);
  }

  // Everybody's inputs and states are the same, or nothing here means anything.
  #confirmed(end: number, chain: number): void {
    this.#chain[end] ??= chain;
    if (this.#chain[end] !== chain) throw new Error(`hash chains part before frame ${end}`);
  }

  play(): Tally {
    const { cell, steps = STEPS } = this.#run;
    const tally = this.#tally;
    for (let step = 0; step < steps; step++) {
      this.#until(step * STEP_MS);
      for (const seat of this.#seats) {
        seat.step(this.#now, tally);
        this.#flush();
      }
    }
    for (const { bytes, messages } of this.#paths) {
      tally.bytes += bytes;
      tally.messages += messages;
    }
    tally.runs = 1;
    tally.players = cell.players;
    for (const { player } of this.#seats) tally.stalls += Math.round(player.stats.stalledMs / STEP_MS);
    tally.confirmed = cell.players * Math.min(...this.#seats.map(({ player }) => player.stats.confirmedEnd));
    if (this.#sequencer.agreedEnd === 0) throw new Error("nobody compared a hash chain");
    return tally;
  }

  /** Lives through all that happens until `end`: between steps, datagrams arrive and the sequencer wakes. */
  #until(end: number): void {
    for (;;) {
      let at = this.#wakeAt;
      for (const path of this.#paths) at = Math.min(at, path.nextAt);
      this.#now = Math.min(at, end);
      if (at > end) return;
      for (const path of this.#paths) path.deliver(at);
      if (at >= this.#wakeAt) {
        this.#sequencer.tick(at);
        this.#wakeAt += SEQUENCER_TICK_MS;
      }
      this.#flush();
    }
  }

  #flush(): void {
    this.#sequencer.drain((peer, bytes) => this.#seats[peer]!.hear(bytes, this.#now));
  }
}

/** How a player and the sequencer reach each other: over a link each way, or in memory. */
type Carrier = { up: Path; down: Path } | { send: (bytes: Uint8Array) => void; receive: (bytes: Uint8Array) => void };

class Seat {
  readonly player: Player;
  readonly #carrier: Carrier;
  readonly #sample: () => Uint8Array;

  constructor(index: number, player: Player, press: Press, carrier: Carrier) {
    let pressed = 0;
    this.player = player;
    this.#carrier = carrier;
    this.#sample = () => press(index, pressed++);
  }

  get paths(): Path[] {
    return "up" in this.#carrier ? [this.#carrier.up, this.#carrier.down] : [];
  }

  /** What the sequencer sends him. */
  hear(bytes: Uint8Array, now: number): void {
    if ("up" in this.#carrier) this.#carrier.down.send(bytes, now);
    else this.#carrier.receive(bytes);
  }

  step(now: number, tally: Tally): void {
    const { player } = this;
    const { stats } = player;
    const before = stats.frame;
    player.tick(this.#sample, now);
    player.drain((_, bytes) => {
      if ("up" in this.#carrier) this.#carrier.up.send(bytes, now);
      else this.#carrier.send(bytes);
    });
    player.takeEffects();
    const ended = player.takeEvents().find(({ type }) => type === "ended");
    if (ended !== undefined) throw new Error(`a player's match ended: ${JSON.stringify(ended)}`);
    if (stats.frame > 0) tally.step(stats.frame - before, stats.rollback, stats.frame - stats.confirmedEnd);
  }
}

function configOf(cell: Cell, { schema, cellBytes }: Simulation): MatchConfig {
  return {
    ...{ players: cell.players, framesPerSecond: schema.framesPerSecond, inputDelay: INPUT_DELAY, ...MATCH_DEFAULTS },
    ...{ predictionWindow: PREDICTION_WINDOW, inputBytes: cellBytes - CELL_HEADER_BYTES, dropAfterMs: 5000 },
    ...{ seedLow: 1, seedHigh: 1, rules: new Uint8Array(0) },
  };
}
