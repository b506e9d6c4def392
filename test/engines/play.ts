// What every engine runs: a game from its bytes, under inputs that no player would send, and one hash over all of its states.
// It is no module of the test, but a script for the shells of the engines: they know neither imports nor each other's files.

export interface Run {
  readonly wasm: string;
  readonly frames: number;
  readonly players: number;
  readonly seed: number;
  /** The state is hashed in pieces of so many bytes, each for itself. */
  readonly pieceBytes: number;
  readonly regions: {
    readonly state: { readonly address: number; readonly size: number };
    readonly config: { readonly address: number };
    readonly inputs: { readonly address: number; readonly stride: number };
    readonly events: { readonly address: number };
  };
}

// What the shells offer: to read a file, and to say something.
declare const RUN: Run;
declare const readFile: ((path: string, kind: "binary") => Uint8Array) | undefined;
declare const os: { readonly file: { readFile(path: string, kind: "binary"): Uint8Array } } | undefined;
declare const print: ((text: string) => void) | undefined;

const CONFIG_SEED = 4;
const CELL_LENGTH = 2;
const CELL_HEADER = 8;
const PRESENT = 1;

/** Halves of doubles and whole singles: both zeros, ones, infinities, NaNs quiet and signalling with bits of their own, and the smallest. */
const WORDS = [
  0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc12345, 0x7fa00001, 0xff800001,
  0x00000001, 0x3ff00000, 0xbff00000, 0x7ff00000, 0xfff00000, 0x7ff80000, 0xfff8abcd, 0x7ff40000, 0x40490fdb,
  0x4b000001, 0xc1234567, 0x408f4000,
];

function readWasm(path: string): Uint8Array {
  if (typeof readFile === "function") return readFile(path, "binary");
  if (typeof os === "object") return os.file.readFile(path, "binary");
  return (require("node:fs") as typeof import("node:fs")).readFileSync(path);
}

function randomWords(seed: number): () => number {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state ^ (state >>> 15);
  };
  // Every fourth word is any word.
  return () => ((next() >>> 7) % 4 === 0 ? next() : WORDS[(next() >>> 3) % WORDS.length]!);
}

/** The hash of each piece: 32 bits over its bytes in all states, one after the other. */
function play({ wasm, frames, players, seed, pieceBytes, regions }: Run): string[] {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readWasm(wasm) as BufferSource), {});
  const { memory, init, step } = instance.exports as {
    memory: WebAssembly.Memory;
    init: () => void;
    step: () => void;
  };
  const view = new DataView(memory.buffer);
  const state = new Uint8Array(memory.buffer, regions.state.address, regions.state.size);
  const word = randomWords(seed);
  view.setUint32(regions.config.address, players, true);
  view.setUint32(regions.config.address + CONFIG_SEED, seed, true);
  init();
  const hashes = new Uint32Array(Math.ceil(state.length / pieceBytes));
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
      const piece = Math.floor(at / pieceBytes);
      hashes[piece] = Math.imul(hashes[piece]! ^ (hashes[piece]! >>> 15) ^ state[at]!, 0x01000193) + 1;
    }
  }
  return [...hashes].map((hash) => hash.toString(16));
}

const say = typeof print === "function" ? print : console.log;
say(`played ${play(RUN).join(" ")}`);
