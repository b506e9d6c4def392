// Loads a game module: proves it, compiles it once, and makes simulations of it behind the Simulation port.
import * as loader from "@assemblyscript/loader";
import coreBytes from "samestep/core";
import { SamestepError } from "../error.js";
import { Malformed, readModule, withoutMapName } from "../proof/binary.js";
import { certify } from "../proof/certificate.js";
import { PREDICTION_WINDOW_MAX } from "../wire/limits.js";
import { Core, compileCore } from "./core.js";
import { MemoryImage } from "./image.js";
import { readSchema, SCHEMA_SECTION, type Schema } from "./schema.js";
import {
  GAME_CONFIG_HEADER_BYTES,
  type GameConfig,
  LINK_HEADER_BYTES,
  type Simulation,
  SLOTS_SPARSE,
  type StepResult,
} from "./simulation.js";

/** Bytes, where to fetch them, or the answer of a fetch. */
export type WasmSource = Uint8Array | ArrayBuffer | URL | string | Response;

interface GameExports extends Record<string, unknown> {
  memory: WebAssembly.Memory;
  init(): void;
  step(): void;
}

/**
 * Snapshots kept: the prediction window and all frames until a desync is known and asked about, at 300 ms round trip and
 * 5 % loss (49), rounded up. Of states above a megabyte fewer, so that the ring stays below 64 MiB; but what a rollback needs.
 */
const SLOTS = 64;
const RING_BYTES = 64 * 1024 * 1024;
const SLOTS_LARGE = PREDICTION_WINDOW_MAX + 2;

/** Above this a snapshot of every frame costs more memory and time than replaying a few frames. */
const SPARSE_STATE_BYTES = 4 * 1024 * 1024;

function slotsOf(stateBytes: number, sparse: boolean): number {
  if (sparse) return SLOTS_SPARSE;
  return Math.max(SLOTS_LARGE, Math.min(SLOTS, Math.floor(RING_BYTES / stateBytes)));
}

export interface SimulationOptions {
  /** Snapshots kept; by default what a match may need. */
  slots?: number;
  /** Keep only confirmed states; by default for states above 4 MiB. Costs nothing but resimulated frames. */
  sparse?: boolean;
}

export async function readWasm(source: WasmSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  const response = source instanceof Response ? source : await fetch(source);
  if (!response.ok) {
    throw new SamestepError("BAD_GAME", `${response.url} answered ${response.status}: check the path of the wasm file`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

/** Loads, proves and compiles a game. Throws BAD_GAME with every reason why it could desync. */
export async function loadGame(source: WasmSource): Promise<Game> {
  const wasm = await readWasm(source);
  if (!isGame(wasm)) {
    throw new SamestepError("BAD_GAME", "this is not a Samestep game: build one from its source with samestep build");
  }
  // The proof comes before any instance: the loader would hand a forbidden module the imports it asks for.
  const schema = readSchema(wasm);
  const { findings } = certify(wasm, schema.kind);
  if (findings.length > 0) {
    const list = findings.map((finding) => `  ${finding.message}`).join("\n");
    throw new SamestepError("BAD_GAME", `this game could desync, so it is not run:\n${list}`);
  }
  const [module, coreModule] = await Promise.all([WebAssembly.compile(wasm as BufferSource), compileCore(coreBytes)]);
  return new Game({ wasm, schema, module, coreModule, ...(await identify(wasm, schema, coreModule)) });
}

/** The hashes by which machines, replays and reports know a build. It is the same game whatever its file is called. */
export async function identify(
  wasm: Uint8Array,
  schema: Schema,
  coreModule?: WebAssembly.Module,
): Promise<Pick<Game, "gameHash" | "schemaHash" | "coreHash">> {
  const json = new TextEncoder().encode(JSON.stringify(schema));
  const digestBytes = Math.max(wasm.length, json.length, 65_536);
  const core = await Core.create(coreModule ?? (await compileCore(coreBytes)), {
    stateBytes: 0,
    slots: 0,
    digestBytes,
  });
  const hash = (bytes: Uint8Array): string => {
    const parts = new Uint32Array(2);
    core.digest(bytes, parts, 0);
    return parts[1]!.toString(16).padStart(8, "0") + parts[0]!.toString(16).padStart(8, "0");
  };
  return { gameHash: hash(withoutMapName(wasm)), schemaHash: hash(json), coreHash: hash(coreBytes) };
}

/** Whether the bytes are a module that says how its state is laid out; what else it is, the proof will tell. */
function isGame(wasm: Uint8Array): boolean {
  try {
    return readModule(wasm).customs.some(({ name }) => name === SCHEMA_SECTION);
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}

export class Game {
  readonly wasm: Uint8Array;
  readonly schema: Schema;
  readonly gameHash: string;
  readonly schemaHash: string;
  readonly coreHash: string;
  readonly #module: WebAssembly.Module;
  readonly #coreModule: WebAssembly.Module;

  constructor(parts: {
    wasm: Uint8Array;
    schema: Schema;
    module: WebAssembly.Module;
    coreModule: WebAssembly.Module;
    gameHash: string;
    schemaHash: string;
    coreHash: string;
  }) {
    this.wasm = parts.wasm;
    this.schema = parts.schema;
    this.gameHash = parts.gameHash;
    this.schemaHash = parts.schemaHash;
    this.coreHash = parts.coreHash;
    this.#module = parts.module;
    this.#coreModule = parts.coreModule;
  }

  /** A fresh simulation with its own memory and ring. */
  async simulation(options: SimulationOptions = {}): Promise<WasmSimulation> {
    const { state, inputs } = this.schema.regions;
    const sparse = options.sparse ?? state.size > SPARSE_STATE_BYTES;
    const slots = options.slots ?? slotsOf(state.size, sparse);
    const core = await Core.create(this.#coreModule, {
      stateBytes: state.size,
      slots,
      digestBytes: LINK_HEADER_BYTES + inputs.players * inputs.stride,
    });
    const { exports } = await loader.instantiate<GameExports>(this.#module);
    return new WasmSimulation(this, exports as unknown as GameExports, core, sparse);
  }
}

export class WasmSimulation implements Simulation {
  readonly gameHash: string;
  readonly schemaHash: string;
  readonly coreHash: string;
  readonly schema: Schema;
  readonly stateBytes: number;
  readonly cellBytes: number;
  readonly slots: number;
  readonly sparse: boolean;
  readonly inputs: Uint32Array;
  readonly events: Uint8Array;
  /** The game's memory, for views. */
  readonly memory: DataView;
  readonly core: Core;
  // Apart from their object, which the loader made: engines look each of its names up anew.
  readonly #init: () => void;
  readonly #step: () => void;
  readonly #state: Uint8Array;
  readonly #image: MemoryImage;
  readonly #config: Uint8Array;
  readonly #inputBytes: Uint8Array;
  /** The word that says how many bytes of events there are. */
  readonly #eventsUsed: Uint32Array;
  #trap: string | undefined;

  constructor(game: Game, exports: GameExports, core: Core, sparse: boolean) {
    const { buffer } = exports.memory;
    const { state, config, inputs, events } = game.schema.regions;
    this.gameHash = game.gameHash;
    this.schemaHash = game.schemaHash;
    this.coreHash = game.coreHash;
    this.schema = game.schema;
    this.stateBytes = state.size;
    this.cellBytes = inputs.stride;
    this.slots = core.slots;
    this.sparse = sparse;
    this.core = core;
    this.memory = new DataView(buffer);
    this.events = new Uint8Array(buffer, events.address + 4, events.size - 4);
    this.#init = exports.init;
    this.#step = exports.step;
    this.#state = new Uint8Array(buffer, state.address, state.size);
    this.#image = new MemoryImage(buffer);
    this.#config = new Uint8Array(buffer, config.address, config.size);
    this.inputs = new Uint32Array(buffer, inputs.address, (inputs.players * inputs.stride) >> 2);
    this.#inputBytes = new Uint8Array(buffer, inputs.address, inputs.players * inputs.stride);
    this.#eventsUsed = new Uint32Array(buffer, events.address, 1);
  }

  get eventsEnd(): number {
    return Math.min(this.#eventsUsed[0]!, this.events.length);
  }

  get trap(): string | undefined {
    return this.#trap;
  }

  reset(config: GameConfig): void {
    const room = this.#config.length - GAME_CONFIG_HEADER_BYTES;
    if (config.rules.length > room) {
      throw new SamestepError("BAD_CONFIG", `this game has ${room} bytes of rules, not ${config.rules.length}`);
    }
    this.#trap = undefined;
    this.#image.restore();
    const at = this.schema.regions.config.address;
    this.memory.setUint32(at, config.players, true);
    this.memory.setUint32(at + 4, config.seedLow, true);
    this.memory.setUint32(at + 8, config.seedHigh, true);
    this.#config.set(config.rules, GAME_CONFIG_HEADER_BYTES);
    this.#eventsUsed[0] = 0;
    try {
      this.#init();
    } catch (error) {
      const why = this.#readTrap() ?? reasonOf(error);
      throw new SamestepError("BAD_CONFIG", `the game cannot start with these settings: ${why}`);
    }
  }

  step(record?: Uint8Array): StepResult {
    if (record !== undefined) this.#inputBytes.set(record);
    this.#eventsUsed[0] = 0;
    try {
      this.#step();
      return "stepped";
    } catch (error) {
      this.#trap = this.#readTrap() ?? reasonOf(error);
      return "trapped";
    }
  }

  save(slot: number): void {
    this.core.slot(slot).set(this.#state);
  }

  restore(slot: number): void {
    this.#state.set(this.core.slot(slot));
  }

  load(state: Uint8Array): void {
    this.#state.set(state);
  }

  hash(slot: number, into: Uint32Array, at: number): void {
    this.core.hashSlot(slot, into, at);
  }

  get link(): Uint32Array {
    return this.core.link;
  }

  hashLink(slot: number, bytes: number): void {
    this.core.hashLink(slot, bytes);
  }

  digest(bytes: Uint8Array, into: Uint32Array, at: number): void {
    this.core.digest(bytes, into, at);
  }

  leaves(state: Uint8Array): Uint8Array {
    return this.core.leaves(state);
  }

  copy(slot: number): Uint8Array {
    return this.core.slot(slot).slice();
  }

  read(slot: number, into: Uint8Array): void {
    into.set(this.core.slot(slot));
  }

  present(): Uint8Array {
    return this.#state.slice();
  }

  aside<T>(run: () => T): T {
    const memory = new Uint8Array(this.memory.buffer);
    const before = memory.slice();
    const trap = this.#trap;
    try {
      return run();
    } finally {
      memory.set(before);
      this.#trap = trap;
    }
  }

  encodeDelta(base: Uint8Array, target: Uint8Array): Uint8Array {
    return this.core.deltaEncode(base, target);
  }

  decodeDelta(base: Uint8Array, delta: Uint8Array): Uint8Array | undefined {
    return this.core.deltaDecode(base, delta);
  }

  flip(offset: number, mask: number): void {
    this.#state[offset]! ^= mask;
  }

  /** The failed assertion as `message (file:line:column)`, when that is what stopped the step. */
  #readTrap(): string | undefined {
    const at = this.schema.regions.trap.address;
    if (this.memory.getUint32(at, true) === 0) return undefined;
    this.memory.setUint32(at, 0, true);
    const [message, file] = [4, 8].map((offset) => this.#readString(this.memory.getUint32(at + offset, true)));
    return `${message} (${file}:${this.memory.getUint32(at + 12, true)}:${this.memory.getUint32(at + 16, true)})`;
  }

  /** An AssemblyScript string: UTF-16, its byte length in the word before it. */
  #readString(pointer: number): string {
    if (pointer < 4 || pointer > this.memory.byteLength) return "";
    const length = Math.min(this.memory.getUint32(pointer - 4, true), this.memory.byteLength - pointer, 2048);
    let text = "";
    for (let i = 0; i + 1 < length; i += 2) text += String.fromCharCode(this.memory.getUint16(pointer + i, true));
    return text;
  }
}

/** Why a game stopped, where it did not say so itself. A stack that is full is this machine's, and no trap of the game. */
function reasonOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  const isStack = error instanceof RangeError || name === "InternalError";
  if (!isStack || error instanceof WebAssembly.RuntimeError) return message;
  return `this machine's stack is full (${message}), so another machine may have gone on: let the game's calls go less deep`;
}
