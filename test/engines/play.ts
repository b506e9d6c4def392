// What every engine runs: a game from its bytes, under inputs that no player would send, and one hash over all of its states.
// It is no module of the test, but a script for the shells of the engines.
import { readBytes, say } from "./shell.js";
import { randomWords } from "./words.js";

export interface Run {
  readonly wasm: string;
  readonly frames: number;
  readonly players: number;
  readonly seed: number;
  /** The state is hashed in pieces of so many bytes, each for itself: a multiple of four. */
  readonly pieceBytes: number;
  readonly regions: {
    readonly state: { readonly address: number; readonly size: number };
    readonly config: { readonly address: number };
    readonly inputs: { readonly address: number; readonly stride: number };
    readonly events: { readonly address: number };
  };
}

declare const RUN: Run;

const CONFIG_SEED = 4;
const CELL_LENGTH = 2;
const CELL_HEADER = 8;
const PRESENT = 1;

/** The hash of each piece: 32 bits over its words in all states, one after the other. */
function play({ wasm, frames, players, seed, pieceBytes, regions }: Run): string[] {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readBytes(wasm) as BufferSource), {});
  const { memory, init, step } = instance.exports as {
    memory: WebAssembly.Memory;
    init: () => void;
    step: () => void;
  };
  const view = new DataView(memory.buffer);
  const state = new Uint32Array(memory.buffer, regions.state.address, regions.state.size >> 2);
  const word = randomWords(seed);
  view.setUint32(regions.config.address, players, true);
  view.setUint32(regions.config.address + CONFIG_SEED, seed, true);
  init();
  const pieceWords = pieceBytes >> 2;
  const hashes = new Uint32Array(Math.ceil(state.length / pieceWords));
  for (let frame = 0; frame < frames; frame++) {
    for (let player = 0; player < players; player++) {
      const cell = regions.inputs.address + player * regions.inputs.stride;
      view.setUint8(cell, PRESENT);
      view.setUint16(cell + CELL_LENGTH, regions.inputs.stride - CELL_HEADER, true);
      for (let at = CELL_HEADER; at < regions.inputs.stride; at += 4) view.setUint32(cell + at, word(), true);
    }
    view.setUint32(regions.events.address, 0, true);
    step();
    for (let at = 0; at < state.length; at++) {
      const piece = Math.floor(at / pieceWords);
      hashes[piece] = Math.imul(hashes[piece]! ^ (hashes[piece]! >>> 15) ^ state[at]!, 0x01000193) + 1;
    }
  }
  return [...hashes].map((hash) => hash.toString(16));
}

say(`played ${play(RUN).join(" ")}`);
