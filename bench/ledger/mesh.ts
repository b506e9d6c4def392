// The control: plain rollback over a full mesh, on our timeline. Where nothing stalls, no engine resimulates less.
import { FinalInputs } from "../../src/session/inputs/final-inputs.js";
import { openRun, writeRun } from "../../src/session/inputs/run.js";
import { Timeline } from "../../src/session/timeline/timeline.js";
import type { Simulation } from "../../src/simulation/simulation.js";
import { Reader, Writer } from "../../src/wire/bytes.js";
import { RunReader, RunWriter } from "../../src/wire/input-run.js";
import { RUN_BYTES_MAX } from "../../src/wire/limits.js";
import { direct, INPUT_DELAY, PREDICTION_WINDOW, type Run, STEP_MS, STEPS } from "./cells.js";
import { Path } from "./path.js";
import type { Press } from "./presses.js";
import { Tally } from "./tally.js";

/** A message's bytes before its run: first frame u16, frames u8, acknowledged end u16. */
const HEAD_BYTES = 5;

/** Everybody starts at once, without a greeting; all share one clock, and whoever stalled catches up with it. */
export function playMesh({ cell, press, seed, simulations, steps = STEPS }: Run): Tally {
  const tally = new Tally();
  const peers = simulations
    .slice(0, cell.players)
    .map((simulation, seat) => new Peer(simulation, seat, cell.players, press));
  const paths: Path[] = [];
  for (const from of peers) {
    for (const to of peers) {
      if (from === to) continue;
      const path = new Path(seed, paths.length, direct(cell), (bytes) => to.receive(from.seat, bytes));
      from.paths[to.seat] = path;
      paths.push(path);
    }
  }
  for (let step = 0; step < steps; step++) {
    const now = step * STEP_MS;
    for (const path of paths) path.deliver(now);
    for (const peer of peers) peer.play(step + 1, tally);
    for (const peer of peers) tally.plain += cell.inputBytes * peer.send(now);
  }
  for (const { bytes, messages } of paths) {
    tally.bytes += bytes;
    tally.messages += messages;
  }
  tally.runs = 1;
  tally.players = cell.players;
  tally.confirmed = cell.players * Math.min(...peers.map((peer) => peer.confirmedEnd));
  return tally;
}

class Peer {
  readonly seat: number;
  /** To each other seat. */
  readonly paths: (Path | undefined)[] = [];
  readonly #press: Press;
  readonly #inputs: FinalInputs;
  readonly #timeline: Timeline;
  /** How much of my inputs each other seat says it holds. */
  readonly #acknowledged: number[];
  readonly #reader = new Reader();
  readonly #writer = new Writer();
  readonly #datagram = new Uint8Array(HEAD_BYTES + RUN_BYTES_MAX);
  readonly #runReader = new RunReader();
  readonly #runWriter = new RunWriter(RUN_BYTES_MAX);
  readonly #run = { base: 0, count: 0, bits: { bytes: new Uint8Array(0), begin: 0, end: 0 } };
  #pressed = 0;

  constructor(simulation: Simulation, seat: number, seats: number, press: Press) {
    simulation.reset({ players: seats, seedLow: 1, seedHigh: 1, rules: new Uint8Array(0) });
    this.seat = seat;
    this.#press = press;
    this.#inputs = new FinalInputs({ seats, cellBytes: simulation.cellBytes, inputDelay: INPUT_DELAY });
    this.#timeline = new Timeline({ simulation, inputs: this.#inputs, predictionWindow: PREDICTION_WINDOW });
    this.#acknowledged = new Array<number>(seats).fill(INPUT_DELAY);
  }

  get confirmedEnd(): number {
    return Math.min(this.#timeline.settledEnd, this.#timeline.frame);
  }

  /** Plays the frames before `due`, as far as the window allows. */
  play(due: number, tally: Tally): void {
    const timeline = this.#timeline;
    const inputs = this.#inputs;
    timeline.settle();
    const depth = timeline.lastDepth;
    const before = timeline.frame;
    let stalled = false;
    while (timeline.frame < due && !stalled) {
      if (inputs.held(this.seat) <= timeline.frame + INPUT_DELAY) {
        const input = this.#press(this.seat, this.#pressed++);
        inputs.push(this.seat, input, 0, input.length);
      }
      stalled = timeline.advance() !== "stepped";
    }
    if (stalled) tally.stalls += 1;
    tally.step(timeline.frame - before, depth, timeline.frame - this.confirmedEnd);
  }

  /** To everybody, all that he has not acknowledged; answers how many inputs that are. */
  send(now: number): number {
    let count = 0;
    const inputs = this.#inputs;
    const writer = this.#writer;
    const run = this.#run;
    const end = inputs.held(this.seat);
    for (const [to, path] of this.paths.entries()) {
      if (path === undefined) continue;
      const first = this.#acknowledged[to]!;
      writeRun(this.#runWriter, inputs, this.seat, first, first, end, run);
      writer.open(this.#datagram);
      writer.u16(first);
      writer.u8(run.count);
      writer.u16(inputs.held(to));
      writer.raw(run.bits.bytes, run.bits.begin, run.bits.end);
      path.send(this.#datagram.subarray(0, writer.at), now);
      count += run.count;
    }
    return count;
  }

  receive(from: number, bytes: Uint8Array): void {
    const inputs = this.#inputs;
    const reader = this.#reader;
    const run = this.#run;
    reader.open(bytes);
    const first = reader.u16();
    run.base = 1; // the frame before, which I have acknowledged
    run.count = reader.u8();
    this.#acknowledged[from] = Math.max(this.#acknowledged[from]!, reader.u16());
    Object.assign(run.bits, { bytes, begin: HEAD_BYTES, end: bytes.length });
    const held = inputs.held(from);
    if (!openRun(this.#runReader, inputs, from, first, run)) throw new Error("the control's delta base is not held");
    for (let frame = first; this.#runReader.next(); frame++) {
      if (frame >= held) inputs.push(from, this.#runReader.bytes, 0, this.#runReader.length);
    }
    if (inputs.held(from) > held) this.#timeline.confirm(from, held, inputs.held(from));
  }
}
