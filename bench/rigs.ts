// A game in three harnesses: bare, behind the Simulation port, and with everything that a session does around it.

import { HashChain } from "../src/session/evidence/hash-chain.js";
import { FinalInputs } from "../src/session/inputs/final-inputs.js";
import { Timeline } from "../src/session/timeline/timeline.js";
import type { Game, WasmSimulation } from "../src/simulation/game.js";
import { CELL_HEADER_BYTES, type GameConfig, PRESENCE_HERE } from "../src/simulation/simulation.js";
import { buttons, type Implementation, LATE, SEED } from "./peers/workload.js";

const CONFIG: GameConfig = { players: 2, seedLow: SEED, seedHigh: 2, rules: new Uint8Array(0) };

/** Who presses what: a seat and a frame give 16 bits. */
export type Script = (seat: number, frame: number) => number;

/** Where an input's first word stands in a record of 32-bit words. */
function inputWord(cellBytes: number, seat: number): number {
  return (seat * cellBytes + CELL_HEADER_BYTES) >> 2;
}

/** The game's own exports and nothing else. No game runs with less: inputs are written, used events are cleared. */
export class Bare {
  /** The game's state, in its memory. */
  readonly state: Uint8Array;
  readonly #step: () => void;
  readonly #init: () => void;
  readonly #words: Uint32Array;
  readonly #state: { begin: number; end: number };
  readonly #configAt: number;
  readonly #eventsAt: number;
  readonly #inputsAt: number;
  readonly #first: number;
  readonly #second: number;
  #frame = 0;

  static async create(game: Game): Promise<Bare> {
    const { instance } = await WebAssembly.instantiate(game.wasm as BufferSource, {});
    return new Bare(game, instance.exports as unknown as BareExports);
  }

  private constructor({ schema: { regions } }: Game, exports: BareExports) {
    const { state, config, events, inputs } = regions;
    this.#step = exports.step;
    this.#init = exports.init;
    this.state = new Uint8Array(exports.memory.buffer, state.address, state.size);
    this.#words = new Uint32Array(exports.memory.buffer);
    this.#state = { begin: state.address >> 2, end: (state.address + state.size) >> 2 };
    this.#configAt = config.address >> 2;
    this.#eventsAt = events.address >> 2;
    this.#inputsAt = inputs.address >> 2;
    this.#first = this.#inputsAt + inputWord(inputs.stride, 0);
    this.#second = this.#inputsAt + inputWord(inputs.stride, 1);
  }

  reset(): void {
    const words = this.#words;
    words.fill(0, this.#state.begin, this.#state.end);
    words.set([CONFIG.players, CONFIG.seedLow, CONFIG.seedHigh], this.#configAt);
    words[this.#eventsAt] = 0;
    this.#init();
    for (const at of [this.#first, this.#second]) words[at - (CELL_HEADER_BYTES >> 2)] = PRESENCE_HERE | (2 << 16);
    this.#frame = 0;
  }

  step(script: Script): void {
    const words = this.#words;
    words[this.#first] = script(0, this.#frame);
    words[this.#second] = script(1, this.#frame);
    words[this.#eventsAt] = 0;
    this.#step();
    this.#frame += 1;
  }
}

interface BareExports {
  memory: WebAssembly.Memory;
  init(): void;
  step(): void;
}

/** The Simulation port, driven as a core is: restore, then eight times step and save, and a hash of what is confirmed. */
export class PortRig implements Implementation {
  readonly #simulation: WasmSimulation;
  readonly #hashes: boolean;
  readonly #hash = new Uint32Array(2);
  readonly #first: number;
  readonly #second: number;
  #frame = 0;

  constructor(simulation: WasmSimulation, options: { hashes: boolean }) {
    this.#simulation = simulation;
    this.#hashes = options.hashes;
    this.#first = inputWord(simulation.cellBytes, 0);
    this.#second = inputWord(simulation.cellBytes, 1);
    simulation.reset(CONFIG);
    for (const at of [this.#first, this.#second]) simulation.inputs[at - 2] = PRESENCE_HERE | (2 << 16);
    simulation.save(0);
  }

  frame(): void {
    this.#play(Math.max(0, this.#frame - LATE), this.#frame + 1, this.#frame - LATE);
    this.#frame += 1;
  }

  finish(): Int32Array {
    this.#play(Math.max(0, this.#frame - LATE), this.#frame, this.#frame);
    return stateWords(this.#simulation, this.#frame);
  }

  #play(from: number, until: number, known: number): void {
    const simulation = this.#simulation;
    const { inputs, slots } = simulation;
    simulation.restore(from % slots);
    for (let frame = from; frame < until; frame++) {
      inputs[this.#first] = buttons(0, frame);
      inputs[this.#second] = known < 0 ? 0 : buttons(1, Math.min(frame, known));
      simulation.step();
      simulation.save((frame + 1) % slots);
    }
    if (this.#hashes) simulation.hash((from + 1) % slots, this.#hash, 0);
  }
}

/** Timeline, final inputs and hash chain: all that a session does for a frame, without its wire. */
export class SessionRig implements Implementation {
  readonly timeline: Timeline;
  readonly inputs: FinalInputs;
  readonly chain: HashChain;
  readonly #simulation: WasmSimulation;
  readonly #script: Script;
  readonly #late: number;
  readonly #input = new Uint8Array(2);
  #frame = 0;

  constructor(simulation: WasmSimulation, options: { script?: Script; late?: number } = {}) {
    const { script = buttons, late = LATE } = options;
    this.#simulation = simulation;
    this.#script = script;
    this.#late = late;
    simulation.reset(CONFIG);
    this.inputs = new FinalInputs({ seats: 2, cellBytes: simulation.cellBytes, inputDelay: 0 });
    this.chain = new HashChain(simulation, this.inputs);
    this.timeline = new Timeline({
      simulation,
      inputs: this.inputs,
      predictionWindow: late + 1,
      own: 0,
      onSettled: (frame) => this.chain.link(frame),
    });
  }

  frame(): void {
    this.#press(0, this.#frame);
    if (this.#frame >= this.#late) this.#press(1, this.#frame - this.#late);
    this.timeline.advance();
    this.#frame += 1;
  }

  finish(): Int32Array {
    for (let frame = this.#frame - this.#late; frame < this.#frame; frame++) this.#press(1, frame);
    this.timeline.settle();
    return stateWords(this.#simulation, this.#frame);
  }

  #press(seat: number, frame: number): void {
    const value = this.#script(seat, frame);
    this.#input[0] = value & 255;
    this.#input[1] = value >> 8;
    this.inputs.push(seat, this.#input, 0, 2);
    this.timeline.confirm(seat, frame, frame + 1);
  }
}

function stateWords(simulation: WasmSimulation, frame: number): Int32Array {
  return new Int32Array(simulation.copy(frame % simulation.slots).buffer);
}
