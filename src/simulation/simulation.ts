// The Simulation port: all that sessions, verifiers and tests know of a game.
import type { Schema } from "./schema.js";

/** Bytes before an input cell's own: presence u8, reserved u8, length u16, reserved u32. */
export const CELL_HEADER_BYTES = 8;

/** Values of a cell's first byte. */
export const PRESENCE_ABSENT = 0;
export const PRESENCE_HERE = 1;
/** Here, but the input came too late and is the sequencer's. */
export const PRESENCE_REPLACED = 2;

/** "trapped": the step stopped half-way, the state is not to be used; `trap` says why. */
export type StepResult = "stepped" | "trapped";

/** Config region before the game's own rules: players, seed low, seed high, reserved (u32 each). */
export const GAME_CONFIG_HEADER_BYTES = 16;

/** What is hashed together with an input record: the chain and the state's hash, eight bytes each. */
export const LINK_HEADER_BYTES = 16;

/** Snapshots of a sparse simulation: the newest confirmed state, and the one before it while it is hashed. */
export const SLOTS_SPARSE = 2;

/** What a match tells a game before frame zero. */
export interface GameConfig {
  players: number;
  seedLow: number;
  seedHigh: number;
  /** The bytes of the game's @config class; shorter is padded with zeroes. */
  rules: Uint8Array;
}

/**
 * A deterministic game with a ring of snapshots beside it. `state[f] --step(inputs[f])--> state[f+1]`.
 * An input record holds one cell of `cellBytes` for each seat: the header above, then the input, then zeroes.
 */
export interface Simulation {
  /** XXH3-64 of the module's bytes, and of its schema: the identities a handshake compares. */
  readonly gameHash: string;
  readonly schemaHash: string;
  /** XXH3-64 of core.wasm. */
  readonly coreHash: string;
  readonly schema: Schema;
  readonly stateBytes: number;
  readonly cellBytes: number;
  /** Snapshots the ring holds; slot = frame % slots. */
  readonly slots: number;
  /** Only confirmed states are saved: for states so large that a save costs more than a few steps. */
  readonly sparse: boolean;

  /** Makes state[0]. */
  reset(config: GameConfig): void;
  /** The input record that the next step reads, in the game's own memory: all cells, as words. */
  readonly inputs: Uint32Array;
  /** Plays one frame with `record`, or with what was written to `inputs`. */
  step(record?: Uint8Array): StepResult;
  readonly trap: string | undefined;

  save(slot: number): void;
  restore(slot: number): void;
  /** XXH3-64 of a saved state as two u32, the low half first, at `into[at]`. */
  hash(slot: number, into: Uint32Array, at: number): void;
  /** XXH3-64 of any bytes, likewise. */
  digest(bytes: Uint8Array, into: Uint32Array, at: number): void;
  /** One link of a hash chain, in words: C (2), H (2), the cells of an input record. It lies where it is hashed. */
  readonly link: Uint32Array;
  /** Hashes the saved state into the link's H, then the link's first `bytes` into its C. */
  hashLink(slot: number, bytes: number): void;
  /** 4 KiB leaf hashes of a state, eight bytes each. For reports: allocates. */
  leaves(state: Uint8Array): Uint8Array;
  /** The live state becomes this one, as `copy` gave it, here or on another machine. */
  load(state: Uint8Array): void;
  /** A copy of a saved state. For reports: allocates. */
  copy(slot: number): Uint8Array;
  /** Copies a saved state out. */
  read(slot: number, into: Uint8Array): void;
  /** A copy of the live state. For reports: allocates. */
  present(): Uint8Array;
  /** Whatever `run` plays or loads, afterwards the game's memory is as before. It saves into no slot. */
  aside<T>(run: () => T): T;
  /** What turns `base` into `target`, two states; few bytes where little differs. For reports: allocates. */
  encodeDelta(base: Uint8Array, target: Uint8Array): Uint8Array;
  /** The state that a delta makes of `base`; undefined when it is malformed. */
  decodeDelta(base: Uint8Array, delta: Uint8Array): Uint8Array | undefined;

  /** Event records of the last step: class u16, size u16, fields; `eventsEnd` bytes are used. */
  readonly events: Uint8Array;
  readonly eventsEnd: number;

  /** Turns over bits of one byte of the live state: how tests and demos plant a fault. */
  flip(offset: number, mask: number): void;
}
